"""Exercises on softmax with cross-entropy, whose numbers are rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.kit.exercises.subject import Given, Question, Subject, Task
from backprop_studio.render.kit.exercises.writing import slope

if TYPE_CHECKING:
    from random import Random

    from backprop_studio.render.kit.exercises.subject import Parameters, Sheet

CLASSES = 3
_ROUNDED, _OF_LOSS = 0.002, 0.01
"""How far answers may be off that are worked out from rounded numbers."""


def _draw_logits(chance: Random, _own: Parameters) -> Parameters:
    return {
        "logits": [chance.randint(-10, 20) / 10 for _ in range(CLASSES)],
        "target": chance.randint(1, CLASSES),
        "offset": 0.0,
    }


def _softmax(given: Parameters) -> Sheet:
    from backprop_studio.core.network.softmax import softmax_cross_entropy
    from backprop_studio.core.network.softmax_params import SoftmaxGroup

    params = SoftmaxGroup(**given)
    record = softmax_cross_entropy(params.logits, params.target - 1)
    return records_sheet("softmax_cross_entropy", given, softmax=record)


def _of_softmax(sheet: Sheet) -> Task:
    target = sheet["softmax"]["target"]
    naive, every = "softmax.naive", range(CLASSES)
    questions = [
        Question(
            f"{naive}.exponentials.{k}",
            f"e^(z_{k + 1})",
            N_("The exponential of a logit."),
            "",
            f"e^({{softmax.logits.{k}}})",
            _ROUNDED,
        )
        for k in every
    ]
    questions.append(
        Question(
            f"{naive}.total",
            "S",
            N_("Their sum."),
            " + ".join(f"e^(z_{k + 1})" for k in every),
            " + ".join(f"{{{naive}.exponentials.{k}}}" for k in every),
            2 * _ROUNDED,
        )
    )
    questions += [
        Question(
            f"softmax.probabilities.{k}",
            f"p_{k + 1}",
            N_("A probability."),
            f"e^(z_{k + 1})/S",
            f"{{{naive}.exponentials.{k}}}/{{{naive}.total}}",
            _ROUNDED,
        )
        for k in every
    ]
    questions.append(
        Question(
            "softmax.loss",
            "L",
            N_("The loss."),
            f"-ln p_{target + 1}",
            f"-ln {{softmax.probabilities.{target}}}",
            _OF_LOSS,
        )
    )
    questions += [
        Question(
            f"softmax.gradient.{k}",
            slope("L", f"z_{k + 1}"),
            N_("The gradient of a logit."),
            f"p_{k + 1} - t_{k + 1}",
            f"{{softmax.probabilities.{k}}} - {{softmax.one_hot.{k}}}",
            _ROUNDED,
        )
        for k in every
    ]
    given = [Given(f"z_{k + 1}", f"softmax.logits.{k}") for k in every]
    given += [Given(f"t_{k + 1}", f"softmax.one_hot.{k}") for k in every]
    rules = ["p_i = e^(z_i)/S", "S = sum e^(z_i)", "L = -sum t_i dot ln p_i"]
    return Task(rules, given, questions)


def _is_likely(sheet: Sheet) -> bool:
    """Whether rounding moves the loss by less than it may be off: -ln p is steep at small p."""
    record = sheet["softmax"]
    return min(record["probabilities"]) > 0.08 and len(set(record["logits"])) == CLASSES


SOFTMAX = Subject(
    N_("Three logits: probabilities, the loss and its gradient. Round to three decimals."),
    _draw_logits,
    _softmax,
    _of_softmax,
    _is_likely,
    is_exact=False,
)
