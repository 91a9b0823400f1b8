"""A window with a lecture of two lessons."""

from __future__ import annotations

import pytest


@pytest.fixture
def lessons(window):
    return window.services.lessons


@pytest.fixture
def files(window, monkeypatch):
    """The lecture's file, for a catalogue that is the test's."""
    monkeypatch.setattr("backprop_studio.render.lecture.file.require_scene", lambda _scene: None)
    window.services.lectures.failed.disconnect()
    return window.services.lectures


@pytest.fixture
def edit(window, state):
    """Give a field of what is on the stage a value, as its editor does."""

    def edit(path, value):
        spec = next(spec for spec in state.form.fields() if spec.path == path)
        window.services.history.edit(spec, value)

    return edit


@pytest.fixture
def lecture(window, state, lessons, edit):
    """Two lessons of one scene, the first with a rate of its own, and a draft on the stage."""
    edit("learning_rate", 0.5)
    lessons.add()
    state.select_scene("backprop")
    edit("learning_rate", 0.25)
    lessons.add()
    state.select_scene("descent")
    return lambda: state.lecture
