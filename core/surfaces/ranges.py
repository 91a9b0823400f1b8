"""The part of each coordinate that a picture shows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

Range: TypeAlias = tuple[float, float]


def checked_ranges(names: Sequence[str], ranges: Sequence[Range]) -> tuple[Range, ...]:
    """Return ranges as floats, one per name.

    Raises
    ------
    InputError
        If one is empty or not finite.
    ValueError
        If there are more or fewer than names.

    Examples
    --------
    >>> checked_ranges(["w"], [(0, 2)])
    ((0.0, 2.0),)
    """
    found = tuple((float(low), float(high)) for low, high in ranges)
    for name, (low, high) in zip(names, found, strict=True):
        if not (low < high and math.isfinite(high - low)):
            text = N_("the range of {name} is wrong: {low} to {high} is no range")
            ends = {"low": f"{low:g}", "high": f"{high:g}"}
            raise InputError("surface.no_range", text, name=name, **ends)
    return found
