"""One video render at a time, on a worker of its own so that the preview stays live."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QObject

from gui.model import RenderPhase, RenderStatus, Video, View
from gui.words import N_, tr
from render.formats import FORMATS, VIDEO_ENDINGS
from render.jobs import (
    Cancelled,
    CatalogueJob,
    Done,
    Event,
    Failed,
    Hello,
    Picture,
    Progress,
    Started,
    VideoJob,
    VideoResult,
)

if TYPE_CHECKING:
    from gui.state import AppState
    from gui.worker_link import WorkerLink

__all__ = ["RenderController", "picture_for", "renders_folder"]

KEPT_RENDERS = 20
"""Videos kept in the renders folder; older ones are removed when the next render starts."""

SLOW_FPS = 30
"""For a format that cannot show a quality's own frame rate."""

PHASE_WORDS = {
    "start": N_("Starting the render engine…"),
    "plan": N_("Planning the lesson…"),
    "draw": N_("Drawing"),
    "check": N_("Checking the video…"),
}


def renders_folder() -> Path:
    """Return the user's folder for videos that are not saved elsewhere yet, creating it."""
    folder = Path(platformdirs.user_cache_path("backprop-studio")) / "renders"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def picture_for(state: AppState) -> Picture:
    """Return the size and the frame rate of the chosen quality, as far as the format has them."""
    picture = Picture.of_quality(state.quality, shape=state.frame_shape)
    most = FORMATS[state.format].most_fps
    return picture if picture.fps <= most else picture.model_copy(update={"fps": SLOW_FPS})


class RenderController(QObject):
    """Starts and cancels renders and tells the state what became of them.

    Parameters
    ----------
    state : AppState
        Read for what to render; told the progress and the finished video.
    link : WorkerLink
        The worker for videos; it starts with the first render.
    """

    def __init__(self, state: AppState, link: WorkerLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._link = link
        self._numbers = count(1)
        self._job: VideoJob | None = None
        self._began = 0.0
        link.event_arrived.connect(self._on_event)

    def blocked_reason(self) -> str:
        """Return why nothing can be rendered now, or an empty text."""
        state = self._state
        if state.entry is None:
            is_reading = state.catalogue is None and not state.catalogue_error
            return "" if is_reading else tr("Choose a scene first.")
        if state.entry.error:
            return tr("This scene cannot be used.")
        if state.field_errors:
            return tr("Correct the marked fields first.")
        if state.form_message:
            return tr("Correct the parameters first.")
        return ""

    @property
    def can_start(self) -> bool:
        """Whether a render can be started now."""
        is_idle = not self._state.render.phase.is_active
        return is_idle and self._state.entry is not None and not self.blocked_reason()

    def warm_up(self) -> None:
        """Start the worker for videos ahead of the first render."""
        if self._job is None:
            self._link.submit(CatalogueJob(id="warm-up"))

    def start(self) -> None:
        """Render the selected scene with the present parameters."""
        state = self._state
        if not self.can_start:
            return
        try:
            folder = renders_folder()
            _remove_old(folder, state.video)
        except OSError as error:
            state.render = RenderStatus(
                RenderPhase.FAILED,
                message=tr("The folder for videos cannot be written: {reason}").format(
                    reason=error.strerror
                ),
            )
            return
        self._job = self._new_job(folder)
        self._began = time.monotonic()
        state.render = RenderStatus(RenderPhase.RUNNING, scene=state.scene, step="start")
        self._link.submit(self._job)

    def cancel(self) -> None:
        """Ask the running render to end."""
        if self._job is not None and self._state.render.phase is RenderPhase.RUNNING:
            self._state.render = replace(self._state.render, phase=RenderPhase.CANCELLING)
            self._link.cancel(self._job.id)

    def dismiss(self) -> None:
        """Forget how the last render ended."""
        if not self._state.render.phase.is_active:
            self._state.render = RenderStatus()

    def _new_job(self, folder: Path) -> VideoJob:
        state = self._state
        stamp = f"{time.strftime('%Y%m%d-%H%M%S')}-{next(self._numbers)}"
        return VideoJob(
            id=f"video-{stamp}",
            scene=state.scene,
            params=state.given_params(),
            language="zh" if state.lesson_language == "zh" else "en",
            theme=state.theme,
            picture=picture_for(state),
            output=str(folder / f"{state.scene}-{stamp}{state.format}"),
        )

    def _on_event(self, event: Event, _attachment: bytes) -> None:
        if self._job is None or isinstance(event, Hello) or event.job_id != self._job.id:
            return
        if isinstance(event, Started):
            self._update(step="plan")
        elif isinstance(event, Progress):
            self._on_progress(event)
        elif isinstance(event, Done):
            self._on_done(event, self._job)
        elif isinstance(event, Failed):
            self._end(RenderPhase.FAILED, message=event.message, details=event.details)
        elif isinstance(event, Cancelled):
            self._end(RenderPhase.CANCELLED)

    def _on_progress(self, event: Progress) -> None:
        self._update(
            step=event.phase,
            fraction=max(event.fraction, self._state.render.fraction),
            frame=event.frame,
            frames=event.frames,
            eta_seconds=event.eta_seconds,
            elapsed_seconds=time.monotonic() - self._began,
        )

    def _on_done(self, event: Done, job: VideoJob) -> None:
        result = VideoResult.model_validate(event.result)
        ending = Path(result.path).suffix
        name = f"{job.scene}-{min(result.width, result.height)}p-{job.language}{ending}"
        self._end(RenderPhase.DONE, fraction=1.0, frame=result.frames, frames=result.frames)
        self._state.video = Video(Path(result.path), result.beats, result.fps, name)
        self._state.view = View.VIDEO

    def _update(self, **changes: object) -> None:
        self._state.render = replace(self._state.render, **changes)  # type: ignore[arg-type]

    def _end(self, phase: RenderPhase, **changes: object) -> None:
        self._job = None
        elapsed = time.monotonic() - self._began
        self._update(phase=phase, elapsed_seconds=elapsed, eta_seconds=None, **changes)


def _remove_old(folder: Path, playing: Video | None) -> None:
    """Remove all but the newest videos, never the one in the player."""
    ours = (path for path in folder.iterdir() if path.suffix in VIDEO_ENDINGS)
    videos = sorted(ours, key=lambda path: path.stat().st_mtime, reverse=True)
    for path in videos[KEPT_RENDERS - 1 :]:
        if playing is None or path != playing.path:
            with contextlib.suppress(OSError):
                path.unlink()
