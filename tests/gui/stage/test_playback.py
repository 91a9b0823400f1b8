"""A film decodes in its own thread; however long nobody looks, one picture waits: the newest."""

from __future__ import annotations

import threading

import av
import numpy as np
import pytest
from PySide6.QtCore import Qt

from backprop_studio.gui.stage import film as film_module
from backprop_studio.gui.stage.playback import Playback

FPS, FRAMES = 50, 25
PATIENCE = 60.0


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "short.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", FPS)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for number in range(FRAMES):
            pixels = np.full((36, 64, 3), 9 * number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        container.mux(stream.encode())
    return path


def test_pictures_do_not_pile_up_while_the_window_is_busy(qtbot, file, monkeypatch):
    converted, threads = [], set()
    convert = film_module.Frame.image

    def watched(frame):
        converted.append(frame.seconds)
        threads.add(threading.get_ident())
        return convert(frame)

    monkeypatch.setattr(film_module.Frame, "image", watched)
    playback = Playback(file, is_running=True)
    told = []
    has_ended = threading.Event()
    direct = Qt.ConnectionType.DirectConnection
    playback.picture_ready.connect(lambda: told.append(threading.get_ident()), direct)
    playback.ended.connect(has_ended.set, direct)
    playback.start()
    # The window's thread does nothing else until the whole film has run.
    assert has_ended.wait(PATIENCE)
    assert len(converted) > 3
    assert threading.get_ident() not in threads
    assert len(told) == 1
    assert playback.take().seconds == converted[-1] == pytest.approx((FRAMES - 1) / FPS)
    assert playback.take() is None
    playback.close()
