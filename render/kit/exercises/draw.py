"""A student's exercise: numbers drawn by seed until all of them are short, and answers by core."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.core.base.errors import InputError
from backprop_studio.render.kit.exercises.writing import is_short, short, with_numbers

if TYPE_CHECKING:
    from backprop_studio.render.kit.exercises.subject import (
        Parameters,
        Question,
        Sheet,
        Subject,
        Task,
    )

MOST_DRAWS = 300
"""In a row without a new exercise: then there are no more that are worth looking for."""


@dataclass(frozen=True)
class Answer:
    """A question with its answer.

    Attributes
    ----------
    question : Question
    value : float
        As core has it.
    text : str
        As it is printed.
    is_rounded : bool
    steps : tuple of str
        The way to it, as Typst mathematics: by which rule, and with which numbers.
    """

    question: Question
    value: float
    text: str
    is_rounded: bool
    steps: tuple[str, ...]

    @property
    def line(self) -> str:
        """The whole calculation as Typst mathematics."""
        equals = "approx" if self.is_rounded else "="
        way = " = ".join((self.question.name, *self.steps))
        return f"{way} {equals} {self.text}"


@dataclass(frozen=True)
class Exercise:
    """What one student works out.

    Attributes
    ----------
    number : int
        From 1.
    parameters : dict
        Of the scene, with which its own record has the same numbers.
    sheet : mapping
        The answer sheet.
    task : Task
    given : tuple of (str, str)
        What is told: a name as Typst mathematics, and a number.
    answers : tuple of Answer
        In the order in which they are worked out.
    """

    number: int
    parameters: Parameters
    sheet: Sheet
    task: Task
    given: tuple[tuple[str, str], ...]
    answers: tuple[Answer, ...]

    @property
    def told(self) -> tuple[object, ...]:
        """All that a student is told; nobody else is told the same."""
        return self.given, *self.task.rules


def exercises_of(subject: Subject, own: Parameters, seed: int, students: int) -> list[Exercise]:
    """Return an exercise for each student, no two alike; fewer if there are not so many.

    The first are the same for a larger class.

    Parameters
    ----------
    own : dict
        The lesson's own parameters.
    seed : int
        The same seed draws the same exercises.
    """
    chance = Random(seed)
    found: list[Exercise] = []
    known: set[str] = set()
    told: set[tuple[object, ...]] = set()
    missed = 0
    while len(found) < students and missed < MOST_DRAWS:
        missed += 1
        parameters = subject.draw(chance, own)
        key = json.dumps(parameters, sort_keys=True)
        if key in known:
            continue
        known.add(key)
        exercise = _exercise(subject, parameters, len(found) + 1)
        if exercise is None or exercise.told in told:
            continue
        told.add(exercise.told)
        found.append(exercise)
        missed = 0
    return found


def _exercise(subject: Subject, parameters: Parameters, number: int) -> Exercise | None:
    """Return the exercise of some numbers, or None if they make no good one."""
    try:
        sheet = subject.compute(parameters)
    except InputError:  # a formula has no value there
        return None
    if not subject.is_fit(sheet):
        return None
    task = subject.task(sheet)
    paths = [*(it.path for it in task.given), *(it.path for it in task.questions)]
    if any(it in sheet.get("not_finite", ()) for it in paths):
        return None
    if subject.is_exact and not all(is_short(look_up(sheet, it)) for it in paths):
        return None
    given = tuple((it.name, short(look_up(sheet, it.path))) for it in task.given)
    answers = tuple(_answer(it, sheet) for it in task.questions)
    return Exercise(number, parameters, sheet, task, given, answers)


def _answer(question: Question, sheet: Sheet) -> Answer:
    value = look_up(sheet, question.path)
    text = short(value)
    numbers = with_numbers(question.numbers, sheet)
    steps = [it for it in (question.rule, numbers) if it]
    if steps and steps[-1] == text:  # a number alone is no calculation
        steps.pop()
    return Answer(question, value, text, not is_short(value), tuple(steps))
