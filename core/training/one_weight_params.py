"""Parameters of the lessons on one weight. Nothing here loads torch."""

from __future__ import annotations

from pydantic import model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import Finite, LearningRate, param
from backprop_studio.core.base.graph_limits import MAX_SAMPLES, MAX_STEPS, MAX_UPDATES
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LearningRateGroup


class ChainRuleGroup(LearningRateGroup):
    """Parameters of one weight on one sample."""

    x: Finite = param(2.0, N_("Input x"), N_("What the weight is multiplied by."))
    y: Finite = param(4.0, N_("Target y"), N_("What the prediction should be."))
    w: Finite = param(1.0, N_("Weight w"), N_("Where the weight begins."))
    steps: int = param(
        2,
        N_("Steps"),
        N_("The first is told in detail, the next ones quickly."),
        ge=1,
        le=MAX_STEPS,
    )
    nudge: Finite = param(0.1, N_("Nudge"), N_("A small change of w that runs through to L."))


class DataLoopGroup(LearningRateGroup):
    """Parameters of one weight trained on samples, one at a time."""

    learning_rate: LearningRate = 0.01
    xs: tuple[Finite, ...] = param(
        (1.0, 2.0, 3.0), N_("Inputs"), N_("x of each sample."), min_length=1, max_length=MAX_SAMPLES
    )
    ys: tuple[Finite, ...] = param(
        (2.0, 4.0, 6.0),
        N_("Targets"),
        N_("y of each sample."),
        min_length=1,
        max_length=MAX_SAMPLES,
    )
    w: Finite = param(1.0, N_("Weight w"), N_("Where the weight begins."))
    epochs: int = param(
        100, N_("Epochs"), N_("How often all samples are gone through."), ge=1, le=1000
    )
    test_x: Finite = param(
        4.0, N_("Test input"), N_("Where a prediction is made before and after training.")
    )

    @model_validator(mode="after")
    def _as_many(self) -> DataLoopGroup:
        count = len(self.xs)
        if len(self.ys) != count:
            text = N_("{field}: expected as many as {other}, {expected}, found {found}")
            fields = {"other": "xs", "expected": count, "found": len(self.ys)}
            raise ParameterError("ys.count", text, field="ys", **fields)
        most = MAX_UPDATES // count
        if self.epochs > most:
            text = N_("{field}: allowed are up to {most} with {samples} samples, found {found}")
            fields = {"most": most, "samples": count, "found": self.epochs}
            raise ParameterError("epochs.too_many", text, field="epochs", **fields)
        return self
