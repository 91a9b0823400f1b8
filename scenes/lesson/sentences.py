"""Sentences that claim something: for each verdict of a claim one, chosen by the verdict alone.

A lesson writes down all sentences of a claim together, and says the one that core's predicate asks
for. The claim goes with the beat as data, so that a test can work out for itself whether it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from backprop_studio.core.claims.claim import Claim


@dataclass(frozen=True)
class Sentence:
    """A sentence, and what it claims.

    Attributes
    ----------
    text : str
        In English, with places for numbers.
    claim : Claim
        What has to hold where it is said.
    """

    text: str
    claim: Claim


class Sentences:
    """The sentences of a claim, one for each of its verdicts.

    Parameters
    ----------
    name : str
        Of the claim.
    verdicts : type
        A ``Literal`` with all verdicts there are.
    texts : mapping of str to str
        By verdict, marked with ``N_``. A verdict that cannot come up in this lesson is left out
        with None, which has to be said, too.

    Raises
    ------
    ValueError
        If a verdict has no sentence, or a sentence no verdict.

    Examples
    --------
    >>> from backprop_studio.core.claims.slopes import Sign
    >>> up = Sentences("slope", Sign, {"positive": "Up.", "negative": "Down.", "zero": "Level."})
    >>> up("zero").text, up("zero").claim.verdict
    ('Level.', 'zero')
    """

    def __init__(self, name: str, verdicts: Any, texts: Mapping[str, str | None]) -> None:
        unlike = set(get_args(verdicts)) ^ texts.keys()
        if unlike:
            raise ValueError(f"{name}: {', '.join(sorted(unlike))} without sentence or verdict")
        self.name, self.texts = name, dict(texts)

    def has(self, verdict: str) -> bool:
        """Whether there is a sentence for a verdict; otherwise nothing is to be said."""
        return self.texts[verdict] is not None

    def __call__(self, verdict: str, about: str = "") -> Sentence:
        """Return the sentence of a verdict, about something in the answer sheet."""
        text = self.texts[verdict]
        if text is None:
            raise ValueError(f"{self.name}: {verdict} was said to be impossible")
        return Sentence(text, Claim(self.name, verdict, about))
