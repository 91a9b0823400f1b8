"""Videos that earlier versions left where anything may be removed at any time: moved if wanted.

A video has its new name before the queue is told, and loses the old one only afterwards: whenever
this is cut off, nothing is lost, and the next time goes on with what is left.
"""

from __future__ import annotations

import filecmp
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from backprop_studio.core.base.errors import StudioError
from backprop_studio.gui.model.video_names import free_path
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.renders.folder import old_folder, renders_folder, usual_folder
from backprop_studio.gui.saving import copy_atomically
from backprop_studio.gui.toolkit.crossing import Crossing
from backprop_studio.gui.toolkit.faults import question
from backprop_studio.render.files.staging import remove_files
from backprop_studio.render.messages.failures import file_reason
from backprop_studio.render.messages.formats import VIDEO_ENDINGS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from backprop_studio.core.base.messages import Message
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.renders.link import QueueLink


class OldVideos(Crossing):
    """Finds the videos in the old place and moves them; disks are looked at on threads.

    Parameters
    ----------
    state : AppState
        Says where videos go, and whether the user was asked.
    link : QueueLink
        The queue, whose entries follow the files.

    Signals
    -------
    found : int
        There are so many, and the user was not asked what to do with them.
    moved : int, Path
        So many are in this folder now.
    failed : str
        A sentence for the user.
    """

    found = Signal(int)
    moved = Signal(int, object)
    failed = Signal(str)

    def __init__(self, state: AppState, link: QueueLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._link = link
        link.opened.connect(self._look)

    def _look(self) -> None:
        """Look whether there are any, once the queue is there that has to follow."""
        if self._state.old_videos_offered or self._link.is_private or not self._link.found:
            return

        def look() -> None:
            if count := len(_videos()):
                self.cross(lambda: self.found.emit(count))

        threading.Thread(target=look, name="old-videos", daemon=True).start()

    def move(self) -> None:
        """Move them all to the folder of videos."""
        chosen = self._state.videos_folder
        outputs = {
            Path(entry.job.output)
            for entry in self._state.queue.entries
            if entry.state != "running" and Path(entry.job.output).parent == old_folder()
        }

        def move() -> None:
            moves: dict[Path, Path] = {}
            problem: Message | None = None
            try:
                folder = renders_folder(chosen)
                for video in _videos():
                    moves[video] = _named_in(folder, video)
                named = {path.name.casefold() for path in moves.values()}
                for path in outputs - set(moves):
                    moves[path] = free_path(folder, path.stem, path.suffix, named)
                    named.add(moves[path].name.casefold())
            except StudioError as error:
                problem = error.message
            except OSError as error:
                problem = file_reason(error)
            self.cross(lambda: self._tell_queue(moves, problem))

        threading.Thread(target=move, name="move-videos", daemon=False).start()

    def _tell_queue(self, moves: dict[Path, Path], problem: Message | None) -> None:
        if problem is not None:
            self.failed.emit(said(problem))
        paths = {str(old): str(new) for old, new in moves.items()}
        self._link.ask(
            lambda queue: queue.relocate(paths),
            lambda _answer: self._finish(moves, is_all=problem is None),
            lambda error: self.failed.emit(said(error.message)),
        )

    def _finish(self, moves: dict[Path, Path], *, is_all: bool) -> None:
        """Remove the old names of what has a new one."""
        done = [old for old, new in moves.items() if old.is_file() and new.is_file()]
        remove_files(*done)
        self._state.old_videos_offered = is_all
        if done:
            self.moved.emit(len(done), moves[done[0]].parent)


def _videos() -> list[Path]:
    """Return the videos in the old place."""
    try:
        files = sorted(old_folder().iterdir())
    except OSError:
        return []
    return [
        it
        for it in files
        if it.suffix in VIDEO_ENDINGS and not it.name.startswith(".") and it.is_file()
    ]


def _named_in(folder: Path, video: Path) -> Path:
    """Give a video a name in another folder as well, and return that."""
    same = folder / video.name
    if same.is_file() and filecmp.cmp(same, video, shallow=False):
        return same  # an earlier attempt came so far
    target = free_path(folder, video.stem, video.suffix)
    try:
        os.link(video, target)
    except OSError:  # on another disk, or one without links
        copy_atomically(video, target)
    return target


def offer_to_move(videos: OldVideos, state: AppState, window: QWidget) -> None:
    """Have a window ask once what shall become of videos that may be removed where they are."""

    def ask(count: int) -> None:
        text = tr("Move the videos of earlier versions to your videos ({count})?")
        more = tr("They lie in {old}, where a clean-up may remove them, and would go to {new}.")
        more = more.format(old=old_folder(), new=state.videos_folder or str(usual_folder()))
        box, move = question(window, text.format(count=count), more, tr("Move"), tr("Leave them"))
        box.setDefaultButton(move)
        box.buttonClicked.connect(lambda _it: setattr(state, "old_videos_offered", True))
        move.clicked.connect(videos.move)
        box.open()

    def tell(count: int, folder: Path) -> None:
        text = tr("Videos moved to {folder}: {count}.")
        state.notice = text.format(folder=folder, count=count)

    videos.found.connect(ask)
    videos.moved.connect(tell)
