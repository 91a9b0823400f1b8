"""The model of one weight, y_pred = w x with L = (y_pred - y)^2."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


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
