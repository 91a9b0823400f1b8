"""A curve with points that run down it step by step, shared by the lessons on descent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cairo
import numpy as np

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import slopes
from backprop_studio.core.claims.change import decimals_apart
from backprop_studio.core.claims.descent import lowest_place
from backprop_studio.core.derivatives.gradients import gradient
from backprop_studio.core.formula import Formula
from backprop_studio.core.formula.curve import Curve, sample_curve
from backprop_studio.core.formula.evaluate import evaluate_array
from backprop_studio.core.formula.symbolic import symbolic_derivative
from backprop_studio.core.formula.torch_text import tracked_torch
from backprop_studio.core.surfaces.curve_runs import CurveRun, curve_runs
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.lesson import LessonScene
from backprop_studio.scenes.lesson.torch_lines import STEP_LINE, fitted
from backprop_studio.scenes.paint.brush import line, saved, set_colour
from backprop_studio.scenes.paint.palette import series_colour
from backprop_studio.scenes.paint.style import Rgb, Theme
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.surfaces.trajectories import draw_marker

SLOPE = "(dif L) / (dif w)"

LARGEST_LOSS = 1e200
"""Beyond it there is no room for a picture's margins in a double."""

WILD = 30.0
"""Heights that reach so many times beyond the middle half of the curve are those of a pole."""

UNSEEN = 1e-3
"""Of the picture's height: a loss so near to 0 stands on the line of 0."""

HEADROOM = 0.06
TANGENT = 1.3
"""Half the length of a tangent, in Manim units."""

TANGENT_WIDTH = 0.045
TANGENT_DASHES = (0.12, 0.09)

MOST_DECIMALS = 9
ROUNDED = 1e-12
"""Of a step: a weight so small beside the step that led to it is 0 but for rounding."""

FAR = 8.0
"""Pictures away: a longer step is cut there, as cairo has no places much farther."""

_NO_START = N_(
    "no descent can start at w = {start}: {formula} has no finite value or slope "
    "there; choose another start"
)
_TOO_LARGE = N_(
    "{field}: {formula} is too large at w = {start} to be drawn; expected losses below {most}"
)


def which_is_longer(verdict: slopes.Next) -> tuple[str, dict[str, str], str]:
    """Return the question how long the next step will be, its answers, and the right one."""
    choices = {"longer": N_("Longer"), "shorter": N_("Shorter"), "alike": N_("As long")}
    question = N_("Will the next step be longer or shorter?")
    return question, choices, verdict.removeprefix("back_")


@dataclass(frozen=True, eq=False)
class CurvePicture:
    """A curve as it is drawn.

    Attributes
    ----------
    xs, ys : (K,) float64
        Samples, with nan where the curve has a gap.
    sight : (float, float)
        From where to where the picture goes.
    heights : (float, float)
        Lowest and highest loss in the picture.
    """

    xs: np.ndarray
    ys: np.ndarray
    sight: tuple[float, float]
    heights: tuple[float, float]


def curve_picture(
    formula: Formula, sight: tuple[float, float], starts: Sequence[float]
) -> CurvePicture:
    """Sample a curve, and choose the heights in sight.

    Raises
    ------
    InputError
        If it has no finite loss or slope at a start, or one too large to be drawn.
    """
    with np.errstate(over="ignore"):  # of the norms, which are not looked at
        found = gradient(formula, {"w": np.array(starts)})
    for start, loss, slope in zip(starts, found.values, found.partials[0], strict=True):
        place = {"start": f"{start:g}", "formula": formula.text}
        if not (np.isfinite(loss) and np.isfinite(slope)):
            raise InputError("curve.no_start", _NO_START, **place)
        if abs(loss) > LARGEST_LOSS:
            most = f"{LARGEST_LOSS:g}"
            raise InputError("curve.too_large", _TOO_LARGE, field="curve", most=most, **place)
    xs, ys = with_gaps(sample_curve(formula, "w", *sight), LARGEST_LOSS)
    return CurvePicture(xs, ys, sight, _heights(ys, found.values))


def with_gaps(curve: Curve, largest: float = np.inf) -> tuple[np.ndarray, np.ndarray]:
    """Return the samples of a curve, with nan between its pieces and beyond a size."""
    breaks = [(gap.left + gap.right) / 2 for gap in curve.gaps if gap.reason == "jump"]
    places = np.searchsorted(curve.x, breaks)
    ys = np.where(np.isfinite(curve.y) & (np.abs(curve.y) <= largest), curve.y, np.nan)
    return np.insert(curve.x, places, breaks), np.insert(ys, places, np.nan)


