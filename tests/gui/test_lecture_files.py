"""The lesson on the stage becomes part of a lecture."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog

from backprop_studio.core.base.messages import Message
from backprop_studio.render.lecture.file import read_lecture

ADD = "Add to a &lecture…"


def choose(monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (path, ""))


def test_the_menu_adds_what_is_on_the_stage(window, tmp_path, monkeypatch):
    path = tmp_path / "第一周.toml"
    choose(monkeypatch, str(path.with_suffix("")))
    fields = {spec.path: spec for spec in window.state.form.fields()}
    window.state.set_param(fields["learning_rate"], 0.25)
    window.state.lesson_language = "zh"
    for _ in range(2):
        window.menus.actions[ADD].trigger()
    lecture = read_lecture(path)
    assert lecture.header.languages == ("zh",)
    assert [part.scene for part in lecture.parts] == ["backprop", "backprop"]
    assert lecture.parts[0].params == {"learning_rate": 0.25}
    assert window.state.notice == "Lesson 2 of 第一周.toml."
    choose(monkeypatch, "")
    window.menus.actions[ADD].trigger()
    assert list(tmp_path.glob("*.toml")) == [path]
    window.state.refusal = Message.plain("wrong")
    assert not window.menus.actions[ADD].isEnabled()
    assert window.services.lectures.blocked_reason() == "Correct the parameters first."


def test_a_file_that_is_no_lecture_is_told_and_left_alone(window, qtbot, tmp_path):
    path = tmp_path / "other.toml"
    path.write_text("x = 1\n")
    window.services.lectures.failed.disconnect()
    with qtbot.waitSignal(window.services.lectures.failed) as told:
        window.services.lectures.add_to(path)
    assert "does not say format = 1" in told.args[0]
    assert path.read_text() == "x = 1\n"
