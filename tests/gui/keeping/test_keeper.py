"""What is set is on the disk soon after, and the last of it when the program ends."""

from __future__ import annotations

import threading

import pytest

from backprop_studio.core.base.errors import OutputError
from backprop_studio.gui.keeping.files import KeptFiles
from backprop_studio.gui.keeping.keeper import PAUSE_MS, Keeper
from backprop_studio.gui.model.settings import load_preferences
from backprop_studio.gui.model.state import AppState


@pytest.fixture
def file(tmp_path):
    return tmp_path / "session.json"


@pytest.fixture
def keeper(qapp, window, state, file):
    keeper = Keeper(state, window.layout_memory, KeptFiles(file))
    window.leaving.connect(keeper.flush)
    yield keeper
    keeper.close()


def spec(state, path):
    return next(it for it in state.form.fields() if it.path == path)


def read(file):
    other = AppState()
    load_preferences(other)
    other.restore(KeptFiles(file).read())
    return other


def test_changes_are_written_soon_without_being_asked(qtbot, keeper, state, file, entries):
    assert PAUSE_MS <= 500
    acts = {
        "values": lambda: state.set_param(spec(state, "learning_rate"), 0.625),
        "scene": lambda: state.select_scene("descent"),
        "beat": lambda: setattr(state, "beat", "forward"),
        "preference": lambda: setattr(state, "theme", "print"),
        "drawer": lambda: setattr(state, "more_open", True),
    }
    for act in acts.values():
        with qtbot.waitSignal(keeper.kept, timeout=60_000):
            act()
    other = read(file)
    assert (other.scene, other.beat, other.theme, other.more_open) == (
        "descent",
        "forward",
        "print",
        True,
    )
    other.catalogue = entries
    other.select_scene("backprop")
    assert other.given_params() == {"learning_rate": 0.625}


def test_the_last_change_is_written_when_the_window_closes(keeper, window, state, file):
    state.beat = "network"
    window.close()
    keeper.wait()
    assert read(file).beat == "network"


def test_a_slow_disk_keeps_nobody_waiting_and_gets_the_newest(qtbot, keeper, state, file):
    files = keeper._files
    may_write, writes, write = threading.Event(), [], files.write

    def slow(snapshot, settings):
        writes.append(snapshot.beat)
        may_write.wait(60)
        write(snapshot, settings)

    files.write = slow
    state.beat = "first"
    qtbot.waitUntil(lambda: writes == ["first"])
    for beat in ("second", "third"):
        state.beat = beat
    qtbot.waitUntil(lambda: not keeper._pause.isActive() or writes == ["first"])
    may_write.set()
    qtbot.waitUntil(lambda: writes[-1] == "third", timeout=60_000)
    keeper.flush()
    keeper.wait()
    assert read(file).beat == "third"
    assert "second" not in writes


def test_a_refusal_is_said_once(qtbot, keeper, state):
    def refuse(_snapshot, _settings):
        raise OutputError("test", "the disk is {how}", how="full")

    keeper._files.write = refuse
    said = []
    keeper.failed.connect(said.append)
    for beat in ("network", "forward"):
        state.beat = beat
        keeper.flush()
        qtbot.waitUntil(lambda: bool(said))
    assert said == ["The disk is full."]
