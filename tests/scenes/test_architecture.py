"""The lesson of a network's architecture: shapes, formulas of units, and parameter counts."""

from __future__ import annotations

from typing import Any

import pytest

from backprop_studio.core.network.spec import PresetName
from backprop_studio.scenes.parts.networks.layer_boxes import CountedNetwork, LayerBoxes
from tests.scenes.lesson_runs import on_screen, part_at, run_lesson

PRESETS = PresetName.__args__

DEEPEST = {"network": {"sizes": [784, 128, 64, 64, 32, 32, 16, 10], "activation": "gelu"}}
WIDEST = {"network": {"sizes": [1024, 1024, 2]}}

CASES: list[dict[str, Any]] = [
    *({"network": {"preset": preset}} for preset in PRESETS if preset != "notes"),
    DEEPEST,
    WIDEST,
    {"network": {"sizes": [1, 1]}},
    {"network": {"sizes": [5, 4, 1], "activation": "leaky_relu"}},
]

STORIES = [({}, "layers input layer_1 layer_2 layer_3 total")]
SAYS = [({"network": {"preset": "one_weight"}}, "total", "not the biases")]
FITS = [(DEEPEST,)]


def test_boxes_have_the_shapes_and_counts_of_the_notes_network():
    """3-3-2-3 on three samples: (3 + 1) 3 = 12, (3 + 1) 2 = 8, (2 + 1) 3 = 9; 29 in all."""
    run = run_lesson("architecture")
    boxes = part_at(run, "total", LayerBoxes)
    assert [[text.removeprefix("#").strip('"') for text in row] for row in boxes.cells] == [
        ["input", "3×3", "", "", ""],
        ["hidden 1", "3×3", "3×3", "3", "12"],
        ["hidden 2", "3×2", "2×3", "2", "8"],
        ["logits", "3×3", "3×2", "3", "9"],
    ]
    assert boxes.state["share"].tolist() == pytest.approx([0, 12 / 29, 8 / 29, 9 / 29])
    assert "$ 12 + 8 + 9 = " in on_screen(run, "total")
    assert "29$]" in on_screen(run, "total")


def test_a_units_formula_has_the_layers_sizes():
    run = run_lesson("architecture")
    unit = "z_(2, j) = sum_(i=1)^3 W_(2, j i) a_(1, i) + b_(2, j)"
    assert unit in on_screen(run, "layer_2")
    assert 'a_(2, j) = "relu"(z_(2, j)) wide j = 1, ..., 2' in on_screen(run, "layer_2")
    assert "W_(1, j i) x_i + b_(1, j)" in on_screen(run, "layer_1")
    assert "a_(3, j)" not in on_screen(run, "layer_3")
    assert "applies" not in run.lesson.beats[4].caption
    assert "2 dot 3 + 2 = 6 + 2 = " in on_screen(run, "layer_2")


def test_biases_that_training_leaves_alone_are_not_counted_as_trained():
    run = run_lesson("architecture", {"network": {"preset": "one_weight"}})
    assert '"trained" 1 $' in on_screen(run, "total")


def test_the_torch_lines():
    run = run_lesson("architecture")
    model = "model = Sequential(Linear(3, 3), ReLU(), Linear(3, 2), ReLU(), Linear(2, 3))"
    assert model in on_screen(run, "layers")
    assert "z2 = a1 @ W2.T + b2; a2 = torch.relu(z2)" in on_screen(run, "layer_2")
    assert "sum(p.numel() for p in model.parameters())" in on_screen(run, "total")


def test_large_layers_have_dots_and_a_brace_with_their_count():
    run = run_lesson("architecture", {"network": {"preset": "mnist"}})
    network = part_at(run, "total", CountedNetwork)
    assert network.counts() == ["784", "128", "64", "10"]
    assert network.units[0] == [0, 1, None, 783]
    assert "100480 + 8256 + 650" in on_screen(run, "total")
    shown = {number["name"] for number in run.lesson.answer_sheet()["shown"]}
    assert "architecture.sizes.0" in shown
