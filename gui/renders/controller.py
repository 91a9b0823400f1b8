"""What the window asks of the render queue."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.core.base.messages import Message, os_reason
from backprop_studio.gui.model.values import RenderPhase, RenderStatus
from backprop_studio.gui.model.video_names import filled, free_path, values_for
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.renders.entries import (
    entry_of,
    open_entries,
    place_of,
    running_entry,
    video_of,
)
from backprop_studio.gui.renders.folder import renders_folder
from backprop_studio.gui.renders.forecast import Forecast
from backprop_studio.gui.renders.updates import RenderUpdates
from backprop_studio.render.messages.formats import FORMATS
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.messages.voices import SILENT

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from backprop_studio.core.base.errors import StudioError
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.model.values import Video
    from backprop_studio.gui.renders.link import QueueLink
    from backprop_studio.render.queue.model import Entry, QueuedJob
    from backprop_studio.render.queue.render_queue import RenderQueue

LISTED = 100
"""Videos that are done and still listed."""

SLOW_FPS = 30
"""For a format that cannot show a quality's own frame rate."""


def picture_for(state: AppState) -> FrameFormat:
    """Return the size and the frame rate of the chosen quality, as far as the format has them."""
    picture = FrameFormat.of_quality(state.quality, shape=state.frame_shape)
    most = FORMATS[state.format].most_fps
    return picture if picture.fps <= most else picture.model_copy(update={"fps": SLOW_FPS})


def job_of(state: AppState, output: Path) -> VideoJob:
    """Return the job of the lesson with the present choices."""
    job_id = f"video-{uuid.uuid4().hex}"
    voice = state.voice if FORMATS[state.format].sound else SILENT
    look = {"picture": picture_for(state), "output": str(output), "voice": voice}
    return VideoJob(id=job_id, **look, **state.lesson())


def name_for(state: AppState, job: VideoJob) -> str:
    """Return what the user wants the file of a job to be called, without ending."""
    title = next((row.title for row in state.catalogue or () if row.id == job.scene), job.scene)
    return filled(state.name_template, values_for(job, translator(job.language)(title)))


