"""The main job with the real engine: from a slider in the window to a video playing in it."""

from __future__ import annotations

from functools import partial

import av
import pytest
from PySide6.QtWidgets import QSlider

from backprop_studio.gui.model.values import RenderPhase, View
from backprop_studio.gui.renders.link import QueueLink
from backprop_studio.gui.renders.opening import open_queue
from backprop_studio.gui.window import MainWindow
from backprop_studio.gui.worker_link import WorkerLink

PATIENCE_MS = 240_000
"""A limit for machines under load, not a measure of speed."""


@pytest.fixture
def real_window(qtbot, state, tmp_path):
    queue = QueueLink(partial(open_queue, folder=tmp_path / "queue"))
    window = MainWindow(state, WorkerLink(), queue)
    window.resize(1200, 800)
    window.show()
    window.start(None)
    yield window
    window.may_close = True
    window.close()
    window.deleteLater()


@pytest.mark.slow  # its short form: the picture that tests/e2e has the window make of itself
@pytest.mark.timeout(900)
def test_from_a_slider_to_a_playing_video(qtbot, real_window, state, tmp_path):
    qtbot.waitUntil(lambda: state.catalogue is not None, timeout=PATIENCE_MS)
    assert state.scene == "backprop"
    qtbot.waitUntil(lambda: state.preview.image is not None, timeout=PATIENCE_MS)
    first = state.preview.image

    form = real_window.parameters.form
    slider = form.rows["learning_rate"].editor.findChild(QSlider)
    slider.setSliderPosition(slider.maximum() * 3 // 4)
    qtbot.waitUntil(
        lambda: state.preview.image is not first and not state.preview.waiting,
        timeout=PATIENCE_MS,
    )
    assert state.preview.image != first
    assert len(state.preview.beats) > 3

    specs = {spec.path: spec for spec in state.form.fields()}
    state.set_param(specs["pace"], 4.0)
    state.quality = "l"
    bar = real_window.render_bar
    bar.render_button.click()
    ends = {RenderPhase.DONE, RenderPhase.FAILED, RenderPhase.CANCELLED}
    qtbot.waitUntil(lambda: state.render.phase in ends, timeout=PATIENCE_MS)
    assert state.render.phase is RenderPhase.DONE, state.render
    assert state.view is View.PREVIEW
    bar.play.click()
    page = real_window.stage.video
    qtbot.waitUntil(lambda: page.picture.image is not None, timeout=PATIENCE_MS)
    assert len(state.video.beats) == len(state.preview.beats)

    saved = tmp_path / "lesson.mp4"
    files = real_window.services.files
    files.save_to(saved)
    qtbot.waitUntil(lambda: state.notice.startswith("Saved"), timeout=PATIENCE_MS)
    with av.open(str(saved)) as container:
        frames = sum(1 for _frame in container.decode(video=0))
    assert frames == state.render.frames
