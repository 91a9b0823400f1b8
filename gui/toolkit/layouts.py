"""Rows and columns of widgets in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_Box = TypeVar("_Box", bound=QBoxLayout)

Part: TypeAlias = "QWidget | QLayout | int | tuple[QWidget | QLayout | None, int]"
"""A widget, a layout, or as many pixels; a number beside it says how much room it takes."""

Edges: TypeAlias = "tuple[int, int, int, int]"

BARE = (0, 0, 0, 0)


def row(
    *parts: Part, on: QWidget | None = None, gap: int | None = None, edges: Edges = BARE
) -> QHBoxLayout:
    """Return a row of parts.

    Parameters
    ----------
    *parts
        From left to right; ``(None, 1)`` is room that is left empty.
    on : QWidget, optional
        What it is the layout of.
    gap : int, optional
        Pixels between two parts; the style's own if it is not said.
    edges : tuple of int
        Pixels around all: left, top, right, bottom.
    """
    return _filled(QHBoxLayout(), parts, on, gap, edges)


def column(
    *parts: Part, on: QWidget | None = None, gap: int | None = None, edges: Edges = BARE
) -> QVBoxLayout:
    """Return a column of parts, which are those of a :func:`row`, from top to bottom."""
    return _filled(QVBoxLayout(), parts, on, gap, edges)


def _filled(
    box: _Box, parts: tuple[Part, ...], on: QWidget | None, gap: int | None, edges: Edges
) -> _Box:
    box.setContentsMargins(*edges)
    if gap is not None:
        box.setSpacing(gap)
    for part in parts:
        what, stretch = part if isinstance(part, tuple) else (part, 0)
        if what is None:
            box.addStretch(stretch)
        elif isinstance(what, int):
            box.addSpacing(what)
        elif isinstance(what, QLayout):
            box.addLayout(what, stretch)
        else:
            box.addWidget(what, stretch)
    if on is not None:
        on.setLayout(box)
    return box
