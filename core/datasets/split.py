"""Split into training and held-out rows, and standardisation by the training rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.arrays import frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.fields import MAX_SEED
from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.datasets.record import Dataset, Indices


def drawn_rows(size: int, held_out: int, seed: int) -> Indices:
    """Draw which rows are held out.

    Parameters
    ----------
    size : int
        Number of rows.
    held_out : int
        How many of them are not learned from; at least one row is left to learn from.
    seed : int
        From 0 to 2^32 - 1; the same seed draws the same rows.

    Returns
    -------
    int64 array
        Their ascending row numbers, counted from 0.

    Raises
    ------
    InputError
        If there are not so many rows, or the seed is out of range.

    Examples
    --------
    >>> drawn_rows(10, 3, seed=0).shape
    (3,)
    """
    if not 0 <= held_out < size:
        text = N_("{field}: of {rows} rows 0 to {most} can be held out, found {found}")
        fields = {"rows": size, "most": size - 1, "found": held_out}
        raise InputError("split.rows", text, field="held_out", **fields)
    if not 0 <= seed <= MAX_SEED:
        text = N_("{field}: expected a whole number from {low} to {high}, found {found}")
        raise InputError("whole.range", text, field="seed", low=0, high=MAX_SEED, found=seed)
    order = np.random.default_rng(seed).permutation(size)
    return frozen(np.sort(order[:held_out]), np.int64)


def hold_out(data: Dataset, held_out: int, seed: int) -> Dataset:
    """Return the data set with rows held out that were drawn by seed.

    It comes before :func:`standardise`: else the mean would know the held-out rows.

    Raises
    ------
    InputError
        If there are not so many rows, or the seed is out of range.

    Examples
    --------
    >>> from backprop_studio.core.datasets.synthetic import blobs
    >>> len(hold_out(blobs(), 20, seed=1).test)
    20
    """
    return replace(data, test=drawn_rows(data.size, held_out, seed))


def standardise(data: Dataset) -> Dataset:
    """Return the data set with columns of mean 0 and deviation 1 over its training rows.

    Raises
    ------
    InputError
        If the columns hold numbers too large for it.

    Examples
    --------
    >>> from backprop_studio.core.datasets.synthetic import double
    >>> standardise(double()).mean.tolist()
    [2.0]
    """
    values, mean, std = standardise_columns(data.inputs, data.train, data.feature_names)
    return replace(data, inputs=values, mean=mean, std=std)


def standardise_columns(
    inputs: Array, train: Indices, names: tuple[str, ...]
) -> tuple[Array, Array, Array]:
    """Shift and scale columns by the mean and standard deviation of their training rows.

    The deviation is that of the rows at hand (divided by N, not by N - 1). A column that is the
    same in all training rows is only shifted.

    Parameters
    ----------
    inputs : (N, n) float64 array
        All rows; those held out are shifted and scaled by the same amounts.
    train : int64 array
        The rows that mean and deviation are taken of.
    names : tuple of n str
        For the message.

    Returns
    -------
    values : (N, n) float64 array
    mean, std : (n,) float64 arrays

    Raises
    ------
    InputError
        If a column's numbers are too large or too far apart to be standardised.

    Examples
    --------
    >>> values, mean, std = standardise_columns(np.array([[1.0], [3.0]]), np.array([0, 1]), ("x",))
    >>> values.tolist(), mean.tolist(), std.tolist()
    ([[-1.0], [1.0]], [2.0], [1.0])
    """
    known = inputs[train]
    first = known[0]
    same = (known == first).all(axis=0)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        # The mean of equal numbers is that number, not what rounding makes of their sum.
        mean = np.where(same, first, known.mean(axis=0))
        away = known - mean
        # Scaled first, so that squares neither overflow nor vanish.
        reach = np.where(same, 1.0, np.abs(away).max(axis=0))
        std = np.where(same, 1.0, reach * np.sqrt(np.mean((away / reach) ** 2, axis=0)))
        values = (inputs - mean) / std
    fine = np.isfinite(values).all(axis=0) & np.isfinite(std) & (std > 0)
    if not fine.all():
        name = names[int(np.argmin(fine))]
        text = N_("{field}: the numbers of {name} are too far apart")
        raise InputError("split.far_apart", text, field="standardise", name=name)
    return frozen(values), frozen(mean), frozen(std)
