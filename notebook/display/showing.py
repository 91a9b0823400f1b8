"""Showing a lesson: the picture at once, then the player in its place."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.notebook.apart import run_apart
from backprop_studio.notebook.display.cell import Poster, player_bundle, poster_bundle
from backprop_studio.notebook.display.page import CELL_BYTES, UNBOUNDED, Played
from backprop_studio.notebook.progress import shown_progress
from backprop_studio.render.files.output import writing
from backprop_studio.render.files.staging import place, staging
from backprop_studio.render.workers.folders import PrivateFolder, remove_abandoned_folders

if TYPE_CHECKING:
    from backprop_studio.notebook.apart import Stop
    from backprop_studio.render.messages.jobs import VideoJob

ENDING = ".player.html"

_BESIDE = N_("The player is in {file}, beside this notebook: a cell carries at most 2 MB.")
_OF_BUNDLE = 60_000
"""What is in a cell's message beside picture and page."""


@dataclass(frozen=True)
class Request:
    """A lesson that is to be played.

    Attributes
    ----------
    job : VideoJob
        Its film; where it goes is not said.
    poster : Poster
    is_embedded : bool
        Whether it is to stand in the cell, if it has room there.
    workers : int or None
    """

    job: VideoJob
    poster: Poster
    is_embedded: bool = True
    workers: int | None = None


def kernel_display() -> Any | None:
    """Return IPython's display module if a notebook's kernel is asking, or None."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython import display

    return display


def show(request: Request, display: Any) -> None:
    """Show the picture, and in its place the player when it is made.

    Raises
    ------
    StudioError
        If the lesson cannot be drawn.
    KeyboardInterrupt
        If it was interrupted; the picture stays.
    """
    handle = display.display(poster_bundle(request.poster), raw=True, display_id=True)
    handle.update(bundle_of(request), raw=True)


def bundle_of(request: Request) -> dict[str, Any]:
    """Return what is shown of a lesson, once its player is made.

    Raises
    ------
    StudioError
        If the lesson cannot be drawn.
    """
    fixed = len(json.dumps(poster_bundle(request.poster))) + _OF_BUNDLE
    with shown_progress(request.job.scene) as progress:
        played, is_embedded = run_apart(
            lambda stop: _made(request, CELL_BYTES - fixed, stop), on_main=progress
        )
    if is_embedded:
        return player_bundle(request.poster, played)
    file = _written(request, played)
    if request.is_embedded:
        print(translator(request.job.language)(_BESIDE).format(file=file))  # noqa: T201
    return player_bundle(request.poster, played, source=quote(file))


def _made(request: Request, most: int, stop: Stop) -> tuple[Played, bool]:
    """Return the player, and whether it has room in a cell."""
    # Only here: it loads what writes kits.
    from backprop_studio.notebook.display.player import make_player

    remove_abandoned_folders()
    folder = PrivateFolder()
    try:
        film = folder.path / "film.mp4"
        job = request.job.model_copy(update={"output": str(film), "overwrite": True})
        if request.is_embedded:
            played = make_player(job, folder.path, most, request.workers, stop)
            if played is not None:
                return played, True
        whole = make_player(job, folder.path, UNBOUNDED, request.workers, stop)
        if whole is None:  # for what has no bound there is room
            raise AssertionError
        return whole, False
    finally:
        folder.remove()


def _written(request: Request, played: Played) -> str:
    """Write the player beside the notebook and return the file's name.

    It has the lesson's values in its name, so that it takes nobody else's place.
    """
    asked = request.job.model_dump(mode="json", exclude={"id", "output", "overwrite"})
    own = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:8]
    target = Path(f"{request.job.scene}-{own}{ENDING}").absolute()
    with writing(target), staging(target, request.job.id) as staged:
        staged.write_text(played.page, encoding="utf-8")
        place(staged, target, overwrite=True)
    return target.name
