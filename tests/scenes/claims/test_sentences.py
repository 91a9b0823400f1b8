"""Sentences and their predicates together, over parameters drawn by chance."""

from __future__ import annotations

import os
import random
import re

import pytest

from backprop_studio.core.base.errors import InputError
from tests.scenes.claims.draw import drawn
from tests.scenes.claims.dry_runs import DryStage
from tests.scenes.claims.oracles import backprop, descents, steps
from tests.scenes.claims.oracles import lessons as single
from tests.scenes.claims.oracles.registry import ORACLES
from tests.scenes.lesson_runs import SCENES

JUDGES = (backprop, descents, single, steps)

SEED = os.environ.get("BACKPROP_STUDIO_SEED", "1")
LESSONS = int(os.environ.get("BACKPROP_STUDIO_LESSONS", "2000"))
"""A scene in the long form; fewer for a quick look."""

PARTS = 8
"""Of the long form, each with a seed of its own: who stops it loses little."""

A_FEW, SOME = 2, 16
"""For every day, and in the sweeps."""

MOST_TRIES = 10
"""Draws for each lesson that is told, as some are refused."""

PHRASES = (
    ("has settled|It settles|settle all|until it settles", {"converges", "crosses", "overshoots"}),
    ("To and fro|to and fro", {"overshoots"}),
    ("still on its way", {"slow"}),
    ("less and less", {"oscillates"}),
    ("no smaller\\.|and no less", {"bounces"}),
    ("lead away|diverges: w", {"diverges"}),
    ("different valleys", {"valleys"}),
    ("different places: the start", {"valleys", "different"}),
    ("come to rest in", {"same", "valleys", "different"}),
    ("have arrived|has arrived", {"under_way"}),
    ("has the lowest loss|is the lowest", {"one", "of_inside"}),
    ("equally low|does not tell these", {"all", "equal"}),
    ("has fallen|the loss is smaller\\.", {"falls"}),
    ("has risen|not for the better", {"rises"}),
    ("The step was too long", {"rises", "not_finite"}),
    ("nothing has moved|nothing has changed", {"stationary"}),
    ("in different places already", {"different"}),
    ("widens", {"widens"}),
    ("keeps its size|about the same size", {"keeps"}),
    ("Exploding", {"explodes"}),
    ("Vanishing", {"vanishes"}),
    ("corner", {"corner", "shared", "extra"}),
    ("quickly down", {"quick_then_slow"}),
    ("gathers speed", {"gathers"}),
    ("crawls", {"crawls"}),
    ("one much smaller", {"smaller"}),
    ("raises the true logit", {"pulls"}),
    ("is right, too", {"as_right"}),
    ("needs more steps", {"needs_more"}),
    ("shorter step", {"shorter", "back_shorter"}),
    ("longer step", {"longer", "back_longer"}),
    ("valley is deeper", {"deeper_valley"}),
    ("nowhere in the picture is it lower", {"lowest"}),
    ("elsewhere it is lower", {"lower"}),
    ("until it is flat", {"converges", "crosses", "overshoots"}),
)
"""Words that claim something, and the verdicts with which they may be said."""


@pytest.fixture(scope="module")
def stage():
    with DryStage() as found:
        yield found


def judge(told):
    """Return what is wrong with a lesson's sentences."""
    wrong = []
    claims = {it.text: it.claim for it in told.lesson.claims}
    wrong = [it for it in told.lesson.claims if not ORACLES[it.claim.name](told, it.claim)]
    for said in told.lesson.reading.readings:
        verdict = claims[said.text].verdict if said.text in claims else None
        wrong += [
            (said.beat, words, said.text)
            for words, allowed in PHRASES
            if said.kind == "sentence" and re.search(words, said.text) and verdict not in allowed
        ]
    return wrong


def lessons(stage, name, count, seed=SEED):
    """Yield so many lessons of a scene that are told, with their parameters."""
    chance, told = random.Random(f"{name} {seed}"), 0
    for _ in range(count * MOST_TRIES):
        params = drawn(name, chance)
        try:
            yield params, stage.tell(name, params)
        except InputError:
            continue
        told += 1
        if told == count:
            return
    pytest.fail(f"{name}: of {count * MOST_TRIES} lessons only {told} were told")


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("count", [A_FEW, pytest.param(SOME, marks=pytest.mark.slow)])
def test_every_sentence_holds_for_parameters_drawn_by_chance(stage, name, count):
    told_truly(stage, name, count, SEED)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", SCENES)
def test_every_sentence_holds_in_thousands_of_lessons(stage, name, part):
    told_truly(stage, name, LESSONS // PARTS, f"{SEED}.{part}")


def told_truly(stage, name, count, seed):
    """Tell so many lessons of a scene, of which no sentence is wrong."""
    for params, told in lessons(stage, name, count, seed):
        wrong = judge(told)
        assert not wrong, f"{params} (BACKPROP_STUDIO_SEED={seed}): {wrong}"


def test_every_claim_has_an_oracle(stage):
    assert {it.__module__ for it in ORACLES.values()} == {it.__name__ for it in JUDGES}
    claims = {said.claim.name for name in SCENES for said in stage.tell(name, {}).lesson.claims}
    assert len(claims) > 30
    assert claims <= ORACLES.keys()
