"""Every relation that a scene prints comes out, as a viewer with a calculator would find.

``tests/scenes/test_every_scene.py`` walks through all of them.
"""

from __future__ import annotations

import pytest

from backprop_studio.scenes.relations.judging import relations, zeros
from backprop_studio.scenes.relations.reading import read
from tests.scenes.lesson_runs import walk_through

APPROXIMATE = {"numerical_gradient": 1}
"""Relations at the defaults for which no more digits are written; elsewhere there are enough."""

LEAST = {"backprop": 15, "softmax_cross_entropy": 10, "classification": 10, "derivative": 6}
"""Relations at the defaults, so that a reader that has stopped reading is noticed."""


def check_defaults(name, run):
    """Check a walk through a scene as it comes."""
    found = judged_run(run)
    assert len(found) >= LEAST.get(name, 0)
    assert sum(it.kind == "approx" for it in found) <= APPROXIMATE.get(name, 0)


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("softmax_cross_entropy", {"logits": [-8.843, 12.642, 4.367, 10.825], "target": 1}),
        ("computation_graph", {"formula": "a/b", "values": {"a": -1.0, "b": 0.1}}),
    ],
)
def test_printed_arithmetic_comes_out_where_it_did_not(name, params):
    run = walk_through(name, params, keep_parts=False)
    assert not [it for it in judged_run(run) if it.kind == "approx"]


def judged_run(run):
    """Return the relations of a walk, all of which hold; what counts has kept its digits."""
    texts = {text for moment in run.moments for text in moment.texts}
    found = [(text, it) for text in texts for it in relations(text)]
    assert [(text, it.worst()) for text, it in found if not it.holds()] == []
    assert [(text, read(text).ungrouped) for text in texts if read(text).ungrouped] == []
    exact = {it.text for it in run.lesson.shown if it.value == 0}
    lost = {it.text for it in run.lesson.shown if it.value and not it.text.strip("0.")} - exact
    assert [text for text in texts for it in zeros(text) if it.text in lost] == []
    return [it for _, it in found]
