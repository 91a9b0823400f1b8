"""Small data sets made on the spot; drawn ones by seed, with numpy only."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.fields import MAX_SEED
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.datasets.record import Dataset

if TYPE_CHECKING:
    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.datasets.record import Indices

MAX_POINTS = 100_000
MAX_CLASSES = 10
MAX_NOISE = 100.0


def double() -> Dataset:
    """Return y = 2x at x = 1, 2, 3: the smallest set that one weight can learn.

    Returns
    -------
    Dataset
        inputs (3, 1), targets (3, 1).

    Examples
    --------
    >>> double().inputs.tolist(), double().targets.tolist()
    ([[1.0], [2.0], [3.0]], [[2.0], [4.0], [6.0]])
    """
    x = np.array([[1.0], [2.0], [3.0]])
    return _made("double", x, 2.0 * x)


def line(
    points: int = 50,
    *,
    slope: float = 3.0,
    intercept: float = 0.8,
    noise: float = 0.1,
    seed: int = 0,
) -> Dataset:
    """Return points of a line with noise: y = slope x + intercept + noise e.

    Parameters
    ----------
    points : int
        How many; x is uniform in [0, 1).
    slope, intercept : float
        Of the line without noise.
    noise : float
        Standard deviation of the noise in y, normally distributed; 0 gives the line itself. The
        same x and e are drawn whatever the noise.
    seed : int
        From 0 to 2^32 - 1.

    Returns
    -------
    Dataset
        inputs (points, 1), targets (points, 1).

    Raises
    ------
    InputError
        If a number is out of range.

    Examples
    --------
    >>> data = line(noise=0.0)
    >>> bool((data.targets == 3.0 * data.inputs + 0.8).all())
    True
    """
    generator = _generator(points, noise, seed)
    _check("slope", slope, -1e6, 1e6)
    _check("intercept", intercept, -1e6, 1e6)
    x = generator.uniform(0.0, 1.0, (points, 1))
    y = slope * x + intercept + noise * generator.standard_normal((points, 1))
    return _made("line", x, y)


def xor() -> Dataset:
    """Return the exclusive or: four corners that no single line separates.

    Returns
    -------
    Dataset
        inputs (4, 2), targets (4,) class indices.

    Examples
    --------
    >>> xor().targets.tolist()
    [0, 1, 1, 0]
    """
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    targets = np.array([0, 1, 1, 0], dtype=np.int64)
    return _made("xor", corners, targets)


def two_moons(points: int = 200, *, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Return two half circles that reach into each other.

    Without noise, class 0 lies on (cos t, sin t) and class 1 on (1 - cos t, 1/2 - sin t), with t
    evenly from 0 to pi: the shape that scikit-learn calls make_moons.

    Parameters
    ----------
    points : int
        How many in both classes together; of an odd number class 1 has one more.
    noise : float
        Standard deviation of the noise in both coordinates.
    seed : int
        From 0 to 2^32 - 1.

    Returns
    -------
    Dataset
        inputs (points, 2), targets (points,) class indices, class 0 first.

    Raises
    ------
    InputError
        If a number is out of range.

    Examples
    --------
    >>> two_moons(10).targets.tolist()
    [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    """
    generator = _generator(points, noise, seed)
    upper, lower = (np.linspace(0.0, math.pi, count) for count in _shares(points, 2))
    first = np.column_stack([np.cos(upper), np.sin(upper)])
    second = np.column_stack([1.0 - np.cos(lower), 0.5 - np.sin(lower)])
    inputs = np.concatenate([first, second]) + noise * generator.standard_normal((points, 2))
    return _made("two_moons", inputs, _indices(points, 2))


