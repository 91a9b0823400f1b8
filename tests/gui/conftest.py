"""A window's parts without a worker: a fake link that records jobs and lets a test answer them.

The queue of videos is the real one, on a folder of the test's own, with a scripted worker.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field
from PySide6.QtCore import QBuffer, QCoreApplication, QEvent, QIODevice
from PySide6.QtGui import QColor, QImage

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.base.parameters import LearningRateGroup
from backprop_studio.gui.catalogue.panel import FOLDED
from backprop_studio.gui.catalogue.shipped import ShippedCatalogue
from backprop_studio.gui.model.settings import settings_store
from backprop_studio.gui.model.state import AppState
from backprop_studio.gui.model.words import use_language
from backprop_studio.gui.renders.link import QueueLink
from backprop_studio.gui.renders.opening import open_queue
from backprop_studio.gui.toolkit.theme import theme
from backprop_studio.gui.window import MainWindow
from backprop_studio.gui.worker_link import WorkerLink
from backprop_studio.render.messages.events import Done, Failed, Hello, Progress
from backprop_studio.render.messages.results import BeatMark, CatalogueEntry
from backprop_studio.render.queue.space import Space
from tests.render.queue.scripted_queue import Disk, ScriptedCache, ScriptedClient

PATIENCE = 60.0

THUMBNAILS = "backprop_studio.gui.catalogue.thumbnails"

BEATS = (
    BeatMark(name="network", caption="The network", start=0.0, end=1.0),
    BeatMark(name="forward", caption="Values flow forward", start=1.0, end=2.0),
    BeatMark(name="backward", caption="Gradients flow back", start=2.0, end=3.0),
)


class Network(BaseModel):
    sizes: list[int] | None = None
    activation: Literal["tanh", "sigmoid"] = "tanh"
    file: str | None = None
    weights: list[Any] | None = Field(None, json_schema_extra={"x-level": "advanced"})


class Data(BaseModel):
    name: str | None = None
    file: str | None = Field(None, json_schema_extra={"x-widget": "file"})
    target_column: str | int | None = None


class Params(LearningRateGroup):
    """The parameters of a scene; few, because every window of a test has a form of them."""

    network: Network = Network()
    data: Data = Data()


class OtherParams(LearningRateGroup):
    """A scene that shares only the learning rate."""


ENTRIES = (
    CatalogueEntry(
        id="backprop",
        title=N_("Backpropagation: one training step"),
        summary="Values flow forward, gradients flow back.",
        chapter="Networks",
        parameters=Params.model_json_schema(),
        beats=tuple(beat.name for beat in BEATS),
    ),
    CatalogueEntry(
        id="descent",
        title="Gradient descent",
        summary="Downhill.",
        chapter="Descent",
        parameters=OtherParams.model_json_schema(),
    ),
    CatalogueEntry(id="broken", error=Message.plain("scenes/broken.py, line 3: NameError")),
)


class FakeClient:
    """Takes jobs and does nothing."""

    def __init__(self, on_event):
        self.on_event = on_event
        self.jobs = []
        self.cancelled = []
        self.taken = []
        self.is_closed = False

    def submit(self, job):
        self.jobs.append(job)

    def cancel(self, job_id):
        self.cancelled.append(job_id)

    def take(self, job_id, frame):
        self.taken.append((job_id, frame))

    def close(self):
        self.is_closed = True


class FakeLink(WorkerLink):
    """A link whose answers a test gives by hand, at once."""

    def __init__(self):
        self.client = FakeClient(lambda _event, _attachment: None)
        self.backgrounds = []
        super().__init__(self._client_for)

    def in_background(self):
        """Return another such link, and keep it."""
        self.backgrounds.append(FakeLink())
        return self.backgrounds[-1]

    def _client_for(self, _on_event):
        return self.client

    def _jobs(self, kind):
        return [job for job in self.client.jobs if job.id.startswith(f"{kind}-")]

    @property
    def stills(self):
        """Those for the stage."""
        return self._jobs("still")

    @property
    def thumbnails(self):
        return self._jobs("thumbnail")

    @property
    def previews(self):
        return self._jobs("preview")

    def say(self, event, attachment=b""):
        self.event_arrived.emit(event, attachment)

    def fail(self, job_id, error, words, details=""):
        """Let a job fail."""
        message = Message.plain(words)
        self.say(Failed(job_id=job_id, error=error, message=message, details=details))

    def finish_still(self, job, colour="navy", **result):
        values = {"beat": job.beat or "backward", "beats": [b.model_dump() for b in BEATS]}
        picture = png(colour)
        done = Done(job_id=job.id, result=values | result, attachment=len(picture))
        self.say(done, picture)


class Videos:
    """The window's queue, on a folder, a worker, a cache and a disk that a test holds."""

    def __init__(self, folder):
        self.folder = folder
        self.cache = ScriptedCache()
        self.disk = Disk()
        self.clients = []
        self.links = []
        self.link = self.new_link()

    def new_link(self):
        """Return the link of another window."""
        self.links.append(QueueLink(self.open_queue))
        return self.links[-1]

    def open_queue(self, on_event):
        """Open the queue with what the test holds."""
        space = Space(usage=self.disk)
        held = {"folder": self.folder, "cache": self.cache, "space": space}
        return open_queue(on_event, factory=self._new_client, **held)

    def _new_client(self, on_event):
        self.clients.append(ScriptedClient(on_event))
        return self.clients[-1]

    @property
    def client(self):
        return self.clients[-1]

    @property
    def queue(self):
        return self.link.found.queue

    @property
    def videos(self):
        """Those that the worker was given."""
        return [job for client in self.clients for job in client.jobs]

    @property
    def entries(self):
        return self.queue.state.entries

    def states(self):
        return [entry.state for entry in self.entries]

    def settle(self):
        """Let the queue do all that it was told to, and the window hear of it."""
        self.link.open()
        deadline = time.monotonic() + PATIENCE
        while not self.link.is_open:
            assert time.monotonic() < deadline
            self.deliver()
        for _round in range(4):  # an event may lead to a request, and that to an event
            assert self.queue.cancel("nobody").exception(PATIENCE) is not None
            self.deliver()

    def deliver(self):
        """Let events that have crossed arrive."""
        for link in self.links:
            QCoreApplication.sendPostedEvents(link, QEvent.Type.MetaCall.value)

    def tell(self, kind, **more):
        """Let the worker say something about the video that it draws."""
        self.client.tell(kind, **more)
        self.settle()

    def draw(self, fraction, **more):
        self.tell(Progress, phase="draw", fraction=fraction, **more)

    def end(self, kind, **more):
        self.client.end(kind, **more)
        self.settle()

    def fail(self, message, **more):
        self.client.fail(message, **more)
        self.settle()

    def finish(self, **more):
        """Let the worker finish its video, and return the job."""
        job = self.client.running
        Path(job.output).write_bytes(b"video")
        beats = [{"name": "a", "caption": "A", "start": 0, "end": 1}]
        result = {"path": job.output, "frames": 30, "duration": 1.0, "beats": beats}
        self.end(Done, result=result | job.picture.model_dump() | more)
        return job

    def close(self):
        """Let go of the queue and wait until that is done."""
        for link in self.links:
            link.close()
            assert link.wait(PATIENCE)


