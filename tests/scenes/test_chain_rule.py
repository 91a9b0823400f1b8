"""The chain rule's story: the lecture's digits, divergence, and what is refused."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from backprop_studio.core.training.chain_rule import chain_rule, dragged
from backprop_studio.core.training.one_weight_params import ChainRuleGroup
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.chain_links import ChainLinks
from backprop_studio.scenes.parts.charts.error_square import ErrorSquare
from backprop_studio.scenes.parts.charts.number_line import NumberLine
from backprop_studio.scenes.stage.formula import Formula
from tests.scenes.claims.dry_runs import DryStage
from tests.scenes.lesson_runs import on_screen, parts_at, run_lesson, shown

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

STORIES = [
    ({"steps": 40}, "forward nudge backward update step_2 step_3 last loop answer"),
    ({"x": 0.0, "steps": 3}, "forward nudge backward update step_2 loop answer"),
    ({"steps": 1}, "forward nudge backward update loop answer"),
]
SAYS: list[tuple[dict[str, Any], str, str]] = []
REFUSES = [
    ({"loop": {"xs": [1, 2]}}, "as many as xs"),
    ({"x": 1e300, "w": 1e300}, "too large"),
]


def told(params):
    """Return the lesson as it is told without a picture; nobody changes it."""
    return _told(json.dumps(params))


@cache
def _told(params):
    with DryStage() as stage:
        return stage.tell("chain_rule", json.loads(params))


def said(run, beat):
    """Return what is said in a beat."""
    return "\n".join(it.text for it in run.lesson.reading.sentences(beat))


@pytest.mark.parametrize(
    ("params", "beat", "words"),
    [
        ({}, "forward", "Which way should w move, and how far?"),
        ({}, "nudge", "by −0.76"),
        ({"nudge": 0.0}, "nudge", "Nothing of it reaches the prediction."),
        ({"w": 2.0, "nudge": -0.0}, "backward", "we multiply: 0."),
        ({"x": 1.0, "y": 0.0, "w": 1e5, "nudge": 1e-5}, "backward", "promises 2, and 2 came"),
        ({"nudge": -0.1}, "backward", "strips alone are 0.8. It was 0.84: a corner came on top"),
        ({"nudge": 5.0}, "backward", "promises −40. What came was 60."),
        ({}, "update", "Should w go up or down?"),
        ({}, "forward", "the prediction follows, and with it the loss"),
        ({"x": 0.0, "nudge": 0.1}, "forward", "the prediction does not follow"),
        ({}, "nudge", "The loss becomes 3.24: it moves by"),
        ({}, "forward", "to the target it is 2: the side of a square"),
        ({}, "backward", "strips would be −0.8. It was −0.76: they share a corner, 0.04."),
        ({}, "update", "So w goes up."),
        ({}, "update", "Now w is 1.8, the prediction 3.6, and the loss 0.16."),
        ({"w": 3.0}, "update", "So w goes down."),
        ({"w": 2.0}, "update", "it names no direction"),
        ({}, "backward", "the square shrinks along two sides: minus twice the side, −4."),
        ({"w": 3.0}, "backward", "the square grows along two sides: twice the side, 4."),
        ({"w": 2.0}, "backward", "no sides"),
        ({}, "step_2", "The prediction is 3.6 now, so the slope of the loss is another: −0.8."),
        ({}, "step_2", "the slope is −1.6."),
        # 1 - 0.01 * 2 (1 * 1 - 2) * 1
        ({}, "loop", "The first one worked out: w goes from 1 to 1.02."),
        ({}, "step_2", "So w goes to 1.96, and the loss to 0.0064."),
        ({"learning_rate": 900, "steps": 1000}, "last", "too large to compute with"),
        (GROWING, "last", "the loss has only grown"),
        (GROWING, "loop", "diverges"),
        ({"loop": {"learning_rate": 50}}, "loop", "diverges"),
        ({}, "loop", "it said 4; now it says 8"),
        ({}, "loop", "each target is 2 times its input"),
        ({}, "loop", "Again from w = 1. Larger inputs make larger slopes, so eta is only 0.01"),
        ({"loop": {"w": 0.5}}, "loop", "starts at 0.5, and the learning rate is 0.01"),
        ({}, "answer", "the product is negative, so w goes up"),
        ({"w": 3.0}, "answer", "the product is positive, so w goes down"),
    ],
)
def test_what_is_said_follows_the_numbers(params, beat, words):
    assert words in said(told(params), beat)


def test_a_question_is_asked_only_where_it_has_an_answer():
    asked = "Should w go up or down?"
    assert asked not in said(told({"w": 2.0}), "update")
    assert asked not in said(told({"questions": False}), "update")


@pytest.mark.parametrize(
    ("params", "product"),
    [({}, "2 dot 4 = 8"), ({"loop": {"epochs": 1, "test_x": 3.3}}, "1.2607 dot 3.3 = 4.160")],
)
def test_a_product_comes_out_at_the_digits_printed(params, product):
    texts = on_screen(run_lesson("chain_rule", params), "loop")
    assert product in texts


def test_every_number_of_the_first_formulas_comes_from_somewhere():
    travelled = run_lesson("chain_rule").lesson.travelled
    # In: w and x, prediction and target; out: prediction and loss, to the square and to its line.
    assert [it.text for it in travelled if it.beat == "forward"][:3] == ["1", "2", "2"]
    assert len([it for it in travelled if it.beat == "forward"]) == 7
    assert len(travelled) >= 15


def test_lengths_are_of_one_scale_where_all_can_be_seen():
    lesson = told({"steps": 1}).lesson
    assert lesson.chain.is_common
    lengths = [line.x_of(1.0) - line.x_of(0.0) for line in lesson.lines]
    np.testing.assert_allclose(lengths, lengths[0])
    apart = told({"x": 1e-5, "y": 2e-7, "w": 3e5, "steps": 4}).lesson
    assert not apart.chain.is_common


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


def test_the_lines_stand_where_the_last_step_is():
    run = run_lesson("chain_rule", GROWING)
    weight, *_ = parts_at(run, "last", NumberLine)
    assert weight.state["value"] == pytest.approx(run.lesson.record.steps[49].w_after)


def test_the_last_picture_is_the_first_step():
    lesson = run_lesson("chain_rule", GROWING).lesson
    step = lesson.record.steps[0]
    ends = [float(line.state["value"]) for line in lesson.lines]
    np.testing.assert_allclose(ends, [step.w_after, step.y_pred_after, step.loss_after])


def test_dragging_the_weight_moves_all_lines_as_they_depend_on_it():
    line = NumberLine(Axis(0, 4, "$w$"), 9, THEMES["dark"], "en").put(1.0, "$1$")
    lines = [line, line.copy(), line.copy()]
    courses = [[1.0, 1.5, 1.0], *dragged(chain_rule(ChainRuleGroup()), [1.0, 1.5, 1.0])]
    for number, course in enumerate(courses):
        end = lines[number].copy().run(course)
        between = lines[number].copy()
        between.interpolate(lines[number], end, 0.5)
        assert between.state["value"] == pytest.approx(course[1])
        assert between.labels == ["", ""]
    assert courses[1:] == [[2.0, 3.0, 2.0], [4.0, 1.0, 4.0]]


def test_the_loss_is_the_area_of_the_distance():
    run = run_lesson("chain_rule")
    seen = [it for beat in ("forward", "step_2") for it in parts_at(run, beat, ErrorSquare)]
    for square, side in zip(seen, (2.0, 0.08), strict=True):
        assert float(square.state["side"]) == pytest.approx(side)
    left, bottom, right, top = seen[0].square(1.8)
    whole = seen[0].square(2.0)
    assert right - left == pytest.approx(top - bottom)
    assert (right - left) / (whole[2] - whole[0]) == pytest.approx(0.9)


def test_it_is_lit_whose_turn_it_is():
    run = run_lesson("chain_rule")
    turns = [
        part.bright
        for moment in run.moments
        if moment.beat == "loop"
        for part in moment.parts
        if isinstance(part, Formula) and part.bright
    ]
    named = [min(it) for it in turns]
    assert sorted(set(named)) == ["sample0", "sample1", "sample2"] == list(dict.fromkeys(named))


def test_no_slope_stands_at_a_link_whose_prediction_has_moved_on():
    run = run_lesson("chain_rule")
    for beat in ("update", "step_2", "answer"):
        links = parts_at(run, beat, ChainLinks)
        assert links[-1].labels[3] == ""


def test_a_target_that_is_no_multiple_of_its_input_is_not_said_to_be():
    odd = {"loop": {"xs": [1, 2, 3], "ys": [2, 4, 7]}}
    run = told(odd)
    assert run.lesson.loop.factor is None
    assert "times its input" not in said(run, "loop")
