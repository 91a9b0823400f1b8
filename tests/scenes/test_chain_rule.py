"""The chain rule's story: the lecture's digits, divergence, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from tests.scenes.lesson_runs import run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"steps": 1},
    {"steps": 1000},
    {"w": 2.0},
    {"x": -3.0, "y": 7.5, "w": 0.25, "nudge": -0.01},
    {"x": 0.0},
    {"nudge": 0.0},
    {"learning_rate": 0.3, "steps": 50},
    {"learning_rate": 0.26, "steps": 50},
    {"loop": {"learning_rate": 0.25, "test_x": 2}},
    {"learning_rate": 900, "steps": 1000},
    {"x": 1e-5, "y": 2e-7, "w": 3e5, "steps": 4},
    {"x": 1e30, "y": -1e30, "learning_rate": 1e-9},
    {"loop": {"learning_rate": 0.5}},
    {"loop": {"learning_rate": 50}},
    {"loop": {"xs": [1], "ys": [5], "epochs": 1}},
    {"loop": {"xs": [1, 2, 3, 4, 5, 6], "ys": [2, 4, 6, 8, 10, 12], "epochs": 1000}},
    {"loop": {"w": 2.0}},
]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("steps.0.y_pred", "2"),
        ("steps.0.loss", "4"),
        ("steps.0.dL_dy_pred", "−4"),
        ("steps.0.dy_pred_dw", "2"),
        ("steps.0.dL_dw", "−8"),
        ("steps.0.w_after", "1.8"),
        ("steps.0.y_pred_after", "3.6"),
        ("steps.0.loss_after", "0.16"),
        ("steps.1.dL_dy_pred", "−0.8"),
        ("steps.1.dL_dw", "−1.6"),
        ("steps.1.w_after", "1.96"),
        ("steps.1.y_pred_after", "3.92"),
        ("steps.1.loss_after", "0.0064"),
    ],
)
def test_shows_the_numbers_of_the_notes(name: str, text: str) -> None:
    assert shown(run_lesson("chain_rule"), f"chain.{name}") == {text}


def test_the_loop_leads_to_two_and_the_prediction_to_eight() -> None:
    run = run_lesson("chain_rule")
    assert shown(run, "loop.before") == {"4"}
    assert shown(run, "loop.after") == {"8"}
    assert shown(run, "loop.w.300") == {"2"}


def test_many_steps_are_told_by_the_first_and_the_last() -> None:
    lesson = run_lesson("chain_rule", {"steps": 40}).lesson
    names = [beat.name for beat in lesson.beats]
    assert names == [
        "forward", "nudge", "backward", "update", "step_2", "step_3", "last", "loop", "answer",
    ]  # fmt: skip
    assert '#"40"' in {cell for row in lesson.table.cells for cell in row}


def test_a_run_that_diverges_is_called_so() -> None:
    lesson = run_lesson("chain_rule", {"learning_rate": 900, "steps": 1000}).lesson
    captions = {beat.name: beat.caption for beat in lesson.beats}
    assert "diverges" in captions["last"]
    lesson = run_lesson("chain_rule", {"loop": {"learning_rate": 50}}).lesson
    assert "diverges" in lesson.beats[-1].caption


def test_a_loss_that_grows_is_called_divergence_before_float64_ends() -> None:
    params = {"learning_rate": 0.26, "steps": 50, "loop": {"learning_rate": 0.25}}
    captions = {beat.name: beat.caption for beat in run_lesson("chain_rule", params).lesson.beats}
    assert "diverges" in captions["last"]
    assert "float64" not in captions["last"]
    assert "diverges" in captions["answer"]


def test_the_lines_stand_where_the_last_step_is() -> None:
    lesson = run_lesson("chain_rule", {"steps": 40, "learning_rate": 0.26}).lesson
    assert lesson.lines[0].state["value"] == lesson.record.steps[39].w


@pytest.mark.parametrize(
    ("w", "word"), [(1.0, "grows"), (3.0, "shrinks"), (2.0, "stays where it is")]
)
def test_the_sign_of_the_gradient_says_where_the_weight_goes(w: float, word: str) -> None:
    lesson = run_lesson("chain_rule", {"w": w}).lesson
    assert word in next(beat.caption for beat in lesson.beats if beat.name == "update")


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({"loop": {"xs": [1, 2]}}, "as many as xs"),
        ({"loop": {"epochs": 0}}, "epochs"),
        ({"x": 1e300, "w": 1e300}, "too large"),
    ],
)
def test_what_cannot_be_computed_is_refused(params: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        run_lesson("chain_rule", params)


def test_the_line_turns_towards_the_sample() -> None:
    lesson = run_lesson("chain_rule", {"steps": 1}).lesson
    np.testing.assert_allclose(lesson.model.state["model.at"], (0, 0, 1.8))
    np.testing.assert_allclose(lesson.model.state["error.y"], (3.6, 4))


@pytest.mark.parametrize(
    ("params", "sign"), [({}, " = "), ({"loop": {"epochs": 1, "test_x": 3.3}}, " approx ")]
)
def test_a_rounded_product_is_not_called_equal(params: dict[str, Any], sign: str) -> None:
    lesson = run_lesson("chain_rule", params).lesson
    (formula,) = [text for text in lesson.board.formula.texts() if "hat(y)(" in text]
    assert sign + "#text" in formula
