"""Parameters of the lessons on what torch records. Nothing here loads torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from backprop_studio.core.base.graph_limits import MAX_ENTRIES
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.formula import check_formula, parse_formula

if TYPE_CHECKING:
    from backprop_studio.core.formula import Formula

__all__ = ["AccumulationGroup", "ControlFlowGroup", "JacobianGroup", "VectorGroup"]

Finite = Annotated[float, Field(allow_inf_nan=False)]


class VectorGroup(LessonParams):
    """A vector, of which functions are taken."""

    x: tuple[Finite, ...] = Field(
        (0.0, 1.0, 2.0, 3.0),
        min_length=1,
        max_length=MAX_ENTRIES,
        title=N_("Vector x"),
        description=N_("The numbers that the function is taken of."),
    )


class AccumulationGroup(VectorGroup):
    """A vector whose gradients accumulate, and a number whose cube is taken."""

    power_x: float = Field(
        1.0,
        allow_inf_nan=False,
        title=N_("Base of the cube"),
        description=N_("A number x; torch records the power x^3 and differentiates it."),
    )


class JacobianGroup(LessonParams):
    """A vector, an elementwise function of it, and the gradient that backward is given."""

    formula: str = Field(
        "x^2",
        title=N_("Formula"),
        description=N_("Of x, taken of each entry."),
    )
    x: tuple[Finite, ...] = Field(
        (1.0, 2.0),
        min_length=1,
        max_length=MAX_ENTRIES,
        title=N_("Vector x"),
        description=N_("The numbers that the function is taken of."),
    )
    v: tuple[Finite, ...] = Field(
        (0.1, 0.01),
        min_length=1,
        max_length=MAX_ENTRIES,
        title=N_("Gradient v"),
        description=N_("What y.backward is given; one number for each entry of x."),
    )

    @model_validator(mode="after")
    def _fit_together(self) -> JacobianGroup:
        if len(self.v) != len(self.x):
            raise ValueError(f"v: expected as many as x, {len(self.x)}, found {len(self.v)}")
        try:
            check_formula(self.formula, ["x"])
        except ValueError as error:
            raise ValueError(f"formula {error}") from error
        return self

    def elementwise(self) -> Formula:
        """Return the function of an entry."""
        return parse_formula(self.formula, ["x"])


class ControlFlowGroup(LessonParams):
    """The number that a function with a loop and a branch is taken of."""

    a: float = Field(
        -1.0,
        allow_inf_nan=False,
        title=N_("Input a"),
        description=N_("Not 0, for which the loop would never end."),
    )

    @model_validator(mode="after")
    def _ends(self) -> ControlFlowGroup:
        if self.a == 0:
            raise ValueError("a: with 0 the loop never ends; expected a number that is not 0")
        return self
