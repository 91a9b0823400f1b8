"""What adding to a gradient does, and what cutting one off does."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from backprop_studio.core.claims.change import seen

Added: TypeAlias = Literal["differs", "lucky", "unseen"]
"""
What becomes of a gradient that is added to another: another number; the same, as that was 0; or
another one that is shown alike.
"""

Same: TypeAlias = Literal["differs", "same"]
"""Whether two gradients differ, as they are shown."""


def added(before: npt.ArrayLike, brought: npt.ArrayLike, after: npt.ArrayLike) -> Added:
    """Return what becomes of a gradient that is added to what was there.

    Examples
    --------
    >>> added([4.0], [1.0], [5.0]), added([0.0], [1.0], [1.0]), added([1e-9], [1.0], [1.0])
    ('differs', 'lucky', 'unseen')
    """
    if not np.any(before):
        return "lucky"
    return "differs" if same(brought, after) == "differs" else "unseen"


def same(first: npt.ArrayLike, second: npt.ArrayLike) -> Same:
    """Return whether two gradients differ.

    Examples
    --------
    >>> same([1.0, 2.0], [1.0, 2.5]), same([0.0], [0.0])
    ('differs', 'same')
    """
    pairs = zip(np.ravel(first), np.ravel(second), strict=True)
    return "same" if all(seen(float(a)) == seen(float(b)) for a, b in pairs) else "differs"
