"""What a mobject looks like, as a value that can be compared: equal means drawn alike.

Comparing costs microseconds where drawing costs a tenth of a millisecond or more.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
from manim import Mobject, VMobject

from backprop_studio.scenes.paint.painted import Painted

_STOCK = (
    "points",
    "fill_rgbas",
    "stroke_rgbas",
    "background_stroke_rgbas",
    "stroke_width",
    "background_stroke_width",
    "joint_type",
    "cap_style",
    "sheen_direction",
)
"""All that Manim's camera asks a vectorised mobject for."""

_OF_MANIM = frozenset(vars(VMobject()))
"""What any mobject has beside its looks: names, updaters, targets."""

_PLAIN = frozenset({bool, bytes, float, int, str, type(None)})
"""Kinds of which each value is its own signature; most values are of these."""

_GRADIENTS = ("fill_rgbas", "stroke_rgbas", "background_stroke_rgbas")


class _UnknownError(Exception):
    """There is something in a mobject that cannot be compared."""


def signature(mobject: Mobject) -> Hashable | None:
    """Return everything that decides how a mobject is drawn, submobjects left out.

    Returns
    -------
    hashable or None
        None for what cannot be told apart, which has to be drawn in every frame: images, point
        clouds, and gradients that depend on submobjects.
    """
    try:
        if isinstance(mobject, Painted):
            return _of_painted(mobject)
        if isinstance(mobject, VMobject):
            return _of_stock(mobject)
    except _UnknownError:
        pass
    return None


def _of_painted(part: Painted) -> Hashable:
    own = [
        (name, _comparable(value)) for name, value in vars(part).items() if name not in _OF_MANIM
    ]
    return id(type(part)), part.points.tobytes(), part.fill_rgbas.tobytes(), tuple(own)


def _of_stock(mobject: VMobject) -> Hashable:
    # A gradient runs across the box of the whole family, whose other members are not looked at.
    if mobject.submobjects and any(len(getattr(mobject, name)) > 1 for name in _GRADIENTS):
        raise _UnknownError
    if mobject.get_background_image() is not None:
        raise _UnknownError
    return id(type(mobject)), *(_comparable(getattr(mobject, name)) for name in _STOCK)


def _comparable(value: Any) -> Hashable:
    if type(value) in _PLAIN:
        return value  # type: ignore[no-any-return]
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise _UnknownError
        return value.shape, value.tobytes()
    if isinstance(value, np.generic):  # compares itself with a tuple element by element
        return type(value).__name__, value.item()
    if isinstance(value, list | tuple):
        return tuple(map(_comparable, value))
    if isinstance(value, dict):
        return tuple((key, _comparable(entry)) for key, entry in value.items())
    if isinstance(value, Mobject):
        return signature(value)
    if not isinstance(value, Hashable):
        raise _UnknownError
    return value