def _heights(ys: np.ndarray, starts: np.ndarray) -> tuple[float, float]:
    """Return heights that hold the starts and the curve, but not a pole's rise."""
    finite = ys[np.isfinite(ys)]
    finite = finite if len(finite) else starts
    quarter, half = np.percentile(finite, [25, 75])
    reach = WILD * max(half - quarter, np.ptp(starts))
    if reach > 0:
        near = finite[(finite >= quarter - reach) & (finite <= half + reach)]
        if len(near) < len(finite):
            near = np.percentile(finite, [5, 95])
        finite = near
    low, high = float(min(finite.min(), starts.min())), float(max(finite.max(), starts.max()))
    size = max(high - low, 1e-9 * max(abs(low), abs(high)), 1e-9)
    room = size if high - low < size else HEADROOM * size
    return low - room, high + room


def pulled_in(xs: np.ndarray, ys: np.ndarray, x: Axis, y: Axis) -> tuple[np.ndarray, np.ndarray]:
    """Return corners of a way, (K,) each; a step that goes far out keeps its direction, cut short.

    Parameters
    ----------
    x, y : Axis
        Both linear, with what is in sight.
    """
    low, size = np.array([x.low, y.low]), np.array([x.high - x.low, y.high - y.low])
    way = np.stack([xs, ys], axis=1).astype(np.float64)
    for k in range(1, len(way)):
        if np.abs((way[k] - low) / size).max() > FAR:
            with np.errstate(over="ignore"):
                step = way[k] / size - way[k - 1] / size
            step = np.clip(step, -LARGEST_LOSS, LARGEST_LOSS)
            way[k] = way[k - 1] + step * size * min(1.0, FAR / float(np.abs(step).max()))
    return way[:, 0], way[:, 1]


class DescentPlot(Plot):
    """A curve ``L``, and runs on it: a trail of steps, the point at its end, and the tangent there.

    Parameters
    ----------
    picture : CurvePicture
        What is drawn.
    y : str
        Label of the heights.
    counts : (int, int)
        About how many ticks they have.

    Attributes
    ----------
    runners : dict of str to (array, str)
        dL/dw at the points of each run, (K,), and the point's marker.
    """

    def __init__(
        self,
        picture: CurvePicture,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        y: str = "$L$",
        counts: tuple[int, int] = (5, 5),
        **more: Any,
    ) -> None:
        across = Axis(*picture.sight, "$w$", count=counts[0])
        up = Axis(*picture.heights, y, count=counts[1])
        super().__init__(across, up, box, theme, language, **more)
        self.runners: dict[str, tuple[np.ndarray, str]] = {}
        self.add_curve("L", picture.xs, picture.ys, progress=0.0)

    def add_run(
        self, name: str, run: CurveRun, *, colour: Rgb, marker: str = "circle", exit_text: str = ""
    ) -> DescentPlot:
        """Add a run at its start, hidden; what it does outside of the picture is left out."""
        seen = run.last_seen + 1
        xs, ys = pulled_in(run.w[:seen], run.loss[:seen], self.axes.x, self.axes.y)
        more: dict[str, Any] = {"colour": colour, "exit_text": exit_text}
        self.add_curve(name, xs, ys, progress=0.0, has_dots=True, **more)
        self.runners = {**self.runners, name: (run.slope[:seen], marker)}
        return self.lean(name, 0.0).hide(name)

    def advance(self, name: str, step: int) -> DescentPlot:
        """Bring a run to a step."""
        last = len(self.runners[name][0]) - 1
        self.grow(step / last if last else 1.0, name)
        return self

    def lean(self, name: str, strength: float = 1.0) -> DescentPlot:
        """Show the tangent at a run's point, or with 0 hide it."""
        self.state[f"{name}.tangent"] = np.array(float(strength))
        return self

    def slope_of(self, name: str) -> float:
        """Return the slope at a run's point; between two steps between their slopes."""
        slopes, _ = self.runners[name]
        at = float(np.clip(self.state[f"{name}.progress"], 0, 1)) * (len(slopes) - 1)
        return float(np.interp(at, np.arange(len(slopes)), slopes))

    def paint(self, ctx: cairo.Context[Any], opacity: float) -> None:
        """Draw the plot, and over it the tangents and points of the runs."""
        super().paint(ctx, opacity)
        for name, (_, marker) in self.runners.items():
            alpha = opacity * self._shown(name)
            place = self._path(name)[-1]
            if alpha <= 0 or not self.axes.contains(place):
                continue
            self._tangent(ctx, name, place, alpha * float(self.state[f"{name}.tangent"]))
            colour = self.items[name].colour
            draw_marker(ctx, place, marker, colour, self.theme.background, alpha)

    def _tangent(self, ctx: cairo.Context[Any], name: str, place: np.ndarray, alpha: float) -> None:
        if alpha <= 0:
            return
        slope = self.slope_of(name)
        left, bottom, right, top = self.axes.inner
        across, up = np.array([right - left, top - bottom]) / np.diff(self.state["window"])[::2]
        along = np.array([1.0, slope * up / across])
        along *= TANGENT / float(np.hypot(*along))
        with saved(ctx):
            self.axes.clip(ctx)
            is_dashed = self.theme.dashes_negative and slope < 0
            ctx.set_dash(TANGENT_DASHES if is_dashed else ())
            ctx.set_line_cap(cairo.LINE_CAP_ROUND)
            ctx.set_line_width(TANGENT_WIDTH)
            set_colour(ctx, self.theme.of_sign(slope), alpha)
            line(ctx, place - along, place + along)


