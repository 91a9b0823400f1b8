"""The files of exercises: sheets and solutions as PDF, and both for question banks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.core.base.messages import Message
from backprop_studio.render.kit.item import Item, write_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backprop_studio.render.kit.exercises.paper import Paper
    from backprop_studio.render.kit.told import Told

_TEMPLATE = Path(__file__).with_name("sheets.typ")


def _write(told: Told, folder: Path) -> Message | None:
    # Only here: subjects are drawn by core, which loads torch.
    from backprop_studio.render.kit.exercises.draw import exercises_of
    from backprop_studio.render.kit.exercises.gift import gift
    from backprop_studio.render.kit.exercises.moodle import moodle_xml
    from backprop_studio.render.kit.exercises.paper import papers_of
    from backprop_studio.render.kit.exercises.subjects import SUBJECTS

    (film,) = told.films
    scene, options = film.lesson.job.scene, told.options
    subject = SUBJECTS.get(scene)
    if subject is None:
        text = N_("there are no exercises for the scene '{scene}'")
        return Message.of("exercises.none", text, scene=scene)
    own = film.sheet["parameters"]
    found = exercises_of(subject, own, options.seed, options.students)
    if not found:
        text = N_("with its formula, no numbers are short enough to be worked out by hand")
        return Message.of("exercises.long", text)
    papers = papers_of(told.title, subject.text, found, told.language)
    boxes = None
    for ending, is_solved in ((".exercises.pdf", False), (".solutions.pdf", True)):
        target = folder / f"{told.name}{ending}"
        boxes = _write_sheets(told, papers, target, is_solved=is_solved) or boxes
    write_text(folder / f"{told.name}.exercises.xml", moodle_xml(papers, told.title))
    write_text(folder / f"{told.name}.exercises.gift", gift(papers, told.title))
    if len(found) < options.students:
        text = N_("with its formula there are exercises for {found} students, not for {asked}")
        counts = {"found": len(found), "asked": options.students}
        return Message.of("exercises.few", text, **counts)
    return boxes


def _write_sheets(
    told: Told, papers: Sequence[Paper], target: Path, *, is_solved: bool
) -> Message | None:
    """Write a PDF with a sheet for each student, or with its solution."""
    from backprop_studio.render.kit.pages import write_pages

    tr = translator(told.language)
    heading = tr(N_("{title}: solution")) if is_solved else "{title}"
    words = {
        "name": tr(N_("Name:")),
        "rules": tr(N_("Rules")),
        "given": tr(N_("Given")),
        "rounded": tr(N_("Answers have three decimals at most.")),
    }
    data: dict[str, Any] = {
        "solved": is_solved,
        "words": words,
        "papers": [_page(it, heading) for it in papers],
    }
    title = heading.format(title=told.title)
    return write_pages(_TEMPLATE, data, target, title=title, language=told.language)


def _page(paper: Paper, heading: str) -> dict[str, Any]:
    rows = paper.rows
    return {
        "title": paper.title,
        "heading": heading.format(title=paper.title),
        "text": paper.text,
        "rules": _formulas(paper.rules_typst, paper.rules),
        "given": _formulas(paper.given_typst, paper.given),
        "texts": [it.text for it in rows],
        "names": _formulas((f"{it.name_typst} =" for it in rows), (f"{it.name} =" for it in rows)),
        "lines": _formulas((it.line_typst for it in rows), (it.line for it in rows)),
    }


def _formulas(markup: Iterable[str], said: Iterable[str]) -> list[dict[str, str]]:
    """Return mathematics, each with how it is read to those who do not see it."""
    return [{"typst": it, "said": words} for it, words in zip(markup, said, strict=True)]


EXERCISES = Item(
    (".exercises.pdf", ".solutions.pdf", ".exercises.xml", ".exercises.gift"),
    _write,
    of_whole=False,
    needs_material=True,
)
