"""Read-only arrays: what a record holds stays what was computed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def frozen(values: Any, dtype: Any = np.float64) -> npt.NDArray[Any]:
    """Return a read-only copy of values as an array.

    Examples
    --------
    >>> frozen([1, 2]).flags.writeable
    False
    """
    array = np.array(values, dtype=dtype)
    array.setflags(write=False)
    return array
