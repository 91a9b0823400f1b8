"""The body of ``backprop-studio check LECTURE.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.cli.check import faults_error, is_lecture, make_pictures_folder
from backprop_studio.cli.console import progress_display, say, strict_json, tr
from backprop_studio.cli.runners import runner_at
from backprop_studio.core.base.errors import InputError, SceneError
from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.lecture.accessibility import Criterion
    from backprop_studio.render.lecture.checking import LectureReport


def check_lectures(
    files: Sequence[str],
    language: Language | None,
    theme: str | None,
    kit: str,
    pictures: Path | None,
    given: Mapping[str, Any],
    *,
    as_json: bool,
) -> None:
    """Say what is wrong with the pictures of lectures, and which criteria of WCAG they meet.

    Parameters
    ----------
    language : str, optional
        Instead of the lectures' own.
    kit : str
        The files that shall be made, as ``lecture`` takes them.
    theme, given : str and mapping, optional
        Colours and parameters, which are refused: a lecture says them for each of its lessons.

    Raises
    ------
    StudioError
        If something is wrong, or not met.
    """
    from backprop_studio.cli.lecture import kit_items
    from backprop_studio.render.lecture.checking import check_lecture
    from backprop_studio.render.lecture.file import read_lecture

    for name in files:
        if not is_lecture(name):
            words = N_("lectures are checked by themselves; '{scene}' is no lecture file")
            raise InputError("check.no_lecture", words, scene=name)
    if theme or given:
        words = N_("a lecture file says itself what its lessons are given, such as '{name}'")
        raise InputError("check.given", words, name=next(iter(given), "theme"))
    items = kit_items(kit)
    lectures = [read_lecture(Path(it)) for it in files]
    make_pictures_folder(pictures)
    reports = []
    with runner_at(None) as runner:
        for lecture in lectures:
            if language is not None:
                header = lecture.header.model_copy(update={"languages": (language,)})
                lecture = lecture.model_copy(update={"header": header})
            with progress_display(lecture.path.name) as show:
                reports.append(check_lecture(lecture, items, runner, show, pictures=pictures))
    if as_json:
        rows = zip(files, reports, strict=True)
        say(strict_json([{"file": name, **_row(it)} for name, it in rows]))
    else:
        for report in reports:
            _tell(report)
    _end(reports)


def _row(report: LectureReport) -> dict[str, Any]:
    return {
        "findings": [it.row() for it in report.findings],
        "wcag": [
            {
                "criterion": it.number,
                "level": it.level,
                "met": it.is_met,
                "reason": it.reason.words(),
            }
            for it in report.criteria
        ],
    }


def _tell(report: LectureReport) -> None:
    for finding in report.findings:
        say(finding.line(tr))
    for it in report.criteria:
        say(_line(it))


def _line(it: Criterion) -> str:
    text = N_("WCAG {number} ({level}) met: {reason}")
    if not it.is_met:
        text = N_("WCAG {number} ({level}) not met: {reason}")
    return tr(text).format(number=it.number, level=it.level, reason=it.reason.words(tr))


def _end(reports: Sequence[LectureReport]) -> None:
    """End with an error if anything is wrong."""
    found = sum(len(it.findings) for it in reports)
    if found:
        raise faults_error(found, sum(it.moments for it in reports))
    unmet = [it.number for report in reports for it in report.criteria if not it.is_met]
    if unmet:
        words = N_("not all criteria of WCAG are met: {numbers}")
        raise SceneError("check.unmet", words, numbers=", ".join(unmet))
