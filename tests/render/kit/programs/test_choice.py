"""Programs of all scenes: what they compute is what the answer sheet has, in every case."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import math

import pytest
import torch

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.render.kit.programs import texts
from backprop_studio.render.kit.programs.choice import PROGRAMS
from backprop_studio.render.kit.source.code import lesson_program
from tests.manim_settings import manim_settings
from tests.scenes.lesson_runs import SCENES, SETTINGS, BlindRenderer, lesson_class, run_lesson

MORE = [
    ("backprop", {"network": {"preset": "xor", "train": ["1.weight.1.2", "2"]}, "steps": 3}),
    ("backprop", {"network": {"preset": "iris", "train_biases": False}, "steps": 2}),
    ("backprop", {"network": {"preset": "small", "reduction": "sum"}}),
    (
        "backprop",
        {
            "network": {"weights": [[[0.5, -0.4]], [[2.0]]], "activation": "gelu", "half": True},
            "data": {"inputs": [[1.0, 2.0], [0.5, -1.0]], "targets": [[1.0], [0.0]]},
            "optimizer": {"name": "adam", "beta1": 0.8, "eps": 1e-6},
        },
    ),
    ("gradient_flow", {"faults": ["not_zeroed"]}),
    ("loss_surface", {"network": "xor", "slice": {"kind": "parameters"}}),
]
"""What the scenes' own cases leave out."""

CASES = [
    (scene, case)
    for scene in SCENES
    for case in [{}, *importlib.import_module(f"tests.scenes.test_{scene}").CASES]
]


WITHOUT = [
    case
    for scene, case in CASES
    if scene == "backprop"
    and (
        "class_weights" in case.get("network", {})
        or {"precision", "memory"} & case.get("optimizer", {}).keys()
    )
]
"""Lessons that no program is written for."""


@pytest.fixture(autouse=True)
def _usual_numbers():
    usual = torch.get_default_dtype()
    yield
    torch.set_default_dtype(usual)


def executed(text):
    """Execute a program here; return what it has found, and what it says."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(text, "lesson.py", "exec"), names)
    return names["found"], said.getvalue()


def computed(scene, params):
    """Return the answer sheet of a lesson that is not told."""
    kind = lesson_class(scene)
    with manim_settings(SETTINGS):
        lesson = kind(params=validate_params(kind.Params, params), renderer=BlindRenderer())
        sheet = json.loads(json.dumps(lesson.compute()))
    return sheet | {"shown": []}


def check(sheet, found):
    """Compare what a program has found with the answer sheet; return how much was compared."""
    count = 0
    for name, value in found.items():
        try:
            expected = look_up(sheet, name)
        except KeyError:
            continue  # of this the sheet has no number, such as a step that did not leave
        assert value is not None, name
        is_same = math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-13)
        assert is_same or (math.isnan(value) and math.isnan(expected)), (name, value, expected)
        count += 1
    return count


def test_every_scene_has_a_program():
    assert sorted(PROGRAMS) == SCENES


@pytest.mark.parametrize(
    ("scene", "params"),
    [
        *((it, {}) for it in SCENES),
        MORE[0],
        *(pytest.param(*it, marks=pytest.mark.slow) for it in MORE[1:]),
    ],
)
def test_a_program_computes_the_numbers_of_the_sheet(scene, params):
    sheet = computed(scene, params)
    found, said = executed(lesson_program(scene, sheet).code)
    assert said.endswith("0 numbers are as the lesson shows them\n")
    assert check(sheet, found) >= 5


def other(text):
    """Return a number with its last digit one higher."""
    at = max(k for k, letter in enumerate(text.partition(" times")[0]) if letter.isdigit())
    return f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES)
def test_a_changed_digit_of_any_scene_is_noticed(scene):
    program = lesson_program(scene, run_lesson(scene, keep_parts=False).lesson.answer_sheet())
    rows = [it for it in program.rows if it[2][-1].isdigit()]
    for row in (rows[0], rows[len(rows) // 2], rows[-1]):
        wrong = program.code.replace(repr(row), repr((*row[:2], other(row[2]))))
        assert wrong != program.code
        with pytest.raises(AssertionError, match=f"{row[1]} is "):
            executed(wrong)


@pytest.mark.slow
@pytest.mark.parametrize(("scene", "params"), CASES)
def test_a_program_comes_to_every_number_that_is_shown(scene, params):
    sheet = json.loads(
        json.dumps(run_lesson(scene, params, keep_parts=False).lesson.answer_sheet())
    )
    program = lesson_program(scene, sheet)
    if params in WITHOUT:
        assert program.code in {"program.begun", "program.shares"}
        return
    found, said = executed(program.code)
    rows = {(it["beat"], it["name"], it["text"]) for it in sheet["shown"]}
    assert said.endswith(f"{len(rows)} numbers are as the lesson shows them\n")
    check(sheet, found)


@pytest.mark.parametrize(
    ("scene", "params"),
    [("backprop", {}), ("linear_regression", {}), MORE[-1]],
)
def test_what_nobody_would_read_is_left_out(scene, params, monkeypatch):
    monkeypatch.setattr(texts, "MOST_NUMBERS", 8)
    found = lesson_program(scene, computed(scene, params))
    assert (found.code, found.fields["most"]) == ("code.too_large", 8)
    assert found.fields["count"] > 8
