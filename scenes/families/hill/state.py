"""What is on a hill in the fog, and where: balls with their trails, planks and texts.

:class:`scenes.families.hill.plot.HillPlot` draws it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Self

import numpy as np

from backprop_studio.core.formula import Formula
from backprop_studio.core.formula.curve import sample_curve
from backprop_studio.core.surfaces.curve_runs import CurveRun
from backprop_studio.scenes.families.curve_descent import (
    LARGEST_LOSS,
    CurvePicture,
    pulled_in,
    with_gaps,
)
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.items import Item
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.stage.formula import Spot

BELOW = 0.16
"""Of the heights; room below the lowest ground for what is written at the axis."""

PLANK = 1.25
"""Half the length."""

TAG_GAP = 0.14

ABOVE_BALL = 0.62

TAG_LINE = 0.46
"""Height of a line of tags, where several balls are in one place."""

LEGS_ROOM = 0.6
"""At the right of a triangle, for how high it is."""

BEYOND = 0.12
"""Of a close-up; how far it may show more than the picture, so that nothing stands at its edge."""

NO_TEXT = ("",)

ROUNDED = 1e-6
"""Of a step: what progress along a trail may be short of a whole one."""


class HillState(Plot):
    """A curve ``L`` in the fog, and balls on it.

    A ball has a trail, a plank along the slope, and texts: its weight ``.w``, its loss ``.L``, its
    slope ``.slope``, and the ``.legs`` of a triangle of one to the right and the slope up.

    Parameters
    ----------
    formula : Formula
        Of the curve; a close-up may show a little more of it than the picture does.
    picture : CurvePicture
        What is drawn.
    """

    def __init__(
        self,
        formula: Formula,
        picture: CurvePicture,
        box: tuple[float, float],
        theme: Theme,
        language: str,
    ) -> None:
        low, high = picture.heights
        across = Axis(*picture.sight, "$w$")
        up = Axis(low - BELOW * (high - low), high, "$L$")
        super().__init__(across, up, box, theme, language)
        self.balls: dict[str, tuple[np.ndarray, str]] = {}
        left, right = picture.sight
        beyond = BEYOND * (right - left) / 2
        wide = sample_curve(formula, "w", left - beyond, right + beyond)
        self.add_curve("L", *with_gaps(wide, LARGEST_LOSS))
        self._add("eta", Item("note", theme.text)).hide("eta")
        for place in ("deep", "ridge"):
            self._add(place, Item(place, theme.text)).hide(place)
        self._add("count", Item("note", theme.text)).hide("count")
        self.counted = ""
        self.set_state(fog=1.0, raised=0.0, deep_at=(0.0, 0.0), ridge_at=(0.0, 0.0))

    # What a scene says

    def make_room(self, height: float = 0.0) -> Self:
        """Leave so much free at the bottom, as for a board."""
        self.set_state(raised=height)
        return self._fit()

    def add_ball(
        self, name: str, run: CurveRun, *, colour: Rgb, marker: str = "circle", exit_text: str = ""
    ) -> Self:
        """Add a run at its start, hidden; what it does outside of the picture is left out."""
        seen = run.last_seen + 1
        w, loss = run.w[:seen], run.loss[:seen]
        # Each step first along w, at the height where it begins.
        xs, ys = np.repeat(w, 2)[1:], np.repeat(loss, 2)[:-1]
        xs, ys = pulled_in(xs, ys, self.axes.x, self.axes.y)
        self.add_curve(name, xs, ys, progress=0.0, colour=colour, exit_text=exit_text)
        for tag in ("w", "L", "slope", "legs"):
            texts = ("", "") if tag == "legs" else NO_TEXT
            self._add(f"{name}.{tag}", Item(tag, colour, texts, on=name)).hide(f"{name}.{tag}")
        self.balls = {**self.balls, name: (run.slope[:seen], marker)}
        self.set_state(**{f"{name}.plank": 0.0, f"{name}.ghost": 0.0})
        self.set_state(**{f"{name}.left": (0.0, 0.0, 0.0)})
        return self.hide(name)

    def lift(self, fog: float = 0.0) -> Self:
        """Let the fog lift, or with 1 fall."""
        return self.set_state(fog=fog)

    def advance(self, name: str, step: float) -> Self:
        """Bring a ball to a step; in the middle of one the weight has changed."""
        last = len(self.balls[name][0]) - 1
        return self.grow(step / last if last else 1.0, name)._count()

    def count(self, name: str, words: str) -> Self:
        """Count a ball's steps in the corner of the learning rate, while it makes them.

        Parameters
        ----------
        words : str
            What is written, with a place for the ``step``.
        """
        self.counted = words
        item = replace(self.items["count"], on=name, corner=self.items["eta"].corner)
        self.items = {**self.items, "count": item}
        return self._count().reveal("count")

    def _count(self) -> Self:
        """Write the step that the counted ball has made."""
        item = self.items["count"]
        if item.on:
            made = float(self.state[f"{item.on}.progress"]) * (len(self.balls[item.on][0]) - 1)
            text = escape(self.counted.format(step=int(made + ROUNDED)))
            self.items = {**self.items, "count": replace(item, texts=(text,))}
        return self

    def lay_plank(self, name: str, strength: float = 1.0) -> Self:
        """Lay a plank under a ball, or with 0 take it away."""
        return self.set_state(**{f"{name}.plank": strength})

    def leave_plank(self, name: str) -> Self:
        """Leave a faint plank where a ball is, to compare the next one with."""
        at = self.state[f"{name}.x"], self.state[f"{name}.y"]
        last = len(self.balls[name][0]) - 1
        step = round(float(self.state[f"{name}.progress"]) * last)
        place = (float(at[0][2 * step]), float(at[1][2 * step]), self.slope_of(name))
        return self.set_state(**{f"{name}.left": place, f"{name}.ghost": 1.0})

    def take_left(self, name: str) -> Self:
        """Take the faint plank away."""
        return self.set_state(**{f"{name}.ghost": 0.0})

    def tag(self, name: str, tag: str, *texts: str) -> Self:
        """Write a ball's ``w``, ``L``, ``slope``, or the two ``legs`` of its triangle."""
        return self._write(f"{name}.{tag}", texts).reveal(f"{name}.{tag}")

    def untag(self, name: str, *tags: str) -> Self:
        """Take texts of a ball away."""
        return self.hide(*(f"{name}.{tag}" for tag in tags))

    def note(self, text: str, name: str) -> Self:
        """Write the learning rate in the corner that is farther from the first ball that has it."""
        left, _, right, _ = self.axes.inner
        item = self.items["eta"]
        if item.texts == NO_TEXT:
            side = -1.0 if self.foot(name)[0] > (left + right) / 2 else 1.0
            item = replace(item, corner=(side, 1.0))
        item = replace(item, texts=(text,))
        self.items = {**self.items, "eta": item}
        return self.reveal("eta")

    def name_place(self, w: float, loss: float, text: str, *, above: bool = False) -> Self:
        """Write at a place: below the ground, or above a ridge."""
        name = "ridge" if above else "deep"
        self._write(name, (text,))
        return self.set_state(**{f"{name}_at": (w, loss)}).reveal(name)

    # Where things are

    def slope_of(self, name: str) -> float:
        """Return the slope that a ball feels; between two steps between theirs."""
        slopes, _ = self.balls[name]
        at = float(np.clip(self.state[f"{name}.progress"], 0, 1)) * (len(slopes) - 1)
        return float(np.interp(at, np.arange(len(slopes)), slopes))

    def foot(self, name: str) -> np.ndarray:
        """Return where a ball stands, (2,), in the plot's own units."""
        return np.asarray(self._path(name)[-1])

    def scales(self) -> tuple[float, float]:
        """Return how long one of w and one of L are drawn."""
        left, bottom, right, top = self.axes.inner
        window = self.state["window"]
        return (
            (right - left) / float(window[1] - window[0]),
            (top - bottom) / float(window[3] - window[2]),
        )

    def has_triangle(self, name: str) -> bool:
        """Whether one to the right and the slope up is neither too small nor too large to see."""
        across, up = self.scales()
        corner = self.foot(name) + np.array([across, self.slope_of(name) * up])
        beside = corner + np.array([LEGS_ROOM, 0.0])
        return 0.5 <= across <= 3.5 and self.axes.contains(beside, 0.05)

    def spot(self, item: str, number: str) -> Spot:
        """Return where the number at the end of a text is in the scene."""
        (x, y), anchor = self._tag_at(item)
        text = self.items[item].texts[0]
        right = x + self.width_of(text, SIZES.label) * (1 - anchor)
        middle = right - self.width_of(f"${number}$", SIZES.label) / 2
        return Spot(*self.in_scene(middle, y + float(self.state["raised"]) / 2), SIZES.label)

    def _along(self, slope: float) -> np.ndarray:
        across, up = self.scales()
        along = np.array([across, slope * up])
        return along / float(np.hypot(*along))

    def _reach(self, name: str) -> float:
        """Return half the length of a plank; it reaches to the triangle's end."""
        across, up = self.scales()
        whole = max(float(np.hypot(across, self.slope_of(name) * up)), PLANK)
        return PLANK + (whole - PLANK) * self._shown(f"{name}.legs")

    def _tag_at(self, item: str) -> tuple[np.ndarray, float]:
        """Return where a text stands, and its anchor."""
        name, _, tag = item.rpartition(".")
        left, bottom, right, top = self.axes.inner
        if not name:
            is_right = self.items[item].corner[0] > 0
            x = right - TAG_GAP if is_right else left + TAG_GAP
            return np.array([x, top - 0.24]), 1.0 if is_right else 0.0
        foot, text = self.foot(name), self.items[item].texts[0]
        width = self.width_of(text, SIZES.label)
        if tag == "w":
            is_right = foot[0] + TAG_GAP + width > right
            side = -1.0 if is_right else 1.0
            up = bottom + 0.24 + TAG_LINE * self._row_of(name)
            return np.array([foot[0] + side * TAG_GAP, up]), 1.0 if is_right else 0.0
        if tag == "L":
            side = -1.0 if self._is_below_another(name) else 1.0
            return np.array([left + TAG_GAP, min(foot[1] + 0.24 * side, top - 0.24)]), 0.0
        # The slope stands above the ball where the ground goes down: nothing else is there.
        side = 1.0 if self.slope_of(name) < 0 else -1.0
        end = foot + np.array([side * TAG_GAP, ABOVE_BALL])
        anchor = 0.0 if side > 0 else 1.0
        low, high = left + width * anchor, right - width * (1 - anchor)
        where = np.clip(end, [low, bottom + 0.5], [max(low, high), top - 0.15])
        return where, anchor

    def _is_below_another(self, name: str) -> bool:
        """Whether there is a height written just above that of a ball."""
        levels = [self.foot(it)[1] for it in self.balls if self._shown(f"{it}.L") > 0]
        return any(0 < it - self.foot(name)[1] < 2 * TAG_LINE for it in levels)

    def _row_of(self, name: str) -> int:
        """Return the lowest row in which a ball's weight meets no weight of an earlier ball."""
        names, (left, right) = list(self.balls), self._span_of(name)
        taken = set()
        for other in names[: names.index(name)]:
            first, last = self._span_of(other)
            if self._shown(f"{other}.w") > 0 and first < right and left < last:
                taken.add(self._row_of(other))
        return next(row for row in range(len(names)) if row not in taken)

    def _span_of(self, name: str) -> tuple[float, float]:
        """Return from where to where a ball's weight is written, with the gaps at its sides."""
        x, width = self.foot(name)[0], self.width_of(self.items[f"{name}.w"].texts[0], SIZES.label)
        reach = width + 2 * TAG_GAP
        return (x - reach, x) if x + TAG_GAP + width > self.axes.inner[2] else (x, x + reach)

    def interpolate_state(self, start: Self, end: Self, alpha: float) -> None:
        """Stand between two states; a place that had no name has it where it is."""
        super().interpolate_state(start, end, alpha)
        for name in ("deep", "ridge"):
            if start._shown(name) <= 0:
                self.set_state(**{f"{name}_at": end.state[f"{name}_at"]})

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade texts as every plot does, on axes as high as they are now."""
        super().interpolate_texts(start, end, alpha)
        self.counted = end.counted
        self._count().fades["count"] = [1.0]
        self._fit()

    def _fit(self) -> Self:
        height = self.box[1] - float(self.state["raised"])
        self.axes = replace(self.axes, box=(self.box[0], height))
        return self


def close_up(picture: CurvePicture, runs: CurveRun) -> tuple[float, float]:
    """Return the half of a picture in which a run stays, or all of it if it does not."""
    low, high = picture.sight
    w = runs.w[: runs.last_seen + 1]
    span, room = float(np.ptp(w)), (high - low) / 2
    if runs.left_at is not None or span > room * 0.8:
        return low, high
    beyond = BEYOND * room
    left = np.clip((w.min() + w.max()) / 2 - room / 2, low - beyond, high + beyond - room)
    return float(left), float(left + room)
