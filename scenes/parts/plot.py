"""A diagram: curves that grow, points that move, secants, tangents and guides to the axes.

Everything has a name and is added once, outside of an animation or inside one (then it fades in).
What moves is said by methods that return the plot: ``plot.animate.move_point("w", 3.01)``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cairo
import numpy as np

from scenes.parts.axes import LABEL_APART, Axes, Axis, replaced, width_of
from scenes.parts.brush import arrow, line, set_colour, write
from scenes.parts.painted import Painted, saved
from scenes.parts.style import SIZES, Rgb, Theme

__all__ = ["Plot"]

CURVE = 0.04
STRAIGHT = 0.03
"""Thinner than a curve and above it: from close by a curve and its tangent are the same line."""

THIN = 0.026
DASHES = (0.1, 0.08)
DOT = 0.055
POINT = 0.1
RING = 0.035
LABEL_OFFSET = 0.16
LINE_APART = 0.32
"""Least height between two labels of curves."""

EXIT_LENGTH = 0.25
EXIT_TIP = 0.06
EXIT_WIDTH = 0.065
ARROW_WIDTH = 0.055
PLATE = 0.82
"""Opacity of the page's colour behind a label that stands among curves."""

DENSE = 800
"""A curve with more corners is thinned to what the pixels can show."""

_Labels = list[tuple[str, np.ndarray, Rgb, float]]


@dataclass(frozen=True)
class _Item:
    """What does not move of something in the plot.

    Attributes
    ----------
    texts : tuple of str
        Its label; two guides of a point after it, or two legs of a secant.
    on : str
        The curve it keeps to.
    corner : (float, float)
        On which side of a point its label stands.
    """

    kind: str
    colour: Rgb
    texts: tuple[str, ...] = ("",)
    on: str = ""
    is_dashed: bool = False
    has_dots: bool = False
    radius: float = DOT
    corner: tuple[float, float] = (0, 1)

    def __deepcopy__(self, memo: dict[int, Any]) -> _Item:
        """Share: it never changes, and Manim copies mobjects for every animation."""
        return self


