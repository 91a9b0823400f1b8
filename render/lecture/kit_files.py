"""The files of a kit: which are to be written, which are there from before, and what fails."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.kit.items import ITEMS
from backprop_studio.render.kit.kept import EarlierFiles, made_from
from backprop_studio.render.kit.told import lesson_told, whole_told
from backprop_studio.render.lecture.file import in_language
from backprop_studio.render.lecture.folder import files_named, remove_named
from backprop_studio.render.lecture.lessons import name_of_whole
from backprop_studio.render.lecture.material import OF_ALL
from backprop_studio.render.lecture.steps import Step
from backprop_studio.render.messages.failures import unexpected
from backprop_studio.render.workers.batch import labelling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from backprop_studio.render.kit.told import Filmed, Told
    from backprop_studio.render.lecture.file import Lecture
    from backprop_studio.render.lecture.lessons import Lesson
    from backprop_studio.render.lecture.material import Material
    from backprop_studio.render.lecture.steps import Nobody, Part
    from backprop_studio.render.messages.jobs import KitItem, KitOptions


@dataclass(frozen=True)
class Failure:
    """What could not be made, while the rest was.

    Attributes
    ----------
    name : str
        Of the lesson, or of the whole lecture in a language.
    item : str or None
        The kind of file; None is all of a lesson.
    error : StudioError
    """

    name: str
    item: KitItem | None
    error: StudioError


OnFailure: TypeAlias = "Callable[[Failure], None]"
OnRemark: TypeAlias = "Callable[[str, KitItem, Message], None]"
"""Receives why a file is left out: of what, which kind, and the reason."""


def needed_for(kit: Sequence[KitItem]) -> list[Part]:
    """Return what kinds of files are made of, besides videos."""
    needed: list[Part] = []
    if any(ITEMS[item].needs_material for item in kit):
        needed.append("material")
    if any(ITEMS[item].needs_print for item in kit):
        needed.append("print")
    return needed


class KitFiles:
    """The files of a kit.

    Parameters
    ----------
    lecture : Lecture
    lessons : sequence of sequences of Lesson
        In each language.
    kit : sequence of str
    options : KitOptions
    target : Path
        Where they are written.
    folder : Path
        Where those of an earlier run may be.
    """

    def __init__(
        self,
        lecture: Lecture,
        lessons: Sequence[Sequence[Lesson]],
        kit: Sequence[KitItem],
        options: KitOptions,
        target: Path,
        folder: Path,
    ) -> None:
        self._lecture, self._lessons, self._kit, self._options = lecture, lessons, kit, options
        self._target = target
        self._earlier = EarlierFiles(folder)

    def steps(self, films: Mapping[str, Filmed], materials: Mapping[Part, Material]) -> list[Step]:
        """Return all that is to be made besides the videos.

        Parameters
        ----------
        films : mapping of str to Filmed
            The lessons whose video is there from before.
        materials : mapping of str to Material
            What the files are made of.
        """
        steps = []
        for part, material in materials.items():
            first = next((it for it in chain(*self._lessons) if it.name in material.missing), None)
            for it in chain(*self._lessons):
                is_kept = it.name not in material.missing
                step = Step(it.name, part, (it.name,), is_kept=is_kept, is_first=it is first)
                steps.append(step)
        for language, rows in zip(self._lecture.header.languages, self._lessons, strict=True):
            ready = set(self._ready(rows, films))
            whole = name_of_whole(self._lecture, language)
            told = [(whole, tuple(it.name for it in rows if it.is_in_whole))]
            told += [(it.name, (it.name,)) for it in rows if it.is_published]
            steps += [
                Step(name, item, names, is_kept=(name, item) in ready)
                for name, names in told
                for item in self._kit
                if self._is_made(item, is_whole=name == whole)
            ]
        return steps

    def _is_made(self, item: KitItem, *, is_whole: bool) -> bool:
        """Return whether there is something to be written; a lesson's own video was drawn."""
        is_there = item == "video" and not is_whole
        return bool(ITEMS[item].names("", is_whole=is_whole)) and not is_there

    def _ready(
        self, rows: Sequence[Lesson], films: Mapping[str, Filmed]
    ) -> Iterator[tuple[str, KitItem]]:
        """Yield what is there from before of a language, as far as it is known yet."""
        made = [films[row.name] for row in rows if row.name in films]
        for told in self._told(made, is_whole=len(made) == len(rows)):
            key = made_from(told)
            yield from ((told.name, it) for it in self._kit if self._earlier.has(told, it, key))

    def write(
        self,
        films: Mapping[str, Filmed],
        listener: Nobody,
        on_failure: OnFailure | None,
        on_remark: OnRemark,
    ) -> tuple[dict[str, tuple[str, str]], dict[str, dict[str, str]]]:
        """Write them all, or copy what is there; see :func:`make_lecture`.

        Returns
        -------
        dict of str to (str, str)
            For each file of what and of which kind it is.
        dict of str to dict
            For what is told and each kind of its files, what stands for all they are made of.
        """
        files: dict[str, tuple[str, str]] = {}
        keys: dict[str, dict[str, str]] = {}
        for rows in self._lessons:
            made = [films[row.name] for row in rows if row.name in films]
            for told in self._told(made, is_whole=len(made) == len(rows)):
                key = made_from(told)
                for item in self._kit:
                    listener.begun(told.name, item)
                    names, is_whole = self._earlier.copied(told, item, key, self._target), True
                    if names is None:
                        names, is_whole = _write(told, item, self._target, on_failure, on_remark)
                    listener.ended(told.name, item)
                    files |= dict.fromkeys(names, (told.name, item))
                    if key and is_whole:  # what was left out is said again the next time
                        keys.setdefault(told.name, {})[item] = key
            for film in made:
                if "video" not in self._kit or not film.lesson.is_published:
                    film.video.unlink()
        return files, keys

    def _told(self, films: Sequence[Filmed], *, is_whole: bool) -> Iterator[Told]:
        """Yield what there are files of in a language: the whole, if it is there, each lesson."""
        if is_whole:
            language = films[0].lesson.job.language
            title = in_language(self._lecture.header.title, language)
            name = name_of_whole(self._lecture, language)
            whole = whole_told(self._lecture, name, title, films)
            yield replace(whole, options=self._options)
        for film in films:
            if film.lesson.is_published:
                yield replace(lesson_told(self._lecture, film), options=self._options)


def _write(
    told: Told, item: KitItem, folder: Path, on_failure: OnFailure | None, on_remark: OnRemark
) -> tuple[list[str], bool]:
    """Write what is told as one kind of file; return the files' names, and whether none lacks."""
    names = ITEMS[item].names(told.name, is_whole=told.is_whole)
    if not names:
        return [], True
    is_whole = False
    text = N_("{name}, {item}")
    try:
        with labelling(Message.of("kit.item", text, name=told.name, item=item)):
            remark = ITEMS[item].write(told, folder)
    except OSError:  # the disk's, which the next kind would meet as well
        raise
    except Exception as error:
        fault = error if isinstance(error, StudioError) else unexpected(error)
        if on_failure is None or isinstance(fault, OF_ALL):
            raise
        remove_named(folder, names)
        on_failure(Failure(told.name, item, fault))
    else:
        is_whole = remark is None
        if remark is not None:
            on_remark(told.name, item, remark)
    return files_named(folder, names), is_whole
