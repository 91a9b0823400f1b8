"""Parameters of derivative lessons: the groups that their scenes inherit. Nothing loads torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.formula import check_formula, parse_formula

if TYPE_CHECKING:
    from backprop_studio.core.formula import Formula

__all__ = ["CurveGroup", "DirectionGroup", "SurfaceGroup"]

LARGEST = 1e6
"""A point further out leaves no digits for the steps around it."""

HEAT_X, HEAT_Y = 4.0, 3.0
"""The hot plate goes so far from its middle; an ant beside it would not be seen."""


class CurveGroup(LessonParams):
    """A function of one weight, and the point at which it is looked at.

    Examples
    --------
    >>> CurveGroup(formula="1/w", w=2).parsed().source
    '1/w'
    """

    formula: str = Field(
        "w^2",
        title=N_("Function"),
        description=N_("A formula of w, such as w^2, 1/w, sin(w) or exp(-w^2)."),
    )
    w: float = Field(
        3.0,
        ge=-LARGEST,
        le=LARGEST,
        allow_inf_nan=False,
        title=N_("Point w"),
        description=N_("Where the slope is taken."),
        json_schema_extra={"x-range": [-5.0, 5.0]},
    )

    @model_validator(mode="after")
    def _can_be_read(self) -> CurveGroup:
        _check(self.formula, ["w"])
        return self

    def parsed(self) -> Formula:
        """Return the function."""
        return parse_formula(self.formula, ["w"])


class SurfaceGroup(LessonParams):
    """A function of two variables, and the point at which it is looked at.

    Examples
    --------
    >>> SurfaceGroup().parsed().names
    ('x', 'y')
    """

    formula: str = Field(
        "x^2 + y^2",
        title=N_("Function"),
        description=N_("A formula of x and y, such as x^2 + y^2 or sin(x)*y."),
    )
    x: float = Field(
        1.0,
        ge=-LARGEST,
        le=LARGEST,
        allow_inf_nan=False,
        title=N_("Point x"),
        description=N_("Where the slopes are taken."),
        json_schema_extra={"x-range": [-5.0, 5.0]},
    )
    y: float = Field(
        0.5,
        ge=-LARGEST,
        le=LARGEST,
        allow_inf_nan=False,
        title=N_("Point y"),
        description=N_("Where the slopes are taken."),
        json_schema_extra={"x-range": [-5.0, 5.0]},
    )

    reach: float = Field(
        2.0,
        ge=0.01,
        le=1e4,
        allow_inf_nan=False,
        title=N_("Reach of the picture"),
        description=N_("How far the picture goes from the point to every side."),
        json_schema_extra={"x-widget": "log_slider", "x-level": "advanced"},
    )

    @model_validator(mode="after")
    def _can_be_read(self) -> SurfaceGroup:
        _check(self.formula, ["x", "y"])
        return self

    def parsed(self) -> Formula:
        """Return the function."""
        return parse_formula(self.formula, ["x", "y"])

    def point(self) -> dict[str, float]:
        """Return the point."""
        return {"x": self.x, "y": self.y}


class DirectionGroup(SurfaceGroup):
    """A surface, a point, a direction to leave it in; and where an ant stands on a hot plate.

    Examples
    --------
    >>> DirectionGroup().vector(), DirectionGroup(p=0, q=-2).vector()
    ((3.0, 4.0), (0.0, -2.0))
    """

    p: float = Field(
        3.0,
        ge=-LARGEST,
        le=LARGEST,
        allow_inf_nan=False,
        title=N_("Direction p"),
        description=N_("The direction's part along x; its length does not matter."),
        json_schema_extra={"x-range": [-5.0, 5.0]},
    )
    q: float = Field(
        4.0,
        ge=-LARGEST,
        le=LARGEST,
        allow_inf_nan=False,
        title=N_("Direction q"),
        description=N_("The direction's part along y; its length does not matter."),
        json_schema_extra={"x-range": [-5.0, 5.0]},
    )
    ant_x: float = Field(
        0.8,
        ge=-HEAT_X,
        le=HEAT_X,
        allow_inf_nan=False,
        title=N_("Ant x"),
        description=N_("Where the ant stands on the hot plate."),
        json_schema_extra={"x-level": "advanced"},
    )
    ant_y: float = Field(
        0.5,
        ge=-HEAT_Y,
        le=HEAT_Y,
        allow_inf_nan=False,
        title=N_("Ant y"),
        description=N_("Where the ant stands on the hot plate."),
        json_schema_extra={"x-level": "advanced"},
    )

    @model_validator(mode="after")
    def _goes_somewhere(self) -> DirectionGroup:
        if self.p == 0 and self.q == 0:
            raise ValueError("p and q are both 0, which is no direction; give at least one number")
        return self

    def vector(self) -> tuple[float, float]:
        """Return (p, q)."""
        return self.p, self.q


def _check(formula: str, names: list[str]) -> None:
    try:
        check_formula(formula, names)
    except ValueError as error:
        raise ValueError(f"formula {error}") from error
