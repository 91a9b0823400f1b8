"""What can be asked of a scene: questions as data, and how a student's numbers are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

Parameters: TypeAlias = "dict[str, Any]"
"""Of a scene, as JSON has them."""

Sheet: TypeAlias = "Mapping[str, Any]"
"""An answer sheet."""

DECIMALS = 3
"""That every number of an exercise has at most; what would have more is rounded, and says so."""

EXACT = 0.0005
"""How far an answer may be off where nothing is rounded."""


@dataclass(frozen=True)
class Given:
    """A number that students are told.

    Attributes
    ----------
    name : str
        As Typst mathematics.
    path : str
        In the answer sheet.
    """

    name: str
    path: str


@dataclass(frozen=True)
class Question:
    """A number that students work out.

    Attributes
    ----------
    path : str
        Of the answer, in the answer sheet.
    name : str
        What it is called, as Typst mathematics.
    text : str
        The sentence, in English; the catalogue translates it. What stands in braces comes from
        ``words``.
    rule : str
        By which it is worked out, as Typst mathematics; empty if the numbers say all.
    numbers : str
        The same with numbers: ``{path}`` stands for one of the answer sheet.
    tolerance : float
        How far an answer may be off.
    words : tuple of (str, str)
        What stands for names in the sentence, as Typst mathematics.
    """

    path: str
    name: str
    text: str
    rule: str = ""
    numbers: str = ""
    tolerance: float = EXACT
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Task:
    """What a student's sheet says, but for the numbers.

    Attributes
    ----------
    rules : sequence of str
        The formulas that are worked with, as Typst mathematics.
    given : sequence of Given
    questions : sequence of Question
        In the order in which they are worked out.
    """

    rules: Sequence[str]
    given: Sequence[Given]
    questions: Sequence[Question]


@dataclass(frozen=True)
class Subject:
    """Exercises of a scene.

    Attributes
    ----------
    text : str
        What it is about, in English.
    draw : callable
        Returns parameters of the scene by chance, which may turn out to be unsuitable; receives
        the chance and the lesson's own parameters.
    compute : callable
        Lets core compute the scene's answer sheet, as far as it is asked for.
    task : callable
        Returns what is asked of an answer sheet.
    is_fit : callable
        Whether numbers make a good exercise: all are short already.
    is_exact : bool
        Whether all numbers are short; if not, they are rounded.
    """

    text: str
    draw: Callable[[Random, Parameters], Parameters]
    compute: Callable[[Parameters], Sheet]
    task: Callable[[Sheet], Task]
    is_fit: Callable[[Sheet], bool] = lambda _: True
    is_exact: bool = True