def run_colour(theme: Theme, number: int) -> Rgb:
    """Return a run's colour; the one that a curve has in the same plot is left out."""
    return series_colour(theme, number + 1 if number else 0)


class CurveRuns(LessonScene):
    """Base of lessons that compute descents down a curve.

    Attributes
    ----------
    formula, derivative : Formula, Derivative
        The loss over the weight, and its slope where there is a formula for it.
    picture : CurvePicture
        The curve as it is drawn.
    runs : tuple of CurveRun
        ``runs`` in the sheet.
    """

    def descend(self, rates: Sequence[float], starts: Sequence[float]) -> dict[str, Any]:
        """Draw the curve, let torch make the steps, and return the answer sheet."""
        curve = self.params.curve
        self.formula: Formula = curve.parsed
        self.derivative = symbolic_derivative(self.formula, "w")
        self.picture = curve_picture(self.formula, curve.ranges[0], starts)
        steps, heights = self.params.steps, self.picture.heights
        self.runs = curve_runs(curve.landscape(), rates, starts, steps, heights=heights)
        return self.records_sheet(curve=self.formula, runs=self.runs)

    def loss_at(self, w: float) -> float:
        """Return the loss of a weight."""
        return float(evaluate_array(self.formula, {"w": w}))

    def lowest(self) -> dict[str, float]:
        """Return the lowest place of the curve in the picture."""
        seen = self.picture.xs, self.picture.ys, self.picture.heights
        return lowest_place(self.loss_at, *seen)

    @property
    def height_decimals(self) -> int:
        """How many decimals of a loss can be seen in the picture."""
        return decimals_of(float(np.ptp(self.picture.heights)))

    def level_of(self, number: int | None = None) -> str:
        """Return how high a run ends, or the lowest place is, as the whole hill shows it."""
        run = self.runs[number or 0]
        path = "lowest.loss" if number is None else f"runs.{number}.loss.{run.last}"
        decimals = self.height_decimals
        if 0 < abs(float(look_up(self.sheet, path))) < UNSEEN * float(np.ptp(self.picture.heights)):
            return f"$L approx {self.short(path, 1)}$"
        apart = decimals_apart(self.sheet["lowest"]["loss"], float(self.runs[0].loss[-1])) or 0
        decimals = max(decimals, apart)
        return self.worked_out(lambda: f"$L = {self.number(path, decimals)}$", lambda _: True)

    @property
    def code(self) -> str:
        """The loss as torch computes it."""
        return tracked_torch(self.formula.tree, "w")

    def step_line(self) -> str:
        """Return a whole step, from no gradient to the weight that has moved."""
        return fitted(f"opt.zero_grad(); ({self.code}).backward(); opt.step()", STEP_LINE)

    def loop_line(self, run: CurveRun, done: int) -> str:
        """Return the loop from a step of a run to its end."""
        left = run.last_seen - done
        line = f"for _ in range({left}): {self.step_line()}"
        return fitted(line, f"for _ in range({left}): {STEP_LINE}")

    def loss_line(self, more: str = "") -> str:
        """Return the line that computes the loss, and what comes after it."""
        return fitted(f"loss = {self.code}{more}", f"loss = f(w){more}")

    def height_line(self) -> str:
        """Return the line that reads the loss where w is."""
        return fitted(f"({self.code}).item()", "f(w).item()")

    def slope_at(self, w: str, slope: str) -> str:
        """Return the derivative as a formula, if there is one, and its number at a weight."""
        rule = f"{SLOPE} = {self.derivative.typst} wide " if self.derivative.typst else ""
        return f"{rule}{SLOPE} ({w}) = {slope}"

    def weight(self, run: int, step: int) -> str:
        """Return a run's weight with as many decimals as its next or last move is seen with."""
        path = f"runs.{run}.w.{step}"
        moves = np.nan_to_num(self.runs[run].moves, nan=0.0, posinf=0.0, neginf=0.0)
        near = [abs(it) for it in moves[max(step - 1, 0) : step + 1] if it]
        if step and abs(self.runs[run].w[step]) < ROUNDED * abs(moves[step - 1]):
            return self.number(path, 0)
        return self.short(path, decimals=decimals_of(min(near)) if near else 0)


class CurveLesson(CurveRuns, BoardLesson):
    """Base of lessons on descents down a curve that have a board."""


def decimals_of(size: float) -> int:
    """Return how many decimals show two digits of a number.

    Examples
    --------
    >>> [decimals_of(size) for size in (5.0, 0.3, 0.00012, 1e-20)]
    [1, 2, 5, 9]
    """
    return int(np.clip(1 - np.floor(np.log10(size)), 0, MOST_DECIMALS))
