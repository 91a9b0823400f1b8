"""The claims of the film of a training step, worked out once more from its answer sheet."""

from __future__ import annotations

import math
from decimal import Decimal

from tests.scenes.claims.oracles.registry import at, number, oracle, printed


def same_to_the_eye(a, b):
    """Return whether two numbers are printed alike with six digits of the larger, 12 decimals."""
    largest = max(abs(a), abs(b))
    if a == b or not largest:
        return True
    places = min(max(5 - math.floor(math.log10(largest)), 0), 12)
    return Decimal(f"{a:.{places}f}") == Decimal(f"{b:.{places}f}")


def answers(told, step):
    """Return outputs or probabilities for the followed sample, before training or after a step."""
    sheet = told.sheet if step < 2 else told.sheet["steps"][step - 2]
    suffix = "_after" if step else ""
    found = sheet[f"probabilities{suffix}"]
    if found is not None:
        return [Decimal(f"{it:.3f}") for it in found[told.lesson.sample]]
    last = sheet["a_after"][-1] if step else sheet["layers"][-1]["a"]
    return last[told.lesson.sample]


def verdict_of(told, step):
    """Return what may be said of an answer."""
    found, target = answers(told, step), told.sheet["targets"][told.lesson.sample]
    if told.sheet["probabilities"] is None:
        near = [same_to_the_eye(a, t) for a, t in zip(found, target, strict=True)]
        return "hits" if all(near) else "off" if len(near) == 1 else "all_off"
    if any(it.is_nan() for it in found):
        return "tie"
    ahead = [k for k, it in enumerate(found) if it == max(found)]
    return "tie" if len(ahead) > 1 else "right" if ahead == [target] else "wrong"


@oracle("network_answer")
def network_answer(told, claim):
    """Of the answer that the question is about."""
    return claim.verdict == verdict_of(told, 0)


@oracle("answer_course")
def answer_course(told, claim):
    """Of the answer before and after training."""
    ends = [verdict_of(told, step) == "right" for step in (0, len(told.sheet["losses"]) - 1)]
    return (
        ends
        == {
            "known": [True, True],
            "learned": [False, True],
            "lost": [True, False],
            "still_wrong": [False, False],
        }[claim.verdict]
    )


@oracle("activated")
def activated(told, claim):
    """Of one neuron."""
    unit, name = at(told.sheet, claim.about), told.lesson.record.network.activations[0]
    if name != "relu":
        return claim.verdict == ("identity" if name == "identity" else "bent")
    return (claim.verdict == "passed") == (unit["z"] > 0) and unit["a"] == max(unit["z"], 0)


@oracle("terms", "neighbours", "idle")
def one_or_many(told, claim):
    """Of how many there are."""
    return (claim.verdict == "one") == (at(told.sheet, claim.about) == 1)


@oracle("passes")
def passes(told, claim):
    """Of a nudge in its unit."""
    found = at(told.sheet, claim.about)
    moved = [found[name]["after"] != found[name]["before"] for name in "za"]
    name = told.lesson.record.network.activations[told.lesson.factors.layer]
    return {
        "no_input": not moved[0],
        "flat": moved == [True, False],
        "passes": all(moved) and name != "identity",
        "linear": all(moved) and name == "identity",
    }[claim.verdict]


@oracle("reaction")
def reaction(told, claim):
    """Of the loss after a nudge."""
    found = at(told.sheet, claim.about)
    if same_to_the_eye(found["before"], found["after"]):
        return claim.verdict == "same"
    return claim.verdict == ("rises" if found["after"] > found["before"] else "falls")


@oracle("back_slopes")
def back_slopes(told, claim):
    """Of the slopes of one layer."""
    layer = int(claim.about.rpartition(".")[2])
    if told.lesson.record.network.activations[layer] == "identity":
        return claim.verdict == "plain"
    dark = 0.0 in at(told.sheet, claim.about)["da_dz"][told.lesson.sample]
    return claim.verdict == ("stops" if dark else "flows")


def gradients(told):
    """Return all gradients of weights and biases."""
    for layer in told.sheet["layers"]:
        yield from (it for row in layer["dL_dW"] for it in row)
        yield from layer["dL_db"]


@oracle("most")
def most(told, claim):
    """Of the largest gradient."""
    sizes = sorted((abs(number(it)) for it in gradients(told)), reverse=True)
    if not sizes[0]:
        return claim.verdict == "zero"
    alone = printed(sizes[0]) != printed(sizes[1])
    return claim.verdict == ("one" if alone else "several")


@oracle("layer_activated")
def layer_activated(told, claim):
    """Of a whole layer, for the followed sample."""
    layer, name = at(told.sheet, claim.about), told.lesson.record.network.activations[0]
    if name != "relu":
        return claim.verdict == ("identity" if name == "identity" else "bent")
    kept = layer["z"][told.lesson.sample] == layer["a"][told.lesson.sample]
    return (claim.verdict == "passed") == (kept and 0.0 not in layer["a"][told.lesson.sample])


@oracle("next_answer")
def next_answer(told, claim):
    """Of the answer after the first step."""
    before, after = (verdict_of(told, step) for step in (0, 1))
    if after == "tie":
        return claim.verdict == "tie"
    if after == "right":
        return claim.verdict == ("still_right" if before == "right" else "right")
    first, second = (answers(told, step) for step in (0, 1))
    stays = before == "wrong" and first.index(max(first)) == second.index(max(second))
    return claim.verdict == ("lost" if before == "right" else "same" if stays else "another")
