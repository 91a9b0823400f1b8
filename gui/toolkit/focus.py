"""The way of the Tab key: as one reads, whatever was built when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QSplitter, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


def stops(root: QWidget) -> list[QWidget]:
    """Return what the Tab key stops at in a window, in the order of its layouts."""
    return list(_stops(root))


def step_focus(root: QWidget, *, forward: bool, home: QWidget) -> bool:
    """Move a window's focus to the next stop, or to the one before.

    Parameters
    ----------
    root : QWidget
        The window.
    forward : bool
        Whether the Tab key was pressed without Shift.
    home : QWidget
        Gets the focus of a widget that goes away or is disabled: Qt asks for its neighbour, on
        which the next key would act.
    """
    current = root.focusWidget()
    is_gone = current is not None and not (current.isEnabled() and current.isVisibleTo(root))
    if is_gone and _is_stop(home):
        home.setFocus()
        return True
    found = stops(root)
    if not found:
        return False
    at = found.index(current) if current in found else (-1 if forward else 0)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    found[(at + (1 if forward else -1)) % len(found)].setFocus(reason)
    return True


def _stops(widget: QWidget) -> Iterator[QWidget]:
    for part in _parts(widget):
        if part.isWindow() or not part.isVisible():
            continue
        # What takes the focus itself, such as a number box, has no stops in it.
        if _is_stop(part):
            yield part
        else:
            yield from _stops(part)


def _is_stop(widget: QWidget) -> bool:
    has_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return has_tab and widget.isEnabled() and widget.isVisible() and widget.focusProxy() is None


def _parts(widget: QWidget) -> Iterator[QWidget]:
    """Yield the children of a widget: those in its layout, then what lies over them."""
    layout = widget.layout()
    if isinstance(widget, QSplitter):
        parts = [widget.widget(at) for at in range(widget.count())]
    else:
        parts = list(_laid_out(layout)) if layout is not None else []
    laid = [part for part in parts if part is not None]
    yield from laid
    free = Qt.FindChildOption.FindDirectChildrenOnly
    for child in widget.findChildren(QWidget, options=free):
        if child not in laid:
            yield child


def _laid_out(layout: QLayout) -> Iterator[QWidget | None]:
    items = (layout.itemAt(at) for at in range(layout.count()))
    for item in filter(None, items):
        inner = item.layout()
        if inner is not None:
            yield from _laid_out(inner)
        else:
            yield item.widget()
