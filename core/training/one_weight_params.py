"""Parameters of the lessons on one weight. Nothing here loads torch."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from backprop_studio.core.base.graph_limits import MAX_SAMPLES, MAX_STEPS, MAX_UPDATES
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LearningRateGroup

__all__ = ["ChainRuleGroup", "DataLoopGroup"]

Finite = Annotated[float, Field(allow_inf_nan=False)]


class ChainRuleGroup(LearningRateGroup):
    """One weight on one sample."""

    x: float = Field(
        2.0,
        allow_inf_nan=False,
        title=N_("Input x"),
        description=N_("What the weight is multiplied by."),
    )
    y: float = Field(
        4.0,
        allow_inf_nan=False,
        title=N_("Target y"),
        description=N_("What the prediction should be."),
    )
    w: float = Field(
        1.0,
        allow_inf_nan=False,
        title=N_("Weight w"),
        description=N_("Where the weight begins."),
    )
    steps: int = Field(
        2,
        ge=1,
        le=MAX_STEPS,
        title=N_("Steps"),
        description=N_("The first is told in detail, the next ones quickly."),
    )
    nudge: float = Field(
        0.1,
        allow_inf_nan=False,
        title=N_("Nudge"),
        description=N_("A small change of w that runs through to L."),
    )


class DataLoopGroup(LearningRateGroup):
    """One weight trained on samples, one at a time."""

    learning_rate: float = Field(
        0.01,
        gt=0,
        le=1000,
        allow_inf_nan=False,
        title=N_("Learning rate"),
        description=N_("How far one step goes against the gradient (eta)."),
        json_schema_extra={"x-widget": "log_slider", "x-range": [1e-4, 10.0]},
    )
    xs: tuple[Finite, ...] = Field(
        (1.0, 2.0, 3.0),
        min_length=1,
        max_length=MAX_SAMPLES,
        title=N_("Inputs"),
        description=N_("x of each sample."),
    )
    ys: tuple[Finite, ...] = Field(
        (2.0, 4.0, 6.0),
        min_length=1,
        max_length=MAX_SAMPLES,
        title=N_("Targets"),
        description=N_("y of each sample."),
    )
    w: float = Field(
        1.0,
        allow_inf_nan=False,
        title=N_("Weight w"),
        description=N_("Where the weight begins."),
    )
    epochs: int = Field(
        100,
        ge=1,
        le=1000,
        title=N_("Epochs"),
        description=N_("How often all samples are gone through."),
    )
    test_x: float = Field(
        4.0,
        allow_inf_nan=False,
        title=N_("Test input"),
        description=N_("Where a prediction is made before and after training."),
    )

    @model_validator(mode="after")
    def _as_many(self) -> DataLoopGroup:
        if len(self.xs) != len(self.ys):
            raise ValueError(f"ys: expected as many as xs, {len(self.xs)}, found {len(self.ys)}")
        most = MAX_UPDATES // len(self.xs)
        if self.epochs > most:
            raise ValueError(
                f"epochs: allowed are up to {most} with {len(self.xs)} samples, found {self.epochs}"
            )
        return self
