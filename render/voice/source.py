"""What all voices have in common: a sentence goes in, its sound comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.messages.results import BeatMark
    from backprop_studio.render.voice.sound import Samples


@dataclass(frozen=True)
class Saying:
    """A sentence of a lesson, to be spoken.

    Attributes
    ----------
    scene, beat : str
        Where it is said.
    number, count : int
        Which of the beat's sentences it is, from 1, and of how many.
    text : str
        As it is written.
    start : float
        Seconds from the lesson's beginning.
    """

    scene: str
    beat: str
    number: int
    count: int
    text: str
    start: float = 0.0

    @property
    def name(self) -> str:
        """What it is called where recordings are looked for, such as ``backprop.loss.2``."""
        return f"{self.scene}.{self.beat}.{self.number}"


class VoiceSource(Protocol):
    """Somebody who speaks.

    Attributes
    ----------
    at_once : int
        How many sentences may be spoken at the same time.
    """

    at_once: int

    def speak(self, saying: Saying, language: Language) -> Samples | None:
        """Return a sentence's sound without silence around it; None if nobody says it.

        Raises
        ------
        StudioError
            If it cannot be spoken.
        """
        ...

    def stop(self) -> None:
        """End what is being spoken; the calls that wait for it raise whatever they like."""
        ...

    def fingerprint(self) -> str:
        """Return what stands for everything that makes its sound, but for the sentences."""
        ...


def sayings_of(scene: str, beats: Sequence[BeatMark]) -> list[Saying]:
    """Return what is said in a lesson, in order."""
    found = []
    for beat in beats:
        said = [it for it in beat.sentences if it.text.strip()]
        found += [
            Saying(scene, beat.name, number, len(said), it.text, it.start)
            for number, it in enumerate(said, start=1)
        ]
    return found
