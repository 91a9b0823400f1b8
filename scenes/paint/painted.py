"""Painted mobjects: one Manim mobject that draws itself, and the camera that lets it.

Stock Manim walks a tree of small mobjects for every frame. A painted part is one mobject: it holds
numbers, and draws them with cairo when the camera comes by. Manim still moves, scales, turns, fades
and transforms it, because its points are the corners of its box and its opacity is its fill's.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from types import FunctionType, NoneType
from typing import Any, Self

import cairo
import numpy as np
from manim import Camera, ManimColor, Mobject, VMobject

__all__ = ["Painted", "PaintingCamera"]

_CORNERS = (0, 4, 12)
"""Where upper left, upper right and lower left stand among the points of the box."""


_UNCHANGING = frozenset(
    {bool, bytes, float, FunctionType, int, ManimColor, np.float64, NoneType, str}
)
"""Types whose values are their own copies."""


class Painted(VMobject):
    """A part that draws itself inside its box.

    Parameters
    ----------
    width, height : float
        Size of the box in Manim units; the part draws in those units, origin at the centre, y up.

    Attributes
    ----------
    state : dict of str to float array
        What is interpolated when the part is transformed into another state of itself.
    """

    def __init__(self, width: float, height: float, **state: Any) -> None:
        super().__init__(stroke_width=0, fill_opacity=1)
        self.box = (max(width, 1e-6), max(height, 1e-6))
        self.state: dict[str, np.ndarray] = {
            name: np.array(value, dtype=np.float64) for name, value in state.items()
        }
        half = np.array([self.box[0] / 2, self.box[1] / 2, 0.0])
        corners = np.array([[-1, 1, 0], [1, 1, 0], [1, -1, 0], [-1, -1, 0], [-1, 1, 0]])
        self.set_points_as_corners(corners * half)

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

    def paint(self, ctx: cairo.Context[Any], opacity: float) -> None:
        """Draw; ``ctx`` has the part's own units."""
        raise NotImplementedError

    def texts(self) -> list[str]:
        """Return every text now visible, for tests and the picture lint."""
        return []

    def interpolate(
        self, mobject1: Painted, mobject2: Painted, alpha: float, *args: Any, **kwargs: Any
    ) -> Painted:
        """Stand between two states of the same part, as Manim's transforms ask."""
        super().interpolate(mobject1, mobject2, alpha, *args, **kwargs)
        for name, start in mobject1.state.items():
            self.state[name] = start + (mobject2.state[name] - start) * alpha
        self.interpolate_texts(mobject1, mobject2, alpha)
        return self

    def become(self, mobject: Painted, **kwargs: Any) -> Painted:
        """Take over another state of the same part, as ``restore`` and ``Transform`` ask."""
        super().become(mobject, **kwargs)
        self.state = {name: value.copy() for name, value in mobject.state.items()}
        self.interpolate_texts(mobject, mobject, 1.0)
        return self

    def interpolate_texts(self, start: Painted, end: Painted, alpha: float) -> None:
        """Choose what cannot stand in between; a number is never rolled, it is replaced."""

    def paint_on(self, ctx: cairo.Context[Any]) -> None:
        """Draw where the corners are now, on a context in Manim units."""
        opacity = self.opacity
        upper_left, upper_right, lower_left = (self.points[k][:2] for k in _CORNERS)
        right = (upper_right - upper_left) / self.box[0]
        up = (upper_left - lower_left) / self.box[1]
        if opacity <= 0 or abs(right[0] * up[1] - right[1] * up[0]) < 1e-9:
            return
        centre = (upper_right + lower_left) / 2
        with saved(ctx):
            ctx.transform(cairo.Matrix(right[0], right[1], up[0], up[1], *centre))
            self.paint(ctx, opacity)


class PaintingCamera(Camera):
    """Manim's camera, which lets painted parts draw themselves."""

    def display_vectorized(self, vmobject: VMobject, ctx: cairo.Context[Any]) -> PaintingCamera:
        """Draw one mobject."""
        if isinstance(vmobject, Painted):
            vmobject.paint_on(ctx)
            return self
        super().display_vectorized(vmobject, ctx)
        return self


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
        memo[id(value)] = result = []
        result.extend(_copied(item, memo) for item in value)
        return result
    if kind is dict and id(value) not in memo:
        memo[id(value)] = found = {}
        found.update({key: _copied(item, memo) for key, item in value.items()})
        return found
    return copy.deepcopy(value, memo)


@contextlib.contextmanager
def saved(ctx: cairo.Context[Any]) -> Iterator[None]:
    """Restore the context's state afterwards."""
    ctx.save()
    try:
        yield
    finally:
        ctx.restore()
