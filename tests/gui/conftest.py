"""A window's parts without a worker: a fake link that records jobs and lets a test answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from core.i18n import N_
from core.parameters import LearningRateGroup, NetworkGroup
from gui.state import AppState
from gui.theme import theme
from gui.window import MainWindow
from gui.words import use_language
from gui.worker_link import Client, WorkerLink
from render.jobs import (
    BeatMark,
    CatalogueEntry,
    Done,
    Event,
    Hello,
    Job,
    PreviewJob,
    StillJob,
    VideoJob,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

BEATS = (
    BeatMark(name="network", caption="The network", start=0.0, end=1.0),
    BeatMark(name="forward", caption="Values flow forward", start=1.0, end=2.0),
    BeatMark(name="backward", caption="Gradients flow back", start=2.0, end=3.0),
)


class Params(NetworkGroup, LearningRateGroup):
    """The parameters of a scene as real as can be without Manim."""


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
    CatalogueEntry(id="broken", error="scenes/broken.py, line 3: NameError: name 'x'"),
)


class FakeClient:
    """Takes jobs and does nothing."""

    def __init__(self, on_event: Callable[[Event, bytes], None]) -> None:
        self.on_event = on_event
        self.jobs: list[Job] = []
        self.cancelled: list[str] = []
        self.taken: list[tuple[str, int]] = []
        self.is_closed = False

    def submit(self, job: Job) -> None:
        self.jobs.append(job)

    def cancel(self, job_id: str) -> None:
        self.cancelled.append(job_id)

    def take(self, job_id: str, frame: int) -> None:
        self.taken.append((job_id, frame))

    def close(self) -> None:
        self.is_closed = True


class FakeLink(WorkerLink):
    """A link whose answers a test gives by hand, at once."""

    def __init__(self) -> None:
        self.client = FakeClient(lambda _event, _attachment: None)
        super().__init__(self._client_for)

    def _client_for(self, _on_event: Callable[[Event, bytes], None]) -> Client:
        return self.client

    @property
    def stills(self) -> list[StillJob]:
        """Those for the stage."""
        jobs = [job for job in self.client.jobs if isinstance(job, StillJob)]
        return [job for job in jobs if job not in self.thumbnails]

    @property
    def thumbnails(self) -> list[StillJob]:
        jobs = [job for job in self.client.jobs if isinstance(job, StillJob)]
        return [job for job in jobs if job.id.startswith("thumbnail")]

    @property
    def videos(self) -> list[VideoJob]:
        return [job for job in self.client.jobs if isinstance(job, VideoJob)]

    @property
    def previews(self) -> list[PreviewJob]:
        return [job for job in self.client.jobs if isinstance(job, PreviewJob)]

    def say(self, event: Event, attachment: bytes = b"") -> None:
        self.event_arrived.emit(event, attachment)

    def finish_still(self, job: StillJob, colour: str = "navy", **result: Any) -> None:
        values = {"beat": job.beat or "backward", "beats": [b.model_dump() for b in BEATS]}
        picture = png(colour)
        done = Done(job_id=job.id, result=values | result, attachment=len(picture))
        self.say(done, picture)


def png(colour: str, width: int = 64, height: int = 36) -> bytes:
    """Return a picture in one colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


@pytest.fixture(autouse=True)
def _english(qapp: object) -> Iterator[None]:
    """Start and leave every test in English, with a style sheet."""
    use_language("en")
    theme().use("light")
    yield
    use_language("en")


@pytest.fixture(autouse=True)
def thumbnail_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Start every test without small pictures of scenes."""
    folder = tmp_path / "cache" / "thumbnails"
    monkeypatch.setattr("gui.thumbnails.thumbnail_folder", lambda: folder)
    monkeypatch.setattr("gui.thumbnails.catalogue_key", lambda: "now")
    return folder


@pytest.fixture
def state() -> AppState:
    return AppState()


@pytest.fixture
def stills() -> FakeLink:
    return FakeLink()


@pytest.fixture
def videos() -> FakeLink:
    return FakeLink()


@pytest.fixture
def empty_window(qtbot: QtBot, state: AppState, stills: FakeLink, videos: FakeLink) -> MainWindow:
    """A window that has not been told its catalogue yet."""
    window = MainWindow(state, stills, videos)
    window.resize(1200, 800)
    qtbot.addWidget(window, before_close_func=_end_render)
    return window


@pytest.fixture
def window(empty_window: MainWindow, stills: FakeLink, qtbot: QtBot) -> MainWindow:
    """A visible window on the scene ``backprop`` with its first still."""
    empty_window.show()
    qtbot.waitExposed(empty_window)
    empty_window.start(list(ENTRIES))
    stills.say(Hello(pid=1))
    # The first layout may ask for another size; a test begins when nothing is on its way.
    throttle = empty_window.desk.previews._throttle
    qtbot.waitUntil(lambda: not throttle._timer.isActive())
    stills.finish_still(stills.stills[-1])
    return empty_window


def _end_render(window: MainWindow) -> None:
    """Let the window close without its question."""
    window.desk.renders.cancel()
    window._is_closing = True


@pytest.fixture
def entries() -> tuple[CatalogueEntry, ...]:
    return ENTRIES
