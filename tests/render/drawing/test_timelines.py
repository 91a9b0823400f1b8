"""How long a video still takes, told while real ones were drawn: nearly always within a quarter.

The timelines were recorded on the clock of the workers' processors, from two processes or one that
drew a video at 720p30 (frames that were through, ten times a second), so they are those of a
machine that does nothing else: ``python -m benchmarks.timelines SCENE PIECES`` records another.
Other machines are the same at another pace, or uneven. What frames cost comes from the table of
today; ``measured_2`` has the costs of its own day with it, as its lesson is told otherwise by now.
"""

from __future__ import annotations

import json
import math
import operator
from pathlib import Path

import pytest

from backprop_studio.render.drawing.pieces import Piece, Play, Work, measured
from backprop_studio.render.drawing.progress import Watch
from backprop_studio.render.messages.results import BeatMark
from backprop_studio.render.workers.together import Together

RECORDED = sorted((Path(__file__).parent / "timelines").glob("*.json"))

PACES = {
    "alone": lambda seconds: seconds,
    "slow": lambda seconds: 6 * seconds,
    # Every three seconds something else wants half of the machine.
    "uneven": lambda seconds: 1.5 * seconds + 0.25 * math.sin(2 * math.pi * seconds / 3),
}

JOINED = 1.03
"""What joining the pieces took besides, in the same runs."""


class Told:
    """A recorded video as it is told on a machine of a pace."""

    def __init__(self, file, pace):
        self._video = json.loads(file.read_text())
        self._pace = pace
        self._now = 0.0
        self.progress = []
        drawn = max(self._seconds(row, row["end"]) for row in self._video["pieces"])
        self.end = drawn * (JOINED if len(self._video["pieces"]) > 1 else 1)
        self._play()

    def _seconds(self, row, clock):
        return self._pace(clock - row["told"][0][0])

    def _plays(self):
        if "scene" not in self._video:
            return [Play(frames, bool(still), cost) for frames, still, cost in self._video["plays"]]
        fps = self._video["fps"]
        marks = [
            BeatMark(name=name, caption="", start=frame / fps, end=frame / fps)
            for name, frame in self._video["beats"]
        ]
        plays = [Play(frames, bool(still)) for frames, still in self._video["plays"]]
        return measured(plays, self._video["scene"], marks, fps)

    def _play(self):
        plays, rows = self._plays(), self._video["pieces"]
        frames = sum(play.frames for play in plays)
        together = Together("v", len(rows), lambda: self._now)
        watches, works, moments = [], [], []
        for number, row in enumerate(rows):

            def emit(event, number=number):
                self.progress.append((self._now, together.heard(str(number), event)))

            watches.append(Watch(f"{number}", emit, lambda: False, lambda: self._now))
            works.append(Work(plays, Piece(*row["piece"])))
            moments += [(self._seconds(row, at), number, frame) for at, frame in row["told"]]
        for self._now, number, frame in sorted(moments):
            watches[number].drawing(frame, frames, works[number].share(frame))


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_after_a_tenth_the_time_that_is_left_is_nearly_always_true_within_a_quarter(file, pace):
    told = Told(file, PACES[pace])
    late = [(now, it) for now, it in told.progress if it.fraction >= 0.1]
    assert len(late) > 50
    assert all(it.eta_seconds is not None for _, it in late)
    assert missed(late, told.end, share=0.25, seconds=1.0) <= 0.2
    assert missed(late, told.end, share=0.4, seconds=2.0) <= 0.02


def missed(late, end, share, seconds):
    """Return how many of the guesses are further off, of all."""
    off = [abs(it.eta_seconds - (end - now)) for now, it in late]
    allowed = [max(seconds, share * (end - now)) for now, _ in late]
    return sum(map(operator.gt, off, allowed)) / len(late)


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_frames_and_fraction_agree_and_never_fall(file):
    told = [it for _, it in Told(file, PACES["alone"]).progress]
    assert len({it.frames for it in told}) == 1
    for name in ("frame", "fraction"):
        values = [getattr(it, name) for it in told]
        assert values == sorted(values)
    for it in told:
        assert it.fraction == pytest.approx(min(0.99, it.frame / it.frames))
