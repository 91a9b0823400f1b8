"""What the command line's ``lecture`` does, and what it says while it works."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Literal

from backprop_studio.cli.console import (
    bars,
    lines,
    path_text,
    phase_text,
    remark,
    rest_text,
    said,
    say,
    tr,
)
from backprop_studio.cli.event_lines import EventLines, failed_values
from backprop_studio.cli.runners import runner_at
from backprop_studio.core.base.errors import InputError, SceneError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import listed
from backprop_studio.render.catalogue import name_hint
from backprop_studio.render.kit.items import left_of_earlier
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.lecture.lessons import Lesson, drawn_lessons
from backprop_studio.render.lecture.making import make_lecture
from backprop_studio.render.lecture.progress import LectureProgress, Telling
from backprop_studio.render.messages.events import Done, Progress
from backprop_studio.render.messages.jobs import KIT, USUAL, KitItem, KitOptions
from backprop_studio.render.messages.results import VideoResult, left_message, left_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from backprop_studio.core.base.messages import Message
    from backprop_studio.render.lecture.kit_files import Failure
    from backprop_studio.render.lecture.making import OnLesson
    from backprop_studio.render.workers.limits import Limits


def kit_items(text: str) -> tuple[KitItem, ...]:
    """Return the items that a list with commas names.

    Raises
    ------
    InputError
        If one is unknown.

    Examples
    --------
    >>> kit_items("all") == KIT, kit_items("chapters, video")
    (True, ('video', 'chapters'))
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if word != "all" and word not in KIT:
            text = N_("--kit does not know '{word}'; {hint}")
            hint = name_hint(word, ["all", *KIT])
            raise InputError("kit.unknown", text, word=word, hint=hint)
    if not words:
        text = N_("--kit is empty; known are {names}")
        raise InputError("kit.empty", text, names=listed(["all", *KIT]))
    return tuple(item for item in KIT if item in words or "all" in words)


def lecture_command(
    file: Path,
    folder: Path,
    kit: str,
    jobs: int | None,
    *,
    overwrite: bool,
    keep_going: bool = False,
    options: KitOptions = USUAL,
    scheduler: str | None = None,
    limits: Limits | None = None,
    events: EventLines | None = None,
    voice: str | None = None,
    captions: Literal["on", "off"] | None = None,
) -> list[Path]:
    """Make a lecture and show how far it is; with a scheduler's address, on its farm.

    With ``events`` it is written for a script instead.

    Parameters
    ----------
    keep_going : bool
        When a lesson fails, make the others all the same, and say so in the end.
    options : KitOptions
        How the files are made.
    voice, captions : str or None
        Instead of the lecture's own.

    Raises
    ------
    StudioError
        If something is wrong; nothing was changed then.
    """
    items = kit_items(kit)
    lecture = read_lecture(file)
    header = lecture.header.model_copy(update={"captions": captions} if captions else {})
    lecture = lecture.model_copy(update={"header": header, "voice": voice})
    drawn = drawn_lessons(lecture, folder, items, options)
    count = len(drawn)
    failures: list[Failure] = []
    progress = LectureProgress("", drawn)

    def on_failure(failure: Failure) -> None:
        failures.append(failure)
        if failure.item is None:
            progress.given_up(failure.name)

    def on_remark(name: str, item: KitItem, reason: Message) -> None:
        if events:
            events.write("left_out", name=name, item=item, reason=said(reason))
        else:
            remark(said(left_out(name, item, reason)))

    made: list[Path] = []
    try:
        display = _display(file.name, count, progress, events)
        with runner_at(scheduler, limits) as runner, display as (show, tell):
            made = make_lecture(
                lecture,
                folder,
                items,
                show,
                workers=jobs,
                overwrite=overwrite,
                runner=runner,
                on_failure=on_failure if keep_going else None,
                on_plan=lambda *planned: tell(progress.planned(*planned)),
                listener=Telling(progress, tell),
                on_remark=on_remark,
                options=options,
            )
    finally:
        _report_failures(failures, events)
    left = left_message(left_of_earlier(lecture, folder, made))
    if left and not events:
        remark(said(left))
    if failures:
        if not events:
            for path in made:
                say(path_text(path))
        raise _of_several(failures, count)
    return made


def verify_command(folder: Path, file: Path | None) -> None:
    """Say what of an export is missing, changed or, as the lecture is now, out of date.

    Raises
    ------
    InputError
        If anything is, or there is no export in the folder.
    """
    from backprop_studio.render.kit.manifest import differences

    found = differences(folder, read_lecture(file) if file else None)
    for it in found:
        say(said(it))
    if found:
        text = N_("{count} differences from what was exported to {folder}")
        raise InputError("manifest.differs", text, count=len(found), folder=folder)
    say(tr(N_("everything in {folder} is as it was exported")).format(folder=path_text(folder)))


