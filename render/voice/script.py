"""A lesson's script, spoken: the sound of each sentence, and how long each takes."""

from __future__ import annotations

from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.voice.loudness import as_loud
from backprop_studio.render.voice.sound import RATE, Samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.voice.source import Saying, VoiceSource

_TURN = 0.25
"""Seconds."""

_NAMED = 5
"""Sentences that a message names before it only counts them."""


@dataclass(frozen=True)
class SpokenScript:
    """A script with its sound.

    Attributes
    ----------
    sounds : mapping of str to array
        By the names of the sentences; one that nobody says is missing.
    seconds : mapping of str to float
        How long each sentence takes, by its text; the longest time, if it is said twice.
    silent : tuple of str
        Names of the sentences that nobody says.
    """

    sounds: Mapping[str, Samples]
    seconds: Mapping[str, float] = field(default_factory=dict)
    silent: tuple[str, ...] = ()

    @property
    def remark(self) -> Message | None:
        """What the user should know of it."""
        if not self.silent:
            return None
        names = ", ".join(self.silent[:_NAMED]) + (" …" if len(self.silent) > _NAMED else "")
        text = N_("nobody speaks {count} of {all} sentences, which are only written: {names}")
        count, of_all = len(self.silent), len(self.silent) + len(self.sounds)
        return Message.of("voice.silent_ones", text, count=count, all=of_all, names=names)


def speak_script(
    source: VoiceSource,
    sayings: Sequence[Saying],
    language: Language,
    on_turn: Callable[[], object] = lambda: None,
) -> SpokenScript:
    """Speak what is said in a lesson, several sentences at a time.

    Parameters
    ----------
    on_turn : callable
        Called now and then meanwhile, on the caller's thread; may raise to give it up.

    Raises
    ------
    StudioError
        The first that cannot be spoken; what was spoken before is kept for the next time.
    """

    def speak(saying: Saying) -> Samples | None:
        sound = source.speak(saying, language)
        return None if sound is None else as_loud(sound)

    pool = ThreadPoolExecutor(source.at_once)
    try:
        waiting = {pool.submit(speak, it): it for it in sayings}
        found: dict[str, Samples | None] = {}
        left = set(waiting)
        while left:
            done, left = wait(left, _TURN, FIRST_EXCEPTION)
            found |= {waiting[it].name: it.result() for it in done}
            on_turn()
    except BaseException:
        source.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    sounds = {it.name: sound for it in sayings if (sound := found[it.name]) is not None}
    seconds: dict[str, float] = {}
    for it in sayings:
        if it.name in sounds:
            seconds[it.text] = max(seconds.get(it.text, 0.0), sounds[it.name].size / RATE)
    silent = tuple(it.name for it in sayings if it.name not in sounds)
    return SpokenScript(sounds, seconds, silent)


def track_of(script: SpokenScript, sayings: Iterable[Saying], seconds: float) -> Samples:
    """Return the sound of a whole lesson: each sentence at its time, all as loud as is wanted."""
    track = np.zeros(round(seconds * RATE), np.float32)
    for saying in sayings:
        sound = script.sounds.get(saying.name)
        if sound is None:
            continue
        first = round(saying.start * RATE)
        part = track[first : first + sound.size]
        part += sound[: part.size]
    return as_loud(track)
