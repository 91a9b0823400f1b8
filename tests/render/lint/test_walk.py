from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from backprop_studio.render.lint.look import look_at
from backprop_studio.render.lint.walk import Play, WalkingRenderer, chosen_frames
from backprop_studio.render.messages.jobs import StillJob
from tests.render.drawing.films import SMALL, opened


def play(start, count, still=False, beat="one"):
    return Play(beat, start, count, still)


def test_what_is_looked_at():
    plays = [play(0, 10), play(10, 30, still=True)]  # its end is that of the beat
    assert chosen_frames(plays, 1) == {5}
    assert chosen_frames([*plays, play(40, 10)], 3) == {5, 10, 45}
    plays = [play(0, 10), play(10, 10, beat="two"), play(20, 0, beat="two")]
    assert [chosen_frames(plays, most) for most in (0, 1)] == [set(), {5, 15}]
    assert chosen_frames([], 3) == set()
    frames = sorted(chosen_frames([play(10 * k, 10) for k in range(20)], 5))
    assert (len(frames), frames[0], frames[-1]) == (5, 5, 195)
    assert max(np.diff(frames)) < 60


@pytest.mark.usefixtures("tiny")
def test_what_is_looked_at_is_the_film(studio, silent):
    """Every frame of a lesson with all kinds of plays, against stills drawn on their own."""
    looks = {}

    def on_moment(scene, frame, still):
        looks[frame] = look_at(renderer, scene, frame, still=still)

    with opened() as lesson:
        renderer = WalkingRenderer(lambda: None, lambda: "", range(0, 1000, 2), on_moment)
        lesson.run(lesson.stage(renderer))
    assert len(looks) > 10
    for frame, look in looks.items():
        job = StillJob(id="s", scene="tiny", picture=SMALL, at_seconds=frame / 10)
        _, png = studio.still(job, silent.watch())
        film = np.asarray(Image.open(io.BytesIO(png))).astype(int)
        # A still moment is drawn twice over in the film, which makes smooth edges a little harder.
        off = np.abs(film - look.picture).max(axis=2) > 2
        assert off.mean() < (0.02 if look.still else 1e-4), frame
