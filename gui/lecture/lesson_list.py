"""The lecture as a Qt list: a row for each lesson, which can be dragged and renamed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from backprop_studio.gui.model.lecture import title_in
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.parameters.panel import THEME_NAMES
from backprop_studio.gui.renders.words import title_of
from backprop_studio.gui.toolkit.cut_text import WRAP, cut, wrapped_height
from backprop_studio.gui.toolkit.lists import (
    ROW_ROLE,
    ArrangedModel,
    Index,
    RowView,
    paint_ground,
    width_of,
)
from backprop_studio.gui.toolkit.small_pictures import SmallPictures
from backprop_studio.gui.toolkit.theme import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QAbstractItemModel

    from backprop_studio.gui.lecture.pictures import Shown
    from backprop_studio.gui.model.lecture import Part
    from backprop_studio.gui.model.state import AppState


TITLE_SECONDS = 2.7
"""How long the card with its title stands before each lesson of a lecture."""


def clock(seconds: float) -> str:
    """Return a length as minutes and seconds.

    Examples
    --------
    >>> clock(61.6), clock(3725)
    ('1:02', '1:02:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@dataclass(frozen=True)
class LessonRow:
    """What a row shows.

    Attributes
    ----------
    facts : str
        Its length, and what is not as in the rest of the lecture.
    seconds : float or None
        How long it is with its title card, if that is known.
    """

    part: Part
    number: int
    title: str
    scene_title: str
    facts: str
    shown: Shown
    seconds: float | None = None

    @property
    def id(self) -> str:
        """Of the lesson."""
        return self.part.id


class LessonModel(ArrangedModel):
    """Rows in the order of the lecture.

    Parameters
    ----------
    state : AppState
        Has the lecture.
    shown : callable
        Returns what is known of a lesson.

    Signals
    -------
    moved : str, int
        The user wants a lesson to be at another position.
    renamed : str, str
        The user wants a lesson to have another title.
    """

    renamed = Signal(str, str)

    def __init__(self, state: AppState, shown: Callable[[Part], Shown]) -> None:
        super().__init__()
        self._state = state
        self._shown = shown

    def renew(self) -> None:
        """Take the lecture as it is now."""
        rows = [self._row(at, part) for at, part in enumerate(self._state.lecture.parts, start=1)]
        if [row.id for row in rows] != [row.id for row in self.rows]:
            self.show_rows(rows)
        elif rows != self.rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            self.layoutChanged.emit()  # a title may need another line

    def texts_of(self, row: LessonRow) -> dict[int, str | None]:
        """Return the title, and all there is to know for whoever points at it."""
        role = Qt.ItemDataRole
        refusal = said(row.shown.refusal)
        hints = (row.title, row.scene_title, row.facts, refusal, row.part.notes)
        return {
            role.DisplayRole: row.title,
            role.EditRole: row.title,
            role.AccessibleTextRole: f"{row.number}. {row.title}",
            role.AccessibleDescriptionRole: "\n".join(filter(None, (row.facts, refusal))),
            role.ToolTipRole: "\n".join(dict.fromkeys(filter(None, hints))),
        }

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another title."""
        row = self.row_at(index)
        if row is None or role != Qt.ItemDataRole.EditRole or value == row.title:
            return False
        self.renamed.emit(row.id, str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let lessons be dragged, between rows only."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flag = Qt.ItemFlag
        usual = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemNeverHasChildren
        return usual | flag.ItemIsDragEnabled | flag.ItemIsEditable

    def _row(self, number: int, part: Part) -> LessonRow:
        state, shown = self._state, self._shown(part)
        scene_title = title_of(state, part.scene)
        title = title_in(part.title, state.job_language) or scene_title
        colours, shape = part.theme, part.frame
        seconds = shown.seconds + TITLE_SECONDS if shown.seconds else None
        facts = [clock(seconds)] if seconds else []
        facts += [tr(THEME_NAMES[colours])] if colours else []
        facts += [shape] if shape else []
        return LessonRow(part, number, title, scene_title, " · ".join(facts), shown, seconds)


class LessonDelegate(QStyledItemDelegate):
    """Draws number and picture, beside them title and facts; edits the title where it stands."""

    MARGIN = 6
    PADDING = 7
    PICTURE, SMALL_PICTURE = QSize(64, 36), QSize(48, 27)
    NARROW = 230
    """Pixels of a row that needs them for its words."""

    NUMBER = 20
    GAP = 8
    TITLE_LINES = 2
    FACTS_SCALE = 0.9

    def __init__(self) -> None:
        super().__init__()
        self._pictures = SmallPictures()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height that the texts need at the list's width."""
        row: LessonRow = index.data(ROW_ROLE)
        width = width_of(option, 200)
        _title, facts = self._words_of(row, option, QRect(0, 0, width, 0))
        bottom = max(facts.y() + facts.height(), self.PADDING + self._size(width).height())
        return QSize(width, bottom + self.PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row: LessonRow = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = option.rect.adjusted(self.MARGIN, 1, -self.MARGIN, -1)
        paint_ground(painter, box, option.state)
        left, top = option.rect.x() + self.MARGIN, option.rect.y() + self.PADDING
        painter.setFont(option.font)
        painter.setPen(theme().colour("muted"))
        size = self._size(option.rect.width())
        number = QRect(left, top, self.NUMBER, size.height())
        painter.drawText(number, Qt.AlignmentFlag.AlignCenter, str(row.number))
        picture = QRect(QPoint(left + self.NUMBER, top), size)
        self._pictures.paint(painter, picture, row.id, row.shown.image)
        if row.shown.refusal is not None:
            mark = QRect(picture.center().x() - 8, picture.center().y() - 8, 17, 17)
            theme().icon("warning", "wrong").paint(painter, mark)
        self._paint_words(painter, option, row)
        painter.restore()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return the field for a title, which says the scene's own when it is empty."""
        row: LessonRow = index.data(ROW_ROLE)
        field = QLineEdit(parent)
        field.setPlaceholderText(row.scene_title)
        field.setAccessibleName(tr("Title of the lesson"))
        field.setMaxLength(200)
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the title, to be typed over."""
        if isinstance(editor, QLineEdit):
            editor.setText(index.data(Qt.ItemDataRole.EditRole))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Take the title."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        """Put the field beside the picture."""
        left = self.MARGIN + self.NUMBER + self._size(option.rect.width()).width() + 3
        box = option.rect.adjusted(left, 0, -self.MARGIN, 0)
        height = editor.sizeHint().height()
        editor.setGeometry(box.x(), box.center().y() - height // 2, box.width(), height)

    def _size(self, width: int) -> QSize:
        """Return how big the picture is in a row of this width."""
        return self.SMALL_PICTURE if width < self.NARROW else self.PICTURE

    def _words_of(
        self, row: LessonRow, option: QStyleOptionViewItem, rect: QRect
    ) -> tuple[QRect, QRect]:
        """Return where title and facts stand."""
        left = rect.x() + self.MARGIN + self.NUMBER + self._size(rect.width()).width() + self.GAP
        width = rect.x() + rect.width() - self.MARGIN - self.GAP - left
        top = rect.y() + self.PADDING
        height = wrapped_height(option.font, row.title, width, self.TITLE_LINES)
        below = QFontMetrics(option.font).height()  # also before the length is known
        return QRect(left, top, width, height), QRect(left, top + height + 1, width, below)

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, row: LessonRow) -> None:
        title, facts = self._words_of(row, option, option.rect)
        painter.setPen(theme().colour("text"))
        text = cut(option.font, row.title, title.width(), self.TITLE_LINES)
        painter.drawText(title, WRAP, text)
        painter.setFont(_smaller(option.font, self.FACTS_SCALE))
        painter.setPen(theme().colour("muted"))
        dots = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(row.facts, dots, facts.width())
        painter.drawText(facts, Qt.AlignmentFlag.AlignVCenter, text)


def _smaller(font: QFont, scale: float) -> QFont:
    result = QFont(font)
    result.setPointSizeF(font.pointSizeF() * scale)
    return result


class LessonView(RowView):
    """The list, in which a click turns to a lesson and a drag moves it."""

    def __init__(self, model: LessonModel) -> None:
        super().__init__("scenes", model, LessonDelegate())
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)

    def sizeHint(self) -> QSize:
        """Return the height of all lessons."""
        rows = range(self.model().rowCount())
        height = sum(self.sizeHintForRow(at) for at in rows)
        return QSize(super().sizeHint().width(), height + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        """Return room for a lesson, as much as there is on a small screen."""
        return QSize(80, min(self.sizeHint().height(), 48))
