"""The model of one weight, y_pred = w x with L = (y_pred - y)^2, and what may go into it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["as_number", "check_numbers", "forward"]


def forward(weight: Tensor, x: float, y: float) -> tuple[Tensor, Tensor]:
    """Return y_pred = w x and L = (y_pred - y)^2.

    Examples
    --------
    >>> import torch
    >>> [float(it) for it in forward(torch.tensor(1.0), 2.0, 4.0)]
    [2.0, 4.0]
    """
    y_pred = weight * x
    return y_pred, (y_pred - y) ** 2


def as_number(tensor: Tensor | None) -> float:
    """Return a gradient as a number, nan where torch has none.

    Examples
    --------
    >>> import torch
    >>> as_number(torch.tensor(-8.0)), as_number(None)
    (-8.0, nan)
    """
    return math.nan if tensor is None else float(tensor)


def check_numbers(**numbers: float) -> None:
    """Check numbers, given by their names.

    Raises
    ------
    InputError
        If one is not finite, or a learning rate not above 0.

    Examples
    --------
    >>> check_numbers(w=1.0, learning_rate=0.0)
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: learning_rate: expected a number above 0, found 0.
    """
    for name, value in numbers.items():
        if not math.isfinite(value):
            raise InputError(f"{name}: expected a finite number, found {value}.")
        if name == "learning_rate" and value <= 0:
            raise InputError(f"learning_rate: expected a number above 0, found {value:g}.")
