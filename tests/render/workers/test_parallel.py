"""One video by several workers: progress of all together, and what happens when one fails."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import StudioError
from backprop_studio.render.messages.events import Done, Progress
from backprop_studio.render.messages.formats import PICTURES
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.workers.parallel import render_video


class Runner:
    """Tells of so much progress of each piece, and then fails."""

    def __init__(self, *fractions):
        self.fractions = fractions
        self.jobs = []

    def capacity(self, wanted):
        return wanted

    def run(self, tasks, on_event, *, workers=None):
        self.jobs = [task.job for task in tasks]
        for fraction in self.fractions:
            for task in tasks:
                phase = "check" if fraction == 1 else "draw"
                counts = {"frame": int(10 * fraction), "frames": 30, "eta_seconds": 1 - fraction}
                share = {"fraction": fraction / 3}
                on_event(task, Progress(job_id=task.job.id, phase=phase, **share, **counts))
        on_event(tasks[0], Done(job_id=tasks[0].job.id))
        raise StudioError("enough", "enough")


@pytest.fixture
def render(tmp_path):
    def render(runner, name="v.mp4"):
        told = []
        job = VideoJob(id="v", scene="any", output=str(tmp_path / name))
        with pytest.raises(StudioError, match="Enough"):
            render_video(job, 3, told.append, runner=runner)
        assert list(tmp_path.iterdir()) == []
        return told

    return render


def test_progress_is_that_of_all_pieces_and_never_falls(render):
    runner = Runner(0.0, 0.5, 1.0)
    told = render(runner)
    assert [job.share.number for job in runner.jobs] == [0, 1, 2]
    assert len({job.output for job in runner.jobs}) == 3
    fractions = [0, 0, 0, *(k / 6 for k in range(1, 6)), 0.99]  # the whole is still to be joined
    assert [it.fraction for it in told] == pytest.approx(fractions)
    found = [it.eta_seconds for it in told]
    assert found[:2] == [None, None]
    assert found[5:] == pytest.approx([0.5, 0.5, 0.5, 0], rel=0.1, abs=0.1)
    assert (told[-1].frame, told[-1].frames) == (30, 30)
    assert {(it.job_id, it.phase) for it in told} == {("v", "draw")}


@pytest.mark.parametrize("name", ["v.gif", f"%d{PICTURES.ending}"])
def test_what_cannot_be_joined_is_drawn_by_one(render, name):
    runner = Runner()
    render(runner, name)
    assert [job.share for job in runner.jobs] == [None]