def spirals(points: int = 200, *, classes: int = 2, noise: float = 0.02, seed: int = 0) -> Dataset:
    """Return spirals wound into each other, one class per arm.

    Arm k of K has radius r from just above 0 to 1 and the angle 2 pi (r + k / K).

    Parameters
    ----------
    points : int
        How many in all arms together.
    classes : int
        Number of arms, 2 to 10.
    noise : float
        Standard deviation of the noise in both coordinates.
    seed : int
        From 0 to 2^32 - 1.

    Returns
    -------
    Dataset
        inputs (points, 2), targets (points,) class indices, class 0 first.

    Raises
    ------
    InputError
        If a number is out of range.

    Examples
    --------
    >>> spirals(100).inputs.shape
    (100, 2)
    """
    _check_whole("classes", classes, 2, MAX_CLASSES)
    generator = _generator(points, noise, seed, least=classes)
    parts = []
    for arm, count in enumerate(_shares(points, classes)):
        radius = np.arange(1, count + 1) / count
        angle = 2.0 * math.pi * (radius + arm / classes)
        parts.append(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))
    inputs = np.concatenate(parts) + noise * generator.standard_normal((points, 2))
    return _made("spirals", inputs, _indices(points, classes))


def blobs(points: int = 150, *, classes: int = 3, noise: float = 0.5, seed: int = 0) -> Dataset:
    """Return round clouds of points, one class per cloud.

    The centres stand evenly on a circle of radius 2, the first on the right.

    Parameters
    ----------
    points : int
        How many in all clouds together.
    classes : int
        Number of clouds, 2 to 10.
    noise : float
        Standard deviation of a cloud in both coordinates.
    seed : int
        From 0 to 2^32 - 1.

    Returns
    -------
    Dataset
        inputs (points, 2), targets (points,) class indices, class 0 first.

    Raises
    ------
    InputError
        If a number is out of range.

    Examples
    --------
    >>> blobs(6, classes=2, noise=0.0).inputs[0].tolist()
    [2.0, 0.0]
    """
    _check_whole("classes", classes, 2, MAX_CLASSES)
    generator = _generator(points, noise, seed, least=classes)
    targets = _indices(points, classes)
    angle = 2.0 * math.pi * np.arange(classes) / classes
    centres = 2.0 * np.column_stack([np.cos(angle), np.sin(angle)])
    inputs = centres[targets] + noise * generator.standard_normal((points, 2))
    return _made("blobs", inputs, targets)


def _generator(points: int, noise: float, seed: int, *, least: int = 2) -> np.random.Generator:
    _check_whole("points", points, least, MAX_POINTS)
    _check("noise", noise, 0.0, MAX_NOISE)
    _check_whole("seed", seed, 0, MAX_SEED)
    return np.random.default_rng(seed)


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # nan is not either
        text = N_("{field}: expected a number from {low} to {high}, found {found}")
        fields = {"low": f"{low:g}", "high": f"{high:g}", "found": f"{value:g}"}
        raise InputError("number.range", text, field=name, **fields)


def _check_whole(name: str, value: int, low: int, high: int) -> None:
    if not isinstance(value, int) or not low <= value <= high:
        text = N_("{field}: expected a whole number from {low} to {high}, found {found}")
        raise InputError("whole.range", text, field=name, low=low, high=high, found=value)


def _shares(points: int, classes: int) -> list[int]:
    """Return the number of points per class, as equal as can be, the last ones larger."""
    return [(points + k) // classes for k in range(classes)]


def _indices(points: int, classes: int) -> Indices:
    return np.repeat(np.arange(classes, dtype=np.int64), _shares(points, classes))


def _made(name: str, inputs: Array, targets: Array | Indices) -> Dataset:
    """Return a data set of classes if the targets are indices, else of a regression."""
    columns = range(1, inputs.shape[1] + 1)
    are_classes = targets.ndim == 1
    return Dataset(
        name=name,
        inputs=inputs,
        targets=targets,
        feature_names=tuple(f"x{k}" for k in columns) if are_classes else ("x",),
        target_names=("class",) if are_classes else ("y",),
        class_names=tuple(map(str, range(int(targets.max()) + 1))) if are_classes else (),
    )
