"""A lecturer's whole job, by mouse and keys: from an empty home to a lecture in two languages."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
import tomllib

import pytest

from tests.gui.screen.studio import Studio

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]  # short form: tests/gui/lecture

FORM, LECTURE = "window.parameters.form", "window.lecture"
DIALOG = "app.activeWindow()"
MOST_CLICKS = 30
WORK = 1800.0
"""Seconds in which six short videos are surely drawn, also on a loaded machine."""


@contextlib.contextmanager
def window(screen, home):
    """Start the program, and leave it as its user would."""
    studio = Studio(screen.environment, home, "--size", "1366x860")
    try:
        studio.do("from PySide6.QtCore import QPoint")
        studio.wait_for_picture()
        yield studio
        assert studio.quit() == 0
    finally:
        studio.end()


def add(studio, words, scene):
    """Find a scene by its name and put it into the lecture as it is."""
    studio.key("ctrl+f")
    studio.type(words)
    studio.key("Return")
    studio.wait(f"state.scene == {scene!r}")
    studio.wait_for_picture()
    count = studio.ask("len(state.lecture.parts)")
    studio.click(f"{LECTURE}.add")
    studio.wait(f"len(state.lecture.parts) == {count + 1}")


def choose(studio, box, row):
    """Choose from a list that drops down."""
    studio.click(box)
    studio.wait(f"{box}.view().isVisible()")
    time.sleep(0.3)  # the system ignores a click that follows too soon
    studio.click_row(f"{box}.view()", row)


def type_into(studio, path, text):
    studio.click(f"{FORM}.rows[{path!r}].editor.field")
    studio.key("ctrl+a")
    studio.type(text)
    studio.key("Tab")


def make_network(studio):
    """Add a lesson with a network of one's own."""
    box = f"{FORM}.rows['network.preset'].editor.field"
    choose(studio, box, studio.ask(f"{box}.findData(None)"))
    studio.wait(f"{FORM}.rows['network.sizes'].isVisible()")
    type_into(studio, "network.sizes", "2-4-4-1")
    studio.wait("state.lesson()['params'].get('network', {}).get('sizes') == [2, 4, 4, 1]")
    studio.wait_for_picture()
    studio.click(f"{LECTURE}.add")
    studio.wait("len(state.lecture.parts) == 1")


def open_export(studio):
    studio.click(f"{LECTURE}.export")
    studio.wait(f"type({DIALOG}).__name__ == 'ExportDialog'")


def exported(studio):
    """Press the dialog's button, wait for the lecture, and return what was made of it."""
    before = studio.ask("len(state.queue.entries)")
    studio.click(f"{DIALOG}.export")
    studio.wait(f"len(state.queue.entries) == {before + 1}")
    entry = "state.queue.entries[-1]"
    studio.wait(f"{entry}.state in ('done', 'failed')", WORK)
    assert studio.ask(f"{entry}.state") == "done", studio.ask(f"str({entry}.message)")
    return studio.ask(f"{entry}.result.model_dump(mode='json')")


def probe(path):
    """Return what a program that has nothing to do with us says of a video."""
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams"]
    said = subprocess.run([*command, "-show_chapters", path], capture_output=True, check=True)
    return json.loads(said.stdout)


def check_videos(result, language, lessons):
    """Check that each lesson and the whole are there, and as long as each other."""
    facts = [probe(it) for it in result["files"] if it.endswith(f".{language}.mp4")]
    assert len(facts) == lessons + 1
    seconds = sorted(float(it["format"]["duration"]) for it in facts)
    assert seconds[-1] == pytest.approx(sum(seconds[:-1]), abs=0.2)
    sizes = {(it["streams"][0]["width"], it["streams"][0]["height"]) for it in facts}
    assert sizes == {(854, 480)}
    assert all(it["chapters"] for it in facts)


def drawn(home):
    """Return how many videos lie among those that need not be drawn again."""
    return len(list((home / "cache" / "backprop-studio" / "videos").glob("*.json")))


ORDER = ["derivative", "backprop", "learning_rate"]


def arrange(studio, file):
    """Make a lecture of three lessons and save it."""
    make_network(studio)
    add(studio, "learning rate", "learning_rate")
    add(studio, "the derivative: a", "derivative")
    studio.drag_row(f"{LECTURE}.view", 2, above=0)
    studio.wait(f"[it.scene for it in state.lecture.parts] == {ORDER}")
    studio.key("ctrl+s")
    studio.wait("type(app.activeWindow()).__name__ == 'QFileDialog'")
    studio.key("ctrl+a")
    studio.type(str(file))
    studio.key("Return")
    studio.wait("state.lecture_file is not None and not state.is_lecture_changed")


def test_from_an_empty_home_to_a_lecture_in_two_languages(screen, tmp_path):
    file = tmp_path / "week1.toml"
    with window(screen, tmp_path) as studio:
        arrange(studio, file)
        open_export(studio)
        studio.click(f"{DIALOG}.languages['zh']", at="rect().topLeft() + QPoint(12, 14)")
        choose(studio, f"{DIALOG}.quality", studio.ask(f"{DIALOG}.quality.findData('l')"))
        first = exported(studio)
        clicks = studio.clicks
    assert (first["lessons"], first["kept"]) == (6, 0)
    for language in ("en", "zh"):
        check_videos(first, language, 3)
    assert drawn(tmp_path) == 6

    with window(screen, tmp_path) as studio:
        assert studio.ask("[it.scene for it in state.lecture.parts]") == ORDER
        studio.click_row(f"{LECTURE}.view", 1)
        studio.wait("state.scene == 'backprop'")
        studio.wait_for_picture()
        type_into(studio, "learning_rate", "0.5")
        studio.wait("state.lesson()['params'].get('learning_rate') == 0.5")
        studio.wait_for_picture()
        open_export(studio)
        second = exported(studio)
        assert not studio.ask("state.is_lecture_changed")
        clicks += studio.clicks
    assert (second["lessons"], second["kept"]) == (6, 4)
    assert second["files"] == first["files"]
    for language in ("en", "zh"):
        check_videos(second, language, 3)
    assert drawn(tmp_path) == 8

    lecture = tomllib.loads(file.read_text())
    assert (lecture["format"], lecture["languages"], lecture["quality"]) == (1, ["en", "zh"], "l")
    assert [it["scene"] for it in lecture["part"]] == ORDER
    params = lecture["part"][1]["params"]
    assert params["network"]["sizes"] == [2, 4, 4, 1]
    assert params["learning_rate"] == 0.5
    print(f"{clicks} clicks")
    assert clicks <= MOST_CLICKS
