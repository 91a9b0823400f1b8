"""A data set as a frozen record."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from backprop_studio.core.base.arrays import Array, frozen

if TYPE_CHECKING:
    from backprop_studio.core.datasets.report import DataReport

Indices = npt.NDArray[np.int64]

_ARRAYS = {"inputs": np.float64, "test": np.int64, "mean": np.float64, "std": np.float64}


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples, and what they should give; the arrays are read-only.

    Attributes
    ----------
    name : str
        For example ``"iris"``.
    inputs : (N, n) float64 array
        One sample per row, as the network is shown it: standardised if ``mean`` is given.
    targets : (N, n_out) float64 array, or (N,) int64 array of class indices
        The latter exactly if there are class names.
    feature_names : tuple of n str
        What the columns of inputs are.
    target_names : tuple of str
        What the columns of targets are; one name for classes.
    class_names : tuple of str
        By class index; empty for a regression.
    mean, std : (n,) float64 arrays, or None
        What was subtracted from each column and what it was then divided by.
    image_shape : (rows, columns), or None
        If each sample is a picture.
    report : DataReport or None
        How it was read, if it is a user's table.
    test, train : int64 arrays
        Which rows are held out, and all others, which are learned from; ascending.

    Raises
    ------
    ValueError
        If the parts do not fit together; the message names the part, expected and found.
    """

    name: str
    inputs: Array
    targets: Array | Indices
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    class_names: tuple[str, ...]
    mean: Array | None = None
    std: Array | None = None
    image_shape: tuple[int, int] | None = None
    report: DataReport | None = None
    test: Indices = field(default_factory=lambda: np.arange(0))
    train: Indices = field(init=False)

    def __post_init__(self) -> None:
        kind = np.int64 if self.class_names else np.float64
        for name, dtype in {**_ARRAYS, "targets": kind}.items():
            array = getattr(self, name)
            if array is not None:
                object.__setattr__(self, name, _kept(array, dtype))
        _check_shapes(self)
        _check_values(self)
        _check_split(self)
        train = np.setdiff1d(np.arange(self.size), self.test)
        object.__setattr__(self, "train", frozen(train, np.int64))

    @property
    def size(self) -> int:
        """Number of samples."""
        return len(self.inputs)

    def target_rows(self) -> Array:
        """Return the targets as rows of numbers, for losses that compare numbers.

        Returns
        -------
        (N, n_out) float64 array
            Two classes become one column of 0 and 1, more classes become one-hot rows.

        Examples
        --------
        >>> from backprop_studio.core.datasets.synthetic import xor
        >>> xor().target_rows().tolist()
        [[0.0], [1.0], [1.0], [0.0]]
        """
        if not self.class_names:
            return np.asarray(self.targets, dtype=np.float64)
        if len(self.class_names) == 2:
            return frozen(self.targets[:, None])
        return frozen(self.targets[:, None] == np.arange(len(self.class_names)))


def _kept(array: Any, dtype: Any) -> npt.NDArray[Any]:
    """Freeze an array; one that is frozen already is not copied, as pictures are large."""
    if (
        isinstance(array, np.ndarray)
        and array.dtype == dtype
        and array.base is None
        and not array.flags.writeable
    ):
        return array
    result = np.asarray(array)
    if dtype is np.int64 and result.size and result.dtype.kind not in "iu":
        raise ValueError(f"expected whole numbers, found {result.dtype.name}")
    return frozen(array, dtype)


def _check_shapes(data: Dataset) -> None:
    rows, columns = data.inputs.shape if data.inputs.ndim == 2 else (0, 0)
    if not rows or not columns:
        raise ValueError(f"inputs: expected rows and columns, found shape {data.inputs.shape}")
    shape = (rows,) if data.class_names else (rows, len(data.target_names))
    expected = {
        "targets": (data.targets.shape, shape),
        "feature_names": ((len(data.feature_names),), (columns,)),
    }
    if data.class_names:
        expected["target_names"] = ((len(data.target_names),), (1,))
    if (data.mean is None) != (data.std is None):
        raise ValueError("mean and std: expected both or neither, found one of them")
    for name, array in (("mean", data.mean), ("std", data.std)):
        if array is not None:
            expected[name] = (array.shape, (columns,))
    if data.image_shape is not None:
        expected["image_shape"] = ((math.prod(data.image_shape),), (columns,))
    for name, (found, wanted) in expected.items():
        if found != wanted:
            raise ValueError(f"{name}: expected shape {wanted}, found {found}")


def _check_values(data: Dataset) -> None:
    for name in ("inputs", "targets", "mean", "std"):
        array = getattr(data, name)
        if array is not None and not np.isfinite(array).all():
            raise ValueError(f"{name}: expected finite numbers, found nan or infinity")
    if data.std is not None and not (data.std > 0).all():
        raise ValueError("std: expected positive numbers, found 0 or less")
    if data.class_names:
        low, high = int(data.targets.min()), int(data.targets.max())
        if low < 0 or high >= len(data.class_names):
            raise ValueError(
                f"targets: expected class indices 0 to {len(data.class_names) - 1}, "
                f"found {low} to {high}"
            )


def _check_split(data: Dataset) -> None:
    test = data.test
    if test.ndim != 1 or len(test) >= data.size:
        raise ValueError("test: expected a list of less than all rows, found another shape")
    if not np.isin(test, np.arange(data.size)).all() or (np.diff(test) <= 0).any():
        raise ValueError(f"test: expected rows 0 to {data.size - 1}, ascending and each once")
