"""What became of a descent: whether it settled, how it went there, and where several came to rest.

"Settled" means that going on would show nothing new: as many steps again lead nowhere else. A slope
that has become small does not say so, for in a flat valley every slope is small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from scipy.optimize import minimize_scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backprop_studio.core.base.arrays import Array

Descent: TypeAlias = Literal[
    "stationary",
    "slow",
    "converges",
    "crosses",
    "overshoots",
    "oscillates",
    "bounces",
    "wanders",
    "diverges",
    "not_finite",
]
"""
"stationary": on a slope of 0 from the beginning; "slow": still on its way; "converges": settled
from one side; "crosses": settled, after it has been on the other side; "overshoots": settled to and
fro, each swing smaller than the one before; "oscillates": not settled, from side to side, less and
less;
"bounces": from side to side, and not less; "wanders": not settled, and neither of these;
"diverges": left the picture; "not_finite": the next step is at a point without a finite number.
"""

XTOL = 1e-12
"""Of a weight: how exactly the top of a ridge is found."""

FINER = 4
"""Decimals of a place between samples, beyond those that tell the samples apart."""

SETTLED: frozenset[Descent] = frozenset({"converges", "crosses", "overshoots"})

Ends: TypeAlias = Literal[
    "one", "outside", "some_outside", "under_way", "same", "valleys", "different"
]
"""
Where several descents end: "one": there is only one; "outside": none is in the picture;
"some_outside"; "under_way": somebody has not arrived; "same": all rest in one place; "valleys": in
places with a hill between them; "different": in different places.
"""

Place: TypeAlias = Literal["lowest", "deeper_valley", "lower", "open"]
"""
Where a descent on a curve has come to rest: at the lowest place in the picture; where another
valley is deeper, behind a hill; where it is lower elsewhere; "open": it has not, or it is nearly as
low as any.
"""

Ridge: TypeAlias = Literal["between", "crossed"]
"""Whether a descent has kept to one side of the ridge before a lower valley, or been on both."""

Crawl: TypeAlias = Literal["crawls", "plain"]
"""Whether a descent that was fast at first has become slow without having arrived."""

STILL = 0.01
"""Of the way that was gone: who is led no farther by as many steps again has settled."""

FLAT = 0.02
"""Of the steepest slope of a run: nobody has settled on a steeper one."""

SAME = 1e-9
"""Two sizes that differ by no larger share are one: rounding must not decide between them."""

APART = 0.02
"""Of the way that was gone: ends that are nearer to each other are one place."""

EQUAL, LOWER = 0.01, 0.05
"""Of a picture's height: who is no higher is as low, and who is so much higher plainly is."""


def has_settled(points: Array, onward: float, steepness: Array) -> bool:
    """Return whether a descent has come to rest.

    Parameters
    ----------
    points : (K,) or (K, n) float64
        Where it was.
    onward : float
        How far as many steps again lead away at most from the last of these.
    steepness : (K,) float64
        Size of the slope at each.

    Examples
    --------
    >>> w = np.array([2.0, 0.8, 0.32, 0.0])
    >>> has_settled(w, 0.0, abs(2 * w)), has_settled(w[:2], 0.8, abs(2 * w[:2]))
    (True, False)
    """
    way = np.abs(points - points[-1]).reshape(len(points), -1).max()
    return bool(onward <= STILL * way and steepness[-1] <= FLAT * steepness.max())


def turns(slopes: Array) -> Array:
    """Return at which steps a slope has another sign than at the step before, (K - 1,) bool.

    A slope that is nearly 0 has a sign by rounding alone, and turns nothing.

    Examples
    --------
    >>> turns(np.array([4.0, -2.0, 1.0, 1.0])).tolist()
    [True, True, False]
    """
    signs = np.where(np.abs(slopes) > SAME * np.abs(slopes).max(initial=0.0), np.sign(slopes), 0.0)
    return np.asarray(signs[1:] * signs[:-1] < 0)


