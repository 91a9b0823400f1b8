"""The program, killed at random moments: what was set, the queue and the videos are there again.

A failure prints the seed that brings it back.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import av
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.gui.renders.controller import LISTED
from backprop_studio.render.queue.store import QueueStore

ROUNDS = (int(os.environ.get("BACKPROP_STUDIO_SOAK_ROUNDS", "0")) or 200) // 2
SEED = int(os.environ.get("BACKPROP_STUDIO_SEED", "0")) or random.SystemRandom().getrandbits(32)
ROOM = Path(__file__).parent
ROOT = ROOM.parents[1]
EDITS = 60
PREFERENCES = ("theme", "quality")


class Programs:
    """One program after the other on one home."""

    def __init__(self, home, chance):
        self._home, self._chance = home, chance
        names = ("CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "STATE_HOME", "VIDEOS_DIR")
        folders = {f"XDG_{name}": str(home / name.lower()) for name in names}
        paths = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        self._environment = os.environ | folders | {"PYTHONPATH": paths, "HOME": str(home)}
        self.queue = home / "data_home" / "backprop-studio" / "queue"

    def killed(self, seconds, *, once_started=True, edits=EDITS, end=subprocess.Popen.kill):
        """Return what a program has said until it was killed or ended, and when it was killed."""
        seed = self._chance.getrandbits(32)
        with subprocess.Popen(
            [sys.executable, str(ROOM / "killed_window.py"), str(seed), str(edits)],
            stdout=subprocess.PIPE,
            text=True,
            errors="replace",
            cwd=self._home,
            env=self._environment,
        ) as program:
            said = [program.stdout.readline()] if once_started else []
            timer = threading.Timer(seconds, end, (program,))
            timer.start()
            said += program.stdout
            killed = time.monotonic()
            timer.cancel()
        lines = (line.partition(" ") for line in said if line.endswith("\n"))
        return [(word, value.strip()) for word, _space, value in lines], killed


def opened(queue):
    """Open a queue when its lock is free: a worker that just begins holds it until its exec."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return QueueStore(queue)
        except InputError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def halves(state):
    """Return the work and the preferences of a state."""
    work = {name: value for name, value in state.items() if name not in PREFERENCES}
    return work, {name: state[name] for name in PREFERENCES}


class Memory:
    """What has to be there after the next start."""

    def __init__(self):
        self.states, self.entries, self.lost = None, {}, [0.0]

    def hear(self, said, killed):
        """Check how a program began, and note what it has done."""
        edits, kept = [], 0
        for word, value in said:
            if word == "start":
                found = json.loads(value)
                self._check(found)
                edits, kept = [(killed, found)], 0
            elif word == "edit":
                moment, state = value.split(maxsplit=1)
                edits.append((killed - float(moment), json.loads(state)))
            elif word == "kept":
                kept = int(value)
            elif word == "entry":
                entry_id, state, output = value.split(maxsplit=2)
                self.entries[entry_id] = (state, Path(output))
        if edits:
            self.states = edits[kept:]

    def _check(self, found):
        """Check that nothing is missing that was on the disk; what followed may be."""
        if self.states is not None:
            work, preferences = halves(found)
            states = [halves(state) for _age, state in self.states]
            places = [at for at, (then, _preferences) in enumerate(states) if then == work]
            assert places, (found, self.states)
            # The preferences have a file of their own, which is written before the other.
            assert preferences in [those for _work, those in states[places[0] :]]
            self.lost += [age for age, _state in self.states[places[-1] + 1 :]]

    def look(self, queue):
        """Check the queue and the videos on the disk."""
        store = opened(queue)
        store.close()
        assert store.messages == ()
        there = {entry.id: entry for entry in store.state.entries}
        ended = sum(entry.state in {"done", "cancelled"} for entry in there.values())
        for entry_id, (state, output) in self.entries.items():
            if entry_id not in there:  # a long list forgets its oldest videos, which stay
                assert ended >= LISTED
                state = "done"
            elif state == "done":
                assert there[entry_id].state == "done"
            else:
                state = there[entry_id].state
            if state == "done":
                with contextlib.closing(av.open(output)) as film:
                    assert next(film.decode(video=0))
        return Counter(entry.state for entry in there.values())


@pytest.mark.timeout(7200)
@pytest.mark.parametrize(
    ("rounds", "longest"),
    [
        (1, 3.0),
        pytest.param(4, 6.0, marks=pytest.mark.slow),
        pytest.param(ROUNDS, 9.0, marks=pytest.mark.soak),
    ],
)
def test_a_killed_program_has_lost_nothing(tmp_path, rounds, longest):
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    programs, memory = Programs(tmp_path, chance), Memory()
    ends = Counter()
    for number in range(rounds):
        once_started = number == 0 or chance.random() < 0.8
        seconds = chance.uniform(0.1, longest if once_started else 3)
        said, killed = programs.killed(seconds, once_started=once_started)
        memory.hear(said, killed)
        words = {word for word, _value in said}
        ends[next((it for it in ("ended", "closing", "start") if it in words), "before")] += 1
        if programs.queue.is_dir():
            memory.look(programs.queue)
    said, killed = programs.killed(300, edits=3)
    memory.hear(said, killed)
    states = memory.look(programs.queue)
    print(dict(ends), dict(states), f"the oldest edit that was lost: {max(memory.lost):.2f} s old")
    assert said[-1][0] == "ended"


@pytest.mark.slow
def test_a_program_that_is_asked_to_end_keeps_all_and_ends(tmp_path):
    programs = Programs(tmp_path, random.Random(SEED))
    said, _killed = programs.killed(1.5, end=subprocess.Popen.terminate)
    edits = [json.loads(value.split(maxsplit=1)[1]) for word, value in said if word == "edit"]
    assert edits
    assert said[-1][0] == "ended"
    said, _killed = programs.killed(300, edits=0)
    assert json.loads(said[0][1]) == edits[-1]
