"""The surface and its map: gradients and steps by hand, both pictures in step, slices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.scenes.parts.charts.table import Table
from backprop_studio.scenes.parts.surfaces.contour_map import ContourMap
from backprop_studio.scenes.parts.surfaces.mesh import SurfaceMesh
from tests.scenes.lesson_runs import part_at, run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"network": "xor", "slice": {"kind": "directions", "seed": 3}},
    {"surface": {"formula": "log(x) + 1/y"}, "descent": {"starts": [[1, 1], [0.5, -1]]}},
    {"surface": {"formula": "exp(40*x) + 0.25*y^2"}, "optimizer": {"name": "momentum"}},
    {"descent": {"starts": [[k / 3, 1] for k in range(12)], "steps": 3}},
]

ALL = ["surface", "map", "start", "step", "descent", "ends"]


def himmelblau_gradient(x: float, y: float) -> np.ndarray:
    first, second = x**2 + y - 11, x + y**2 - 7
    return np.array([4 * x * first + 2 * second, 2 * first + 4 * y * second])


def test_the_first_step_of_the_default_is_that_by_hand() -> None:
    """At (0, 0) Himmelblau's value is 121 + 49, its gradient (-14, -22); eta = 0.01."""
    run = run_lesson("loss_surface")
    assert [beat.name for beat in run.lesson.beats] == ALL
    assert shown(run, "descents.0.paths.0.values.0") == {"170"}
    assert [shown(run, f"descents.0.paths.0.gradients.0.{k}") for k in range(2)] == [
        {"−14"}, {"−22"},
    ]  # fmt: skip
    assert [shown(run, f"descents.0.paths.0.points.1.{k}") for k in range(2)] == [
        {"0.14"}, {"0.22"},
    ]  # fmt: skip
    assert shown(run, "descents.0.optimizer.learning_rate") == {"0.01"}


def test_every_way_is_plain_descent_of_the_formula() -> None:
    for series in part_at(run_lesson("loss_surface"), "descent", ContourMap).series:
        place = series.points[0]
        for found in series.points[1:]:
            place = place - 0.01 * himmelblau_gradient(*place)
            assert np.allclose(found, place, rtol=1e-9)


def test_four_starts_end_in_four_valleys() -> None:
    table = part_at(run_lesson("loss_surface"), "ends", Table)
    assert [row[:2] for row in table.cells] == [
        ['#"A"', "$(3.00, 2.00)$"],
        ['#"B"', "$(−2.81, 3.13)$"],
        ['#"C"', "$(−3.78, −3.28)$"],
        ['#"D"', "$(3.58, −1.85)$"],
    ]


def test_surface_and_map_are_in_step_and_the_camera_turns() -> None:
    run = run_lesson("loss_surface")
    for beat, steps in (("step", 1), ("descent", 40)):
        mesh, view = part_at(run, beat, SurfaceMesh), part_at(run, beat, ContourMap)
        assert float(mesh.state["progress"]) == float(view.state["progress"]) == steps
        assert mesh.series == view.series
        assert mesh.height_scale == view.height_scale
    before, after = (
        part_at(run, beat, SurfaceMesh).state["azimuth"] for beat in ("step", "descent")
    )
    assert math.degrees(after - before) == pytest.approx(90)


def test_crosses_stand_where_the_gradient_is_zero() -> None:
    view = part_at(run_lesson("loss_surface"), "map", ContourMap)
    assert len(view.minima) == 4
    for place in view.minima:
        assert np.abs(himmelblau_gradient(*place)).max() < 1e-9


def test_a_slice_of_two_weights_is_named_and_has_the_loss_by_hand() -> None:
    """One weight: x = 2, t = 4, L = (2 w + b - 4)^2, dL/dw = 4 (2 w + b - 4)."""
    params = {"network": "one_weight", "descent": {"starts": [[1.5, 0.5]], "steps": 2}}
    run = run_lesson("loss_surface", params)
    texts = {text for moment in run.moments for text in moment.texts}
    assert any("2D slice" in text for text in texts)
    assert "all others are held" in run.lesson.beats[0].caption
    assert "$w_(11)^((1))$" in texts
    assert shown(run, "descents.0.paths.0.values.0") == {"0.25"}
    assert [shown(run, f"descents.0.paths.0.gradients.0.{k}") for k in range(2)] == [
        {"−2"}, {"−1"},
    ]  # fmt: skip
    assert [shown(run, f"descents.0.paths.0.points.1.{k}") for k in range(2)] == [
        {"1.7"}, {"0.6"},
    ]  # fmt: skip


def test_directions_through_all_weights_are_named_as_such() -> None:
    run = run_lesson("loss_surface", CASES[0])
    assert "random directions" in run.lesson.beats[0].caption
    assert any("2D slice" in text for moment in run.moments for text in moment.texts)
    (cosine,) = shown(run, "surface.cosine")
    assert -1 <= float(cosine.replace("−", "-")) <= 1


def test_what_runs_away_is_told_with_the_step() -> None:
    """With eta = 1.5 a step on the bowl multiplies by -2: (1, 1) is beyond 3 after 2 steps."""
    params = {
        "surface": {"name": "bowl"}, "learning_rate": 1.5,
        "descent": {"starts": [[1, 1], [0, 0]], "steps": 12},
    }  # fmt: skip
    run = run_lesson("loss_surface", params)
    rows = part_at(run, "ends", Table).cells
    assert "left at step 2" in rows[0][1]
    assert rows[0][2] == ""
    assert rows[1][1] == "$(0.00, 0.00)$"
    assert "Some points left" in run.lesson.beats[-1].caption


def test_more_points_than_rows_say_so() -> None:
    table = part_at(run_lesson("loss_surface", CASES[3]), "ends", Table)
    assert len(table.cells) == 7
    assert table.cells[-1] == ["…", "…", "…"]


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({"descent": {"starts": [[9, 0]]}}, "beside the picture"),
        ({"descent": {"starts": [[1, 2, 3]]}}, "expected 2 numbers"),
        ({"learning_rate": 1e9}, "learning_rate"),
        ({"surface": {"formula": "sqrt(-1 - x^2)"}}, "no finite value"),
        ({"surface": {"formula": "1/x"}, "descent": {"starts": [[0, 0]]}}, "No descent can start"),
        ({"network": "xor", "slice": {"first": {"layer": 9}}}, "no parameter"),
    ],
)
def test_what_shows_nothing_is_refused_before_drawing(params: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        run_lesson("loss_surface", params)
