"""Well-known curves and surfaces by name: a formula each, and what is known about it.

Value, gradient and what is written on screen all come from the one formula text, which our own
parser reads. Points at which the gradient is zero are exact to the last digit of float64; the tests
find them again by Newton's method with 40 digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.formula import Formula, parse_formula

__all__ = [
    "CURVES",
    "SURFACES",
    "NamedLandscape",
    "Range",
    "StationaryKind",
    "StationaryPoint",
]

Range: TypeAlias = tuple[float, float]
StationaryKind: TypeAlias = Literal["minimum", "maximum", "saddle"]


@dataclass(frozen=True)
class StationaryPoint:
    """A point at which the gradient is zero.

    Attributes
    ----------
    kind : {"minimum", "maximum", "saddle"}
        Of its neighbourhood; none of these maxima is the highest point of all.
    point : tuple of float
        A coordinate per variable.
    value : float
        The height there.
    """

    kind: StationaryKind
    point: tuple[float, ...]
    value: float


@dataclass(frozen=True)
class NamedLandscape:
    """A curve or surface that has a name.

    Attributes
    ----------
    title : str
        For people, in English; the catalogue translates it.
    text : str
        Its formula.
    names : tuple of str
        The variables: one of a curve, two of a surface.
    ranges : tuple of (float, float)
        Per variable what a picture shows.
    starts : tuple of tuple of float
        Points from which a descent is worth watching; all inside the ranges.
    learning_rate : float
        With which plain gradient descent comes down from all of them.
    stationary : tuple of StationaryPoint
        All there are inside the ranges.
    source : str
        Where it was published; empty for what is everybody's.

    Examples
    --------
    >>> surface = SURFACES["rosenbrock"]
    >>> surface.formula.text, surface.stationary[0].point
    ('(1 - x)^2 + 100*(y - x^2)^2', (1.0, 1.0))
    """

    title: str
    text: str
    names: tuple[str, ...]
    ranges: tuple[Range, ...]
    starts: tuple[tuple[float, ...], ...]
    learning_rate: float
    stationary: tuple[StationaryPoint, ...]
    source: str = ""

    @cached_property
    def formula(self) -> Formula:
        """The formula, read; its ``text`` and ``typst`` are for the screen."""
        return parse_formula(self.text, self.names)


_W = ("w",)
_XY = ("x", "y")

CURVES: dict[str, NamedLandscape] = {
    "square": NamedLandscape(
        title=N_("Parabola"),
        text="w^2",
        names=_W,
        ranges=((-3.0, 3.0),),
        starts=((1.0,),),
        learning_rate=0.1,
        stationary=(StationaryPoint("minimum", (0.0,), 0.0),),
    ),
    "quartic": NamedLandscape(
        title=N_("Flat valley"),
        text="w^4",
        names=_W,
        ranges=((-1.5, 1.5),),
        starts=((1.2,),),
        learning_rate=0.05,
        stationary=(StationaryPoint("minimum", (0.0,), 0.0),),
    ),
    "double_well": NamedLandscape(
        title=N_("Two valleys"),
        text="w^4 - 2*w^2 + 1",
        names=_W,
        ranges=((-1.8, 1.8),),
        starts=((0.1,), (-0.2,), (1.7,)),
        learning_rate=0.05,
        stationary=(
            StationaryPoint("minimum", (-1.0,), 0.0),
            StationaryPoint("maximum", (0.0,), 1.0),
            StationaryPoint("minimum", (1.0,), 0.0),
        ),
    ),
}
"""Curves over one weight w."""

SURFACES: dict[str, NamedLandscape] = {
    "bowl": NamedLandscape(
        title=N_("Bowl"),
        text="x^2 + y^2",
        names=_XY,
        ranges=((-3.0, 3.0), (-3.0, 3.0)),
        starts=((-2.5, 2.0), (2.0, 2.5), (1.0, -2.5)),
        learning_rate=0.1,
        stationary=(StationaryPoint("minimum", (0.0, 0.0), 0.0),),
    ),
    "ravine": NamedLandscape(
        title=N_("Ravine"),
        # Curvatures 0.1 and 2: twenty times as steep across as along.
        text="x^2/20 + y^2",
        names=_XY,
        ranges=((-10.0, 10.0), (-5.0, 5.0)),
        starts=((-7.0, 2.0), (8.0, -3.0)),
        learning_rate=0.9,
        stationary=(StationaryPoint("minimum", (0.0, 0.0), 0.0),),
    ),
    "saddle": NamedLandscape(
        title=N_("Saddle"),
        text="x^2 - y^2",
        names=_XY,
        ranges=((-2.0, 2.0), (-2.0, 2.0)),
        # Exactly on the ridge a descent ends at the saddle point; beside it, it runs away.
        starts=((1.5, 0.0), (1.5, 0.01), (-1.5, -0.01)),
        learning_rate=0.1,
        stationary=(StationaryPoint("saddle", (0.0, 0.0), 0.0),),
    ),
    "rosenbrock": NamedLandscape(
        title=N_("Rosenbrock's banana"),
        text="(1 - x)^2 + 100*(y - x^2)^2",
        names=_XY,
        ranges=((-2.0, 2.0), (-1.0, 3.0)),
        starts=((-1.2, 1.0), (0.0, 2.0), (1.5, -0.5)),
        learning_rate=0.001,
        stationary=(StationaryPoint("minimum", (1.0, 1.0), 0.0),),
        source=(
            "H. H. Rosenbrock, An automatic method for finding the greatest or least value of a "
            "function, The Computer Journal 3, 1960"
        ),
    ),
    "himmelblau": NamedLandscape(
        title=N_("Himmelblau's four valleys"),
        text="(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        names=_XY,
        ranges=((-5.0, 5.0), (-5.0, 5.0)),
        starts=((0.0, 0.0), (-1.0, 1.0), (-1.0, -2.0), (1.0, -3.0)),
        learning_rate=0.01,
        stationary=(
            StationaryPoint("minimum", (3.0, 2.0), 0.0),
            StationaryPoint("minimum", (-2.805118086952745, 3.131312518250573), 0.0),
            StationaryPoint("minimum", (-3.779310253377747, -3.2831859912861696), 0.0),
            StationaryPoint("minimum", (3.5844283403304917, -1.8481265269644036), 0.0),
            StationaryPoint(
                "maximum", (-0.2708445906673476, -0.9230385564799815), 181.6165215225827
            ),
            StationaryPoint(
                "saddle", (-3.0730257507643897, -0.08135304428796751), 104.0151629175581
            ),
            StationaryPoint(
                "saddle", (-0.12796134673068008, -1.9537149802445763), 178.33723920192747
            ),
            StationaryPoint("saddle", (0.08667750455539636, 2.884254701174776), 67.71915008752615),
            StationaryPoint("saddle", (3.385154183607021, 0.07385187983774928), 13.31192627040559),
        ),
        source="D. M. Himmelblau, Applied Nonlinear Programming, McGraw-Hill, 1972",
    ),
    "beale": NamedLandscape(
        title=N_("Beale's plateau"),
        text="(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        names=_XY,
        ranges=((-4.5, 4.5), (-4.5, 4.5)),
        starts=((1.0, 1.0), (2.0, -1.0), (4.0, 0.0)),
        learning_rate=0.01,
        stationary=(
            StationaryPoint("minimum", (3.0, 0.5), 0.0),
            StationaryPoint("saddle", (0.0, 1.0), 14.203125),
            StationaryPoint("saddle", (0.10053793732415836, -2.644513585023125), 9.86451228475556),
        ),
        source=(
            "E. M. L. Beale, On an iterative method for finding a local minimum of a function of "
            "more than one variable, Princeton University, Technical Report 25, 1958"
        ),
    ),
}
"""Surfaces over x and y."""
