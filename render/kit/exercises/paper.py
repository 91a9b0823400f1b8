"""A student's sheet in words of a language: what all kinds of files are written from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.render.kit.exercises.writing import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.kit.exercises.draw import Answer, Exercise


@dataclass(frozen=True)
class Row:
    """A question and its answer, as plain text and as Typst mathematics.

    Attributes
    ----------
    text : str
        The sentence.
    name, line : str
        What is asked, and the calculation with its result.
    name_typst, line_typst : str
        The same as Typst mathematics.
    answer : str
        A number as computers write it.
    tolerance : float
        How far an answer may be off.
    """

    text: str
    name: str
    line: str
    name_typst: str
    line_typst: str
    answer: str
    tolerance: float


@dataclass(frozen=True)
class Paper:
    """A student's sheet.

    Attributes
    ----------
    number : int
        From 1.
    title, text : str
        What it is of, with its number; and what it is about.
    rules, given : tuple of str
        The formulas that are worked with, and what is told, as plain text.
    rules_typst, given_typst : tuple of str
        The same as Typst mathematics.
    rows : tuple of Row
    """

    number: int
    title: str
    text: str
    rules: tuple[str, ...]
    given: tuple[str, ...]
    rules_typst: tuple[str, ...]
    given_typst: tuple[str, ...]
    rows: tuple[Row, ...]


def papers_of(
    title: str, text: str, exercises: Sequence[Exercise], language: Language
) -> list[Paper]:
    """Return exercises in words.

    Parameters
    ----------
    title : str
        Of the lesson.
    text : str
        What they are about, in English.
    """
    tr = translator(language)
    name = tr(N_("{lesson}, sheet {number}"))
    return [
        Paper(
            number=it.number,
            title=name.format(lesson=" ".join(title.split()), number=it.number),
            text=tr(text),
            rules=tuple(map(plain, it.task.rules)),
            given=tuple(plain(" = ".join(pair)) for pair in it.given),
            rules_typst=tuple(it.task.rules),
            given_typst=tuple(" = ".join(pair) for pair in it.given),
            rows=tuple(_row(answer, language) for answer in it.answers),
        )
        for it in exercises
    ]


def _row(answer: Answer, language: Language) -> Row:
    question = answer.question
    words = {name: plain(markup) for name, markup in question.words}
    return Row(
        text=translator(language)(question.text).format(**words),
        name=plain(question.name),
        line=plain(answer.line),
        name_typst=question.name,
        line_typst=answer.line,
        answer=answer.text,
        tolerance=question.tolerance,
    )
