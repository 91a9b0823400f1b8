"""The story of a tape: ready-made programs, and tapes of one's own, also large ones."""

from __future__ import annotations

from typing import Any

import pytest

from backprop_studio.core.tape.reading import read_tape
from tests.core.tape import programs
from tests.scenes.lesson_runs import run_lesson


def recorded(program):
    """The parameters that ``bs.graph`` would make of a program."""
    return {"graph": read_tape(*program()).model_dump_json()}


CASES: list[dict[str, Any]] = [{"program": "shared"}, {"program": "vector"}]

TOLD = "code tape_1 tape_2 tape_3 saved seed back_1 back_2 back_3 gradients"
STORIES = [
    ({}, TOLD),
    (CASES[1], "code tape_1 tape_2 saved seed back_1 back_2 gradients"),
]
SAYS = [({}, "tape_3", "TanhBackward0"), (CASES[0], "back_2", "added")]
REFUSES = [
    ({"graph": "{"}, "expected a graph as the program writes it"),
    (
        {"graph": '{"nodes": [{"id": "n0", "name": "AddBackward0"}], "output": "n1"}'},
        "each node needs an id",
    ),
]
FITS = [(CASES[0],)]


def test_the_neuron_of_micrograd():
    """Its page has the gradients -1.5 of x1, 1 of w1, 0.5 of x2, 0 of w2, and o = 0.7071."""
    run = run_lesson("autograd_graph")
    nodes = run.lesson.sheet["tape"]["nodes"]
    found = {it["labels"][0]: it["gradients"][0]["values"][0] for it in nodes if it["labels"]}
    expected = {"x1": -1.5, "w1": 1.0, "x2": 0.5, "w2": 0.0, "b": 0.5, "y": 1.0}
    assert {name: round(value, 4) for name, value in found.items()} == expected
    assert nodes[-1]["value"]["values"][0] == pytest.approx(0.7071067811865477)


@pytest.mark.parametrize(
    "program",
    [
        programs.book_squares,
        *(
            pytest.param(it, marks=pytest.mark.slow)
            for it in (programs.attention_head, programs.transformer, programs.convolution)
        ),
    ],
)
def test_a_tape_of_ones_own_is_told_from_data_alone(program):
    run = run_lesson("autograd_graph", recorded(program))
    nodes = run.lesson.sheet["tape"]["nodes"]
    kept = {it.id: it for it in read_tape(*program()).nodes}
    for node in nodes:
        if node["kind"] != "fold":
            assert node["name"] == kept[node["id"]].name
            assert tuple(map(tuple, node["shapes"])) == kept[node["id"]].shapes
    assert run.lesson.beats[-1].name == "gradients"


def test_without_gradients_only_the_way_there_is_told():
    y, names = programs.book_squares()
    y.backward()
    run = run_lesson("autograd_graph", {"graph": read_tape(y, names).model_dump_json()})
    assert [it.name for it in run.lesson.beats] == ["code", "tape_1", "tape_2"]
