"""The lecture's file: written, read, brought back, and never lost without a question."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QMessageBox

from backprop_studio.gui.lecture.files import file_name
from backprop_studio.gui.model.state import AppState
from backprop_studio.gui.window import MainWindow
from backprop_studio.render.lecture.file import read_lecture

ROLE = QMessageBox.ButtonRole

OTHER = """# Mine.
format = 1
title = "Descent"
languages = ["zh"]
theme = "light"

# The one that matters.
[[part]]
scene = "descent"
notes = "Slowly."
params = { learning_rate = 0.75, pace = 1.0 }

[[part]]
scene = "backprop"
title = { en = "By hand", zh = "手算" }
"""


@pytest.fixture
def question(monkeypatch):
    """Answers questions with the button of a role, and counts them."""

    class Question:
        role = None
        asked = 0

    def remember(box, *arguments):
        button = add(box, *arguments)
        if arguments[-1] == Question.role:
            box.answer = button
        return button

    def ask(_box):
        Question.asked += 1

    add = QMessageBox.addButton
    monkeypatch.setattr(QMessageBox, "addButton", remember)
    monkeypatch.setattr(QMessageBox, "exec", ask)
    monkeypatch.setattr(QMessageBox, "clickedButton", lambda box: box.answer)
    return Question


def choose(monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args, **_more: (str(path), ""))


def act(window, name):
    window.menus.actions[name].trigger()


@pytest.fixture
def other(tmp_path):
    path = tmp_path / "descent.toml"
    path.write_text(OTHER)
    return path


def test_what_is_saved_is_what_is_shown_and_only_what_changes_is_written(
    window, files, state, lecture, lessons, edit, tmp_path, monkeypatch
):
    path = tmp_path / "week1.toml"
    choose(monkeypatch, path.with_suffix(""))
    files.settle()
    assert state.is_lecture_changed
    assert window.isWindowModified()
    act(window, "&Save lecture")
    assert not window.isWindowModified()
    assert "week1[*]" in window.windowTitle()
    read = read_lecture(path)
    assert read.header.title == "week1"
    rates = [part.params["learning_rate"] for part in read.parts]
    assert rates == [0.5, 0.25]
    state.select_part(lecture().parts[0].id)
    edit("learning_rate", 0.75)
    lessons.take_notes("Ask.", "1")
    files.settle()
    assert window.isWindowModified()
    act(window, "&Save lecture")
    assert read_lecture(path).parts[0].params == {"learning_rate": 0.75}
    window.services.history.stack.undo()
    files.settle()
    assert window.isWindowModified()
    assert files.recent == [path]


def test_a_lecture_is_opened_with_its_lessons_and_saved_with_its_comments(
    window, files, state, lessons, other
):
    window.open_file(other)
    assert (state.scene, state.theme) == ("descent", "light")
    assert window.parameters.form.rows["learning_rate"].editor.field.text() == "0.75"
    assert window.lecture.notes.toPlainText() == "Slowly."
    files.settle()
    assert not state.is_lecture_changed
    for part in state.lecture.parts:  # looking changes nothing
        state.select_part(part.id)
    files.settle()
    assert not state.is_lecture_changed
    lessons.shift(-1)
    assert files.save(window)
    text = other.read_text()
    assert "# Mine." in text
    assert text.index("手算") < text.index("# The one that matters.")
    assert text.count("pace = 1.0") == 1
    assert read_lecture(other).parts[1].notes == "Slowly."


def test_what_is_no_lecture_is_told_and_left_alone(window, files, state, lecture, qtbot, tmp_path):
    path = tmp_path / "other.toml"
    path.write_text("x = 1\n")
    before = lecture()
    with qtbot.waitSignal(files.failed) as told:
        assert not files.open(path)
    assert "does not say format = 1" in told.args[0]
    assert lecture() == before
    assert path.read_text() == "x = 1\n"


@pytest.mark.parametrize("is_saved", [False, True])
def test_a_lecture_comes_back_as_it_was_when_the_program_was_killed(
    qtbot,
    window,
    files,
    state,
    lecture,
    edit,
    videos,
    stills,
    entries,
    tmp_path,
    kept_lecture,
    is_saved,
):
    if is_saved:
        assert files.save_to(tmp_path / "week1.toml", window)
    state.select_part(lecture().parts[1].id)
    edit("learning_rate", 0.125)
    window.services.lessons.rename(state.part, "Slow")
    qtbot.waitUntil(lambda: kept_lecture.is_file() and "Slow" in kept_lecture.read_text())
    again = MainWindow(AppState(), stills, videos.new_link())
    qtbot.addWidget(again, before_close_func=lambda it: setattr(it, "may_close", True))
    again.start(list(entries))
    there = again.state
    assert [part.title for part in there.lecture.parts] == ["", "Slow"]
    assert [there.params_of(it)["learning_rate"] for it in there.lecture.parts] == [0.5, 0.125]
    assert there.part == there.lecture.parts[1].id
    assert there.is_lecture_changed
    assert (there.lecture_file is not None) is is_saved
    if is_saved:
        assert again.services.lectures.save(again)
        assert read_lecture(tmp_path / "week1.toml").parts[1].title == "Slow"


@pytest.mark.parametrize(
    ("left", "name"),
    [
        (b'{"format": 1, "lecture": 5}', "lecture.damaged-1.json"),
        (b'{"format": 99}', "lecture.json"),
    ],
)
def test_a_kept_lecture_that_is_not_understood_is_not_lost(
    qtbot, files, lecture, kept_lecture, left, name
):
    kept_lecture.parent.mkdir(parents=True, exist_ok=True)
    kept_lecture.write_bytes(left)
    with qtbot.waitSignal(files.failed):
        files.restore()
    lecture()
    files.settle()
    assert kept_lecture.with_name(name).read_bytes() == left


def test_an_unchanged_lecture_comes_back_from_its_file(
    qtbot, window, files, state, videos, stills, entries, other
):
    files.open(other)
    other.write_text(OTHER.replace("0.75", "0.625"))
    again = MainWindow(AppState(), stills, videos.new_link())
    qtbot.addWidget(again)
    again.start(list(entries))
    there = again.state
    assert there.given_params()["learning_rate"] == 0.625
    assert not there.is_lecture_changed


def test_a_lecture_whose_file_is_gone_comes_back_all_the_same(
    qtbot, window, files, state, videos, stills, entries, other
):
    files.open(other)
    other.unlink()
    again = MainWindow(AppState(), stills, videos.new_link())
    qtbot.addWidget(again, before_close_func=lambda it: setattr(it, "may_close", True))
    again.start(list(entries))
    assert [part.scene for part in again.state.lecture.parts] == ["descent", "backprop"]
    assert again.state.is_lecture_changed
    assert again.services.lectures.save(again)
    assert "# The one that matters." in other.read_text()


def test_a_file_that_somebody_else_has_changed_is_asked_about(
    window, files, state, lessons, other, question
):
    files.open(other)
    other.write_text(OTHER + "\n# Later.\n")
    lessons.duplicate()
    question.role = ROLE.RejectRole
    assert not files.save(window)
    assert question.asked == 1
    assert "# Later." in other.read_text()
    question.role = ROLE.DestructiveRole
    assert files.save(window)
    assert len(read_lecture(other).parts) == 3


@pytest.mark.parametrize(
    ("role", "closes", "parts"),
    [(ROLE.AcceptRole, True, 2), (ROLE.DestructiveRole, True, 0), (ROLE.RejectRole, False, 0)],
)
def test_closing_asks_once_and_does_as_it_is_told(
    window, files, lecture, tmp_path, monkeypatch, kept_lecture, question, role, closes, parts
):
    path = tmp_path / "week1.toml"
    choose(monkeypatch, path)
    question.role = role
    assert window.close() is closes
    assert question.asked == 1
    assert path.is_file() is bool(parts)
    if closes:
        assert '"is_changed":false' in kept_lecture.read_text()


def test_nothing_is_asked_of_who_has_saved_or_logs_out(window, files, lecture, question):
    window.keep_all()
    assert window.close()
    assert question.asked == 0


def test_another_lecture_begins_only_when_this_one_is_safe(
    window, files, state, lecture, other, monkeypatch, question
):
    question.role = ROLE.RejectRole
    choose(monkeypatch, other)
    act(window, "&New lecture")
    act(window, "&Open…")
    assert question.asked == 2
    assert len(lecture().parts) == 2
    question.role = ROLE.DestructiveRole
    act(window, "&Open…")
    assert lecture().title == "Descent"
    assert not window.services.history.stack.canUndo()
    act(window, "&New lecture")
    assert lecture().parts == ()
    assert state.lecture_file is None


def test_a_lecture_that_is_dropped_on_the_window_opens(qtbot, window, files, state, other):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(Path("notes.txt"))), QUrl.fromLocalFile(str(other))])
    where, copy = QPoint(600, 300), Qt.DropAction.CopyAction
    none = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(where, copy, data, Qt.MouseButton.LeftButton, none)
    window.dropEvent(event)
    assert event.isAccepted()
    qtbot.waitUntil(lambda: state.lecture_file == other)


def test_the_menu_lists_the_lectures_that_are_still_there(window, files, other, tmp_path):
    gone = tmp_path / "gone.toml"
    gone.write_text(OTHER)
    for path in (gone, other):
        assert files.open(path)
    gone.unlink()
    menu = window.menus.recent
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["descent"]
    files.new(window)
    menu.actions()[0].trigger()
    assert window.state.lecture_file == other


@pytest.mark.parametrize(
    ("title", "name"),
    [("第一周", "第一周"), ("a/b: c?", "a b c"), ("..", ""), ("x" * 200, "x" * 80)],
)
def test_a_title_becomes_a_name_that_every_system_takes(title, name):
    assert file_name(title) == name
