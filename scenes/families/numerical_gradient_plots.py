"""Pictures of the numerical gradient: the curve with its chord, and the error over the step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_studio.core.derivatives.records import DifferencesRecord
from backprop_studio.core.formula.curve import Curve
from backprop_studio.scenes.families.curve_descent import with_gaps
from backprop_studio.scenes.paint.lettering import width_of
from backprop_studio.scenes.paint.palette import series_colour
from backprop_studio.scenes.paint.style import SIZES, Theme
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.plot import Plot

FINEST = 1e-9
"""Of a number: a picture narrower than that has no digits for its ticks."""

STEPS = (10.0**-15.5, 10.0**0.5)
"""What of h is in sight: 1 to 1e-15, and a little room."""

NO_ERRORS = (1e-16, 1.0)
"""What of the errors is in sight where none is above 0."""

LABELS = {"truncation": "$prop h^2$", "rounding": "$prop epsilon slash h$"}

STRIDE = 0.15
"""Of the picture's width: how far a step against the gradient goes in it."""


@dataclass(frozen=True)
class Walk:
    """A point that goes downhill.

    Attributes
    ----------
    start, end : float
        From where to where, on the axis.
    height : float
        Of the curve at the start.
    sign : int
        Of the gradient at the start.
    """

    start: float
    end: float
    height: float
    sign: int


def curve_plot(
    record: DifferencesRecord,
    curve: Curve,
    first: float,
    box: tuple[float, float],
    theme: Theme,
    language: str,
) -> Plot:
    """Return the curve ``f`` and its point ``w``; ``tangent`` and ``chord`` are not seen yet.

    Parameters
    ----------
    first : float
        The step with which the chord begins, from ``below`` to ``above``.
    """
    own = series_colour(theme, 0)
    xs, ys = with_gaps(curve)
    ends = [record.w - first, record.w + first]
    low, high = _heights(record, ys, first, np.interp(ends, xs, ys))
    across, up = Axis(float(xs[0]), float(xs[-1]), "$w$"), Axis(low, high, "$f(w)$")
    plot = Plot(across, up, box, theme, language)
    plot.add_curve("f", xs, ys)
    is_dashed = theme.dashes_negative
    plot.add_line("tangent", record.w, record.value, record.gradient, is_dashed=is_dashed)
    plot.add_secant("chord", "f", *ends, colour=own)
    lean = 1 if record.gradient >= 0 else -1
    for name, side, label in (("below", -1, "$w - h$"), ("above", 1, "$w + h$")):
        # Where a rising, or falling, chord leaves room.
        corner, x = (lean if side != lean else 0, -1), record.w + side * first
        plot.add_point(name, x, on="f", colour=own, label=label, corner=corner)
    plot.add_point("w", record.w, record.value, label="$w$")
    return plot.hide("tangent", "chord", "below", "above")


def _heights(record: DifferencesRecord, ys: Any, first: float, chord: Any) -> tuple[float, float]:
    """Return the heights in sight: chord and tangent, and what of the curve is near."""
    rise = abs(record.gradient) * first
    ends = [record.value, record.value - rise, record.value + rise]
    ends += [height for height in chord.tolist() if np.isfinite(height)]
    low, high = min(ends), max(ends)
    size = max(high - low, FINEST * max(abs(low), abs(high)))
    near = ys[np.isfinite(ys) & (ys > low - size) & (ys < high + size)]
    axis = Axis.around([*ends, *near])
    room = size if axis.high - axis.low < size else 0.0
    return axis.low - room, axis.high + room


def error_plot(
    record: DifferencesRecord,
    box: tuple[float, float],
    name: str,
    step: str,
    theme: Theme,
    language: str,
) -> Plot:
    """Return the curve ``error`` over h, not grown yet, and the hidden ``mark`` of the step.

    Parameters
    ----------
    name, step : str
        What the error is called, and the printed step, as markup.
    """
    found = np.array([*record.errors, record.step_error])
    is_seen = bool((np.isfinite(found) & (found > 0)).any())
    heights = Axis.around(found if is_seen else NO_ERRORS, logarithmic=True)
    right = width_of(LABELS["truncation"], SIZES.small, theme, language) + SIZES.gap
    steps = Axis(*STEPS, "$h$", logarithmic=True, count=6)
    errors = Axis(heights.low, heights.high, name, logarithmic=True)
    plot = Plot(steps, errors, box, theme, language, right=right)
    # An error between two that have no place is a dot, or nothing would be seen of it.
    colour, has_dots = series_colour(theme, 0), bool((~(record.errors > 0)).any())
    plot.add_curve("error", record.h, record.errors, colour=colour, progress=0.0, has_dots=has_dots)
    return plot.add_mark("mark", record.step, label=f"$h = {step}$").hide("mark")


def in_sight(plot: Plot, record: DifferencesRecord, name: str) -> Any:
    """Return which of an arm's values, (K,) bool, are within the plot of errors."""
    values = getattr(record, name)
    return (values >= plot.axes.y.low) & (values <= plot.axes.y.high)


def add_arm(plot: Plot, record: DifferencesRecord, name: str) -> Plot:
    """Add what theory says, ``truncation`` or ``rounding``, to the plot of errors, hidden."""
    seen = in_sight(plot, record, name)
    # From the valley outwards, so that the label stands at the upper end.
    way = slice(None, None, -1 if name == "truncation" else 1)
    steps, errors = record.h[seen][way], getattr(record, name)[seen][way]
    plot.add_curve(name, steps, errors, label=LABELS[name], is_dashed=True)
    return plot.hide(name)


def downhill_walks(
    record: DifferencesRecord, curve: Curve, slopes: Any, plot: Plot
) -> dict[str, Walk]:
    """Return points that go downhill, one for each sign of the gradient that is in sight.

    Parameters
    ----------
    slopes : (K,) float64
        Gradients at the curve's samples.
    """
    xs, ys = curve.x, curve.y
    stride = STRIDE * float(xs[-1] - xs[0])
    has_room = (ys > plot.axes.y.low) & (ys < plot.axes.y.high)
    has_room &= (xs > xs[0] + stride) & (xs < xs[-1] - stride)
    found: dict[str, Walk] = {}
    for sign in (1, -1):
        start, height = record.w, record.value
        if record.w_moves != -sign:
            there = np.flatnonzero((np.sign(slopes) == sign) & has_room)
            if not len(there):
                continue
            ways = [abs(_end(curve, slopes, xs[k], sign, stride) - xs[k]) for k in there]
            # The middle one of those that can go farthest.
            free = there[np.array(ways) >= 0.99 * max(ways)]
            middle = free[len(free) // 2]
            start, height = float(xs[middle]), float(ys[middle])
        end = _end(curve, slopes, start, sign, stride)
        found[f"walk_{len(found)}"] = Walk(start, end, height, sign)
    return found


def _end(curve: Curve, slopes: Any, start: float, sign: int, stride: float) -> float:
    """Return how far downhill a point goes: a stride, but not through the valley."""
    ahead = (start - curve.x) * sign
    turns = ahead[(ahead > 0) & ~(np.sign(slopes) == sign)]
    return start - sign * min(stride, float(turns.min(initial=stride)))
