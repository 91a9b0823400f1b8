"""Parameters of derivative lessons: the groups that their scenes inherit. Nothing loads torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import Coordinate, Finite, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.formula import check_formula, parse_formula

if TYPE_CHECKING:
    from backprop_studio.core.formula import Formula

HEAT_X, HEAT_Y = 4.0, 3.0
"""The hot plate goes so far from its middle; an ant beside it would not be seen."""


class _FormulaGroup(LessonParams):
    """A function that can be read."""

    names: ClassVar[tuple[str, ...]]
    """Its variables."""

    formula: str

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        check_formula(self.formula, self.names, "formula")
        return self

    def parsed(self) -> Formula:
        """Return the function."""
        return parse_formula(self.formula, self.names)


class CurveGroup(_FormulaGroup):
    """A function of one weight, and the point at which it is looked at.

    Examples
    --------
    >>> CurveGroup(formula="1/w", w=2).parsed().source
    '1/w'
    """

    names = ("w",)
    formula: str = param(
        "w^2", N_("Function"), N_("A formula of w, such as w^2, 1/w, sin(w) or exp(-w^2).")
    )
    w: Coordinate = param(3.0, N_("Point w"), N_("Where the slope is taken."))


class SurfaceGroup(_FormulaGroup):
    """A function of two variables, and the point at which it is looked at.

    Examples
    --------
    >>> SurfaceGroup().parsed().names
    ('x', 'y')
    """

    names = ("x", "y")
    formula: str = param(
        "x^2 + y^2", N_("Function"), N_("A formula of x and y, such as x^2 + y^2 or sin(x)*y.")
    )
    x: Coordinate = param(1.0, N_("Point x"), N_("Where the slopes are taken."))
    y: Coordinate = param(0.5, N_("Point y"), N_("Where the slopes are taken."))
    reach: Finite = param(
        2.0,
        N_("Reach of the picture"),
        N_("How far the picture goes from the point to every side."),
        ge=0.01,
        le=1e4,
        widget="log_slider",
        level="advanced",
    )

    def point(self) -> dict[str, float]:
        """Return the point."""
        return {"x": self.x, "y": self.y}


def _ant(default: float, title: str, most: float) -> Any:
    """Return a coordinate of the ant on the hot plate."""
    text = N_("Where the ant stands on the hot plate.")
    return param(default, title, text, ge=-most, le=most, level="advanced")


class DirectionGroup(SurfaceGroup):
    """A surface, a point, a direction to leave it in; and where an ant stands on a hot plate.

    Examples
    --------
    >>> DirectionGroup().vector(), DirectionGroup(p=0, q=-2).vector()
    ((3.0, 4.0), (0.0, -2.0))
    """

    p: Coordinate = param(
        3.0, N_("Direction p"), N_("The direction's part along x; its length does not matter.")
    )
    q: Coordinate = param(
        4.0, N_("Direction q"), N_("The direction's part along y; its length does not matter.")
    )
    ant_x: Finite = _ant(0.8, N_("Ant x"), HEAT_X)
    ant_y: Finite = _ant(0.5, N_("Ant y"), HEAT_Y)

    @model_validator(mode="after")
    def _goes_somewhere(self) -> DirectionGroup:
        if self.p == 0 and self.q == 0:
            text = N_(
                "{field} and {other} are both 0, which is no direction; give at least one number"
            )
            raise ParameterError("direction.none", text, field="p", other="q")
        return self

    def vector(self) -> tuple[float, float]:
        """Return (p, q)."""
        return self.p, self.q
