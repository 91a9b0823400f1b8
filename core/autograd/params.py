"""Parameters of the lessons on what torch records. Nothing here loads torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import Finite, param
from backprop_studio.core.base.graph_limits import MAX_ENTRIES
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.formula import check_formula, parse_formula

if TYPE_CHECKING:
    from backprop_studio.core.formula import Formula

Vector = Annotated[tuple[Finite, ...], Field(min_length=1, max_length=MAX_ENTRIES)]


class VectorGroup(LessonParams):
    """A vector, of which functions are taken."""

    x: Vector = param(
        (0.0, 1.0, 2.0, 3.0), N_("Vector x"), N_("The numbers that the function is taken of.")
    )


class AccumulationGroup(VectorGroup):
    """A vector whose gradients accumulate, and a number whose cube is taken."""

    power_x: Finite = param(
        1.0,
        N_("Base of the cube"),
        N_("A number x; torch records the power x^3 and differentiates it."),
    )


class JacobianGroup(LessonParams):
    """A vector, an elementwise function of it, and the gradient that backward is given."""

    formula: str = param("x^2", N_("Formula"), N_("Of x, taken of each entry."))
    x: Vector = param((1.0, 2.0), N_("Vector x"), N_("The numbers that the function is taken of."))
    v: Vector = param(
        (0.1, 0.01),
        N_("Gradient v"),
        N_("What y.backward is given; one number for each entry of x."),
    )

    @model_validator(mode="after")
    def _fit_together(self) -> JacobianGroup:
        if len(self.v) != len(self.x):
            text = N_("{field}: expected as many as x, {expected}, found {found}")
            counts = {"expected": len(self.x), "found": len(self.v)}
            raise ParameterError("vector.as_many", text, field="v", **counts)
        check_formula(self.formula, ["x"], "formula")
        return self

    def elementwise(self) -> Formula:
        """Return the function of an entry."""
        return parse_formula(self.formula, ["x"])


class ControlFlowGroup(LessonParams):
    """The number that a function with a loop and a branch is taken of."""

    a: Finite = param(-1.0, N_("Input a"), N_("Not 0, for which the loop would never end."))

    @model_validator(mode="after")
    def _ends(self) -> ControlFlowGroup:
        if self.a == 0:
            text = N_("{field}: with 0 the loop never ends; expected a number that is not 0")
            raise ParameterError("loop.endless", text, field="a")
        return self
