"""A watch that follows how a lesson's texts stand out: those to be read, and those set back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from backprop_studio.render.drawing.seen import plain_text
from backprop_studio.render.lint.legibility import worst_contrast
from backprop_studio.render.lint.rules import READABLE, is_dimmed, visible_texts
from backprop_studio.render.messages.contrasts import LEAST_CONTRAST, Contrasts

if TYPE_CHECKING:
    from backprop_studio.render.lint.look import Look


class ContrastWatch:
    """Follows the contrasts of a lesson's texts from moment to moment."""

    def __init__(self) -> None:
        self._least: tuple[float, str] = (math.inf, "")
        self._dimmed = math.inf
        self._seen: set[str] = set()
        self._set_back: dict[str, str] = {}
        self._moments = 0

    def look(self, look: Look) -> None:
        """Note what is seen at a moment."""
        self._moments += 1
        for text in visible_texts(look):
            if is_dimmed(text):
                ratio = worst_contrast(text, look.ground, faded=True)
                self._dimmed = min(self._dimmed, ratio)
                if ratio < LEAST_CONTRAST:
                    self._set_back.setdefault(plain_text(text.ink.markup), text.name)
            elif look.still or text.alpha >= READABLE:
                self._seen.add(plain_text(text.ink.markup))
                ratio = worst_contrast(text, look.ground, faded=look.still)
                self._least = min(self._least, (ratio, text.name))

    def found(self) -> Contrasts:
        """Return all that was noted."""
        return Contrasts(
            least=_or_none(self._least[0]),
            text=self._least[1],
            dimmed=_or_none(self._dimmed),
            only_dimmed=tuple(it for key, it in self._set_back.items() if key not in self._seen),
            moments=self._moments,
        )


def _or_none(ratio: float) -> float | None:
    return None if math.isinf(ratio) else ratio
