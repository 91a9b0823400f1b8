"""Notebooks: valid, as typed, and with the numbers of every beat asserted."""

from __future__ import annotations

import contextlib
import io
from types import SimpleNamespace

import nbformat
import pytest
import torch
from markdown_it import MarkdownIt

from backprop_studio.render.kit.source.code import lesson_program
from backprop_studio.render.kit.source.notebook import as_typed, notebook
from backprop_studio.render.messages.jobs import USUAL
from backprop_studio.render.messages.results import BeatMark, SentenceMark
from tests.scenes.lesson_runs import SCENES, run_lesson

SIGNS = (
    '1. It\'s "a" < b & c; $x$ and $y$ =;#\\ 二 *b* _u_ [l](m) {x} `q` <b> &amp; a|b ~c~ \\(z\\)'
)


def told(scene="derivative", params=None, language="en"):
    lesson = run_lesson(scene, params, language=language).lesson
    beats = tuple(
        BeatMark(
            name=it.name,
            caption=it.caption,
            start=0,
            end=1,
            sentences=(SentenceMark(text=SIGNS, start=0, end=1),),
        )
        for it in lesson.beats
    )
    job = SimpleNamespace(scene=scene)
    sheet = lesson.answer_sheet()
    film = SimpleNamespace(beats=beats, sheet=sheet, lesson=SimpleNamespace(job=job))
    names = {"name": "01 a&b", "title": SIGNS, "language": language, "options": USUAL}
    return SimpleNamespace(films=(film,), **names)


@pytest.fixture
def book():
    lesson = told()
    text = notebook(lesson, lesson_program("derivative", lesson.films[0].sheet))
    return nbformat.reads(text, as_version=4)


def seen(markdown):
    """Return what is to be read of Markdown, line by line."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    return [
        "".join(it.content for it in token.children if it.type == "text")
        for token in tokens
        if token.type == "inline"
    ]


def executed(cells):
    names = {}
    usual = torch.get_default_dtype()
    try:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            for cell in cells:
                exec(compile(cell.source, "cell", "exec"), names)
    finally:
        torch.set_default_dtype(usual)
    return said.getvalue()


def test_it_is_valid_and_the_same_each_time(book):
    nbformat.validate(book)
    assert book.metadata.kernelspec.name == "python3"
    lesson = told()
    program = lesson_program("derivative", lesson.films[0].sheet)
    assert notebook(lesson, program) == notebook(lesson, program)


def test_titles_and_scripts_come_out_as_typed(book):
    texts = [it.source for it in book.cells if it.cell_type == "markdown"]
    assert texts[0].startswith("# ")
    assert seen(texts[0])[0] == SIGNS
    assert "$x$" not in texts[0]  # it would become a formula
    lesson = told()
    for beat in lesson.films[0].beats:
        (text,) = [it for it in texts if it.startswith("## ") and seen(it)[0] == beat.caption]
        assert seen(text)[1] == SIGNS


@pytest.mark.parametrize("text", ["- a", "+ b", "=====", "12) c", "3. d", "---", "> e", "# f"])
def test_a_line_begins_as_it_was_typed(text):
    assert seen(as_typed(text)) == [text]


def test_its_cells_compute_and_assert_every_number(book):
    cells = [it for it in book.cells if it.cell_type == "code"]
    said = executed(cells)
    assert said.count("\n") == len(
        {(it.beat, it.name, it.text) for it in run_lesson("derivative").lesson.shown}
    )
    checks = [it for it in cells if it.source.startswith("check(")]
    assert len(checks) > 3
    for cell in checks:
        right = cell.source
        cell.source = right.replace('"),', '7"),', 1)
        with pytest.raises((AssertionError, AttributeError)):
            executed(cells)
        cell.source = right


def test_it_has_an_exercise_with_its_solution(book):
    asked = [it.source for it in book.cells if it.source.startswith("answer_")]
    assert asked == [f"answer_{k} = ..." for k in range(1, len(asked) + 1)]
    assert len(asked) >= 2
    assert book.cells[-1].source.startswith("<details>")
    assert len(seen(book.cells[-1].source)) == len(asked)


def test_a_scene_without_a_program_has_none(make):
    heard = []
    files = make("notebook", on_remark=lambda *it: heard.append((it[0], it[1], it[2].code)))
    assert files == {}
    assert heard == [("01-tiny.en", "notebook", "code.none")]


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES)
def test_the_cells_of_every_scene_run(scene):
    lesson = told(scene)
    text = notebook(lesson, lesson_program(scene, lesson.films[0].sheet))
    found = nbformat.reads(text, as_version=4)
    assert executed(it for it in found.cells if it.cell_type == "code")


@pytest.mark.slow
@pytest.mark.parametrize(("scene", "language"), [("backprop", "zh"), ("derivative", "en")])
def test_a_kernel_runs_it(scene, language):
    from nbclient import NotebookClient

    lesson = told(scene, language=language)
    text = notebook(lesson, lesson_program(scene, lesson.films[0].sheet))
    found = nbformat.reads(text, as_version=4)
    NotebookClient(found, timeout=120, kernel_name="python3").execute()
    outputs = [it.outputs for it in found.cells if it.source.startswith("check(")]
    assert all(outputs)
