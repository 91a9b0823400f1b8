"""The path of a field, chosen in the system's dialog."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from backprop_studio.gui.model.settings import settings_store
from tests.gui.parameters.sample_form import choose, line_of, type_text, value


class Asker:
    """A dialog that a test answers."""

    def __init__(self):
        self.asked = []
        self.answer = None

    def __call__(self, _parent, spec, present, chosen):
        self.asked.append((spec.path, present))
        self.answer = chosen


def test_chosen_path_is_shown_taken_and_undone_at_once(form, state, history):
    editor = form.rows["file"].editor
    editor.ask = asker = Asker()
    editor.button.click()
    assert asker.asked == [("file", "")]
    assert value(state, "file") is None
    asker.answer("/data/flowers.csv")
    assert value(state, "file") == "/data/flowers.csv"
    assert line_of(form.rows["file"]).text() == "/data/flowers.csv"
    editor.button.click()
    asker.answer("/data/other.csv")
    assert asker.asked[1] == ("file", "/data/flowers.csv")
    history.stack.undo()
    assert value(state, "file") == "/data/flowers.csv"
    history.stack.undo()
    assert line_of(form.rows["file"]).text() == ""


@pytest.fixture
def own_dialogs(qapp):
    """Qt's own dialogs, also where the system has some: a test can reach into those."""
    attribute = Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    before = QApplication.testAttribute(attribute)
    QApplication.setAttribute(attribute, True)
    yield
    QApplication.setAttribute(attribute, before)


@pytest.mark.usefixtures("own_dialogs")
@pytest.mark.parametrize("path", ["file", "folder"])
def test_button_opens_a_dialog_without_waiting_for_it(qtbot, form, state, path, tmp_path):
    (tmp_path / "a.csv").touch()
    (tmp_path / "b.txt").touch()
    (tmp_path / "sub").mkdir()
    choose(form.rows["loss"], 1)
    start = tmp_path / "old.csv" if path == "file" else tmp_path
    type_text(qtbot, form.rows[path], str(start))
    editor = form.rows[path].editor
    editor.button.click()
    (dialog,) = form.findChildren(QFileDialog)
    assert dialog.isVisible()
    assert dialog.directory().absolutePath() == str(tmp_path)
    if path == "file":
        assert dialog.nameFilters()[0] == "File (*.csv)"
        dialog.selectFile(str(tmp_path / "a.csv"))
        expected = tmp_path / "a.csv"
    else:
        assert dialog.fileMode() == QFileDialog.FileMode.Directory
        dialog.selectFile(str(tmp_path / "sub"))
        expected = tmp_path / "sub"
    dialog.accept()
    assert value(state, path) == str(expected)
    qtbot.waitUntil(lambda: not form.findChildren(QFileDialog))


@pytest.mark.usefixtures("own_dialogs")
def test_dialog_that_is_given_up_changes_nothing(form, state):
    editor = form.rows["file"].editor
    editor.button.click()
    (dialog,) = form.findChildren(QFileDialog)
    dialog.reject()
    assert state.given_params() == {}


@pytest.mark.usefixtures("own_dialogs")
def test_a_dialog_begins_at_the_file_or_where_the_last_one_was_or_at_home(
    qtbot, form, tmp_path, monkeypatch
):
    settings_store().remove("folders")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("home/Documents", "work/here", "data"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "data" / "a.csv").touch()
    monkeypatch.chdir(tmp_path / "work" / "here")

    def begins(typed):
        type_text(qtbot, form.rows["file"], typed)
        form.rows["file"].editor.button.click()
        return form.findChildren(QFileDialog)[-1]

    dialog = begins("")
    assert dialog.directory().absolutePath() == str(tmp_path / "home" / "Documents")
    dialog.setDirectory(str(tmp_path / "data"))
    dialog.selectFile(str(tmp_path / "data" / "a.csv"))
    dialog.accept()
    for typed, folder in (
        ("", "data"),
        ("nowhere/b.csv", "data"),
        ("b.csv", "work/here"),
        ("~/b.csv", "home"),
        (str(tmp_path / "b.csv"), ""),
    ):
        dialog = begins(typed)
        assert dialog.directory().absolutePath() == str(tmp_path / folder)
        dialog.reject()
    settings_store().remove("folders")