class Plot(Painted):
    """Curves, points and lines on two axes.

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
        self.items: dict[str, _Item] = {}
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
    ) -> Plot:
        """Add a curve through corners (n,); where a value is not finite it has a gap.

        Parameters
        ----------
        label : str
            Typst markup at its end, in its colour.
        exit_text : str
            Typst markup where it leaves the picture, with an arrow out of it: for runs that go
            away, not for graphs that are larger than the picture.
        progress : float
            Share of its corners that are drawn, from 0 to 1.
        has_dots : bool
            Mark the corners.
        """
        x, y = self.axes.x.places(xs), self.axes.y.places(ys)
        if x.ndim != 1 or x.shape != y.shape or not len(x):
            raise ValueError(f"curve {name!r} needs as many x as y, not {x.shape} and {y.shape}")
        colour = colour or self.theme.text
        self._add(
            name,
            _Item("curve", colour, (label, exit_text), is_dashed=is_dashed, has_dots=has_dots),
            x=x, y=y, progress=progress,
        )  # fmt: skip
        if self.makes_room and label:
            width = width_of(label, SIZES.small, self.theme, self.language) + LABEL_OFFSET
            self.axes = replace(self.axes, right=max(self.axes.right, width))
        return self

    def add_scatter(
        self, name: str, xs: Any, ys: Any, *, colour: Rgb | None = None, radius: float = DOT
    ) -> Plot:
        """Add dots at (n,) places."""
        item = _Item("scatter", colour or self.theme.positive, radius=radius)
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
        guides: tuple[str, str] = ("", ""),
        corner: tuple[float, float] = (0, 1),
    ) -> Plot:
        """Add a point that moves, freely or along a curve.

        Parameters
        ----------
        on : str
            The curve it keeps to; ``y`` is then the curve's. Between two corners of a curve it is
            on the straight line, so sample densely where the view comes close.
        guides : (str, str)
            Printed values at the x and the y axis, as Typst markup, with a line to each.
        corner : (float, float)
            Direction from the point to its label; (0, 1) is above.
        """
        if not on and y is None:
            raise ValueError(f"point {name!r} needs y or a curve to keep to")
        self._known(on, "curve") if on else None
        item = _Item(
            "point", colour or self.theme.focus, (label, *guides), on=on, corner=corner
        )  # fmt: skip
        self._add(name, item, at=self._at(x, 0.0 if y is None else y, item))
        if self.axes.room is not None and guides[1]:
            width = width_of(guides[1], SIZES.small, self.theme, self.language) + LABEL_APART
            self.axes = replace(self.axes, room=max(self.axes.room, width))
        return self

    def add_line(
        self, name: str, x: float, y: float, slope: float, *, colour: Rgb | None = None,
        is_dashed: bool = False,
    ) -> Plot:  # fmt: skip
        """Add a straight line through a point, across the whole picture: a tangent, or a fit."""
        if self.axes.x.logarithmic or self.axes.y.logarithmic:
            raise ValueError("a line of a slope is straight on linear axes only")
        item = _Item("line", colour or self.theme.gradient, is_dashed=is_dashed)
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
    ) -> Plot:
        """Add the line through two points of a curve; both places in one make it the tangent.

        Parameters
        ----------
        legs : (str, str)
            Printed run and rise as Typst markup; with them the slope's triangle is drawn.
        """
        if self.axes.x.logarithmic or self.axes.y.logarithmic:
            raise ValueError("a secant is straight on linear axes only")
        self._known(on, "curve")
        item = _Item("secant", colour or self.theme.gradient, legs, on=on)
        return self._add(name, item, at=[x0, x1])

    def add_mark(
        self, name: str, value: float, *, way: str = "x", label: str = "",
        colour: Rgb | None = None,
    ) -> Plot:  # fmt: skip
        """Add a dashed line across the picture at a value of one axis, ``x`` or ``y``."""
        axis = {"x": self.axes.x, "y": self.axes.y}[way]
        item = _Item(f"mark_{way}", colour or self.theme.muted, (label,), is_dashed=True)
        return self._add(name, item, at=axis.places(value))

    def add_arrow(
        self, name: str, x: float, to: float, y: float, *, label: str = "",
        colour: Rgb | None = None,
    ) -> Plot:  # fmt: skip
        """Add an arrow along x at a height, with a label above it: which way something goes."""
        item = _Item("arrow", colour or self.theme.focus, (label,))
        places = [*self.axes.x.places([x, to]), float(self.axes.y.places(y))]
        return self._add(name, item, at=places)

    # What a scene says

    def look(
        self, x: tuple[float, float] | None = None, y: tuple[float, float] | None = None
    ) -> Plot:
        """Bring other ranges of values into sight; what is not given stays."""
        window = self.state["window"].copy()
        for k, (axis, ends) in enumerate(((self.axes.x, x), (self.axes.y, y))):
            if ends is not None:
                window[2 * k : 2 * k + 2] = replace(axis, low=ends[0], high=ends[1]).ends
        self.state["window"] = window
        self.ticks = (self.axes.x.ticks(*window[:2]), self.axes.y.ticks(*window[2:]))
        return self

    def grow(self, progress: float, *names: str) -> Plot:
        """Draw curves up to a share of their corners; all curves if none is named."""
        for name in names or [it for it, item in self.items.items() if item.kind == "curve"]:
            self._known(name, "curve")
            self.state[f"{name}.progress"] = np.array(float(progress))
        return self

    def set_curve(self, name: str, ys: Any, xs: Any = None) -> Plot:
        """Bend a curve into another one with as many corners."""
        self._known(name, "curve")
        for key, axis, values in (("y", self.axes.y, ys), ("x", self.axes.x, xs)):
            if values is None:
                continue
            places, old = axis.places(values), self.state[f"{name}.{key}"]
            if places.shape != old.shape:
                raise ValueError(
                    f"curve {name!r} has {len(old)} corners and cannot become one of"
                    f" {places.shape}; add another curve and hide this one"
                )
            self.state[f"{name}.{key}"] = places
        return self

    def move_point(
        self,
        name: str,
        x: float,
        y: float | None = None,
        *,
        label: str | None = None,
        guides: tuple[str, str] | None = None,
    ) -> Plot:
        """Move a point; texts that are not given stay."""
        item = self._known(name, "point")
        if not item.on and y is None:
            raise ValueError(f"point {name!r} keeps to no curve and needs y")
        self.state[f"{name}.at"] = self._at(x, 0.0 if y is None else y, item)
        texts = (item.texts[0] if label is None else label, *(guides or item.texts[1:]))
        return self._write(name, texts)

    def set_line(self, name: str, x: float, y: float, slope: float) -> Plot:
        """Turn and move a line."""
        self._known(name, "line")
        self.state[f"{name}.at"] = np.array([x, y, slope], dtype=np.float64)
        return self

    def set_secant(
        self, name: str, x0: float, x1: float, *, legs: tuple[str, str] | None = None
    ) -> Plot:
        """Move a secant's two points."""
        item = self._known(name, "secant")
        self.state[f"{name}.at"] = np.array([x0, x1], dtype=np.float64)
        return self._write(name, legs or item.texts)

    def set_mark(self, name: str, value: float, *, label: str | None = None) -> Plot:
        """Move a mark along its axis."""
        item = self._known(name, "mark_x", "mark_y")
        axis = self.axes.x if item.kind == "mark_x" else self.axes.y
        self.state[f"{name}.at"] = axis.places(value)
        return self._write(name, item.texts if label is None else (label,))

    def reveal(self, *names: str, strength: float = 1.0) -> Plot:
        """Let things be seen, faintly if ``strength`` is below 1."""
        for name in names:
            self._known(name)
            self.state[f"{name}.shown"] = np.array(float(strength))
        return self

    def hide(self, *names: str) -> Plot:
        """Take things out of sight; they can be shown again."""
        return self.reveal(*names, strength=0.0)

    def texts(self) -> list[str]:
        """Return labels of axes and ticks, and of what is shown."""
        found = [self.axes.x.label, self.axes.y.label]
        found += [text for ticks in self.ticks for text in ticks.texts]
        for name, item in self.items.items():
            if self._shown(name) > 0:
                # What a curve says where it leaves is seen when it has left.
                has_left = item.kind != "curve" or self.exit(name) is not None
                found += item.texts if has_left else item.texts[:1]
        return [text for text in found if text]

    # States in between

    def interpolate(
        self, mobject1: Painted, mobject2: Painted, alpha: float, *args: Any, **kwargs: Any
    ) -> Painted:
        """Stand between two states; what only one of them has fades."""
        for one, other in ((mobject1, mobject2), (mobject2, mobject1)):
            for key, value in other.state.items():
                if key not in one.state:
                    is_strength = key.endswith(".shown")
                    one.state[key] = np.zeros_like(value) if is_strength else value.copy()
                if one.state[key].shape != value.shape:
                    raise ValueError(f"{key!r} has two lengths; name the other one differently")
        return super().interpolate(mobject1, mobject2, alpha, *args, **kwargs)

    def interpolate_texts(self, start: Painted, end: Painted, alpha: float) -> None:
        """Fade old labels and ticks out and new ones in."""
        assert isinstance(start, Plot)
        assert isinstance(end, Plot)
        same = start.ticks == end.ticks
        self.ticks = start.ticks if alpha < 0.5 else end.ticks
        self.tick_fade = 1.0 if same else abs(2 * alpha - 1)
        self.axes = end.axes
        self.items, self.fades = {}, {}
        for name, item in {**start.items, **end.items}.items():
            before = start.items.get(name, item)
            texts, fades = replaced(before.texts, item.texts, alpha)
            self.items[name] = replace(item, texts=tuple(texts))
            self.fades[name] = fades

    # Places

    def _add(self, name: str, item: _Item, **state: Any) -> Plot:
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

    def _known(self, name: str, *kinds: str) -> _Item:
        item = self.items.get(name)
        if item is None or (kinds and item.kind not in kinds):
            raise ValueError(f"the plot has no {' or '.join(kinds) or 'part'} {name!r}")
        return item

    def _write(self, name: str, texts: tuple[str, ...]) -> Plot:
        self.items = {**self.items, name: replace(self.items[name], texts=tuple(texts))}
        return self

    def _at(self, x: float, y: float, item: _Item) -> np.ndarray:
        y_place = 0.0 if item.on else float(self.axes.y.places(y))
        return np.array([float(self.axes.x.places(x)), y_place])

    def _shown(self, name: str) -> float:
        return float(self.state[f"{name}.shown"])

    def height_on(self, name: str, x: float) -> float:
        """Return a curve's y coordinate at an x coordinate; nan beside the curve."""
        xs, ys = self.state[f"{name}.x"], self.state[f"{name}.y"]
        return float(np.interp(x, xs, ys, left=math.nan, right=math.nan))

    def place_of(self, name: str) -> np.ndarray:
        """Return where a point stands, (2,), in the plot's own units."""
        item = self._known(name, "point")
        x, y = self.state[f"{name}.at"]
        return self._place(x, self.height_on(item.on, x) if item.on else y)

    def _place(self, x: Any, y: Any) -> np.ndarray:
        return self.axes.at(self.state["window"], x, y)

    def _path(self, name: str) -> np.ndarray:
        """Return the corners of what is drawn of a curve, (n, 2)."""
        xs, ys = self.state[f"{name}.x"], self.state[f"{name}.y"]
        reach = float(np.clip(self.state[f"{name}.progress"], 0, 1)) * (len(xs) - 1)
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
            The place on the edge, and the direction in which it crossed it.
        """
        return _exit(self._path(name), self.axes.inner)

    # Painting

    def paint(self, ctx: cairo.Context[Any], opacity: float) -> None:
        """Draw axes, lines, curves, points and labels, in this order."""
        taken = self._guide_boxes()
        self.axes.paint(
            ctx, self.state["window"], self.ticks, opacity, fade=self.tick_fade, taken=taken
        )
        labels: _Labels = []
        with saved(ctx):
            self.axes.clip(ctx, margin=CURVE / 2)
            ctx.set_line_join(cairo.LINE_JOIN_ROUND)
            ctx.set_line_cap(cairo.LINE_CAP_ROUND)
            for kinds in (("mark_x", "mark_y"), ("scatter",), ("curve",), ("line", "secant")):
                for name, item in self.items.items():
                    if item.kind in kinds and self._shown(name) > 0:
                        set_colour(ctx, item.colour, opacity * self._shown(name))
                        draw = getattr(self, f"_{item.kind.partition('_')[0]}")
                        draw(ctx, name, item)
        for name, item in self.items.items():
            alpha = opacity * self._shown(name)
            if alpha > 0 and item.kind == "curve":
                self._curve_end(ctx, name, item, alpha, labels)
        self._write_ends(ctx, labels)
        for kind, finish in (
            ("mark_x", self._mark_x_over),
            ("mark_y", self._mark_y_over),
            ("point", self._guides_over),
            ("secant", self._secant_over),
            ("arrow", self._arrow_over),
            ("point", self._point_over),
        ):
            for name, item in self.items.items():
                if item.kind == kind and self._shown(name) > 0:
                    finish(ctx, name, item, opacity * self._shown(name))

    def _fade(self, name: str, k: int) -> float:
        return self.fades[name][k] if name in self.fades else 1.0

    def _curve(self, ctx: cairo.Context[Any], name: str, item: _Item) -> None:
        path = self._path(name)
        with saved(ctx):
            ctx.set_dash(DASHES if item.is_dashed else ())
            ctx.set_line_width(THIN if item.is_dashed else CURVE)
            _trace(ctx, _thinned(path))
            ctx.stroke()
        if item.has_dots:
            _dots(ctx, path, item.radius)

    def _scatter(self, ctx: cairo.Context[Any], name: str, item: _Item) -> None:
        _dots(ctx, self._place(self.state[f"{name}.x"], self.state[f"{name}.y"]), item.radius)

    def _line(self, ctx: cairo.Context[Any], name: str, item: _Item) -> None:
        x, y, slope = self.state[f"{name}.at"]
        ends = self.state["window"][:2]
        self._stroke(ctx, self._place(ends, y + slope * (ends - x)), item)

    def _secant(self, ctx: cairo.Context[Any], name: str, item: _Item) -> None:
        (x0, y0), slope = self._secant_at(name, item)
        ends = self.state["window"][:2]
        if math.isfinite(slope):
            self._stroke(ctx, self._place(ends, y0 + slope * (ends - x0)), item)

    def _secant_at(self, name: str, item: _Item) -> tuple[tuple[float, float], float]:
        x0, x1 = map(float, self.state[f"{name}.at"])
        y0, y1 = self.height_on(item.on, x0), self.height_on(item.on, x1)
        window = self.state["window"]
        near = 1e-4 * float(window[1] - window[0])
        if abs(x1 - x0) >= near:
            return (x0, y0), (y1 - y0) / (x1 - x0)
        rise = self.height_on(item.on, x0 + near) - self.height_on(item.on, x0 - near)
        return (x0, y0), rise / (2 * near)

    def _mark(self, ctx: cairo.Context[Any], name: str, item: _Item) -> None:
        at, window = float(self.state[f"{name}.at"]), self.state["window"]
        ends = (np.array([at, at]), window[2:]) if item.kind == "mark_x" else (window[:2], [at, at])
        self._stroke(ctx, self._place(*ends), item)

    def _stroke(self, ctx: cairo.Context[Any], ends: np.ndarray, item: _Item) -> None:
        if not np.isfinite(ends).all():
            return
        with saved(ctx):
            ctx.set_dash(DASHES if item.is_dashed else ())
            ctx.set_line_width(THIN if item.is_dashed else STRAIGHT)
            line(ctx, ends[0], ends[1])

    def _curve_end(
        self, ctx: cairo.Context[Any], name: str, item: _Item, alpha: float, labels: _Labels
    ) -> None:
        path = self._path(name)
        left = _exit(path, self.axes.inner)
        if left is None:
            finite = path[np.isfinite(path).all(axis=1)]
            if len(finite):
                fade = alpha * self._fade(name, 0)
                place = finite[-1] + np.array([LABEL_OFFSET, 0.0])
                labels.append((item.texts[0], place, item.colour, fade))
            return
        place, along = left
        along = along / max(float(np.hypot(*along)), 1e-9)
        set_colour(ctx, item.colour, alpha)
        if item.texts[1]:  # a graph that is cut off by the picture has not run away
            arrow(ctx, place - along * EXIT_LENGTH, place + along * EXIT_TIP, EXIT_WIDTH)
        text, k = (item.texts[1], 1) if item.texts[1] else (item.texts[0], 0)
        inner = self.axes.inner
        below = place[1] - LINE_APART if along[1] > 0 else place[1] + LINE_APART
        side = np.array([place[0] + LABEL_OFFSET, np.clip(below, inner[1], inner[3])])
        labels.append((text, side, item.colour, alpha * self._fade(name, k)))

    def _write_ends(self, ctx: cairo.Context[Any], labels: _Labels) -> None:
        """Write the curves' labels, pushed apart where they would lie on each other."""
        boxes: list[tuple[float, float, float]] = []
        bottom = self.axes.inner[1] + LINE_APART / 2
        # From the lowest upwards, as below the axis there are labels already.
        for source, place, colour, alpha in sorted(labels, key=lambda it: float(it[1][1])):
            if not source or alpha <= 0:
                continue
            width = width_of(source, SIZES.small, self.theme, self.language)
            x = min(float(place[0]), self.box[0] / 2 - width)
            y = max(float(place[1]), bottom)
            for left, right, other in boxes:
                if x < right and left < x + width and abs(other - y) < LINE_APART:
                    y = other + LINE_APART
            boxes.append((x, x + width, y))
            self._label(ctx, source, (x, y), 0.0, colour, alpha)

    def _label(
        self, ctx: cairo.Context[Any], source: str, place: Any, anchor: float, colour: Rgb,
        alpha: float,
    ) -> None:  # fmt: skip
        """Write a label on a plate that keeps curves from running through it."""
        if not source or alpha <= 0:
            return
        left, bottom, right, top = self.axes.label_box(source, tuple(place), anchor)
        ctx.rectangle(left - 0.04, bottom - 0.02, right - left + 0.08, top - bottom + 0.04)
        set_colour(ctx, self.theme.background, alpha * PLATE)
        ctx.fill()
        write(
            ctx, source, tuple(place), SIZES.small, colour, alpha,
            language=self.language, anchor=anchor,
        )  # fmt: skip

    def _mark_x_over(
        self, ctx: cairo.Context[Any], name: str, item: _Item, alpha: float
    ) -> None:  # fmt: skip
        place = self._place(self.state[f"{name}.at"], 0.0)
        if self.axes.contains(np.array([place[0], self.axes.inner[1]])):
            self._label(
                ctx, item.texts[0], (place[0] + 0.1, self.axes.inner[3] - 0.16), 0.0,
                item.colour, alpha * self._fade(name, 0),
            )  # fmt: skip

    def _mark_y_over(
        self, ctx: cairo.Context[Any], name: str, item: _Item, alpha: float
    ) -> None:  # fmt: skip
        place = self._place(0.0, self.state[f"{name}.at"])
        if self.axes.contains(np.array([self.axes.inner[0], place[1]])):
            self._label(
                ctx, item.texts[0], (self.axes.inner[2] - 0.05, place[1] + 0.2), 1.0,
                item.colour, alpha * self._fade(name, 0),
            )  # fmt: skip

    def _secant_over(
        self, ctx: cairo.Context[Any], name: str, item: _Item, alpha: float
    ) -> None:  # fmt: skip
        if not any(item.texts):
            return
        x0, x1 = map(float, self.state[f"{name}.at"])
        start = self._place(x0, self.height_on(item.on, x0))
        end = self._place(x1, self.height_on(item.on, x1))
        if not np.isfinite([*start, *end]).all():
            return
        corner = np.array([end[0], start[1]])
        with saved(ctx):
            self.axes.clip(ctx)
            ctx.set_line_width(THIN)
            set_colour(ctx, self.theme.text, alpha)
            line(ctx, start, corner)
            line(ctx, corner, end)
        down, right = np.sign(end[1] - start[1]) or 1.0, np.sign(end[0] - start[0]) or 1.0
        for k, (place, anchor) in enumerate(
            (
                ((start + corner) / 2 - np.array([0.0, 0.2 * down]), 0.5),
                ((corner + end) / 2 + np.array([0.12 * right, 0.0]), 0.0 if right > 0 else 1.0),
            )
        ):
            if self.axes.contains(place):
                fade = alpha * self._fade(name, k)
                self._label(ctx, item.texts[k], place, anchor, self.theme.text, fade)

    def _arrow_over(
        self, ctx: cairo.Context[Any], name: str, item: _Item, alpha: float
    ) -> None:  # fmt: skip
        x, to, y = self.state[f"{name}.at"]
        start, tip = self._place(np.array([x, to]), y)
        if not (self.axes.contains(start) and self.axes.contains(tip)):
            return
        set_colour(ctx, item.colour, alpha)
        arrow(ctx, start, tip, ARROW_WIDTH)
        middle = (start + tip) / 2 + np.array([0.0, LABEL_OFFSET * 1.6])
        self._label(ctx, item.texts[0], middle, 0.5, item.colour, alpha * self._fade(name, 0))

    def _guide_places(self, name: str, item: _Item) -> list[tuple[str, tuple[float, float], float]]:
        """Return text, place and anchor of a point's two guides, as far as there are any."""
        place = self.place_of(name)
        if not self.axes.contains(place):
            return []
        left, bottom, _, _ = self.axes.inner
        width = width_of(item.texts[2], SIZES.small, self.theme, self.language)
        edge = max(left - LABEL_APART, width - self.box[0] / 2)
        return [
            (item.texts[1], (float(place[0]), bottom - 0.2), 0.5),
            (item.texts[2], (edge, float(place[1])), 1.0),
        ]

    def _guide_boxes(self) -> list[tuple[float, float, float, float]]:
        return [
            self.axes.label_box(text, place, anchor)
            for name, item in self.items.items()
            if item.kind == "point" and self._shown(name) > 0.5
            for text, place, anchor in self._guide_places(name, item)
            if text
        ]

    def _guides_over(
        self, ctx: cairo.Context[Any], name: str, item: _Item, alpha: float
    ) -> None:  # fmt: skip
        place = self.place_of(name)
        if not self.axes.contains(place):
            return
        left, bottom, _, _ = self.axes.inner
        with saved(ctx):
            ctx.set_line_width(THIN)
            ctx.set_dash(DASHES)
            set_colour(ctx, item.colour, alpha * 0.8)
            for text, end in zip(
                item.texts[1:], ((place[0], bottom), (left, place[1])), strict=True
            ):
                if text:
                    line(ctx, place, np.array(end))
        for k, (text, at, anchor) in enumerate(self._guide_places(name, item)):
            self._label(ctx, text, at, anchor, self.theme.text, alpha * self._fade(name, k + 1))

    def _point_over(
        self, ctx: cairo.Context[Any], name: str, item: _Item, alpha: float
    ) -> None:  # fmt: skip
        place = self.place_of(name)
        if not self.axes.contains(place):
            return
        for radius, colour in ((POINT + RING, self.theme.background), (POINT, item.colour)):
            ctx.new_path()
            ctx.arc(*place, radius, 0, 2 * math.pi)
            set_colour(ctx, colour, alpha)
            ctx.fill()
        toward = np.array(item.corner, dtype=float)
        at = place + toward * np.array([POINT + LABEL_OFFSET * 0.6, POINT + LABEL_OFFSET * 1.1])
        anchor = {-1.0: 1.0, 0.0: 0.5, 1.0: 0.0}[float(np.sign(toward[0]))]
        self._label(ctx, item.texts[0], at, anchor, self.theme.text, alpha * self._fade(name, 0))