class RenderController(QObject):
    """Puts videos into the queue and changes it; what becomes of them: :class:`RenderUpdates`.

    Parameters
    ----------
    state : AppState
        Read for what to render.
    link : QueueLink
        The queue, which is opened after the window is shown.

    Attributes
    ----------
    forecast : Forecast
        How long things still take.

    Signals
    -------
    failed : str
        A sentence to be shown to the user.
    """

    failed = Signal(str)

    def __init__(self, state: AppState, link: QueueLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._link = link
        self._is_adding = False
        self.forecast = Forecast(state, self)
        RenderUpdates(state, link, self.forecast, self)
        link.opened.connect(self._on_opened)

    # What can be done

    def blocked_reason(self) -> str:
        """Return why nothing can be rendered now, or an empty text."""
        state = self._state
        if state.entry is None:
            is_reading = state.catalogue is None and not state.catalogue_error
            return "" if is_reading else tr("Choose a scene first.")
        if state.entry.error:
            return tr("This scene cannot be used.")
        refused = state.refused
        if refused and refused.fields:
            return tr("Correct the field {field} first.").format(field=tr(refused.fields[0].title))
        return tr("Correct the parameters first.") if refused else ""

    @property
    def can_start(self) -> bool:
        """Whether a video can be asked for now."""
        return self._state.entry is not None and not self.blocked_reason()

    @property
    def would_wait(self) -> bool:
        """Whether the next video that is asked for waits for its turn."""
        queue = self._state.queue
        return self._running is not None or queue.next is not None or self.is_held

    @property
    def is_held(self) -> bool:
        """Whether there is something in the queue that goes on only when the user says so."""
        queue = self._state.queue
        return queue.is_paused and bool(open_entries(queue))

    @property
    def is_private(self) -> bool:
        """Whether the queue ends with this window."""
        return self._link.is_private

    @property
    def _running(self) -> Entry | None:
        return running_entry(self._state.queue)

    # Requests

    def open(self) -> None:
        """Look whether something was left in the queue."""
        self._link.open()

    def warm_up(self) -> None:
        """Start the worker for videos ahead of the first one."""
        if self._running is None:
            self._link.warm_up()

    def start(self) -> None:
        """Render the selected scene with the present parameters when its turn comes."""
        # Until the queue has answered, a second click is the first one's trembling.
        if not self.can_start or self._is_adding:
            return
        try:
            job = self._new_job(renders_folder(self._state.videos_folder))
        except OSError as error:
            text = N_("the folder for videos cannot be written: {reason}")
            self._fail(Message.of("renders.folder", text, reason=os_reason(error)))
            return
        self.add(job)

    def add(self, job: QueuedJob, then: Callable[[], object] | None = None) -> None:
        """Put something to be drawn at the end of the queue.

        Parameters
        ----------
        job : VideoJob or LectureJob
        then : callable, optional
            Called when the queue has it with all its files, or does not want it.
        """
        self._state.notice = ""
        self._is_adding = True
        self._forget_pause()
        length = self.forecast.shown_length()

        def added(entry: Entry) -> None:
            self.forecast.note_length(entry.id, length)
            self._on_added(entry)
            if then is not None:
                then()

        def refused(error: StudioError) -> None:
            self._on_not_added(error)
            if then is not None:
                then()

        self._link.ask(lambda queue: queue.add(job), added, refused)

    def cancel(self) -> None:
        """Ask the running render to end."""
        status = self._state.render
        if status.phase is RenderPhase.RUNNING:
            self._state.render = replace(status, phase=RenderPhase.CANCELLING)
            self._request(lambda queue: queue.cancel(status.entry_id))

    def remove(self, entry_id: str) -> None:
        """Take a video out of the queue; the one that is being drawn is cancelled."""
        if entry_id == self._state.render.entry_id and self._state.render.phase.is_active:
            self.cancel()
        else:
            self._request(lambda queue: queue.remove(entry_id))

    def retry(self, entry_id: str) -> None:
        """Draw a video that came to nothing once more; without one, what is on the stage."""
        if not entry_id:
            self.start()
            return
        self._provide_folder()
        self._forget_pause()
        self._retry(entry_id)

    def move(self, entry_id: str, position: int) -> None:
        """Put a video at another position in the queue."""
        self._request(lambda queue: queue.move(entry_id, position))

    def pause(self) -> None:
        """Begin nothing new; what is being drawn is finished."""
        self._request(lambda queue: queue.pause())

    def resume(self, *, whatever_space: bool = False) -> None:
        """Go on, also with what was interrupted."""
        self._provide_folder()
        for entry in self._state.queue.entries:
            if entry.state == "interrupted":
                self._retry(entry.id)
        self._request(lambda queue: queue.resume(whatever_space=whatever_space))

    def clear_finished(self) -> None:
        """Forget what is done or cancelled; the videos stay."""
        self._request(lambda queue: queue.clear_finished())

    def clear_open(self) -> None:
        """Forget what is still to be drawn and does not run."""
        for entry in open_entries(self._state.queue):
            if entry.state != "running":
                self.remove(entry.id)

    def show(self, entry_id: str) -> bool:
        """Play the video of an entry that is done; return whether there is one."""
        entry = entry_of(self._state.queue, entry_id)
        video = video_of(entry, self._state.name_template) if entry else None
        if video is None:
            return False
        if not video.path.is_file():
            text = tr("The video {name} is no longer there.")
            self.failed.emit(text.format(name=video.path.name))
            return False
        self._state.play(video)
        return True

    def video_at(self, path: Path) -> Video | None:
        """Return what the queue knows of a video file, if it has made it."""
        entries = self._state.queue.entries
        entry = next((it for it in entries if place_of(it) == path), None)
        return video_of(entry, self._state.name_template) if entry else None

    def _request(self, request: Callable[[RenderQueue], Future[Any]]) -> None:
        """Ask for what may be too late, because the queue went on meanwhile: then so be it."""

        def refused(error: StudioError) -> None:
            if not isinstance(error, InputError):
                self._on_refused(error)

        self._link.ask(request, refused=refused)

    def _retry(self, entry_id: str) -> None:
        self._link.ask(lambda queue: queue.retry(entry_id), refused=self._on_refused)

    def _forget_pause(self) -> None:
        """End a pause of a queue that has nothing left for which it was made."""
        if self._state.queue.is_paused and not self.is_held:
            self._request(lambda queue: queue.resume())

    def _new_job(self, folder: Path) -> VideoJob:
        job = job_of(self._state, folder / f"video{self._state.format}")
        name = name_for(self._state, job)
        if self.is_private:  # another window names its videos without knowing of these
            name = f"{name}-{uuid.uuid4().hex[:4]}"
        taken = {Path(it.job.output).name.casefold() for it in self._state.queue.entries}
        path = free_path(folder, name, self._state.format, taken)
        return job.model_copy(update={"output": str(path)})

    def _provide_folder(self) -> None:
        """Make the folder again if the user has removed it; a video says if it is not there."""
        with suppress(OSError):
            renders_folder(self._state.videos_folder)

    # Answers

    def _on_opened(self, problem: Message | None, messages: tuple[Message, ...]) -> None:
        self._state.queue_problem = problem
        if messages:
            self.failed.emit("\n".join(map(said, messages)))

    def _on_added(self, _entry: Entry) -> None:
        self._is_adding = False
        if not self.is_private:
            self._forget_oldest()

    def _on_not_added(self, error: StudioError) -> None:
        self._is_adding = False
        self._fail(error.message)

    def _on_refused(self, error: StudioError) -> None:
        self.failed.emit(said(error.message))

    def _fail(self, message: Message) -> None:
        """Say that a video could not be asked for."""
        if self._state.render.phase.is_active or self.is_held:
            self.failed.emit(said(message))  # the bar has something else to say
        else:
            self._state.render = RenderStatus(RenderPhase.FAILED, message=message)

    def _forget_oldest(self) -> None:
        """Keep the list from growing for ever; the videos themselves are the user's."""
        entries = self._state.queue.entries
        ended = [entry for entry in entries if entry.state in {"done", "cancelled"}]
        for entry in ended[:-LISTED]:
            self.remove(entry.id)
