"""A program with a queue, for the test that kills it: ``queue_program.py FOLDER WORKER...``.

Jobs come in on stdin, one in a line; it says ``added`` for each, and
``drawing NUMBER WORKER_PID PART`` when one is being drawn.
"""

from __future__ import annotations

import sys
from pathlib import Path

from backprop_studio.render.messages.jobs import parse_job
from backprop_studio.render.queue.messages import Advanced
from backprop_studio.render.queue.render_queue import RenderQueue
from backprop_studio.render.workers.client import WorkerClient


class NoCache:
    def deliver(self, _job):
        return None

    def keep(self, _job, _video, _result):
        pass


def main(folder, *command):
    clients = []

    def client(on_event):
        clients.append(WorkerClient(on_event, command=command))
        return clients[-1]

    def tell(event):
        if isinstance(event, Advanced):
            number = [entry.id for entry in queue.state.entries].index(event.entry_id)
            print("drawing", number, clients[0].worker_pid, event.progress.part, flush=True)

    queue = RenderQueue(tell, folder=Path(folder), client=client, cache=NoCache())
    for line in sys.stdin:
        queue.add(parse_job(line)).result()
        print("added", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
