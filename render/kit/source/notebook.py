"""Notebook: what is said in a lesson, its torch program, and the numbers of each beat asserted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.core.base.messages import Message
from backprop_studio.render.kit.description import spoken
from backprop_studio.render.kit.item import Item, write_text
from backprop_studio.render.kit.source.code import AGREES, BEGIN, Program, proven_program, tidy
from backprop_studio.render.kit.video import ENDING as VIDEO_ENDING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.kit.told import Filmed, Told

ENDING = ".ipynb"

_SPECIAL = re.compile(r"[\\`*_\[\]<>&#|~$]")
_FIRST = re.compile(r"^([-+=:]|\d+(?=[.)]))")
"""What may be a mark of Markdown, anywhere and at the beginning of a line."""

_JOINT = re.compile(r"\n{2,}(?=#)|\n{3,}")
"""Where a program is cut into cells: before a comment, and around functions."""

_WIDTH = 640

_CHECK = '''\
def check(*rows):
    """Compare numbers with how they stand in the lesson, and write them down."""
    for name, text in rows:
        assert agrees(found[name], text), f"{name} is {found[name]:.12g}, not {text}"
        print(f"{name} = {text}")
'''


def _write(told: Told, folder: Path) -> Message | None:
    program = proven_program(told)
    if isinstance(program, Message):
        return program
    write_text(folder / f"{told.name}{ENDING}", notebook(told, program))
    return None


def notebook(told: Told, program: Program) -> str:
    """Return the notebook of a lesson as a file has it."""
    import nbformat

    (film,) = told.films
    jupyter: Any = nbformat  # half of it says that it has types
    book = jupyter.v4.new_notebook()
    book.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python", "file_extension": ".py"},
        "title": told.title,
    }
    make = {"markdown": jupyter.v4.new_markdown_cell, "code": jupyter.v4.new_code_cell}
    for number, (kind, text) in enumerate(_cells(told, film, program)):
        cell = make[kind](text.strip("\n"))
        cell["id"] = f"cell-{number}"  # not by chance: equal notebooks are equal files
        book.cells.append(cell)
    jupyter.validate(book)
    written: str = jupyter.writes(book)
    return written + "\n"


def _cells(told: Told, film: Filmed, program: Program) -> Iterator[tuple[str, str]]:
    """Yield what stands in a notebook: the lesson, its program, and each beat with its numbers."""
    tr = translator(told.language)
    yield "markdown", "\n\n".join(_opening(told, film))
    yield "markdown", f"## {as_typed(tr(N_('The calculation')))}"
    yield "code", BEGIN
    for block in _JOINT.split(tidy(program.body).strip("\n")):
        yield "code", block
    yield "code", tidy(f"{AGREES}\n\n{_CHECK}")
    numbers: dict[str, list[tuple[str, str]]] = {}
    for place, name, text in program.rows:
        numbers.setdefault(place, []).append((name, text))
    headed = [it for it in film.beats if it.caption or spoken(it, told.language)]
    known = {it.name for it in headed}
    if rest := [row for place, rows in numbers.items() if place not in known for row in rows]:
        yield "code", _checked(rest)
    for beat in headed:
        said = spoken(beat, told.language)
        heading = beat.caption or said
        lines = [f"## {as_typed(heading)}"]
        if said and said != heading:
            lines.append(as_typed(said))
        yield "markdown", "\n\n".join(lines)
        if rows := numbers.get(beat.name):
            yield "code", _checked(rows)
    yield from _exercise(told, film)


def _checked(rows: Sequence[tuple[str, str]]) -> str:
    written = "\n".join(f'    ("{name}", "{text}"),' for name, text in rows)
    return f"check(\n{written}\n)"


def _exercise(told: Told, film: Filmed) -> Iterator[tuple[str, str]]:
    """Yield the exercise of the first student, with a cell for each question, and its solution."""
    # Only here: subjects are drawn by core, which loads torch.
    from backprop_studio.render.kit.exercises.draw import exercises_of
    from backprop_studio.render.kit.exercises.paper import papers_of
    from backprop_studio.render.kit.exercises.subjects import SUBJECTS

    subject = SUBJECTS.get(film.lesson.job.scene)
    if subject is None:
        return
    drawn = exercises_of(subject, film.sheet["parameters"], told.options.seed, 1)
    for paper in papers_of(told.title, subject.text, drawn, told.language):
        tr = translator(told.language)
        items = "\n".join(f"- {as_typed(it)}" for it in (*paper.rules, *paper.given))
        begin = f"## {as_typed(tr(N_('Exercise')))}\n\n{as_typed(paper.text)}\n\n{items}"
        for number, row in enumerate(paper.rows, start=1):
            asked = f"{number}\\. {as_typed(row.text)} {as_typed(row.name)}"
            yield "markdown", f"{begin}\n\n{asked}" if number == 1 else asked
            yield "code", f"answer_{number} = ..."
        lines = "\n".join(f"- {as_typed(row.line)}" for row in paper.rows)
        title = as_typed(tr(N_("Solution")))
        yield "markdown", f"<details>\n<summary>{title}</summary>\n\n{lines}\n\n</details>"


def _opening(told: Told, film: Filmed) -> Iterator[str]:
    """Yield title, question and video."""
    tr = translator(told.language)
    yield f"# {as_typed(told.title)}"
    asked = _question(film, told.language)
    if asked:
        yield f"**{as_typed(asked)}**"
    name = quote(f"{told.name}{VIDEO_ENDING}")
    yield f'<video controls width="{_WIDTH}" src="{name}"></video>'
    yield f"[{as_typed(tr(N_('The video of the lesson')))}]({name})"


def _question(film: Filmed, language: Language) -> str:
    """Return what the lesson begins with: the first that is said."""
    return next((said for it in film.beats if (said := spoken(it, language))), "")


def as_typed(text: str) -> str:
    r"""Return a text as one line of Markdown in which nothing is a mark.

    A dollar stands in an element of its own: what shows notebooks looks for formulas once more when
    all marks are gone.

    Examples
    --------
    >>> print(as_typed("a *b* for $5"), as_typed("1. c"))
    a \*b\* for <span>$</span>5 1\. c
    """
    line = " ".join(text.split())
    line = _SPECIAL.sub(lambda it: "<span>$</span>" if it[0] == "$" else f"\\{it[0]}", line)
    return _FIRST.sub(lambda it: f"{it[0]}\\" if it[0].isdigit() else f"\\{it[0]}", line)


NOTEBOOK = Item((ENDING,), _write, of_whole=False, needs_material=True)
