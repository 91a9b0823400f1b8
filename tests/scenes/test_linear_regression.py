"""The story of a line that learns: the lecture's numbers, three views of one step, own tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from tests.scenes.lesson_runs import captions, run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"data": {"noise": 0.2, "seed": 3}, "steps": 40},
    {"data": {"standardise": True, "slope": -2.5, "intercept": -0.25}, "steps": 300},
    {"learning_rate": 1.0, "steps": 300},
    {"learning_rate": 1.0, "steps": 1, "slower": 2},
    {"w": 3.0, "b": 0.8, "steps": 6},
    {"w": -1e6, "b": 2e-7, "learning_rate": 1e-7, "steps": 5},
]

LONG, CURED = {"learning_rate": 1e9}, {"learning_rate": 1.0, "steps": 300}

SAYS = [
    ({}, "few", "After 100 steps the loss is much smaller, but the fit is still wrong."),
    ({}, "fit", "the line fits"),
    ({}, "slower", "A smaller rate, 0.001: at the same step, 3000, the fit is wrong."),
    ({}, "more", "30000 steps it is right"),
    (CURED, "diverge", "diverges"),
    (CURED, "more", "The smaller rate with more steps, 3000, is right."),
    (LONG, "diverge", "left the picture at step 1."),
    (LONG, "slower", "diverges, too"),
]
REFUSES = [({"data": {"file": "none.csv"}}, "does not exist")]


def table(path, rows):
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return {"data": {"file": str(path)}, "steps": 30}


def test_shows_the_numbers_of_the_lecture():
    run = run_lesson("linear_regression")
    notes = {"points.count": "50", "parameters.data.slope": "3", "fit.best_w": "3"}
    notes |= {"parameters.data.intercept": "0.8", "fit.best_b": "0.8", "fit.run.steps": "3000"}
    assert {name: shown(run, name) for name in notes} == {name: {it} for name, it in notes.items()}


def test_line_point_and_losses_stand_at_the_same_step():
    run = run_lesson("linear_regression")
    for beat, step in (("few", 100), ("train", 3000)):
        moment = [it for it in run.moments if it.beat == beat][-1]
        fit, chart, losses = (
            next(part for part in moment.parts if type(part).__name__ == kind and test(part))
            for kind, test in (
                ("FitPlot", lambda part: True),
                ("ContourMap", lambda part: True),
                ("Plot", lambda part: "run.progress" in part.state),
            )
        )
        kept = run.lesson.record.run
        at = kept.index(step)
        np.testing.assert_allclose(fit.line_of(0), (kept.w[at], kept.b[at]))
        point = chart.series[0].place(float(chart.state["progress"]))
        np.testing.assert_allclose(point, (kept.w[at], kept.b[at]))
        corner = losses.state["run.progress"] * (len(losses.state["run.x"]) - 1)
        assert losses.state["run.x"][round(float(corner))] == step


def test_between_two_states_the_line_keeps_to_its_way():
    lesson = run_lesson("linear_regression").lesson
    fit, run = lesson.fit, lesson.record.run
    start, end = fit.copy().advance_to(0), fit.copy().advance_to(200)
    middle = fit.copy().interpolate(start, end, 0.5)
    np.testing.assert_allclose(middle.line_of(0), (run.w[100], run.b[100]))


def test_a_wild_rate_is_shown_to_diverge():
    run = run_lesson("linear_regression", LONG)
    assert "more" not in captions(run)
    (limit,) = shown(run, "fit.largest_rate")
    assert float(limit) == pytest.approx(0.771, abs=1e-3)


def test_takes_a_table_of_ones_own(tmp_path):
    rows = ["height,weight", *(f"{k / 10},{2 - k / 5}" for k in range(11))]
    run = run_lesson("linear_regression", table(tmp_path / "own.csv", rows))
    assert "11 points of a table" in captions(run)["points"]
    assert shown(run, "fit.best_w") == {"−2"}
    assert any("weight" in text for moment in run.moments for text in moment.texts)


def test_a_long_table_is_drawn_from_and_says_so(tmp_path):
    rows = ["x,y", *(f"{k},{3 * k + 8}" for k in range(2000))]
    run = run_lesson("linear_regression", table(tmp_path / "long.csv", rows))
    assert captions(run)["points"].startswith("1000 of the table's 2000 rows, drawn by chance")
    np.testing.assert_allclose(run.lesson.data.y, 3 * run.lesson.data.x + 8)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["x,y", "1,2"], "one row of data"),
        (["x,y", "1,2", "1,3"], "one number in all rows, 1"),
        (["x,kind", "1,rose", "2,rose"], "expected a number"),
        (["a,b,y", "1,2,3", "4,5,6"], 'expected the name or number of one of "a", "b"'),
    ],
)
def test_a_table_without_a_line_is_refused_in_a_sentence(tmp_path, rows, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        run_lesson("linear_regression", table(tmp_path / "own.csv", rows))
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)
