"""Painted mobjects: one Manim mobject that draws itself.

Stock Manim walks a tree of small mobjects for every frame. A painted part is one mobject: it holds
numbers, and draws them with cairo when the camera comes by. Manim still moves, scales, turns, fades
and transforms it, because its points are the corners of its box and its opacity is its fill's.
"""

from __future__ import annotations

import copy
from types import FunctionType, NoneType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import cairo
import numpy as np
from manim import ManimColor, Mobject, VMobject

from backprop_studio.core.base.arrays import Array
from backprop_studio.scenes.paint.brush import Box, Context, saved
from backprop_studio.scenes.paint.lettering import Lettering

T = TypeVar("T")

_CORNERS = (0, 4, 12)
"""Where upper left, upper right and lower left stand among the points of the box."""


_UNCHANGING = frozenset(
    {bool, bytes, float, FunctionType, int, ManimColor, np.float64, NoneType, str}
)
"""Types whose values are their own copies."""


class Painted(Lettering, VMobject):
    """A part that draws itself inside its box.

    Parameters
    ----------
    width, height : float
        Size of the box in Manim units; the part draws in those units, origin at the centre, y up.

    Attributes
    ----------
    state : dict of str to float array
        What is interpolated when the part is transformed into another state of itself.
    is_pinned : bool
        It stands on the frame, wherever the camera looks.
    """

    is_pinned: bool = False

    def __init__(self, width: float, height: float, **state: Any) -> None:
        super().__init__(stroke_width=0, fill_opacity=1)
        self.box = (max(width, 1e-6), max(height, 1e-6))
        self.state: dict[str, Array] = {}
        self.set_state(**state)
        half = np.array([self.box[0] / 2, self.box[1] / 2, 0.0])
        corners = np.array([[-1, 1, 0], [1, 1, 0], [1, -1, 0], [-1, -1, 0], [-1, 1, 0]])
        self.set_points_as_corners(corners * half)

    @property
    def frame(self) -> Box:
        """Left, bottom, right and top of the box in the part's own units."""
        width, height = self.box
        return -width / 2, -height / 2, width / 2, height / 2

    def set_state(self, **values: Any) -> Self:
        """Set arrays of the state, each as a whole."""
        self.state |= {name: np.array(it, dtype=np.float64) for name, it in values.items()}
        return self

    if TYPE_CHECKING:

        def __call__(self, **options: Any) -> Self:
            """``part.animate(run_time=2)``: to Manim's types ``animate`` may be the part itself."""

    def __deepcopy__(self, clone_from_id: dict[int, Any]) -> Self:
        """Copy as Manim does, faster: every play copies each of its parts up to three times."""
        result = self.__class__.__new__(self.__class__)
        clone_from_id[id(self)] = result
        for name, value in self.__dict__.items():
            result.__dict__[name] = _copied(value, clone_from_id)
        result.original_id = str(id(self))
        return result

    def get_family(self, recurse: bool = True) -> list[Mobject]:
        """Return the part alone, as it is one mobject, without Manim's search for others."""
        return super().get_family(recurse) if self.submobjects else [self]

    @property
    def opacity(self) -> float:
        """From 0, invisible, to 1."""
        return float(self.fill_rgbas[0][3])

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw; ``ctx`` has the part's own units."""
        raise NotImplementedError

    def texts(self) -> list[str]:
        """Return every text now visible, for tests and the picture lint."""
        return []

    def interpolate(
        self, mobject1: Mobject, mobject2: Mobject, alpha: float, *args: Any, **kwargs: Any
    ) -> Self:
        """Stand between two states of the same part, as Manim's transforms ask."""
        super().interpolate(mobject1, mobject2, alpha, *args, **kwargs)
        start, end = cast("Self", mobject1), cast("Self", mobject2)
        self.interpolate_state(start, end, alpha)
        self.interpolate_texts(start, end, alpha)
        return self

    def become(self, mobject: Mobject, *args: Any, **kwargs: Any) -> Self:
        """Take over another state of the same part, as ``restore`` and ``Transform`` ask."""
        super().become(mobject, *args, **kwargs)
        other = cast("Self", mobject)
        self.state = {name: value.copy() for name, value in other.state.items()}
        self.interpolate_texts(other, other, 1.0)
        return self

    def interpolate_state(self, start: Self, end: Self, alpha: float) -> None:
        """Set the arrays between those of two states."""
        for name, value in start.state.items():
            last = end.state[name]
            # At the end exactly what was wanted, whatever came before.
            self.state[name] = last.copy() if alpha == 1 else value + (last - value) * alpha

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Choose what cannot stand in between; a number is never rolled, it is replaced."""

    def paint_on(self, ctx: Context) -> None:
        """Draw where the corners are now, on a context in Manim units."""
        opacity = self.opacity
        right, up = self.axes_in_scene()
        if opacity <= 0 or abs(right[0] * up[1] - right[1] * up[0]) < 1e-9:
            return
        centre = (self.points[_CORNERS[1]] + self.points[_CORNERS[2]])[:2] / 2
        with saved(ctx):
            ctx.transform(cairo.Matrix(right[0], right[1], up[0], up[1], *centre))
            self.paint(ctx, opacity)

    def axes_in_scene(self) -> tuple[Array, Array]:
        """Return the steps in the scene of one unit to the part's right, and of one upwards."""
        upper_left, upper_right, lower_left = (self.points[k][:2] for k in _CORNERS)
        return (upper_right - upper_left) / self.box[0], (upper_left - lower_left) / self.box[1]

    def in_scene(self, x: float, y: float) -> tuple[float, float]:
        """Return where in the scene a point of the part's own units is."""
        right, up = self.axes_in_scene()
        centre = (self.points[_CORNERS[1]] + self.points[_CORNERS[2]])[:2] / 2
        at = centre + x * right + y * up
        return float(at[0]), float(at[1])


def replaced_at(items: list[T], index: int, item: T) -> list[T]:
    """Return a new list with another item at an index; copies of a part may share the old one."""
    return [*items[:index], item, *items[index + 1 :]]


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    """Return a deep copy; arrays and lists, which are nearly all there is, without detours."""
    kind = type(value)
    if kind in _UNCHANGING:
        return value
    if kind is np.ndarray and value.dtype != object:
        if id(value) not in memo:
            memo[id(value)] = value.copy()
        return memo[id(value)]
    if kind is list and id(value) not in memo:
        result: list[Any] = []
        memo[id(value)] = result
        result.extend(_copied(item, memo) for item in value)
        return result
    if kind is dict and id(value) not in memo:
        memo[id(value)] = found = {}
        found.update({key: _copied(item, memo) for key, item in value.items()})
        return found
    return copy.deepcopy(value, memo)
