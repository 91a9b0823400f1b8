"""A queue on a worker, a cache and a disk that do what the test says."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

from backprop_studio.core.base.messages import Message, os_reason, sentence
from backprop_studio.render.messages.events import Cancelled, Done, Failed
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import LectureJob, VideoJob
from backprop_studio.render.queue.messages import Changed
from backprop_studio.render.queue.render_queue import RenderQueue
from backprop_studio.render.queue.space import Space

PATIENCE = 60.0
LESSONS = '[[part]]\nscene = "tensors"\n[[part]]\nscene = "derivative"\n'


def refused_by_disk(file, code):
    """Return what a worker says when the system refuses a file for a reason."""
    error = OSError(code, "whatever the system calls it")
    text = "{file} could not be written: {reason}; nothing was changed"
    return Message.of("file.unwritten", text, file=file, reason=os_reason(error))


def said(message):
    """Return a message as a sentence, and nothing as nothing."""
    return sentence(message) if message else ""


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
        if isinstance(message, str):
            message = Message.plain(message)
        self.end(Failed, error=error, message=message, details=details)


class Clients(list):
    """Makes clients and keeps them."""

    def __call__(self, on_event):
        self.append(ScriptedClient(on_event))
        return self[-1]


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
    if isinstance(job, LectureJob):
        return {"folder": job.output, "files": [], "lessons": 2, "kept": 0}
    size = {"width": 1280, "height": 720, "fps": 30}
    return {"path": job.output, "frames": 90, "duration": 3.0, "beats": [], **size}


class Bench:
    """A folder, and the queues that are opened on it one after the other."""

    def __init__(self, folder):
        self.folder = folder / "data" / "queue"
        self.out = folder / "out"
        self.out.mkdir()
        self.clients = Clients()
        self.cache = ScriptedCache()
        self.disk = Disk()
        self.events = []
        self.listener = lambda event: None
        self.queue = None
        self._changed = threading.Condition()

    def open(self, folder=None, client=None, **more):
        more |= {"folder": folder or self.folder, "client": client or self.clients}
        space = Space(usage=self.disk)
        self.queue = RenderQueue(self._on_event, cache=self.cache, space=space, **more)
        return self.queue

    def _on_event(self, event):
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()
        self.listener(event)

    def wait_for(self, condition, patience=PATIENCE):
        """Wait until the queue's state is as wanted."""
        deadline = time.monotonic() + patience
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

    def lecture(self, *languages, name="week.toml", parts=LESSONS, **more):
        """Write a lecture and return the job that makes it."""
        file = self.out.parent / name
        file.write_text(f'format = 1\ntitle = "A"\n{parts}')
        given = {"lecture": str(file), "output": str(self.out / "week"), "languages": languages}
        return LectureJob(id="given", **given | more)

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

    def said(self):
        """Return what is said of each entry."""
        return [said(entry.message) for entry in self.queue.state.entries]

    def reason(self):
        """Return why the queue is paused."""
        return said(self.queue.state.reason)

    def states(self):
        return [entry.state for entry in self.queue.state.entries]

    def changes(self):
        return [event.state for event in self.events if isinstance(event, Changed)]
