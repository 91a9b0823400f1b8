"""What travels: a job with the files its parameters name, and back its end and its video.

The machines of a cluster need not share a disk, so nothing that travels is a path of one of them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.user_paths import user_path
from backprop_studio.render.files.data_paths import files_in, with_paths
from backprop_studio.render.files.refusals import refusals_as
from backprop_studio.render.messages.jobs import (
    MaterialJob,
    NumbersJob,
    PlanJob,
    VideoJob,
    parse_job,
)

if TYPE_CHECKING:
    from backprop_studio.render.messages.jobs import Job

FarmJob: TypeAlias = MaterialJob | NumbersJob | PlanJob | VideoJob
"""What a farm does: jobs that are worth a journey, and whose result is an event or a video."""

FILES_LIMIT = 512 * 1024**2
"""Bytes of all files that go with one job; the scheduler keeps them in memory."""

VIDEO_LIMIT = 2 * 1024**3
"""Bytes of a video that comes back."""


@dataclass(frozen=True)
class Item:
    """A file that goes with a job: where in the job's own folder, and what is in it."""

    path: str
    content: bytes


@dataclass(frozen=True)
class TaskRequest:
    """A job as it travels.

    Attributes
    ----------
    job_id : str
    job : str
        As JSON; where its parameters named a file, they name a path in the job's own folder.
    versions : dict
        What it is to be drawn with.
    names : dict
        From each path in that folder to what the user calls it.
    items : tuple of Item
        The files; one that is not there is not among them.
    """

    job_id: str
    job: str
    versions: dict[str, str]
    names: dict[str, str]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class TaskResult:
    """What comes back.

    Attributes
    ----------
    end : str
        The event that ended the job, as JSON.
    video : bytes or None
        The file, if there is one.
    """

    end: str
    video: bytes | None = None


def pack(job: Job, versions: dict[str, str], limit: int = FILES_LIMIT) -> TaskRequest:
    """Return a job with its files, ready to travel.

    Raises
    ------
    TypeError
        If it is not one that a farm does.
    InputError
        If a file cannot be read, or all have more bytes than the limit.
    """
    if not isinstance(job, FarmJob):
        raise TypeError(f"a farm does no {job.kind} job")
    names: dict[str, str] = {}
    items: list[Item] = []
    left = limit

    def take(given: str) -> str:
        nonlocal left
        path = user_path(given)
        # The name stays: a lesson may show it.
        name = f"{len(names)}/{Path(os.path.abspath(path)).name or 'root'}"
        names[name] = given
        text = N_("{file} cannot be read: {reason}")
        with refusals_as(InputError, "file.unreadable", text, file=given):
            for file in files_in(path) if path.is_dir() else [path]:
                if not file.is_file():
                    continue  # the scene finds nothing either, and says so
                left -= file.stat().st_size
                if left < 0:
                    raise _too_much(given, limit)
                inner = "" if file == path else f"/{file.name}"
                items.append(Item(name + inner, file.read_bytes()))
        return name

    changed: dict[str, Any] = {"params": with_paths(job.params, take)}
    if isinstance(job, VideoJob):
        changed["output"] = f"video{Path(job.output).suffix}"
        names[changed["output"]] = job.output
    sent = job.model_copy(update=changed)
    return TaskRequest(job.id, sent.model_dump_json(), versions, names, tuple(items))


def unpack(request: TaskRequest, folder: Path) -> FarmJob:
    """Lay a job's files into its own folder and return the job as it is to be done there."""
    for item in request.items:
        file = folder / item.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(item.content)
    job = parse_job(request.job)
    if not isinstance(job, FarmJob):
        raise TypeError(f"a farm does no {job.kind} job")
    changed: dict[str, Any] = {"params": with_paths(job.params, lambda it: str(folder / it))}
    if isinstance(job, VideoJob):
        changed |= {"output": str(folder / job.output), "overwrite": False}
    return job.model_copy(update=changed)


def read_video(path: Path, limit: int = VIDEO_LIMIT) -> bytes | None:
    """Return a finished file's bytes, or None if there is none.

    Raises
    ------
    InputError
        If there are more than the limit.
    """
    if not path.exists():
        return None  # a piece of a video that has not so many
    size = path.stat().st_size
    if size > limit:
        text = N_(
            "the video has {found} MB, and a farm sends at most {allowed} MB back; choose a "
            "lower quality, or leave out --scheduler to work here"
        )
        sizes = {"found": f"{size / 1e6:.0f}", "allowed": f"{limit / 1e6:.0f}"}
        raise InputError("farm.video_too_big", text, **sizes)
    return path.read_bytes()


def _too_much(given: str, limit: int) -> InputError:
    text = N_(
        "{file} is too much to send to a farm, which takes at most {allowed} MB with a job; "
        "leave out --scheduler to work here"
    )
    return InputError("farm.files_too_big", text, file=given, allowed=f"{limit / 1e6:.0f}")
