"""Programs that change a queue without end, for the test that kills them.

``changing_program.py FOLDER`` makes a new one for each seed on stdin and says its process id; they
come from one that has all libraries loaded. A program says before each change what the queue is
going to be, and after it that this is so.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

from backprop_studio.core.base.messages import Message
from backprop_studio.render.queue.operations import paused
from backprop_studio.render.queue.store import QueueStore


def change_without_end(folder, seed):
    chance = random.Random(seed)
    store = QueueStore(Path(folder))
    print("as", store.state.model_dump_json(), flush=True)
    while True:
        state = paused(store.state, Message.plain("花" * chance.randrange(5000)))
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
