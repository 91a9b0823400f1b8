"""A program that is killed while it changes the queue: it is as before or after the change.

``make soak`` does more rounds; a failure prints the seed that brings it back.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

from backprop_studio.core.base.messages import Message
from backprop_studio.render.queue.model import QueueState
from backprop_studio.render.queue.operations import restored
from backprop_studio.render.queue.store import QueueStore

ROUNDS = int(os.environ.get("BACKPROP_STUDIO_SOAK_ROUNDS", "0")) or 8
SEED = int(os.environ.get("BACKPROP_STUDIO_SEED", "0")) or random.SystemRandom().getrandbits(32)
ROOM = Path(__file__).parent


class Programs:
    """One program after the other, each of them killed at a random moment."""

    def __init__(self, folder, chance):
        self._chance = chance
        self._source = subprocess.Popen(
            [sys.executable, str(ROOM / "changing_program.py"), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            errors="replace",  # the last letter may be cut off in the middle
        )

    def killed(self):
        """Return the states that a program went to, and whether the last of them is certain."""
        self._source.stdin.write(f"{self._chance.getrandbits(64)}\n")
        self._source.stdin.flush()
        program = int(self._source.stdout.readline())
        lines = itertools.takewhile(lambda line: line != "end\n", self._source.stdout)
        said = list(itertools.islice(lines, self._chance.randrange(1, 40)))
        threading.Event().wait(self._chance.uniform(0, 0.03))
        os.kill(program, signal.SIGKILL)
        return self._read([*said, *lines])

    @staticmethod
    def _read(said):
        states = []
        is_certain = True
        for line in said:
            if line[:3] in ("as ", "to "):
                with contextlib.suppress(ValueError):  # cut off in the middle
                    states.append(QueueState.model_validate_json(line[3:]))
                    is_certain = line[:3] == "as "
            elif line == "is\n":
                is_certain = True
        return states, is_certain

    def close(self):
        self._source.stdin.close()
        self._source.stdout.close()
        self._source.wait()


def test_a_killed_program_leaves_the_queue_as_before_or_after_the_change(tmp_path):
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    folder = tmp_path / "queue"
    seen = Counter()
    with contextlib.closing(Programs(folder, chance)) as programs:
        for _ in range(ROUNDS):
            states, is_certain = programs.killed()
            store = QueueStore(folder)
            store.close()
            assert store.messages == ()
            expected = states[-1:] if is_certain else states[-2:]
            found = [restored(state) == store.state for state in expected]
            assert any(found), f"seed {SEED}: {store.state} is none of {expected}"
            seen["certain" if len(expected) == 1 else "after" if found[-1] else "before"] += 1
            names = set(os.listdir(folder))
            stray = names - {"queue.json", "queue.json.last", "queue.lock"}
            assert len(stray) <= 2, stray
    print(dict(seen))
    store = QueueStore(folder)
    for text in ("a", "b"):  # the next changes sweep away what killed ones have left
        store.save(store.state.model_copy(update={"reason": Message.plain(text)}))
    store.close()
    assert set(os.listdir(folder)) <= {"queue.json", "queue.json.last", "queue.lock"}
