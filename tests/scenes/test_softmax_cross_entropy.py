"""Softmax and cross-entropy: the numbers by hand, every way to overflow, and the cure."""

from __future__ import annotations

from typing import Any

import pytest

from backprop_studio.scenes.parts.charts.bar_columns import BarColumns
from tests.scenes.lesson_runs import part_at, run_lesson, shown

NAME = "softmax_cross_entropy"
TEN = [2.5, -1, 0.123, 4, -12, 3.3, 2, 1, 0, 20.5]

CASES: list[dict[str, Any]] = [
    {"logits": [0, 0], "target": 1},
    {"logits": TEN, "target": 10, "offset": -800},
    {"logits": [1000, 999.5, -10000]},
    {"logits": [0, -800], "offset": 0},
    {"logits": [-744, -743.5], "target": 1},
    {"logits": [50, 0], "target": 1, "offset": 5},
    {"logits": [0, 0], "offset": 709.5},
]

LARGE = {"logits": [1000, 999], "target": 2}

STORIES = [(LARGE, "logits naive limits shift cured target log_sum_exp gradient")]
SAYS = [
    ({}, "naive", "infinity divided by infinity"),
    ({"offset": -1000}, "naive", "0 divided by 0"),
    ({"offset": 10}, "naive", "small enough"),
    ({"logits": [0, 0], "offset": 709.5}, "naive", "sum overflows"),
    ({"logits": [0, -800], "offset": 0}, "naive", "logarithm infinite"),
    ({"logits": [-744, -743.5], "target": 1}, "naive", "few digits left"),
    ({"logits": [800, 0], "target": 1}, "gradient", "nothing is left to learn"),
    ({}, "gradient", "raises the true logit"),
]
REFUSES = [({"target": 4}, "allowed are 1 to 3, one for each logit")]


def test_prints_the_numbers_by_hand():
    """z = 2, 1, -0.5: e^z sums to 7.389056 + 2.718282 + 0.606531 = 10.713869."""
    run = run_lesson(NAME)
    for k, text in enumerate(("7.389", "2.718", "0.607")):
        assert shown(run, f"softmax.naive.exponentials.{k}") == {text}
    assert shown(run, "softmax.naive.total") == {"10.714"}
    for k, text in enumerate(("0.6897", "0.2537", "0.0566")):
        assert text in shown(run, f"softmax.probabilities.{k}")
    assert shown(run, "softmax.loss") == {"1.372"}  # -ln 0.253716 = 1.371539
    for k, text in enumerate(("0.6897", "−0.7463", "0.0566")):
        assert shown(run, f"softmax.gradient.{k}") == {text}
    # 1002, 1001, 999.5: e^0 + e^-1 + e^-2.5 = 1 + 0.367879 + 0.082085.
    # In the table, and in the quotient: 0.3679 / 1.4500 is 0.2537, and 0.368 / 1.450 is not.
    for k, texts in enumerate(({"1.000", "1.0000"}, {"0.368", "0.3679"}, {"0.082", "0.0821"})):
        assert shown(run, f"moved.exponentials.{k}") == texts
    assert shown(run, "moved.total") == {"1.450", "1.4500"}
    assert shown(run, "moved.loss") == {"1.372"}
    assert shown(run, "ranges.float32.largest_exponent") == {"88.72"}
    assert shown(run, "ranges.float64.largest_exponent") == {"709.78"}


def test_bars_are_as_long_as_their_numbers():
    table = part_at(run_lesson(NAME), "gradient", BarColumns)
    index = [spec.heading for spec in table.columns].index("$p - t$")
    boxes = [table.bar_box(index, k) for k in range(3)]
    lengths = [right - left for left, _, right, _ in boxes]
    assert lengths[1] / lengths[0] == pytest.approx(0.746284 / 0.689673, rel=1e-4)
    assert boxes[0][0] == pytest.approx(boxes[1][2])  # one to the right of 0, one to the left
    assert boxes[2][0] == pytest.approx(boxes[0][0])


def test_what_overflowed_has_no_bar_and_says_where_it_comes_from():
    table = part_at(run_lesson(NAME), "naive", BarColumns)
    power, share = 1, 2
    assert [table.columns[k].heading for k in (power, share)] == ["$e^z$", "$p$"]
    assert table.cells[power] == ["$infinity$"] * 3
    assert table.cells[share] == ["$infinity \\/ infinity$"] * 3
    assert not table.has_bar[[power, share]].any()
    cured = part_at(run_lesson(NAME), "cured", BarColumns)
    assert cured.cells[-1] == ["0.6897", "0.2537", "0.0566"]


def test_beside_infinity_every_bar_is_short():
    table = part_at(run_lesson(NAME, {"logits": [1000, 700], "target": 1}), "naive", BarColumns)
    left, _, right, _ = table.bar_box(1, 1)  # e^700 = 1.0e304
    assert right - left < 1e-3


def test_logits_that_are_too_large_themselves_are_cured_first():
    run = run_lesson(NAME, LARGE)
    assert shown(run, "softmax.loss") == {"1.313"}  # ln(1 + e) = 1.313262
    assert shown(run, "softmax.gradient.1") == {"−0.7311"}  # e / (e + 1) = 0.731059
