"""A formula at a point: checks, values along one variable, and derivatives of any order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, listed
from backprop_studio.core.formula.evaluate import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.formula.parse import Formula


def checked_point(names: Iterable[str], point: Mapping[str, float]) -> dict[str, float]:
    """Return the values of a formula's names, in their order.

    Raises
    ------
    InputError
        If a value is not finite.
    KeyError
        If a name has no value.

    Examples
    --------
    >>> checked_point(["x", "y"], {"y": 2, "x": 1, "z": 0})
    {'x': 1.0, 'y': 2.0}
    """
    found = {name: float(point[name]) for name in names}
    for name, value in found.items():
        if not math.isfinite(value):
            text = N_("the point is wrong: {name} is {value}, expected a finite number")
            raise InputError("point.not_finite", text, name=name, value=value)
    return found


def check_finite(formula: Formula, point: Mapping[str, float], found: Mapping[str, Any]) -> None:
    """Check numbers that were computed at a point.

    Parameters
    ----------
    formula, point : Formula, mapping
    found : mapping
        From what a number is called, marked with ``N_``, to the number.

    Raises
    ------
    InputError
        If one is not finite.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> check_finite(parse_formula("log(w)", ["w"]), {"w": -1.0}, {"value": math.nan})
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: The formula log(w) has no value at w = -1.
    """
    for what, value in found.items():
        if not np.isfinite(value):
            text = N_("the formula {formula} has no {what} at {point}")
            fields = {"formula": formula.text, "what": Message.of("formula.what", what)}
            raise InputError("formula.no_value", text, **fields, point=point_text(point))


def point_text(point: Mapping[str, float]) -> Message:
    """Return a point as a part of a message.

    Examples
    --------
    >>> point_text({"x": 1.0, "y": 2.5}).words()
    'x = 1, y = 2.5'
    """
    return listed(f"{name} = {number:g}" for name, number in point.items())


def along(formula: Formula, point: Mapping[str, float], variable: str, x: Array) -> Array:
    """Return a formula's values, shape of x, while one variable takes the values x.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> along(parse_formula("x*y", ["x", "y"]), {"x": 1.0, "y": 2.0}, "y", np.array([3.0, 4.0]))
    array([3., 4.])
    """
    with torch.no_grad():
        return np.array(evaluate(formula, {**point, variable: torch.tensor(x)}).numpy())


def derivative_at(formula: Formula, point: Mapping[str, float], variable: str, order: int) -> float:
    """Return a partial derivative of any order by nested autograd.

    Parameters
    ----------
    formula, point : Formula, mapping
        What, and where.
    variable : str
        After which is differentiated.
    order : int
        How often; 0 is the value.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> derivative_at(parse_formula("w^3", ["w"]), {"w": 2.0}, "w", 2)
    12.0
    """
    # Not torch.func.grad, which is as exact: it loads torch's compiler, a second before it starts.
    x = torch.tensor(point[variable], dtype=torch.float64, requires_grad=True)
    with torch.enable_grad():
        value = evaluate(formula, {**point, variable: x})
        for _ in range(order):
            if not value.requires_grad:  # no x is left in it
                return 0.0
            (value,) = torch.autograd.grad(value, x, create_graph=True, materialize_grads=True)
    return float(value.detach())
