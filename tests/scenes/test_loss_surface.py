"""The surface and its map: gradients and steps by hand, both pictures in step, slices."""

from __future__ import annotations

import math
from typing import Any

import pytest

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

STORIES = [({}, "surface map start step descent ends")]
REFUSES = [
    ({"descent": {"starts": [[9, 0]]}}, "beside the picture"),
    ({"descent": {"starts": [[1, 2, 3]]}}, "expected 2 numbers"),
    ({"surface": {"formula": "sqrt(-1 - x^2)"}}, "no finite value"),
    ({"surface": {"formula": "1/x"}, "descent": {"starts": [[0, 0]]}}, "No descent can start"),
    ({"network": "xor", "slice": {"first": {"layer": 9}}}, "no parameter"),
]


def pair(run, name):
    """Return the texts with which two coordinates of the first descent are shown."""
    return [" ".join(shown(run, f"descents.0.paths.0.{name}.{k}")) for k in range(2)]


def test_the_first_step_of_the_default_is_that_by_hand():
    """At (0, 0) Himmelblau's value is 121 + 49, its gradient (-14, -22); eta = 0.01."""
    run = run_lesson("loss_surface")
    assert shown(run, "descents.0.paths.0.values.0") == {"170"}
    assert pair(run, "gradients.0") == ["−14", "−22"]
    assert pair(run, "points.1") == ["0.14", "0.22"]
    assert shown(run, "descents.0.optimizer.learning_rate") == {"0.01"}


def test_four_starts_end_in_four_valleys():
    table = part_at(run_lesson("loss_surface"), "ends", Table)
    assert [row[:2] for row in table.cells] == [
        ['#"A"', "$(3.00, 2.00)$"],
        ['#"B"', "$(−2.81, 3.13)$"],
        ['#"C"', "$(−3.78, −3.28)$"],
        ['#"D"', "$(3.58, −1.85)$"],
    ]


def test_surface_and_map_are_in_step_and_the_camera_turns():
    run = run_lesson("loss_surface")
    for beat, steps in (("step", 1), ("descent", 40)):
        mesh, view = part_at(run, beat, SurfaceMesh), part_at(run, beat, ContourMap)
        assert float(mesh.state["progress"]) == float(view.state["progress"]) == steps
        assert mesh.series == view.series
        assert mesh.height_scale == view.height_scale
    turned = mesh.state["azimuth"] - part_at(run, "step", SurfaceMesh).state["azimuth"]
    assert math.degrees(turned) == pytest.approx(90)
    assert len(view.minima) == 4


def test_a_slice_of_two_weights_is_named_and_has_the_loss_by_hand():
    """One weight: x = 2, t = 4, L = (2 w + b - 4)^2, dL/dw = 4 (2 w + b - 4)."""
    params = {"network": "one_weight", "descent": {"starts": [[1.5, 0.5]], "steps": 2}}
    run = run_lesson("loss_surface", params)
    texts = {text for moment in run.moments for text in moment.texts}
    assert any("2D slice" in text for text in texts)
    assert "all others are held" in run.lesson.beats[0].caption
    assert "$w_(1,11)$" in texts
    assert shown(run, "descents.0.paths.0.values.0") == {"0.25"}
    assert pair(run, "gradients.0") == ["−2", "−1"]
    assert pair(run, "points.1") == ["1.7", "0.6"]


def test_directions_through_all_weights_are_named_as_such():
    run = run_lesson("loss_surface", CASES[0])
    assert "random directions" in run.lesson.beats[0].caption
    assert any("2D slice" in text for moment in run.moments for text in moment.texts)
    (cosine,) = shown(run, "surface.cosine")
    assert -1 <= float(cosine.replace("−", "-")) <= 1


def test_what_runs_away_is_told_with_the_step():
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


def test_more_points_than_rows_say_so():
    table = part_at(run_lesson("loss_surface", CASES[3]), "ends", Table)
    assert len(table.cells) == 7
    assert table.cells[-1] == ["…", "…", "…"]
