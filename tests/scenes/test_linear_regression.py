"""The story of a line that learns: the lecture's numbers, three views of one step, own tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from tests.scenes.lesson_runs import Run, captions, run_lesson, shown

if TYPE_CHECKING:
    from pathlib import Path

CASES: list[dict[str, Any]] = [
    {"data": {"noise": 0.2, "seed": 3}, "steps": 40},
    {"data": {"standardise": True, "slope": -2.5, "intercept": -0.25}, "steps": 300},
    {"learning_rate": 1.0, "steps": 300},
    {"learning_rate": 1.0, "steps": 1, "slower": 2},
    {"w": 3.0, "b": 0.8, "steps": 6},
    {"w": -1e6, "b": 2e-7, "learning_rate": 1e-7, "steps": 5},
]


@pytest.fixture(scope="module")
def default() -> Run:
    return run_lesson("linear_regression")


def table(path: Path, rows: list[str]) -> dict[str, Any]:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return {"data": {"file": str(path)}, "steps": 30}


def test_shows_the_numbers_of_the_lecture(default: Run) -> None:
    run = default
    assert shown(run, "points.count") == {"50"}
    assert shown(run, "parameters.data.slope") == {"3"}
    assert shown(run, "parameters.data.intercept") == {"0.8"}
    assert shown(run, "fit.run.learning_rate") == {"0.01"}
    assert shown(run, "fit.run.steps") == {"3000"}
    assert shown(run, "fit.best_w") == {"3"}
    assert shown(run, "fit.best_b") == {"0.8"}


def test_shows_what_a_loop_in_numpy_computes(default: Run) -> None:
    x = np.random.default_rng(0).uniform(0.0, 1.0, 50)
    y, w, b = 3.0 * x + 0.8, 0.0, 0.0
    found = {}
    for step in range(3001):
        error = w * x + b - y
        found[step] = (w, b, (error**2).mean())
        w, b = w - 0.01 * 2 * (error * x).mean(), b - 0.01 * 2 * error.mean()
    lesson = default.lesson
    for step in (0, 1, 100, 3000):
        at = lesson.record.run.index(step)
        assert lesson.record.run.at[at] == step
        for name, value in zip(("w", "b", "loss"), found[step], strict=True):
            (number,) = {
                it.value for it in lesson.shown if it.name == f"fit.run.{name}.{at}"
            }  # fmt: skip
            assert number == pytest.approx(value, rel=1e-9)


def test_few_steps_are_called_wrong_and_many_right(default: Run) -> None:
    found = captions(default)
    assert found["few"] == (
        "After 100 steps the loss is much smaller, but the fit is still wrong."
    )  # fmt: skip
    assert "the line fits" in found["fit"]
    assert found["slower"] == (
        "A smaller rate, 0.001: after the same 3000 steps the fit is wrong."
    )  # fmt: skip
    assert "30000 steps it is right" in found["more"]


def test_line_point_and_losses_stand_at_the_same_step(default: Run) -> None:
    run = default
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
        np.testing.assert_allclose(
            chart.series[0].place(float(chart.state["progress"])), (kept.w[at], kept.b[at])
        )
        corner = losses.state["run.progress"] * (len(losses.state["run.x"]) - 1)
        assert losses.state["run.x"][round(float(corner))] == step


def test_between_two_states_the_line_keeps_to_its_way(default: Run) -> None:
    fit, run = default.lesson.fit, default.lesson.record.run
    start, end = fit.copy().advance_to(0), fit.copy().advance_to(200)
    middle = fit.copy().interpolate(start, end, 0.5)
    np.testing.assert_allclose(middle.line_of(0), (run.w[100], run.b[100]))


def test_a_wild_rate_is_shown_to_diverge() -> None:
    run = run_lesson("linear_regression", {"learning_rate": 1e9})
    found = captions(run)
    assert "left the picture at step 1." in found["diverge"]
    assert "diverges, too" in found["slower"]
    assert "more" not in found
    (limit,) = shown(run, "fit.largest_rate")
    assert float(limit) == pytest.approx(0.771, abs=1e-3)


def test_a_smaller_rate_with_more_steps_cures_divergence() -> None:
    found = captions(run_lesson("linear_regression", {"learning_rate": 1.0, "steps": 300}))
    assert "diverges" in found["diverge"]
    assert found["more"] == "The smaller rate with more steps, 3000, is right."


def test_takes_a_table_of_ones_own(tmp_path: Path) -> None:
    rows = ["height,weight", *(f"{k / 10},{2 - k / 5}" for k in range(11))]
    run = run_lesson("linear_regression", table(tmp_path / "own.csv", rows))
    assert "11 points of a table" in captions(run)["points"]
    assert shown(run, "fit.best_w") == {"−2"}
    assert any("weight" in text for moment in run.moments for text in moment.texts)


def test_a_long_table_is_drawn_from_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = (f"{k},{3 * k + 8}\n" for k in range(100_000))
    path.write_text("x,y\n" + "".join(rows), encoding="utf-8")
    given = {"data": {"file": str(path)}, "steps": 30}
    run = run_lesson("linear_regression", given)
    assert captions(run)["points"].startswith("1000 of the table's 100000 rows, drawn by chance")
    np.testing.assert_allclose(run.lesson.data.y, 3 * run.lesson.data.x + 8)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["x,y", "1,2"], "one row of data"),
        (["x,y", "1,2", "1,3"], "one number in all rows, 1"),
        (["x,kind", "1,rose", "2,rose"], "expected a number"),
        (["x,y", "rose,2", "1,3"], "expected a number"),
        (["a,b,y", "1,2,3", "4,5,6"], 'expected the name or number of one of "a", "b"'),
    ],
)
def test_a_table_without_a_line_is_refused_in_a_sentence(
    tmp_path: Path, rows: list[str], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence) as refused:
        run_lesson("linear_regression", table(tmp_path / "own.csv", rows))
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        run_lesson("linear_regression", {"data": {"file": str(tmp_path / "none.csv")}})
