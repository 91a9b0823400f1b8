"""The flagship's story: its order, its numbers against a published example, and its colours."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from backprop_studio.core.answer_sheet import look_up
from tests.scenes.lesson_runs import run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"network": {"preset": "two_layer_sigmoid"}, "learning_rate": 0.5},
    {"network": {"preset": "small"}, "sample": 2},
    {"network": {"preset": "xor"}, "sample": 4},
    {"network": {"sizes": [1, 1]}},
    {"network": {"sizes": [30, 12, 10], "loss": "cross_entropy"}},
    {"network": {"sizes": [2, 3, 3, 3, 3, 3, 3, 1], "activation": "tanh"}, "learning_rate": 1000},
    {"network": {"sizes": [3, 4, 2], "init": "zeros"}},
    {
        "steps": 3,
        "optimizer": {"name": "momentum"},
        "followed": {"layer": 1, "row": 3, "column": 2},
    },
    {"steps": 2, "optimizer": {"name": "nesterov"}, "followed": {"layer": 2, "row": 1}},
    {"steps": 6, "optimizer": {"name": "adam"}, "network": {"preset": "iris"}},
    {"steps": 2, "optimizer": {"name": "adamw"}, "network": {"preset": "xor"}},
    {"steps": 2, "optimizer": {"name": "adagrad"}},
    {"steps": 2, "optimizer": {"name": "rmsprop"}},
    {"steps": 40, "learning_rate": 900, "network": {"preset": "small"}},
    {"network": {"sizes": [2, 3, 3], "loss": "cross_entropy", "class_weights": [2, 1, 0.5]}},
    {
        "network": {"preset": "iris", "class_weights": [2, 1, 1], "label_smoothing": 0.1},
        "optimizer": {"name": "adam", "precision": "float32"},
        "steps": 2,
    },
    {
        "network": {"sizes": [1, 2, 2, 1], "activations": ["relu", "tanh"], "seed": 3},
        "optimizer": {
            "name": "momentum",
            "memory": [[0.5, -1], [0, 0], [1, 1, 0, -1], [], [2, 2], [0.1]],
        },
        "steps": 2,
    },
]

MAZUR = {"network": {"preset": "two_layer_sigmoid"}, "learning_rate": 0.5}

TOLD = (
    "question input neuron forward_1 forward_2 forward_3 loss nudge factors backward weights_3 "
    "back_2 weights_2 back_1 weights_1 blame update after"
)
STORIES = [({}, f"{TOLD} losses answer"), ({"steps": 1}, f"{TOLD} answer")]
SAYS = [
    ({"learning_rate": 1000}, "after", "too long"),
    ({}, "question", "it says class 2. It should have said class 1"),
    ({}, "losses", "from step 13 on"),
    ({}, "input", "3 samples"),
    (MAZUR, "input", "One sample goes in:"),
    ({"network": {"sizes": [3, 4, 2], "init": "zeros"}}, "blame", "Several are most to blame"),
]
REFUSES = [
    ({"followed": {"layer": 4}}, "1 to 3"),
    ({"followed": {"row": 9}}, "units 1 to 3"),
    ({"followed": {"column": 4}}, "inputs 1 to 3"),
]


def test_prints_the_digits_of_the_published_worked_example():
    """Matt Mazur, "A Step by Step Backpropagation Example", 2015."""
    run = run_lesson("backprop", MAZUR)
    assert shown(run, "layers.0.z.0.0") == {"0.378"}  # 0.3775
    assert shown(run, "layers.0.a.0.0") == {"0.593"}  # 0.593269992
    assert shown(run, "layers.1.a.0.0") == {"0.751"}  # 0.75136507
    assert shown(run, "layers.1.a.0.1") == {"0.773"}  # 0.772928465
    assert shown(run, "loss") == {"0.2984"}  # 0.298371109
    assert shown(run, "factors.terms.0") == {"0.0827"}  # w6: 0.082667628


def test_gradients_that_are_zero_have_no_arrow():
    """With all weights zero nothing reaches the first layer, and nothing is drawn there."""
    run = run_lesson("backprop", {"network": {"sizes": [3, 4, 2], "init": "zeros"}})
    view = run.lesson.network
    assert (view.state["gradient_0"] == 0).all()


def test_nodes_show_the_numbers_of_their_own_unit():
    """Not only does each number exist: it stands in the right node."""
    run = run_lesson("backprop")
    sheet = run.lesson.answer_sheet()
    checked = 0
    for moment in run.moments:
        for view in (part for part in moment.parts if hasattr(part, "gradient_tags")):
            for layer, tag in enumerate(view.tags):
                path = {
                    "$x$": "inputs.0",
                    f"$z_{layer}$": f"layers.{layer - 1}.z.0",
                    f"$a_{layer}$": f"layers.{layer - 1}.a.0",
                    f"$partial L slash partial z_{layer}$": f"layers.{layer - 1}.dL_dz.0",
                }.get(tag)
                if path is None or moment.beat in {"blame", "after", "losses", "answer"}:
                    continue
                for unit, label in zip(view.units[layer], view.labels[layer], strict=True):
                    is_forward = moment.beat == "neuron" or moment.beat.startswith("forward_")
                    if is_forward and not label:
                        continue  # so far there is one neuron alone
                    value = look_up(sheet, f"{path}.{unit}")
                    shown = float(label.replace("−", "-"))
                    assert shown == pytest.approx(value, abs=0.00051), (moment.beat, tag, unit)
                    checked += 1
    assert checked > 100


def test_one_weight_is_followed_through_its_factors():
    """The published example again: w5's gradient and its value after the step."""
    params = {**MAZUR, "followed": {"layer": 2, "row": 1, "column": 1}}
    run = run_lesson("backprop", params)
    assert shown(run, "layers.1.dL_dz.0.0") >= {"0.1385"}  # 0.138498562
    assert shown(run, "factors.da_dz.0") == {"0.1868"}  # 0.186815602
    assert shown(run, "factors.dz_dw.0") >= {"0.5933"}  # 0.593269992
    assert shown(run, "factors.terms.0") == {"0.0822"}  # 0.082167041
    assert shown(run, "updated.1.weight.0.0") == {"0.3589"}  # 0.35891648


