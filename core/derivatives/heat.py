"""A hot plate, and the path of an ant that leaves the heat as fast as it can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.derivatives.gradients import gradient
from backprop_studio.core.derivatives.params import HEAT_X, HEAT_Y
from backprop_studio.core.formula import Formula, parse_formula

if TYPE_CHECKING:
    from collections.abc import Sequence

ISOTHERMS = (10.0, 20.0, 30.0, 40.0)
"""Degrees."""

_HOTTEST, _WIDTH = 45, 8
_HEAT = f"{_HOTTEST}*exp(-(x^2 + 2*y^2)/{_WIDTH})"

_PACE = 0.05
"""Length of the ant's steps."""

_MOST_STEPS = 400


@dataclass(frozen=True)
class HeatRecord:
    """An ant on a hot plate.

    Attributes
    ----------
    formula : Formula
        The temperature in degrees.
    ranges : ((float, float), (float, float))
        The plate.
    isotherms : (4,) float64
        Temperatures of the lines.
    crossings : (4, 2) float64
        Where each of them crosses the negative x axis.
    point : (2,) float64
        Where the ant stands.
    temperature : float
        There.
    partials : (2,) float64
        Of the temperature, in degrees per unit of length.
    steepness : float
        |grad T|: how many degrees are lost per unit of length on the fastest path.
    downhill : (2,) float64
        Unit vector against the gradient; nan where the gradient is zero.
    path : (K, 2) float64
        The ant's path in steps of one length, always against the gradient, until it leaves the
        plate; only its start where the gradient is zero.
    temperatures : (K,) float64
        Along the path.
    """

    formula: Formula
    ranges: tuple[tuple[float, float], tuple[float, float]]
    isotherms: Array
    crossings: Array
    point: Array
    temperature: float
    partials: Array
    steepness: float
    downhill: Array
    path: Array
    temperatures: Array


def leave_heat(start: Sequence[float]) -> HeatRecord:
    """Return the path of an ant that always goes where it cools fastest.

    Parameters
    ----------
    start : (x, y)
        On the plate.

    Raises
    ------
    InputError
        If the start is not on the plate.

    Examples
    --------
    >>> record = leave_heat((2, 0))
    >>> record.downhill.tolist(), record.path[[0, -1], 1].tolist()
    ([1.0, 0.0], [0.0, 0.0])
    """
    formula, ranges = parse_formula(_HEAT, ["x", "y"]), ((-HEAT_X, HEAT_X), (-HEAT_Y, HEAT_Y))
    border = np.array([HEAT_X, HEAT_Y])
    position = np.array([float(part) for part in start])
    if not (np.abs(position) <= border).all():
        text = N_("the ant at {position} is not on the plate")
        raise InputError("heat.off_plate", text, position=shown(position.tolist()))
    first = gradient(formula, {"x": position[0], "y": position[1]})
    steepness = float(first.norms)
    downhill = -first.partials / steepness if steepness > 0 else np.full(2, np.nan)
    # Where y = 0, x < 0 and the temperature is that of an isotherm.
    crossings = -np.sqrt(_WIDTH * np.log(_HOTTEST / np.array(ISOTHERMS)))
    path, step = [position], downhill
    while steepness > 0 and len(path) <= _MOST_STEPS and (np.abs(path[-1]) <= border).all():
        path.append(path[-1] + _PACE * step)
        at = gradient(formula, {"x": path[-1][0], "y": path[-1][1]})
        step = -at.partials / at.norms
    points = np.array(path)
    found = gradient(formula, {"x": points[:, 0], "y": points[:, 1]})
    return HeatRecord(
        formula=formula,
        ranges=ranges,
        isotherms=frozen(ISOTHERMS),
        crossings=frozen(np.column_stack([crossings, np.zeros_like(crossings)])),
        point=frozen(position),
        temperature=float(first.values),
        partials=first.partials,
        steepness=steepness,
        downhill=frozen(downhill),
        path=frozen(points),
        temperatures=found.values,
    )
