"""The picture lint over lessons drawn by chance, in every frame, language and theme."""

from __future__ import annotations

import os
from typing import get_args

import pytest

from backprop_studio.core.base.i18n import Language
from backprop_studio.core.base.parameters import Theme
from backprop_studio.render.lint.examine import check
from backprop_studio.render.lint.finding import Finding
from backprop_studio.render.messages.frame_format import FrameShape
from backprop_studio.render.messages.jobs import CheckJob
from tests.scenes.claims.dry_runs import DryStage
from tests.scenes.claims.test_sentences import lessons
from tests.scenes.lesson_runs import SCENES

SETS = int(os.environ.get("BACKPROP_STUDIO_SETS", "10"))
"""A scene, of parameters."""

SHAPES, THEMES = get_args(FrameShape), get_args(Theme)


class Unwatched:
    """Stands for the watch of a job that nobody waits for."""

    def __getattr__(self, name):
        """Return what does nothing."""
        return lambda *_, **__: None


def faults(name, number, shape, params, media):
    """Return what is wrong with a scene's pictures in both languages; themes take turns."""
    theme = THEMES[number % len(THEMES)]
    job = CheckJob(
        id="drawn",
        scenes=(name,),
        languages=get_args(Language),
        themes=(theme,),
        params=params,
        shape=shape,
        samples=1,
    )
    rows = check(job, Unwatched(), media)["findings"]
    return [Finding.model_validate(row).line(str) for row in rows]


def drawn_sets(name, count):
    with DryStage() as stage:
        return [params for params, _ in lessons(stage, name, count)]


FOUND = [
    ("chain_rule", "9:16", {"questions": False, "learning_rate": 3.0, "w": -2.0, "steps": 8}),
    ("chain_rule", "9:16", {"y": 3.71, "steps": 11, "nudge": -4.54}),
    ("chain_rule", "4:3", {"learning_rate": 0.551, "y": -544.0, "w": -845.0, "steps": 11}),
    ("chain_rule", "16:9", {"captions": False, "x": 0.0, "w": -1.37, "steps": 8}),
    ("detach", "9:16", {"x": [1e-09, 1e-07, -0.5, 0.0]}),
    ("gradient_descent", "16:9", {"questions": False, "learning_rate": 10.0, "steps": 2}),
    ("momentum", "4:3", {"learning_rate": 0.00117, "start": [-3.97, 0.1], "steps": 5}),
    ("partial_derivatives", "4:3", {"formula": "sqrt(x^2 + y^2)", "x": 1.0, "y": 2.65}),
    ("softmax_cross_entropy", "9:16", {"offset": -713.0, "logits": [1.0, 1.0, 1.0], "target": 1}),
    (
        "softmax_cross_entropy",
        "16:9",
        {"logits": [-277.752, -230.01, 247.257, 397.28, -232.028], "target": 3},
    ),
]
"""Lessons in which chance once found a fault."""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "shape", "params"), FOUND)
def test_what_chance_has_found_has_no_fault(name, shape, params, tmp_path):
    for number in range(len(THEMES)):
        assert not faults(name, number, shape, params, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", SCENES)
def test_many_lessons_drawn_by_chance_have_no_fault(name, shape, tmp_path):
    sets = list(enumerate([{}, *drawn_sets(name, SETS)]))
    found = {str(params): faults(name, k, shape, params, tmp_path) for k, params in sets}
    assert not any(found.values()), {params: it for params, it in found.items() if it}