def png(colour, kind="PNG"):
    """Return a picture in one colour."""
    image = QImage(64, 36, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind, 100)
    return bytes(buffer.data().data())


@pytest.fixture(autouse=True)
def _english(qapp):
    """Start and leave every test in English, with a style sheet, and with open chapters."""
    settings_store().remove(FOLDED)
    use_language("en")
    theme().use("light")
    yield
    use_language("en")


@pytest.fixture(autouse=True)
def thumbnail_folder(tmp_path, monkeypatch):
    """Start every test without small pictures of scenes, neither shipped nor kept."""
    folder = tmp_path / "cache" / "thumbnails"
    for name, value in (
        ("thumbnail_folder", folder),
        ("catalogue_key", "now"),
        ("has_known_imports", True),
        ("shipped_catalogue", ShippedCatalogue()),
    ):
        monkeypatch.setattr(f"{THUMBNAILS}.{name}", lambda value=value: value)
    monkeypatch.setattr(f"{THUMBNAILS}.shipped_picture", lambda _scene, _look: b"")
    return folder


@pytest.fixture(autouse=True)
def _own_paces(tmp_path, monkeypatch):
    """Let every test begin on a machine that has drawn nothing, and leave the user's own alone."""
    file = tmp_path / "cache" / "paces.json"
    monkeypatch.setattr("backprop_studio.render.queue.paces.paces_file", lambda: file)


