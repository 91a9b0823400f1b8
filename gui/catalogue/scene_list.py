"""The catalogue as a Qt list: chapters that fold, their scenes, and scenes that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.toolkit.lists import Index, RowModel, RowView
from backprop_studio.render.catalogue import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from PySide6.QtGui import QKeyEvent

    from backprop_studio.gui.catalogue.thumbnails import Thumbnail
    from backprop_studio.render.messages.results import CatalogueEntry

PICTURE_ROLE, CHOSEN_ROLE = int(Qt.ItemDataRole.UserRole) + 1, int(Qt.ItemDataRole.UserRole) + 2

UNUSABLE = N_("Cannot be used")
"""The chapter of scenes with an error."""

FOLDING = {Qt.Key.Key_Left: False, Qt.Key.Key_Right: True}
TOGGLING = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})


@dataclass(frozen=True)
class Row:
    """One line of the list: a chapter's heading (without entry) or a scene.

    Attributes
    ----------
    chapter : str
        English name of the chapter; empty for a scene that has none.
    folded : int
        How many scenes a heading hides.
    """

    title: str
    summary: str = ""
    entry: CatalogueEntry | None = None
    chapter: str = ""
    folded: int = 0

    @property
    def id(self) -> str:
        """Name of the scene; empty for a heading."""
        return self.entry.id if self.entry else ""

    @property
    def is_usable(self) -> bool:
        """Whether the row is a scene that can be chosen."""
        return self.entry is not None and self.entry.error is None


class SceneModel(RowModel):
    """Rows in the order of the curriculum, grouped by chapter, filtered by a search text.

    Attributes
    ----------
    hits : list of str
        The scenes that a search finds and that can be used, folded or not.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hits: list[str] = []
        self._chosen = ""
        self._picture_of: Callable[[str], Thumbnail | None] = lambda _scene: None

    def show_entries(
        self,
        entries: tuple[CatalogueEntry, ...],
        search: str = "",
        folded: Collection[str] = frozenset(),
    ) -> None:
        """Take these entries in the window's language; a search looks into folded chapters, too."""
        words = search.casefold().split()
        found = [row for row in map(_row, in_order(entries)) if _matches(row, words)]
        self.hits = [row.id for row in found if row.is_usable]
        self.show_rows(_under_headings(found, () if words else folded))

    def show_chosen(self, scene: str) -> None:
        """Mark the scene that the window is about."""
        self._chosen = scene
        self.renew()

    def show_pictures(self, picture_of: Callable[[str], Thumbnail | None]) -> None:
        """Take the pictures of the scenes from here."""
        self._picture_of = picture_of
        self.renew()

    def renew(self) -> None:
        """Paint the rows anew, which are as high as they were."""
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return texts for the view and for screen readers, and how a scene looks."""
        if role not in {PICTURE_ROLE, CHOSEN_ROLE}:
            return super().data(index, role)
        row = self.row_at(index)
        if row is None or not row.is_usable:
            return None
        return row.id == self._chosen if role == CHOSEN_ROLE else self._picture_of(row.id)

    def texts_of(self, row: Row) -> dict[int, str | None]:
        """Return the title, and what is said of it to whoever points at it or listens."""
        role = Qt.ItemDataRole
        if row.entry is None:
            hidden = tr("{count} scenes, folded").format(count=row.folded) if row.folded else ""
            return {role.DisplayRole: row.title, role.AccessibleDescriptionRole: hidden}
        return {
            role.DisplayRole: row.title,
            role.ToolTipRole: "\n".join(filter(None, (row.title, row.summary))),
            role.AccessibleDescriptionRole: row.summary,
        }

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let usable scenes be selected; keys go to headings as well, which fold."""
        row = self.row_at(index)
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemNeverHasChildren
        if row.entry is None or row.is_usable:
            flags |= Qt.ItemFlag.ItemIsEnabled
        return flags | Qt.ItemFlag.ItemIsSelectable if row.is_usable else flags


class SceneView(RowView):
    """The list, whose keys fold chapters as those of a tree do.

    Signals
    -------
    folding_asked : str, bool
        A chapter shall be open, or not.
    """

    folding_asked = Signal(str, bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fold and unfold, and go from a scene to its heading."""
        model, key = self.model(), Qt.Key(event.key())
        row = model.row_at(self.currentIndex()) if isinstance(model, SceneModel) else None
        if row is None or not row.chapter or key not in {*FOLDING, *TOGGLING}:
            super().keyPressEvent(event)
        elif row.entry is None:
            self.folding_asked.emit(row.chapter, FOLDING.get(key, bool(row.folded)))
        elif key == Qt.Key.Key_Left:
            self.go_to_heading(row.chapter)
        elif key not in FOLDING:
            super().keyPressEvent(event)

    def go_to_heading(self, chapter: str) -> None:
        """Make the heading of a chapter the current row."""
        model = self.model()
        rows = model.rows if isinstance(model, SceneModel) else []
        for number, row in enumerate(rows):
            if row.entry is None and row.chapter == chapter:
                self.setCurrentIndex(model.index(number, 0))


def _row(entry: CatalogueEntry) -> Row:
    if entry.error is not None:
        return Row(entry.id, entry.error.words(tr), entry, UNUSABLE)
    return Row(tr(entry.title) or entry.id, tr(entry.summary), entry, entry.chapter)


def _matches(row: Row, words: list[str]) -> bool:
    english = row.entry.title if row.entry else ""
    text = " ".join((row.id, row.title, row.summary, tr(row.chapter), english)).casefold()
    return all(word in text for word in words)


def _under_headings(found: list[Row], folded: Collection[str]) -> list[Row]:
    chapters: dict[str, list[Row]] = {}
    for row in sorted(found, key=lambda row: row.chapter == UNUSABLE):
        chapters.setdefault(row.chapter, []).append(row)
    result: list[Row] = []
    for chapter, rows in chapters.items():
        is_folded = chapter in folded
        if chapter:
            hidden = len(rows) if is_folded else 0
            result.append(Row(tr(chapter), chapter=chapter, folded=hidden))
        result += [] if is_folded else rows
    return result
