"""The kit of one lesson: a lecture of one part that is in no file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.core.base.messages import listed
from backprop_studio.notebook.apart import run_apart
from backprop_studio.notebook.catalogue import row_of
from backprop_studio.notebook.progress import shown_progress
from backprop_studio.notebook.rendering import workers_until
from backprop_studio.render.catalogue import name_hint
from backprop_studio.render.lecture.file import Header, Lecture
from backprop_studio.render.messages.events import Done, Progress
from backprop_studio.render.messages.jobs import KIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.notebook.apart import Stop
    from backprop_studio.notebook.options import FileOptions, Look
    from backprop_studio.render.lecture.file import Part
    from backprop_studio.render.lecture.lessons import Lesson as LectureLesson
    from backprop_studio.render.messages.jobs import KitItem


def make_kit(
    part: Part,
    look: Look,
    folder: Path,
    items: Sequence[KitItem],
    options: FileOptions,
    *,
    overwrite: bool,
) -> list[Path]:
    """Make the files of a lesson's kit.

    Parameters
    ----------
    part : Part
        The lesson, as a lecture has it.
    look : Look
        How it is told.
    folder : Path
        Where they go.
    items : sequence of str
        Which kinds.

    Raises
    ------
    InputError
        If a kind is not known.
    StudioError
        If something fails; nothing was changed then.
    """
    # Only here: it loads torch, with which programs of a kit are written.
    from backprop_studio.render.lecture.making import make_lecture

    wanted = _known(items)
    header = Header(
        format=1,
        title=translator(look.language)(row_of(part.scene).title),
        languages=(look.language,),
        quality=options.quality,
        theme=look.theme,
        frame=options.frame,
    )
    path = Path(os.path.abspath(f"{part.scene}.toml"))
    lecture = Lecture(header=header, parts=(part,), path=path, voice=options.voice)
    target = Path(os.path.abspath(folder.expanduser()))

    def make(stop: Stop) -> list[Path]:
        def on_lesson(_lesson: LectureLesson, event: Progress | Done | None) -> None:
            stop.check()
            if isinstance(event, Progress):
                stop.say(event)

        with workers_until(stop) as runner:
            return make_lecture(
                lecture,
                target,
                wanted,
                on_lesson,
                workers=options.workers,
                overwrite=overwrite,
                runner=runner,
            )

    with shown_progress(part.scene) as show:
        return run_apart(make, on_main=show)


def _known(items: Sequence[KitItem]) -> tuple[KitItem, ...]:
    """Return the kinds in the kit's order."""
    named = [items] if isinstance(items, str) else items
    for item in named:
        if item not in KIT:
            text = N_("wrong value for items: a kit has no '{word}'; {hint}")
            raise InputError("kit.no_item", text, word=item, hint=name_hint(item, KIT))
    if not named:
        text = N_("wrong value for items: none is named; known are {names}")
        raise InputError("kit.no_items", text, names=listed(KIT))
    return tuple(item for item in KIT if item in named)
