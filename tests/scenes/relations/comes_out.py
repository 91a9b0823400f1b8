"""Every relation that a scene prints comes out, as a viewer with a calculator would find.

``tests/scenes/test_every_scene.py`` walks through the scenes.
"""

from __future__ import annotations

from backprop_studio.scenes.relations.judging import relations
from backprop_studio.scenes.relations.reading import read

APPROXIMATE = {"numerical_gradient": 1}
"""Relations at the defaults for which no more digits are written; elsewhere there are enough."""

LEAST = {"backprop": 15, "softmax_cross_entropy": 10, "classification": 10, "derivative": 6}
"""Relations at the defaults, so that a reader that has stopped reading is noticed."""


def check_defaults(name, run):
    """Check a walk through a scene as it comes."""
    found = judged_run(run)
    assert len(found) >= LEAST.get(name, 0)
    assert sum(it.kind == "approx" for it in found) <= APPROXIMATE.get(name, 0)


def judged_run(run):
    """Return the relations of a walk, all of which hold."""
    texts = {text for moment in run.moments for text in moment.texts}
    found = [(text, it) for text in texts for it in relations(text)]
    assert [(text, it.worst()) for text, it in found if not it.holds()] == []
    assert [(text, read(text).ungrouped) for text in texts if read(text).ungrouped] == []
    return [it for _, it in found]