def numbers_in_units(part):
    """Return all numbers that stand in a network's units."""
    return [text for column in part.labels for text in column if text]


def test_no_number_of_one_sample_stands_beside_arrows_of_all():
    """An arrow is then a sum over samples, which no number in a circle makes."""
    run = run_lesson("backprop")
    batch = [layer.dL_dW for layer in run.lesson.record.layers]
    seen = 0
    for moment in run.moments:
        for view in (part for part in moment.parts if hasattr(part, "gradient_tags")):
            sums = [
                view.state["arrow"][gap] > 0
                and view.state["ahead"] == 0
                and np.allclose(view.state[f"gradient_{gap}"], matrix)
                for gap, matrix in enumerate(batch)
            ]
            if any(sums):
                assert not numbers_in_units(view), moment.beat
                seen += 1
    assert seen > 3
    assert numbers_in_units(run_lesson("backprop", MAZUR).lesson.network)  # its batch is of one


def test_the_followed_weights_gradient_is_added_from_what_each_sample_shows():
    """Each factor sets out from a unit that shows that sample's own number."""
    run = run_lesson("backprop")
    travelled = [it.text for it in run.lesson.travelled if it.beat == "blame"]
    printed = [re.findall(r"−?\d+\.\d+", it)[-1] for it in travelled]
    numbers = [float(it.replace("−", "-")) for it in printed]
    # By hand: dL/dz of neuron 1 of layer 2 and a of neuron 1 of layer 1, sample by sample.
    factors = [0.1553, 1.3596, 0.1845, 3.3679, -0.0199, 5.0323]
    assert numbers == pytest.approx([*factors, 0.7323], abs=0.00006)


def test_the_neuron_that_is_told_is_one_that_relu_changes():
    """Where there is one; otherwise it is on the way of the followed weight."""
    unit = run_lesson("backprop").lesson.unit
    assert unit.z < 0 == unit.a
    every = run_lesson("backprop", {"network": {"preset": "xor"}, "sample": 2}).lesson
    zs = every.record.layers[0].z[every.sample]
    assert (every.unit.z < 0) == bool((zs < 0).any())


def test_a_quantity_of_the_nudge_has_the_same_digits_in_the_step():
    """The followed weight before the step, on its number line and on the board."""
    run = run_lesson("backprop")
    assert shown(run, "nudge.w.before") == {"0.51545"}
    assert "0.51545" in shown(run, "layers.1.weight.0.0")
    assert shown(run, "moved.after") == {"0.4422"} == shown(run, "updated.1.weight.0.0")
    assert shown(run, "nudge.loss.after") == {"1.0398"}
