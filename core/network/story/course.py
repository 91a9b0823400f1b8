"""What a network answers to one sample before training, and after each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop_studio.core.claims.backprop import Answer, class_answer, number_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.network.record import ForwardRecord, StepRecord


@dataclass(frozen=True)
class Course:
    """The answers to one sample.

    Attributes
    ----------
    answers : tuple of str
        Before the first step, and after each.
    said : int or None
        The class with the largest probability before training; None where targets are numbers.
    next : int or None
        The class with the largest probability after the first step; None as above.
    right_from : int or None
        The step after which the answer is right and stays so; None where there is none, or where
        it is right before the first.
    """

    answers: tuple[Answer, ...]
    said: int | None
    next: int | None
    right_from: int | None


def course_of(records: Sequence[StepRecord], sample: int) -> Course:
    """Return what becomes of the answer to a sample, counted from 0.

    Examples
    --------
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> from backprop_studio.core.network.steps import run_steps
    >>> params = NetworkGroup.model_validate({})
    >>> records = run_steps(params.network_spec(), params.batch(), 0.1, 20)
    >>> course_of(records, 0).said, course_of(records, 0).right_from
    (1, 13)
    """
    forwards = [records[0].before, *(it.after for it in records)]
    answers = tuple(_answer(records[0], it, sample) for it in forwards)
    said, following = (_class(it, sample) for it in forwards[:2])
    wrong = [step for step, it in enumerate(answers) if it not in {"right", "hits"}]
    right_from = wrong[-1] + 1 if wrong and wrong[-1] + 1 < len(answers) else None
    return Course(answers, said, following, right_from)


def _class(forward: ForwardRecord, sample: int) -> int | None:
    if forward.probabilities is None:
        return None
    return int(forward.probabilities[sample].argmax())


def _answer(record: StepRecord, forward: ForwardRecord, sample: int) -> Answer:
    targets = record.batch.targets[sample]
    if forward.probabilities is not None:
        return class_answer(forward.probabilities[sample], int(targets))
    return number_answer(forward.activations[-1][sample].tolist(), targets.tolist())