def _report_failures(failures: Sequence[Failure], events: EventLines | None) -> None:
    for it in failures:
        if events and it.item is None:
            events.write("lesson", lesson=it.name, **failed_values(it.error))
        elif events:
            events.write("item", name=it.name, item=it.item, **failed_values(it.error))
        else:
            text = tr(N_("{lesson} failed: {message}"))
            remark(text.format(lesson=it.name, message=said(it.error.message)))


def _of_several(failures: Sequence[Failure], count: int) -> StudioError:
    """Return one error for all that has failed, of their kind if all have the same."""
    kinds = {type(it.error) for it in failures}
    kind = kinds.pop() if len(kinds) == 1 else SceneError
    lessons = sum(it.item is None for it in failures)
    if not lessons:
        text = N_("{failed} kinds of files could not be made; the other files are there")
        return kind("kit.some_failed", text, failed=len(failures))
    text = N_("{failed} of {count} lessons failed; the files of the others are there")
    return kind("lecture.some_failed", text, failed=lessons, count=count)


@contextmanager
def _display(
    title: str, count: int, progress: LectureProgress, events: EventLines | None
) -> Iterator[tuple[OnLesson, Callable[[Progress], None]]]:
    """Show a lecture: to a script, as bars, or as lines.

    Yields
    ------
    callable, callable
        What takes what is told of a lesson, and what takes how far the lecture is.
    """
    if events:
        tell = _Percents(events)
        yield _counted(progress, partial(_report, events), tell), tell
        return
    with bars("{task.fields[rest]}") as bar:
        if bar is None:
            remarks, tell_line = partial(_remark, itertools.count(1), count), lines(title)
            yield _counted(progress, remarks, tell_line), tell_line
            return
        whole = bar.add_task(title, total=1.0, rest="")
        rows = {}

        def tell_bar(it: Progress) -> None:
            words = f"{title}: {phase_text(it)}"
            bar.update(whole, completed=it.fraction, description=words, rest=rest_text(it))

        def show(lesson: Lesson, event: Progress | Done | None) -> None:
            if isinstance(event, Progress):
                if lesson.name not in rows:
                    rows[lesson.name] = bar.add_task(f"  {lesson.name}", total=None, rest="")
                if event.frames:
                    counted = f"{event.frame}/{event.frames}"
                    row = rows[lesson.name]
                    bar.update(row, total=event.frames, completed=event.frame, rest=counted)
                return
            _tell_remark(lesson, event)
            if lesson.name in rows:
                bar.remove_task(rows.pop(lesson.name))

        yield _counted(progress, show, tell_bar), tell_bar


class _Percents:
    """Writes how far a lecture is for a script, each time it is a hundredth further.

    Parameters
    ----------
    events : EventLines
    """

    def __init__(self, events: EventLines) -> None:
        self._events = events
        self._said = -1

    def __call__(self, progress: Progress) -> None:
        """Write it, unless it was."""
        percent = int(100 * progress.fraction)
        if percent > self._said:
            self._said = percent
            said = progress.model_dump(include={"phase", "fraction", "eta_seconds"})
            self._events.write("lecture", **said)


def _counted(
    progress: LectureProgress, show: OnLesson, tell: Callable[[Progress], None]
) -> OnLesson:
    """Return what shows a lesson, and with it how far the lecture is."""

    def counted(lesson: Lesson, event: Progress | Done | None) -> None:
        show(lesson, event)
        tell(progress.told(lesson, event))

    return counted


def _report(events: EventLines, lesson: Lesson, event: Progress | Done | None) -> None:
    """Write a lesson's progress or end for a script."""
    if isinstance(event, Progress):
        events.progress(event, lesson=lesson.name)
    else:
        events.write("lesson", lesson=lesson.name, kept=event is None)


def _remark(
    numbers: Iterator[int], count: int, lesson: Lesson, event: Progress | Done | None
) -> None:
    """Write a line for a lesson that is there."""
    if not isinstance(event, Progress):
        text = N_("{done} of {count}: {lesson}, drawn")
        if event is None:
            text = N_("{done} of {count}: {lesson}, kept from before")
        remark(tr(text).format(done=next(numbers), count=count, lesson=lesson.name))
        _tell_remark(lesson, event)


def _tell_remark(lesson: Lesson, event: Done | None) -> None:
    """Say what is to be known of a lesson that was drawn, if there is something."""
    if event is not None and (found := VideoResult.model_validate(event.result).remark):
        remark(f"{lesson.name}: {said(found)}")
