"""Programs that change a queue without end, for the test that kills them.

``changing_program.py FOLDER`` makes a new one for each seed on stdin and says its process id; they
come from one that has all libraries loaded. A program says before each change what the queue is
going to be, and after it that this is so.
"""

from __future__ import annotations

import os
import random
import sys
import uuid
from pathlib import Path

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.queue import operations
from backprop_studio.render.queue.model import STATE_WORDS, Entry
from backprop_studio.render.queue.store import QueueStore


def changes(chance, folder):
    """Return a function from one state to another, drawn by lot."""
    params = {"note": "花" * chance.randrange(2000)}
    output = f"{folder}/{chance.randrange(100)}.mp4"
    job = VideoJob(id="given", scene="any", params=params, output=output)
    entry = Entry(id=uuid.UUID(int=chance.getrandbits(128)).hex, job=job)

    def one(state):
        return chance.choice(state.entries).id if state.entries else entry.id

    return chance.choice(
        [
            lambda state: operations.added(state, entry),
            lambda state: operations.moved(state, one(state), chance.randrange(9)),
            lambda state: operations.paused(state, Message.plain("no room")),
            operations.resumed,
            lambda state: operations.retried(state, one(state)),
            lambda state: operations.cancelled(state, one(state)),
            lambda state: operations.removed(state, one(state)),
            operations.cleared,
            lambda state: operations.begun(state, state.next.id if state.next else one(state)),
            lambda state: operations.ended(state, one(state), chance.choice(list(STATE_WORDS)[2:])),
        ]
    )


def change_without_end(folder, seed):
    chance = random.Random(seed)
    store = QueueStore(Path(folder))
    state = store.state
    print("as", state.model_dump_json(), flush=True)
    while True:
        try:
            changed = changes(chance, folder)(state)
        except InputError:
            continue
        if sum(entry.state == "running" for entry in changed.entries) > 1:
            continue
        state = changed
        print("to", state.model_dump_json(), flush=True)
        store.save(state)
        print("is", flush=True)


def main(folder):
    for line in sys.stdin:
        program = os.fork()
        if program == 0:
            print(os.getpid(), flush=True)
            change_without_end(folder, int(line))
        os.waitpid(program, 0)
        print("\nend", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
