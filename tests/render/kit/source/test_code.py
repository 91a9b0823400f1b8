"""Torch code: it comes to every number that is shown, and notices each digit that is another."""

from __future__ import annotations

import contextlib
import io

import pytest
import torch

from backprop_studio.render.kit.source.code import lesson_program, run_program
from tests.scenes.lesson_runs import run_lesson

LESSONS = [
    ("derivative", {}),
    ("derivative", {"formula": "abs(w) + exp(-w)", "w": 0.5, "eps": [0.1, 1e-3]}),
    ("partial_derivatives", {}),
    ("partial_derivatives", {"formula": "sin(x)*y", "x": 0.3, "y": -1.5}),
    ("chain_rule", {}),
    ("chain_rule", {"steps": 1, "w": 3.7, "learning_rate": 0.05}),
    ("gradient_descent", {}),
]


@pytest.fixture
def execute():
    """Execute a program here, and leave torch as it was."""
    usual = torch.get_default_dtype()

    def execute(text):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(compile(text, "lesson.py", "exec"), {})
        return said.getvalue()

    yield execute
    torch.set_default_dtype(usual)


def other(text):
    """Return a number with its last digit one higher."""
    at = max(k for k, letter in enumerate(text.partition(" times")[0]) if letter.isdigit())
    return f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"


@pytest.mark.parametrize(("scene", "params"), LESSONS)
def test_a_program_comes_to_every_number_and_to_no_other(scene, params, execute):
    sheet = run_lesson(scene, params).lesson.answer_sheet()
    rows = list({(it["beat"], it["name"], it["text"]): None for it in sheet["shown"]})
    text = lesson_program(scene, sheet).text('Two\nlines "' + "'" * 3, "a.lesson.py")
    assert execute(text) == f"{len(rows)} numbers are as the lesson shows them\n"
    for row in rows:
        beat, name, shown = row
        wrong = text.replace(repr(row), repr((beat, name, other(shown))))
        assert wrong != text
        with pytest.raises(AssertionError, match=f"{beat}: {name} is "):
            execute(wrong)


def test_it_runs_by_itself_and_ends_with_an_error_if_a_digit_is_another(tmp_path):
    sheet = run_lesson("derivative").lesson.answer_sheet()
    file = tmp_path / "a.lesson.py"
    text = lesson_program("derivative", sheet).text("T", file.name)
    file.write_text(text, encoding="utf-8")
    assert run_program(file) is None
    file.write_text(text.replace("'9.61'", "'9.62'"), encoding="utf-8")
    assert "tangent.y_eps.1 is 9.61, not 9.62" in run_program(file)


def test_a_scene_without_a_program_says_so(make):
    heard = []
    files = make("code", "subtitles", on_remark=lambda *it: heard.append(it))
    assert not [name for name in files if name.endswith(".py")]
    assert [(name, item, it.code) for name, item, it in heard] == [
        ("01-tiny.en", "code", "code.none")
    ]
