"""The chain rule's story: the lecture's digits, divergence, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

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

GROWING = {"learning_rate": 0.26, "steps": 50, "loop": {"learning_rate": 0.25}}

STORIES = [({"steps": 40}, "forward nudge backward update step_2 step_3 last loop answer")]
SAYS = [
    ({"learning_rate": 900, "steps": 1000}, "last", "leave float64"),
    (GROWING, "last", "the loss has only grown"),
    (GROWING, "answer", "diverges"),
    ({"loop": {"learning_rate": 50}}, "answer", "diverges"),
    ({}, "update", "grows"),
    ({"w": 3.0}, "update", "shrinks"),
    ({"w": 2.0}, "update", "stays where it is"),
]
REFUSES = [
    ({"loop": {"xs": [1, 2]}}, "as many as xs"),
    ({"x": 1e300, "w": 1e300}, "too large"),
]


def test_the_line_turns_towards_the_sample():
    lesson = run_lesson("chain_rule", {"steps": 1}).lesson
    np.testing.assert_allclose(lesson.model.state["model.at"], (0, 0, 1.8))
    np.testing.assert_allclose(lesson.model.state["error.y"], (3.6, 4))


@pytest.mark.parametrize(
    ("params", "product"),
    [({}, "2 dot 4 = 8"), ({"loop": {"epochs": 1, "test_x": 3.3}}, "1.2607 dot 3.3 = 4.160")],
)
def test_a_product_comes_out_at_the_digits_printed(params, product):
    lesson = run_lesson("chain_rule", params).lesson
    (formula,) = [text for text in lesson.board.formula.texts() if "hat(y)(" in text]
    assert product in formula


def test_shows_the_numbers_of_the_notes():
    run = run_lesson("chain_rule")
    by_hand = [
        {"y_pred": "2", "loss": "4", "dL_dy_pred": "−4", "dy_pred_dw": "2", "dL_dw": "−8"},
        {"dL_dy_pred": "−0.8", "dL_dw": "−1.6"},
    ]
    after = [{"w": "1.8", "y_pred": "3.6", "loss": "0.16"}]
    after += [{"w": "1.96", "y_pred": "3.92", "loss": "0.0064"}]
    for k in range(2):
        step = by_hand[k] | {f"{name}_after": text for name, text in after[k].items()}
        for name, text in step.items():
            assert shown(run, f"chain.steps.{k}.{name}") == {text}
    for name, text in {"before": "4", "after": "8", "w.300": "2"}.items():
        assert shown(run, f"loop.{name}") == {text}


def test_the_lines_and_the_table_stand_where_the_last_step_is():
    lesson = run_lesson("chain_rule", GROWING).lesson
    assert lesson.lines[0].state["value"] == lesson.record.steps[49].w
    assert lesson.table.cells[-1][0] == '#"50"'
