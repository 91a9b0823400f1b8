"""Faults of each kind, planted in a predicate, a sentence or a scene: the judge finds every one."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.claims import curves, descent, one_weight, slopes, softmax
from backprop_studio.core.network.record import StepRecord
from backprop_studio.core.surfaces import curve_runs, outcomes
from backprop_studio.scenes import gradient_descent, learning_rate, loss_surface
from backprop_studio.scenes.families.training_step import script
from tests.scenes.claims.dry_runs import DryStage
from tests.scenes.claims.test_sentences import judge

QUARTIC = {"curve": {"name": "quartic"}, "learning_rate": 0.1}
WELL = {"curve": {"formula": "w^4 - 2*w^2 + 1", "w_range": [-1.8, 1.8]}, "starts": [1.5]}


def swapped(sentences, *two):
    """Return sentences of which two have changed places."""
    first, second = two
    texts = {**sentences.texts, first: sentences.texts[second], second: sentences.texts[first]}
    found = type(sentences).__new__(type(sentences))
    found.name, found.texts = sentences.name, texts
    return found


FAULTS = {
    "a slope that is small counts as settled": (
        ("gradient_descent", QUARTIC),
        (curve_runs, "led_onward", lambda *_: 0.0),
    ),
    "one crossing counts as to and fro": (
        ("gradient_descent", WELL),
        (descent, "_shrinks", lambda *_: True),
    ),
    "any two ends are different valleys": (
        ("gradient_descent", {"starts": [4.5, 4.0]}),
        (curve_runs, "run_ends", lambda *_: "valleys"),
        (gradient_descent, "run_ends", lambda *_: "valleys"),
    ),
    "printed alike, and yet one is lowest": (
        ("learning_rate", {"learning_rates": [0.1, 0.9]}),
        (learning_rate, "lowest_runs", lambda _: ("one", (0,))),
    ),
    "who is under way has arrived": (
        ("loss_surface", {"surface": {"name": "rosenbrock"}}),
        (outcomes, "has_settled", lambda *_: True),
        (loss_surface, "path_ends", lambda *_: "different"),
    ),
    "a gradient of 0 lets the loss rise": (
        ("backprop", {"network": {"preset": "xor", "init": "zeros"}}),
        (StepRecord, "outcome", property(lambda _: "rises")),
    ),
    "every distance becomes wider": (
        ("softmax_cross_entropy", {"logits": [-5.0, -6.0, -9.0], "target": 1}),
        (softmax, "powers", lambda *_: "widens"),
    ),
    "the rest is always much smaller": (
        ("derivative", {"formula": "1/w", "w": 0.2, "eps": [0.11, 0.1]}),
        (curves, "rest", lambda *_: "smaller"),
    ),
    "the weight goes with its gradient": (
        ("chain_rule", {}),
        (one_weight, "direction", lambda *_: "shrinks"),
    ),
    "a step on a slope of 0 is called shorter": (
        ("gradient_descent", {"curve": {"formula": "w^2"}, "starts": [2], "learning_rate": 0.5}),
        (slopes, "next_step", lambda *it, **_: "shrinks" if it[2] == 1 else "shorter"),
    ),
    "fallen is said where it has risen": (
        ("backprop", {"learning_rate": 1000}),
        (script, "AFTER", swapped(script.AFTER, "falls", "rises")),
    ),
    "any valley is the deepest": (
        ("gradient_descent", {}),
        (gradient_descent, "place", lambda *_: "lowest"),
    ),
    "any place on the way is the ridge": (
        ("gradient_descent", {}),
        (gradient_descent, "ridge", lambda *_: {"w": 0.0, "loss": 5.0}),
    ),
    "settled is said of who is on its way": (
        ("gradient_descent", {"learning_rate": 1e-3}),
        (gradient_descent, "ENDING", swapped(gradient_descent.ENDING, "slow", "converges")),
    ),
}
"""A lesson, and what is put in the place of what; before it the lesson is judged right."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(monkeypatch, fault):
    (name, params), *planted = FAULTS[fault]
    with DryStage() as stage:
        assert not judge(stage.tell(name, params))
        for holder, what, instead in planted:
            monkeypatch.setattr(holder, what, instead)
        assert judge(stage.tell(name, params))


def test_a_sentence_without_a_claim_is_found():
    with DryStage() as stage:
        told = stage.tell("gradient_descent", {})
    told.lesson.claims.clear()
    assert judge(told)
    assert np.isfinite(told.sheet["runs"][0]["onward"])
