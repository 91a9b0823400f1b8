"""A queue on a worker, a cache and a disk that do what the test says."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

from backprop_studio.render.messages.events import Cancelled, Done, Failed
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.queue.render_queue import Advanced, Changed, RenderQueue
from backprop_studio.render.queue.space import Space

PATIENCE = 60.0


class ScriptedClient:
    """A client whose jobs end when, and as, the test says."""

    def __init__(self, on_event):
        self.on_event = on_event
        self.jobs = []
        self.running = None
        self.cancelled = []
        self.is_closed = False

    def submit(self, job):
        assert self.running is None, "two jobs at once"
        assert not self.is_closed
        self.running = job
        self.jobs.append(job)

    def cancel(self, job_id):
        self.cancelled.append(job_id)

    def close(self):
        self.is_closed = True
        if self.running:
            self.end(Cancelled)

    def tell(self, kind, **more):
        self.on_event(kind(job_id=self.running.id, **more), b"")

    def end(self, kind, **more):
        job, self.running = self.running, None
        if kind is Done:
            more = {"result": result_of(job)} | more
        self.on_event(kind(job_id=job.id, **more), b"")

    def fail(self, message, error="scene", details=""):
        self.end(Failed, error=error, message=message, details=details)


class ScriptedCache:
    """Has what the test has put into it, and remembers what it was given."""

    def __init__(self):
        self.has = {}
        self.kept = []
        self.error = None

    def deliver(self, job):
        if self.error:
            raise self.error
        return self.has.get(job.scene)

    def keep(self, job, video, result):
        self.kept.append((job, video, result))


class Disk:
    """A disk with as much room as the test says."""

    def __init__(self):
        self.free = 10**15

    def __call__(self, _folder):
        return SimpleNamespace(free=self.free)


def result_of(job):
    return {
        "path": job.output, "width": 1280, "height": 720, "fps": 30, "frames": 90, "duration": 3.0,
        "beats": [],
    }  # fmt: skip


class Bench:
    """A folder, and the queues that are opened on it one after the other."""

    def __init__(self, folder):
        self.folder = folder / "data" / "queue"
        self.out = folder / "out"
        self.out.mkdir()
        self.clients = []
        self.cache = ScriptedCache()
        self.disk = Disk()
        self.events = []
        self.listener = lambda event: None
        self.queue = None
        self._changed = threading.Condition()

    def open(self, folder=None, client=None, **more):
        self.queue = RenderQueue(
            self._on_event, folder=folder or self.folder, client=client or self.new_client,
            cache=self.cache, space=Space(usage=self.disk), **more,
        )  # fmt: skip
        return self.queue

    def new_client(self, on_event):
        self.clients.append(ScriptedClient(on_event))
        return self.clients[-1]

    def _on_event(self, event):
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()
        self.listener(event)

    def wait_for(self, condition):
        """Wait until the queue's state is as wanted."""
        deadline = time.monotonic() + PATIENCE
        with self._changed:
            while not condition(self.queue.state):
                assert self._changed.wait(deadline - time.monotonic()), self.queue.state
        return self.queue.state

    @property
    def client(self):
        return self.clients[-1]

    def settle(self):
        """Wait until everything that was told to the queue before is done."""
        assert self.queue.cancel("nobody").exception(PATIENCE) is not None

    def job(self, name="a.mp4", **more):
        given = {"scene": "backprop", "picture": FrameFormat(), "output": str(self.out / name)}
        return VideoJob(id="given", **given | more)

    def add(self, *names, **more):
        """Add a job for each name and return the entries' ids."""
        ids = [self.queue.add(self.job(name, **more)).result(PATIENCE).id for name in names]
        self.settle()
        return ids

    def end(self, kind, **more):
        self.client.end(kind, **more)
        self.settle()

    def fail(self, *args, **more):
        self.client.fail(*args, **more)
        self.settle()

    def names(self):
        return [entry.job.output.rpartition("/")[2] for entry in self.queue.state.entries]

    def states(self):
        return [entry.state for entry in self.queue.state.entries]

    def progress(self):
        return [
            (event.entry_id, event.progress.fraction)
            for event in self.events
            if isinstance(event, Advanced)
        ]

    def told(self):
        return [event.state for event in self.events if isinstance(event, Changed)]