def descent(
    points: Array, slopes: Array, onward: float, *, has_left: bool = False, breaks: bool = False
) -> Descent:
    """Return what became of a descent over one weight.

    Parameters
    ----------
    points, slopes : (K,) float64
        The weight before each step and after the last, and dL/dw there.
    onward : float
        As in :func:`has_settled`.
    has_left, breaks : bool
        Whether it is outside of the picture in the end; whether it ended at a number that is not
        finite.

    Examples
    --------
    On w^2 a step multiplies w by 1 - 2 eta:

    >>> for factor in (0.98, 0.4, -0.5, -0.9):
    ...     w = 2.0 * factor ** np.arange(21.0)
    ...     descent(w, 2 * w, abs(w[-1]) * max(1.0, 1 - factor))
    'slow'
    'converges'
    'overshoots'
    'oscillates'
    """
    if has_left:
        return "diverges"
    if breaks:
        return "not_finite"
    sizes = np.abs(slopes)
    if sizes[0] == 0:
        return "stationary"
    crossed = turns(slopes)
    if has_settled(points, onward, sizes):
        if not crossed.any():
            return "converges"
        return "overshoots" if _shrinks(points, crossed) else "crosses"
    late = slice(len(crossed) // 2, None)
    if not crossed[late].any():
        return "slow"
    swings = np.abs(np.diff(points))[late]
    if len(swings) < 2 or not crossed[late].all():
        return "wanders"
    if (swings[1:] < swings[:-1] * (1 - SAME)).all():
        return "oscillates"
    return "bounces" if (swings[1:] >= swings[:-1] * (1 - SAME)).all() else "wanders"


def _shrinks(points: Array, crossed: Array) -> bool:
    """Whether from the first crossing on each step goes back, and not as far as the one before."""
    moves = np.diff(points)[int(np.flatnonzero(crossed)[0]) :]
    # What is left in the end is rounding.
    moves = moves[np.abs(moves) > SAME * np.abs(moves).max()]
    to_and_fro = moves[1:] * moves[:-1] < 0
    return bool(len(moves) > 2 and to_and_fro.all() and (np.diff(np.abs(moves)) < 0).all())


def ends(
    where: Sequence[Array],
    settled: Sequence[bool],
    inside: Sequence[bool],
    *,
    size: float,
    has_hill: bool = False,
) -> Ends:
    """Return where several descents end.

    Parameters
    ----------
    where : sequence of (n,) float64
        Their last points.
    settled, inside : sequence of bool
        Who has come to rest, and who is in the picture.
    size : float
        Of the way that was gone.
    has_hill : bool
        Whether two of the ends have a hill between them.

    Examples
    --------
    >>> here, there = np.array([1.0]), np.array([-1.0])
    >>> ends([here, there], [True, True], [True, True], size=2.0, has_hill=True)
    'valleys'
    >>> ends([here, there], [True, False], [True, True], size=2.0)
    'under_way'
    """
    if not any(inside):
        return "outside"
    if len(where) < 2:
        return "one"
    if not all(inside):
        return "some_outside"
    if not all(settled):
        return "under_way"
    found = np.array(where)
    if np.abs(found - found[0]).max() <= APART * size:
        return "same"
    return "valleys" if has_hill else "different"


def place(xs: Array, ys: Array, w: float, loss: float, heights: tuple[float, float]) -> Place:
    """Return whether there is a lower place in a picture than where a descent came to rest.

    Parameters
    ----------
    xs, ys : (K,) float64
        The curve; nan where it has a gap.
    w, loss : float
        Where it rests.
    heights : (float, float)
        Lowest and highest loss in the picture.

    Examples
    --------
    >>> w = np.linspace(-2, 2, 401)
    >>> place(w, w**2, 0.0, 0.0, (0.0, 4.0)), place(w, w**3, 0.0, 0.0, (-8.0, 8.0))
    ('lowest', 'lower')
    >>> well = w**4 - 2 * w**2 + 0.4 * w
    >>> place(w, well, 0.95, float(well.min()) + 0.8, (-1.5, 9.0))
    'deeper_valley'
    """
    size = heights[1] - heights[0]
    seen = _in_sight(ys, heights)
    k = int(seen.argmin())
    if loss <= seen[k] + EQUAL * size:
        return "lowest"
    if loss < seen[k] + LOWER * size:
        return "open"
    is_inside = 0 < k < len(xs) - 1 and np.isfinite(seen[k - 1]) and np.isfinite(seen[k + 1])
    between = ys[(xs > min(w, xs[k])) & (xs < max(w, xs[k]))]
    has_hill = bool(np.nanmax(between, initial=-np.inf) > loss + EQUAL * size)
    return "deeper_valley" if is_inside and has_hill else "lower"


def lowest_place(
    curve: Callable[[float], float], xs: Array, ys: Array, heights: tuple[float, float]
) -> dict[str, float]:
    """Return ``w`` and ``loss`` of the lowest place of a curve in a picture.

    Between samples it is where a parabola through the lowest and its neighbours is lowest, if the
    curve is lower there: at (w - 2)^2 that is 2, wherever the samples are.

    Examples
    --------
    >>> w = np.linspace(-2, 2, 6)
    >>> lowest_place(lambda w: w**2 + 1, w, w**2 + 1, (0.0, 5.0))
    {'w': 0.0, 'loss': 1.0}
    """
    k = int(_in_sight(ys, heights).argmin())
    w, loss = float(xs[k]), float(ys[k])
    near = ys[max(k - 1, 0) : k + 2]
    if 0 < k < len(xs) - 1 and np.isfinite(near).all():
        (before, after), (left, right) = xs[[k - 1, k + 1]] - w, near[[0, 2]] - loss
        bend = right * before - left * after
        if bend:
            shift = (right * before**2 - left * after**2) / (2 * bend)
            decimals = FINER - int(np.floor(np.log10(after - before)))
            vertex = round(w + float(shift), decimals) + 0.0
            if before < shift < after and heights[0] <= curve(vertex) < loss:
                return {"w": vertex, "loss": curve(vertex)}
    return {"w": w, "loss": loss}


def ridge(
    curve: Callable[[float], float], xs: Array, ys: Array, points: Array, to: float
) -> dict[str, float] | None:
    """Return ``w`` and ``loss`` of the highest place between a descent and another place.

    Parameters
    ----------
    curve : callable
        The loss of a weight.
    xs, ys : (K,) float64
        Its samples; nan where it has a gap.
    points : (N,) float64
        Where the descent was.
    to : float
        The other place.

    Returns
    -------
    dict of str to float or None
        None where the curve has a gap between, is no higher there than at both ends, or where the
        descent has been on both sides of the ridge.

    Examples
    --------
    >>> w = np.linspace(-2, 2, 6)
    >>> top = ridge(lambda w: (w**2 - 1) ** 2, w, (w**2 - 1) ** 2, np.array([1.5, 1.0]), -1.0)
    >>> round(top["loss"], 9)
    1.0
    >>> ridge(lambda w: w**2, w, w**2, np.array([2.0, 1.0]), 0.0)
    """
    last = float(points[-1])
    low, high = sorted((last, to))
    between = np.flatnonzero((xs > low) & (xs < high))
    if len(between) < 1 or not np.isfinite(ys[between]).all():
        return None
    k = int(between[ys[between].argmax()])
    left, right = xs[max(k - 1, 0)], xs[min(k + 1, len(xs) - 1)]
    around = max(float(left), low), min(float(right), high)
    found = minimize_scalar(lambda w: -curve(w), bounds=around, options={"xatol": XTOL}).x
    w = max((float(xs[k]), float(found)), key=curve)
    is_above = curve(w) > max(curve(last), curve(to))
    return {"w": w, "loss": curve(w)} if is_above and _on_one_side(points, w) else None


def _on_one_side(points: Array, w: float) -> bool:
    sides = np.sign(points[np.isfinite(points)] - w)
    return bool((sides == sides[-1]).all())


def _in_sight(ys: Array, heights: tuple[float, float]) -> Array:
    is_seen = np.isfinite(ys) & (ys >= heights[0]) & (ys <= heights[1])
    return np.asarray(np.where(is_seen, ys, np.inf))


def crawls(points: Array) -> bool:
    """Return whether a descent that was fast at first has become slow without having arrived.

    Parameters
    ----------
    points : (K, n) float64
        Where it was.

    Examples
    --------
    >>> crawls(np.array([[0.0], [1.0], [1.1], [1.2], [1.3]]))
    True
    >>> crawls(np.array([[0.0], [1.0], [2.0], [3.0]]))
    False
    """
    moves = np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1))
    half = len(moves) // 2
    return bool(half and moves[half:].max() < moves[:half].max() / 2 and moves[-1] > 0)
