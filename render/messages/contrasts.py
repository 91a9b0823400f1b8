"""How the texts of lessons stand out from what is behind them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from backprop_studio.render.messages.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_CONTRAST = 4.5
"""Of a text that is to be read, as WCAG 1.4.3 asks for it."""


class Contrasts(Frozen):
    """What was found of the contrasts of texts.

    Attributes
    ----------
    least, dimmed : float or None
        The least ratio of a text that is to be read, and of one that is dimmed while something else
        is spoken of; none if there is no such text.
    text : str
        That with the least.
    only_dimmed : tuple of str
        Texts that are never seen but dimmed.
    moments : int
        Looked at.
    """

    least: float | None = None
    dimmed: float | None = None
    text: str = ""
    only_dimmed: tuple[str, ...] = ()
    moments: int = 0

    @classmethod
    def of_all(cls, found: Iterable[Contrasts]) -> Contrasts:
        """Return those of several lessons as one."""
        rows = list(found)
        worst = min(rows, key=lambda it: _or_infinite(it.least), default=cls())
        return cls(
            least=worst.least,
            text=worst.text,
            dimmed=min((it.dimmed for it in rows if it.dimmed is not None), default=None),
            only_dimmed=tuple(dict.fromkeys(text for it in rows for text in it.only_dimmed)),
            moments=sum(it.moments for it in rows),
        )


def _or_infinite(ratio: float | None) -> float:
    return math.inf if ratio is None else ratio
