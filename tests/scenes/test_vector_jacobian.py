"""The vector's story: the lecture's digits, torch's own words, and other vectors."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tests.scenes.lesson_runs import run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"x": [3.0], "v": [2.0]},
    {"formula": "sin(x) + x^3", "x": [1.0, -2.0, 0.5], "v": [1.0, 1.0, -1.0]},
    {"formula": "exp(x)", "x": [-20.0, 0.0, 20.0, 1.0], "v": [1.0, 0.0, 1e-3, 5.0]},
    {"x": [k / 4 for k in range(16)], "v": [(-1.0) ** k for k in range(16)]},
    {"formula": "relu(x)", "x": [-1.0, 1.0], "v": [1e6, -1e-6]},
]

STORIES = [(CASES[0], "values alone row_1 product shortcut")]


def test_the_error_is_in_torch_s_own_words():
    with pytest.raises(RuntimeError) as caught:
        (torch.tensor([1.0, 2.0], requires_grad=True) ** 2).backward()
    run = run_lesson("vector_jacobian")
    texts = [text for moment in run.moments if moment.beat == "error" for text in moment.texts]
    assert any(str(caught.value) in text for text in texts)


def test_the_rows_fill_one_after_the_other():
    lesson = run_lesson("vector_jacobian", CASES[3]).lesson
    names = [beat.name for beat in lesson.beats]
    assert names[2:6] == ["row_1", "row_2", "row_3", "jacobian"]
    assert (lesson.matrix.state["values"].diagonal() == [k / 2 for k in range(16)]).all()


def test_shows_the_numbers_of_the_notes():
    by_hand = {"x": [1, 2], "y": [1, 4], "v": [0.1, 0.01], "product": [0.2, 0.04]}
    by_hand |= {"jacobian.0": [2, 0], "jacobian.1": [0, 4]}
    run = run_lesson("vector_jacobian")
    for name, values in by_hand.items():
        for k, value in enumerate(values):
            assert shown(run, f"vjp.{name}.{k}") == {f"{value}"}
