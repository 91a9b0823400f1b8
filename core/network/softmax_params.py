"""Parameters of the lesson on softmax and cross-entropy. Nothing here loads torch."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams

__all__ = ["SoftmaxGroup"]

LARGEST = 10_000.0
"""Of a logit, and of what is added to all: far beyond every overflow, and still readable."""

MOST_CLASSES = 10

Logit = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]


class SoftmaxGroup(LessonParams):
    """The logits of one sample, its class, and how much larger they are made."""

    logits: tuple[Logit, ...] = Field(
        (2.0, 1.0, -0.5),
        min_length=2,
        max_length=MOST_CLASSES,
        title=N_("Logits"),
        description=N_("What the network says for each class, 2 to 10 numbers."),
    )
    target: int = Field(
        2,
        ge=1,
        le=MOST_CLASSES,
        title=N_("True class"),
        description=N_("Which class is right, counted from 1."),
    )
    offset: float = Field(
        1000.0,
        ge=-LARGEST,
        le=LARGEST,
        allow_inf_nan=False,
        title=N_("Added to all logits"),
        description=N_("Changes no probability, but where it is large the naive way fails."),
        json_schema_extra={"x-range": [-1000.0, 1000.0]},
    )

    @model_validator(mode="after")
    def _target_is_a_class(self) -> SoftmaxGroup:
        count = len(self.logits)
        if self.target > count:
            raise ValueError(
                f"target: {self.target} is none of the classes; allowed are 1 to {count}, "
                "one for each logit"
            )
        return self

    def moved_logits(self) -> tuple[float, ...]:
        """Return the logits with the offset added to each.

        Examples
        --------
        >>> SoftmaxGroup().moved_logits()
        (1002.0, 1001.0, 999.5)
        """
        return tuple(logit + self.offset for logit in self.logits)