def _trace(ctx: cairo.Context[Any], path: np.ndarray) -> None:
    """Trace corners; one that is nan begins anew."""
    ctx.new_path()
    has_begun = False
    for x, y in path.tolist():
        if x != x or y != y:
            has_begun = False
        elif has_begun:
            ctx.line_to(x, y)
        else:
            ctx.move_to(x, y)
            has_begun = True


def _thinned(path: np.ndarray) -> np.ndarray:
    """Keep the lowest and highest of neighbouring corners, and the ends of gaps."""
    if len(path) <= DENSE:
        return path
    size = math.ceil(2 * len(path) / DENSE)
    whole = len(path) // size * size
    heights = path[:whole, 1].reshape(-1, size)
    first = np.arange(0, whole, size)
    filled = np.where(np.isnan(heights), np.inf, heights)
    low = first + filled.argmin(axis=1)
    high = first + np.where(np.isnan(heights), -np.inf, heights).argmax(axis=1)
    gaps = first[np.isnan(heights).any(axis=1)]
    # A group with a gap in it is kept whole: what is missing has to stay missing.
    kept = (gaps[:, None] + np.arange(size)).ravel()
    chosen = np.unique(np.concatenate([low, high, kept, np.arange(whole, len(path)), [0]]))
    return path[chosen]


def _dots(ctx: cairo.Context[Any], places: np.ndarray, radius: float) -> None:
    ctx.new_path()
    for x, y in places[np.isfinite(places).all(axis=1)].tolist():
        ctx.new_sub_path()
        ctx.arc(x, y, radius, 0, 2 * math.pi)
    ctx.fill()


def _exit(path: np.ndarray, inner: Sequence[float]) -> np.ndarray | None:
    low, high = np.array(inner[:2]) - 1e-6, np.array(inner[2:]) + 1e-6
    path = path[np.isfinite(path).all(axis=1)]
    inside = ((path >= low) & (path <= high)).all(axis=1)
    if not len(path) or inside[-1] or not inside.any():
        return None
    last = int(np.nonzero(inside)[0][-1])
    start, step = path[last], path[last + 1] - path[last]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(step > 0, (high - start) / step, (low - start) / step)
    share = float(np.nanmin(np.where(step == 0, math.nan, shares)))
    return np.stack([np.clip(start + step * share, low, high), step])
