"""Every relation that any scene prints comes out, as a viewer with a calculator would find."""

from __future__ import annotations

import pytest

from backprop_studio.scenes.relations.judging import relations
from backprop_studio.scenes.relations.reading import read
from tests.scenes.edges import bounds, cases, is_refused, nested
from tests.scenes.lesson_runs import SCENES, walk_through

APPROXIMATE = {"numerical_gradient": 1}
"""Relations at the defaults for which no more digits are written; elsewhere there are enough."""

LEAST = {"backprop": 15, "softmax_cross_entropy": 10, "classification": 10, "derivative": 6}
"""Relations at the defaults, so that a reader that has stopped reading is noticed."""


def check_defaults(name, run):
    """Check a walk through a scene as it comes, for ``tests/scenes/test_every_scene.py``."""
    found = judged_run(run)
    assert len(found) >= LEAST.get(name, 0)
    assert sum(it.kind == "approx" for it in found) <= APPROXIMATE.get(name, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "params"), [(name, it) for name in SCENES for it in cases(name)[1:]], ids=str
)
def test_printed_arithmetic_comes_out_in_other_cases(name, params):
    judged(name, params)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENES)
def test_printed_arithmetic_comes_out_at_every_edge(name):
    for edge in bounds(name):
        if not is_refused(name, edge):
            judged(name, nested(edge))


def judged(name, params):
    """Return the relations of a lesson, all of which hold."""
    return judged_run(walk_through(name, params, keep_parts=False))


def judged_run(run):
    """Return the relations of a walk, all of which hold."""
    texts = {text for moment in run.moments for text in moment.texts}
    found = [(text, it) for text in texts for it in relations(text)]
    assert [(text, it.worst()) for text, it in found if not it.holds()] == []
    assert [(text, read(text).ungrouped) for text in texts if read(text).ungrouped] == []
    return [it for _, it in found]
