"""What a lecturer does in the window while somebody watches its loop."""

from __future__ import annotations

import time
from itertools import cycle, islice

import av
import numpy as np

FPS = 30
LOOK = 6.0
"""Seconds for which somebody looks at what has started, before the first click."""
SHORTEST = "vector_jacobian"
SCENES = ("classification", "backprop", "loss_surface", "optimizers", "derivative", "learning_rate")


def moving_film(path, seconds=6):
    """Write a video of 720p in which everything moves, as heavy as one from a camera."""
    coarse = np.random.default_rng(1).integers(0, 255, (45, 160, 3), np.uint8)
    noise = coarse.repeat(16, axis=0).repeat(16, axis=1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", FPS, {"preset": "ultrafast", "crf": "30"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for number in range(seconds * FPS):
            left = 7 * number % 1280
            picture = np.ascontiguousarray(noise[:, left : left + 1280])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode())
    return path


def play(studio, film):
    """Play a video from its start."""
    studio.do(
        f"from pathlib import Path; state.video = None; window.play_file(Path({str(film)!r}))"
    )
    studio.wait("window.services.player.position > 300")


def let_run(studio, seconds):
    """Look at the program for a while, which goes on meanwhile."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        studio.ask("1")
        time.sleep(min(0.1, left))


def day(studio, film, *, look=LOOK, playback=30.0, changes=20, live=3.0):
    """Do one thing after the other; yield what it was, and what kept the loop waiting meanwhile.

    Parameters
    ----------
    studio : Studio
        Just started.
    film : Path
        A video of 720p.
    look : float
        Seconds before the first click.
    playback, live : float
        Seconds for which the video, and the lesson while it is drawn, are played.
    changes : int
        So many scenes are chosen, five in a second.
    """
    studio.wait_for_picture()
    let_run(studio, look)
    yield "start", studio.stalls()

    play(studio, film)
    studio.do("window.services.player.set_looping(True)")
    let_run(studio, playback)
    studio.key("space")
    studio.wait("not window.services.player.is_playing")
    yield f"{playback:g} s of a 720p video", studio.stalls()

    for scene in islice(cycle(SCENES), changes):
        studio.do(f"state.select_scene('{scene}'); state.view = type(state.view).PREVIEW")
        time.sleep(0.2)
    studio.wait_for_picture()
    yield f"{changes} rapid scene changes", studio.stalls()

    for language in ("zh", "en"):
        studio.do(f"state.window_language = '{language}'")
        let_run(studio, 0.5)
    yield "another language", studio.stalls()

    studio.do(f"state.select_scene('{SHORTEST}'); state.quality = 'l'")
    studio.wait_for_picture()
    studio.do("window.services.live.start()")
    studio.wait("state.live.value == 'playing'")
    let_run(studio, live)
    studio.do("window.services.live.stop()")
    studio.wait_for_picture()
    yield "a lesson plays while it is drawn", studio.stalls()

    studio.click("window.render_bar.render_button")
    studio.wait("state.render.phase.value in {'done', 'failed'}", 400)
    assert studio.ask("state.render.phase.value") == "done", studio.ask("state.render.message")
    assert studio.ask("state.render.video.path.is_file()")
    yield "a render", studio.stalls()

    studio.do("window.services.live.start()")
    studio.wait("state.live.value == 'playing'")
    stalls = studio.stalls()
    code, closing = studio.watched_close()
    assert code == 0
    yield "closing while it plays", [*stalls, closing]
