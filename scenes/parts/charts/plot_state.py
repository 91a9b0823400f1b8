"""The things in a plot, by their names: what they are, where they are, how far they are drawn."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Self

import numpy as np

from backprop_studio.scenes.paint.paths import exit_of
from backprop_studio.scenes.paint.style import Rgb, Theme
from backprop_studio.scenes.parts.charts.axes import Axes, Axis, replaced
from backprop_studio.scenes.parts.charts.items import DOT, Item, Named

LABEL_OFFSET = 0.16
"""From the end of a curve to its label."""


class PlotState(Named):
    """What a plot holds and where it is; :class:`scenes.parts.charts.plot.Plot` draws it.

    Parameters
    ----------
    x, y : Axis
        Directions, with what is in sight at the beginning; :meth:`look` changes that.
    box : (float, float)
        Width and height in Manim units, labels included.
    right : float, optional
        Room for names at the curves' ends; made as curves are added if not given.
    room : float, optional
        Room for the labels of the y axis; what its first ticks need if not given.
    """

    def __init__(
        self,
        x: Axis,
        y: Axis,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        right: float | None = None,
        room: float | None = None,
    ) -> None:
        more = {} if right is None else {"right": right}
        self.axes = Axes(x, y, box, theme, language, room=room, **more)
        self.makes_room = right is None
        super().__init__(*box, window=self.axes.window)
        self.theme, self.language = theme, language
        self.items: dict[str, Item] = {}
        self.fades: dict[str, list[float]] = {}
        self.ticks = (x.ticks(), y.ticks())
        self.tick_fade = 1.0

    # What a scene adds

    def add_curve(
        self,
        name: str,
        xs: Any,
        ys: Any,
        *,
        colour: Rgb | None = None,
        label: str = "",
        exit_text: str = "",
        progress: float = 1.0,
        is_dashed: bool = False,
        has_dots: bool = False,
    ) -> Self:
        """Add a curve through corners (n,); where a value is not finite it has a gap.

        Parameters
        ----------
        label : str
            Typst markup at its end, in its colour.
        exit_text : str
            Typst markup where it leaves the picture, with an arrow out of it: for runs that go
            away, not for graphs that are larger than the picture.
        progress : float
            Share of its way along x that is drawn, from 0 to 1; of its corners where x goes
            to and fro.
        has_dots : bool
            Mark the corners.
        """
        x, y = self.axes.x.places(xs), self.axes.y.places(ys)
        if x.ndim != 1 or x.shape != y.shape or not len(x):
            raise ValueError(f"curve {name!r} needs as many x as y, not {x.shape} and {y.shape}")
        colour = colour or self.theme.text
        item = Item("curve", colour, (label, exit_text), is_dashed=is_dashed, has_dots=has_dots)
        self._add(name, item, x=x, y=y, progress=progress)
        if self.makes_room and label:
            width = self.width_of(label) + LABEL_OFFSET
            self.axes = replace(self.axes, right=max(self.axes.right, width))
        return self

    def add_scatter(
        self, name: str, xs: Any, ys: Any, *, colour: Rgb | None = None, radius: float = DOT
    ) -> Self:
        """Add dots at (n,) positions."""
        item = Item("scatter", colour or self.theme.positive, radius=radius)
        return self._add(name, item, x=self.axes.x.places(xs), y=self.axes.y.places(ys))

    def add_point(
        self,
        name: str,
        x: float,
        y: float | None = None,
        *,
        on: str = "",
        colour: Rgb | None = None,
        label: str = "",
        corner: tuple[float, float] = (0, 1),
    ) -> Self:
        """Add a point that moves, freely or along a curve.

        Parameters
        ----------
        on : str
            The curve it keeps to; ``y`` is then the curve's. Between two corners of a curve it is
            on the straight line, so sample densely where the view comes close.
        corner : (float, float)
            Direction from the point to its label; (0, 1) is above.
        """
        if not on and y is None:
            raise ValueError(f"point {name!r} needs y or a curve to keep to")
        if on:
            self.known(on, "curve")
        item = Item("point", colour or self.theme.focus, (label,), on=on, corner=corner)
        return self._add(name, item, at=self._at(x, y, item))

    def add_line(
        self,
        name: str,
        x: float,
        y: float,
        slope: float,
        *,
        colour: Rgb | None = None,
        is_dashed: bool = False,
    ) -> Self:
        """Add a straight line through a point, across the whole picture: a tangent, or a fit."""
        if self.axes.x.logarithmic or self.axes.y.logarithmic:
            raise ValueError("a line of a slope is straight on linear axes only")
        item = Item("line", colour or self.theme.gradient, is_dashed=is_dashed)
        return self._add(name, item, at=[x, y, slope])

    def add_secant(
        self,
        name: str,
        on: str,
        x0: float,
        x1: float,
        *,
        colour: Rgb | None = None,
        legs: tuple[str, str] = ("", ""),
        slope: str = "",
    ) -> Self:
        """Add the line through two points of a curve; both positions in one make it the tangent.

        Parameters
        ----------
        slope : str
            A curve of the slopes that the tangent has, as it may have another than it looks like:
            at a corner. Without one it is measured on the curve.
        legs : (str, str)
            Printed run and rise as Typst markup; with them the slope's triangle is drawn.
        """
        if self.axes.x.logarithmic or self.axes.y.logarithmic:
            raise ValueError("a secant is straight on linear axes only")
        self.known(on, "curve")
        item = Item("secant", colour or self.theme.gradient, legs, on=on, slope=slope)
        return self._add(name, item, at=[x0, x1])

    def add_mark(self, name: str, value: float, *, way: str = "x", label: str = "") -> Self:
        """Add a dashed line across the picture at a value of one axis, ``x`` or ``y``."""
        axis = {"x": self.axes.x, "y": self.axes.y}[way]
        item = Item(f"mark_{way}", self.theme.muted, (label,), is_dashed=True)
        return self._add(name, item, at=axis.places(value))

    def add_arrow(
        self,
        name: str,
        x: float,
        to: float,
        y: float,
        *,
        label: str = "",
        colour: Rgb | None = None,
    ) -> Self:
        """Add an arrow along x at a height, with a label above it: which way something goes."""
        item = Item("arrow", colour or self.theme.focus, (label,))
        return self._add(name, item, at=[*self.axes.x.places([x, to]), self.axes.y.places(y)])

    # What a scene says

    def look(
        self, x: tuple[float, float] | None = None, y: tuple[float, float] | None = None
    ) -> Self:
        """Bring other ranges of values into sight; what is not given stays."""
        window = self.state["window"].copy()
        for k, (axis, ends) in enumerate(((self.axes.x, x), (self.axes.y, y))):
            if ends is not None:
                window[2 * k : 2 * k + 2] = replace(axis, low=ends[0], high=ends[1]).ends
        self.ticks = (self.axes.x.ticks(*window[:2]), self.axes.y.ticks(*window[2:]))
        return self.set_state(window=window)

    def grow(self, progress: float, *names: str) -> Self:
        """Draw curves up to a share of their way along x; all curves if none is named."""
        for name in names or [it for it, item in self.items.items() if item.kind == "curve"]:
            self.known(name, "curve")
            self.state[f"{name}.progress"] = np.array(float(progress))
        return self

    def move_point(
        self, name: str, x: float, y: float | None = None, *, label: str | None = None
    ) -> Self:
        """Move a point; a label that is not given stays."""
        item = self.known(name, "point")
        if not item.on and y is None:
            raise ValueError(f"point {name!r} keeps to no curve and needs y")
        self.state[f"{name}.at"] = self._at(x, y, item)
        return self._write(name, item.texts if label is None else (label,))

    def set_line(self, name: str, x: float, y: float, slope: float) -> Self:
        """Turn and move a line."""
        self.known(name, "line")
        return self.set_state(**{f"{name}.at": [x, y, slope]})

    def set_secant(
        self, name: str, x0: float, x1: float, *, legs: tuple[str, str] | None = None
    ) -> Self:
        """Move a secant's two points."""
        item = self.known(name, "secant")
        self.state[f"{name}.at"] = np.array([x0, x1], dtype=np.float64)
        return self._write(name, legs or item.texts)

    def texts(self) -> list[str]:
        """Return labels of axes and ticks, and of what is shown."""
        found = [*self.axes.names]
        found += [text for ticks in self.ticks for text in ticks.texts]
        for name, item in self.items.items():
            if self._shown(name) > 0:
                # What a curve says where it leaves is seen when it has left.
                has_left = item.kind != "curve" or self.exit(name) is not None
                found += item.texts if has_left else item.texts[:1]
        return [text for text in found if text]

    # States in between

    def interpolate_state(self, start: Self, end: Self, alpha: float) -> None:
        """Set the arrays between those of two states; what only one of them has fades."""
        for one, other in ((start, end), (end, start)):
            for key, value in other.state.items():
                if key not in one.state:
                    is_strength = key.endswith(".shown")
                    one.state[key] = np.zeros_like(value) if is_strength else value.copy()
                if one.state[key].shape != value.shape:
                    raise ValueError(f"{key!r} has two lengths; name the other one differently")
        super().interpolate_state(start, end, alpha)

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade old labels and ticks out and new ones in."""
        same = start.ticks == end.ticks
        self.ticks = start.ticks if alpha < 0.5 else end.ticks
        self.tick_fade = 1.0 if same else abs(2 * alpha - 1)
        self.axes = end.axes
        self.items, self.fades = {}, {}
        for name, item in {**start.items, **end.items}.items():
            # What was not seen has nothing to fade from, and what goes is not written anew.
            seen = [float(it.state.get(f"{name}.shown", 0.0)) > 0 for it in (start, end)]
            before = start.items.get(name, item) if seen[0] else item
            after = item if seen[1] else before
            texts, fades = replaced(before.texts, after.texts, alpha)
            self.items[name] = replace(item, texts=tuple(texts))
            self.fades[name] = fades

    # Places

    def _add(self, name: str, item: Item, **state: Any) -> Self:
        # Manim says what was animated once more when it is done, so the same thing may come again.
        old = self.items.get(name)
        arrays = {key: np.array(value, dtype=np.float64) for key, value in state.items()}
        if old is not None and (
            old.kind != item.kind
            or any(self.state[f"{name}.{key}"].shape != it.shape for key, it in arrays.items())
        ):
            raise ValueError(f"the plot already has {name!r}")
        self.items = {**self.items, name: item}
        for key, array in {**arrays, "shown": np.array(1.0)}.items():
            self.state[f"{name}.{key}"] = array
        return self

    def _write(self, name: str, texts: tuple[str, ...]) -> Self:
        self.items = {**self.items, name: replace(self.items[name], texts=tuple(texts))}
        return self

    def _at(self, x: float, y: float | None, item: Item) -> np.ndarray:
        return np.array([self.axes.x.places(x), 0.0 if item.on else self.axes.y.places(y)])

    def _shown(self, name: str) -> float:
        return float(self.state[f"{name}.shown"])

    def height_on(self, name: str, x: float) -> float:
        """Return a curve's y coordinate at an x coordinate; nan beside the curve."""
        xs, ys = self.state[f"{name}.x"], self.state[f"{name}.y"]
        return float(np.interp(x, xs, ys, left=math.nan, right=math.nan))

    def place_of(self, name: str) -> np.ndarray:
        """Return where a point stands, (2,), in the plot's own units."""
        item = self.known(name, "point")
        x, y = self.state[f"{name}.at"]
        return self._place(x, self.height_on(item.on, x) if item.on else y)

    def _place(self, x: Any, y: Any) -> np.ndarray:
        return self.axes.at(self.state["window"], x, y)

    def _path(self, name: str) -> np.ndarray:
        """Return the corners of what is drawn of a curve, (n, 2)."""
        xs, ys = self.state[f"{name}.x"], self.state[f"{name}.y"]
        reach = _corner(xs, float(np.clip(self.state[f"{name}.progress"], 0, 1)))
        whole = int(reach)
        path = self._place(xs[: whole + 1], ys[: whole + 1])
        share = reach - whole
        if share > 0:
            ahead = self._place(xs[whole + 1], ys[whole + 1])
            path = np.concatenate([path, (path[-1] + (ahead - path[-1]) * share)[None]])
        return path

    def exit(self, name: str) -> np.ndarray | None:
        """Return where a curve has left the picture, or None while its end is in sight.

        Returns
        -------
        (2, 2) array or None
            The position on the edge, and the direction in which it crossed it.
        """
        return exit_of(self._path(name), self.axes.inner)


def _corner(xs: np.ndarray, progress: float) -> float:
    """Return how many corners a curve has behind it, and which part of the way to the next.

    As far along x as what slides along the curve meanwhile, however densely it is sampled.
    """
    last = len(xs) - 1
    if not 0 < progress < 1 or not (np.diff(xs) > 0).all():
        return progress * last
    return float(np.interp(xs[0] + progress * (xs[-1] - xs[0]), xs, np.arange(last + 1)))
