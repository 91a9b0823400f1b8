"""Parameters of the lesson on softmax and cross-entropy. Nothing here loads torch."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams

LARGEST = 10_000.0
"""Of a logit, and of what is added to all: far beyond every overflow, and still readable."""

MOST_CLASSES = 10

Logit = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]


class SoftmaxGroup(LessonParams):
    """The logits of one sample, its class, and how much larger they are made."""

    logits: tuple[Logit, ...] = param(
        (2.0, 1.0, -0.5),
        N_("Logits"),
        N_("What the network says for each class, 2 to 10 numbers."),
        min_length=2,
        max_length=MOST_CLASSES,
    )
    target: int = param(
        2, N_("True class"), N_("Which class is right, counted from 1."), ge=1, le=MOST_CLASSES
    )
    offset: Logit = param(
        1000.0,
        N_("Added to all logits"),
        N_("Changes no probability, but where it is large the naive way fails."),
        range=[-1000.0, 1000.0],
    )

    @model_validator(mode="after")
    def _target_is_a_class(self) -> SoftmaxGroup:
        count = len(self.logits)
        if self.target > count:
            text = N_(
                "{field}: {found} is none of the classes; allowed are 1 to {most}, "
                "one for each logit"
            )
            fields = {"field": "target", "found": self.target, "most": count}
            raise ParameterError("softmax.target", text, **fields)
        return self

    def moved_logits(self) -> tuple[float, ...]:
        """Return the logits with the offset added to each.

        Examples
        --------
        >>> SoftmaxGroup().moved_logits()
        (1002.0, 1001.0, 999.5)
        """
        return tuple(logit + self.offset for logit in self.logits)
