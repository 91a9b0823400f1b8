"""One video by several workers: progress of all together, and what happens when one fails."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import StudioError
from backprop_studio.render.messages.events import Progress
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.workers.parallel import render_video


def job(tmp_path, act, **more):
    return VideoJob(
        id="v", scene="any", params={"act": act}, output=str(tmp_path / "v.mp4"), **more
    )


@pytest.mark.parametrize("act", ["garbage", "crash", "leave"])
def test_when_a_piece_fails_nothing_is_written(tmp_path, fake_command, act):
    with pytest.raises(StudioError):
        render_video(job(tmp_path, act), 2, lambda _: None, command=fake_command)
    assert list(tmp_path.iterdir()) == []


def test_progress_is_that_of_all_pieces_and_never_falls(tmp_path, fake_command):
    told = []
    with pytest.raises(StudioError):  # the fake worker's films cannot be joined
        render_video(job(tmp_path, "play"), 2, told.append, command=fake_command)
    assert told
    assert all(isinstance(it, Progress) and it.job_id == "v" for it in told)
    assert [it.fraction for it in told] == sorted(it.fraction for it in told)


def test_other_formats_are_drawn_by_one(tmp_path, fake_command):
    asked = job(tmp_path, "video").model_copy(update={"output": str(tmp_path / "v.gif")})
    result = render_video(asked, 4, lambda _: None, command=fake_command)
    assert result.path == str(tmp_path / "v.gif")
