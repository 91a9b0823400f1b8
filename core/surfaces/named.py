"""Well-known curves and surfaces by name: a formula each, and what is known about it.

Value, gradient and what is written on screen all come from the one formula text, which our own
parser reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.formula import Formula, parse_formula

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.config import JsonDict

    from backprop_studio.core.surfaces.ranges import Range


@dataclass(frozen=True)
class NamedLandscape:
    """A curve or surface that has a name.

    Attributes
    ----------
    title : str
        For people, in English; the catalogue translates it.
    text : str
        Its formula.
    ranges : tuple of (float, float)
        Per variable what a picture shows.
    starts : tuple of tuple of float
        Points from which a descent is worth watching; all inside the ranges.
    learning_rate : float
        With which plain gradient descent comes down from all of them.
    race_rate : float or None
        With which most optimizers stay in the picture from the first of them, if it is another one.
    rates : tuple of float
        Of a curve: too small, good, nearly and really too large, from five sixths of the picture.
    minima : tuple of tuple of float
        Those of a surface inside the ranges, exact to the last digit of float64.

    Examples
    --------
    >>> SURFACES["rosenbrock"].formula.text, SURFACES["rosenbrock"].names
    ('(1 - x)^2 + 100*(y - x^2)^2', ('x', 'y'))
    """

    title: str
    text: str
    ranges: tuple[Range, ...]
    starts: tuple[tuple[float, ...], ...]
    learning_rate: float
    minima: tuple[tuple[float, ...], ...] = ()
    race_rate: float | None = None
    rates: tuple[float, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The variables: one of a curve, two of a surface."""
        return ("w",) if len(self.ranges) == 1 else ("x", "y")

    @cached_property
    def formula(self) -> Formula:
        """The formula, read; its ``text`` and ``typst`` are for the screen."""
        return parse_formula(self.text, self.names)


CURVES: dict[str, NamedLandscape] = {
    "square": NamedLandscape(
        N_("Parabola"),
        "w^2",
        ranges=((-3.0, 3.0),),
        starts=((1.0,),),
        learning_rate=0.1,
        rates=(0.01, 0.3, 0.95, 1.03),
    ),
    "quartic": NamedLandscape(
        N_("Flat valley"),
        "w^4",
        ranges=((-1.5, 1.5),),
        starts=((1.2,),),
        learning_rate=0.05,
        rates=(0.01, 0.2, 0.49, 0.55),
    ),
    "double_well": NamedLandscape(
        N_("Two valleys"),
        "w^4 - 2*w^2 + 1",
        ranges=((-1.8, 1.8),),
        starts=((0.1,), (-0.2,), (1.7,)),
        learning_rate=0.05,
        rates=(0.005, 0.05, 0.22, 1.0),
    ),
}
"""Curves over one weight w."""

SURFACES: dict[str, NamedLandscape] = {
    "bowl": NamedLandscape(
        N_("Bowl"),
        "x^2 + y^2",
        ranges=((-3.0, 3.0), (-3.0, 3.0)),
        starts=((-2.5, 2.0), (2.0, 2.5), (1.0, -2.5)),
        learning_rate=0.1,
        minima=((0.0, 0.0),),
    ),
    "ravine": NamedLandscape(
        N_("Ravine"),
        # Curvatures 0.1 and 2: twenty times as steep across as along.
        "x^2/20 + y^2",
        ranges=((-10.0, 10.0), (-5.0, 5.0)),
        starts=((-7.0, 2.0), (8.0, -3.0)),
        learning_rate=0.9,
        race_rate=0.1,
        minima=((0.0, 0.0),),
    ),
    "saddle": NamedLandscape(
        N_("Saddle"),
        "x^2 - y^2",
        ranges=((-2.0, 2.0), (-2.0, 2.0)),
        # Exactly on the ridge a descent ends at the saddle point; beside it, it runs away.
        starts=((1.5, 0.01), (1.5, 0.0), (-1.5, -0.01)),
        learning_rate=0.1,
        race_rate=0.02,
    ),
    # H. H. Rosenbrock, An automatic method for finding the greatest or least value of a function,
    # The Computer Journal 3, 1960.
    "rosenbrock": NamedLandscape(
        N_("Rosenbrock's banana"),
        "(1 - x)^2 + 100*(y - x^2)^2",
        ranges=((-2.0, 2.0), (-1.0, 3.0)),
        starts=((-1.2, 1.0), (0.0, 2.0), (1.5, -0.5)),
        learning_rate=0.001,
        minima=((1.0, 1.0),),
    ),
    # D. M. Himmelblau, Applied Nonlinear Programming, McGraw-Hill, 1972.
    "himmelblau": NamedLandscape(
        N_("Himmelblau's four valleys"),
        "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        ranges=((-5.0, 5.0), (-5.0, 5.0)),
        starts=((0.0, 0.0), (-1.0, 1.0), (-1.0, -2.0), (1.0, -3.0)),
        learning_rate=0.01,
        minima=(
            (3.0, 2.0),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.2831859912861696),
            (3.5844283403304917, -1.8481265269644036),
        ),
    ),
    # E. M. L. Beale, On an iterative method for finding a local minimum of a function of more than
    # one variable, Princeton University, Technical Report 25, 1958.
    "beale": NamedLandscape(
        N_("Beale's plateau"),
        "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        ranges=((-4.5, 4.5), (-4.5, 4.5)),
        starts=((1.0, 1.0), (2.0, -1.0), (4.0, 0.0)),
        learning_rate=0.01,
        minima=((3.0, 0.5),),
    ),
}
"""Surfaces over x and y."""


def own_formula(known: Mapping[str, NamedLandscape], *ranges: str) -> JsonDict:
    """Return what a formula of one's own starts with: the landscape before, as it was seen.

    Parameters
    ----------
    known : mapping
        Landscapes that may be there before, by their names.
    *ranges : str
        Parameters that say what is seen.

    Examples
    --------
    >>> own_formula(CURVES, "w_range")["starts"]["square"]
    {'formula': 'w^2', 'w_range': [-3.0, 3.0]}
    """
    return {
        "value": "formula",
        "starts": {
            name: {"formula": it.text, **dict(zip(ranges, map(list, it.ranges), strict=True))}
            for name, it in known.items()
        },
    }
