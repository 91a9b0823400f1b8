"""What a sentence claims, as data that travels with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A claim that a sentence makes.

    Attributes
    ----------
    name : str
        Of the set of verdicts.
    verdict : str
        Which of them.
    about : str
        What it is about: a path in the answer sheet, or empty for the whole lesson.

    Examples
    --------
    >>> Claim("descent", "slow", "runs.0")
    Claim(name='descent', verdict='slow', about='runs.0')
    """

    name: str
    verdict: str
    about: str = ""
