"""Exercises for Moodle: each student's calculation as one question with gaps (cloze)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.render.kit.exercises.paper import Paper

MOST_LETTERS = 250
"""Of a name in Moodle's tables."""


def moodle_xml(papers: Sequence[Paper], category: str) -> str:
    """Return exercises as Moodle imports them.

    Parameters
    ----------
    category : str
        Where they go in the question bank; a quiz takes one of it for each student.
    """
    quiz = ElementTree.Element("quiz")
    place = ElementTree.SubElement(quiz, "question", type="category")
    _text(place, "category", f"$course$/top/{in_category(category)}")
    _text(place, "info", "", format="html")
    for paper in papers:
        question = ElementTree.SubElement(quiz, "question", type="cloze")
        _text(question, "name", paper.title[:MOST_LETTERS])
        _text(question, "questiontext", _gaps(paper), format="html")
        _text(question, "generalfeedback", _solution(paper), format="html")
        for name, value in (("penalty", "0.3333333"), ("hidden", "0"), ("idnumber", "")):
            ElementTree.SubElement(question, name).text = value
    ElementTree.indent(quiz)
    body = ElementTree.tostring(quiz, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def in_category(name: str) -> str:
    """Return a name as one step of a path of categories.

    Examples
    --------
    >>> in_category("dL/dw")
    'dL//dw'
    """
    return " ".join(name.split())[:MOST_LETTERS].replace("/", "//")


def _text(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    element = ElementTree.SubElement(parent, name, attributes)
    ElementTree.SubElement(element, "text").text = text


def _gaps(paper: Paper) -> str:
    """Return a sheet with a gap for each answer."""
    lines = [*_paragraphs(paper.text), _list(paper.rules), _list(paper.given), "<ol>"]
    for row in paper.rows:
        gap = f"{{1:NUMERICAL:={row.answer}:{row.tolerance:g}}}"
        lines.append(f"<li>{_words(row.text)}<br>{_words(row.name)} = {gap}</li>")
    return "\n".join([*lines, "</ol>"])


def _solution(paper: Paper) -> str:
    rows = "".join(f"<li>{_words(row.line)}</li>" for row in paper.rows)
    return f"<ol>{rows}</ol>"


def _paragraphs(*texts: str) -> list[str]:
    return [f"<p>{_words(it)}</p>" for it in texts if it]


def _list(rows: Sequence[str]) -> str:
    return f"<p>{'<br>'.join(map(_words, rows))}</p>"


def _words(text: str) -> str:
    """Return a text as HTML in which nothing begins a gap."""
    return escape(text, quote=False).replace("{", "&#123;").replace("}", "&#125;")