@pytest.fixture(autouse=True)
def kept_lecture(tmp_path, monkeypatch):
    """Start every test without a lecture, and without pictures of its lessons."""
    file = tmp_path / "data" / "lecture.json"
    for module in ("recovery", "files"):
        monkeypatch.setattr(f"backprop_studio.gui.lecture.{module}.recovery_file", lambda: file)
    pictures = "backprop_studio.gui.lecture.pictures"
    monkeypatch.setattr(f"{pictures}.pictures_folder", lambda: tmp_path / "cache" / "lessons")
    monkeypatch.setattr(f"{pictures}.catalogue_key", lambda: "now")
    settings_store().remove("lectures")
    return file


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    """Let intervals end when Qt looks at its timers, and the pause for thumbnails by hand."""
    monkeypatch.setattr("backprop_studio.gui.stage.preview.THROTTLE_MS", 0)
    monkeypatch.setattr("backprop_studio.gui.stage.preview.SLOW_MS", 0)
    monkeypatch.setattr("backprop_studio.gui.stage.preview_page.SETTLE_MS", 0)
    monkeypatch.setattr(f"{THUMBNAILS}.PAUSE_MS", 10**6)
    monkeypatch.setattr("backprop_studio.gui.parameters.form.TYPING_PAUSE_MS", 0)
    monkeypatch.setattr("backprop_studio.gui.parameters.editors.GESTURE_MS", 10**6)
    monkeypatch.setattr("backprop_studio.gui.stage.stale_strip.PAUSE_MS", 0)


@pytest.fixture
def state():
    return AppState()


@pytest.fixture
def stills():
    return FakeLink()


@pytest.fixture
def other_stills():
    return FakeLink()


@pytest.fixture
def videos(qapp, tmp_path):
    videos = Videos(tmp_path / "queue")
    yield videos
    videos.close()


@pytest.fixture
def renders(tmp_path, monkeypatch):
    """The folder that the window puts its videos into."""
    folder = tmp_path / "renders"
    folder.mkdir()
    monkeypatch.setattr(
        "backprop_studio.gui.renders.controller.renders_folder", lambda _chosen: folder
    )
    return folder


@pytest.fixture
def empty_window(qtbot, state, stills, videos):
    """A window that has not been told its catalogue yet."""
    window = MainWindow(state, stills, videos.link)
    window.resize(1200, 800)
    qtbot.addWidget(window, before_close_func=lambda it: setattr(it, "may_close", True))
    return window


@pytest.fixture
def window(empty_window, stills, videos, qtbot):
    """A visible window on the scene ``backprop`` with its first still."""
    empty_window.show()
    qtbot.waitExposed(empty_window)
    empty_window.start(list(ENTRIES))
    stills.say(Hello(pid=1))
    # The first layout may ask for another size; a test begins when nothing is on its way.
    previews, form = empty_window.services.previews, empty_window.parameters.form
    qtbot.waitUntil(lambda: bool(stills.stills and form.rows) and previews.is_settled)
    QCoreApplication.processEvents()  # the form is laid out
    stills.finish_still(stills.stills[-1])
    thumbnails = empty_window.thumbnails
    qtbot.waitUntil(lambda: not (form.is_building or thumbnails.is_reading))
    videos.settle()
    return empty_window


@pytest.fixture
def entries():
    return ENTRIES
