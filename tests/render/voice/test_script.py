"""Tests of a spoken script: how long sentences take, and where they stand in the sound."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.messages.results import BeatMark, SentenceMark
from backprop_studio.render.voice.loudness import loudness
from backprop_studio.render.voice.script import speak_script, track_of
from backprop_studio.render.voice.sound import RATE
from backprop_studio.render.voice.source import sayings_of

SECONDS = {"One.": 1.0, "Two.": 2.0}


class Speaker:
    """Says each sentence with a tone of its length; the second time it takes half as long again."""

    at_once = 3

    def __init__(self):
        self.spoken = []

    def stop(self):
        self.is_stopped = True

    def speak(self, saying, language):
        self.spoken.append(saying.text)
        if saying.text not in SECONDS:
            if saying.text == "Wrong.":
                raise InputError("x", "it cannot be said")
            return None
        length = SECONDS[saying.text] * (1.5 if saying.beat == "b" else 1)
        return (0.01 * np.sin(np.arange(round(length * RATE)) * 0.05)).astype("f4")


def marks(**beats):
    """Return beats whose sentences begin every four seconds."""
    made, start = [], 0.0
    for name, texts in beats.items():
        said = []
        for text in texts:
            said.append(SentenceMark(text=text, start=start + 0.25, end=start + 3))
            start += 4
        made.append(BeatMark(name=name, caption="", start=0, end=start, sentences=tuple(said)))
    return made


def test_each_sentence_stands_at_its_time_as_loud_as_is_wanted():
    sayings = sayings_of("scene", marks(a=["One.", " ", "Two."], b=["One.", "Nobody."]))
    assert [it.name for it in sayings] == ["scene.a.1", "scene.a.2", "scene.b.1", "scene.b.2"]
    script = speak_script(Speaker(), sayings, "en")
    assert script.seconds == pytest.approx({"One.": 1.5, "Two.": 2.0})
    assert script.silent == ("scene.b.2",)
    assert script.remark.fields["names"] == "scene.b.2"
    track = track_of(script, sayings, 20)
    assert track.size == 20 * RATE
    assert loudness(track) == pytest.approx(-16, abs=0.5)
    for start, length in ((0.25, 1.0), (8.25, 2.0), (12.25, 1.5)):
        loud = np.abs(track[round((start - 0.2) * RATE) : round((start + length + 0.2) * RATE)])
        first, *_, last = np.flatnonzero(loud > 0.01) / RATE
        assert first == pytest.approx(0.2, abs=0.005)
        assert last == pytest.approx(0.2 + length, abs=0.005)


def test_what_cannot_be_said_ends_it_with_its_own_error():
    sayings = sayings_of("scene", marks(a=["One.", "Wrong.", "Two."]))
    with pytest.raises(InputError, match="cannot be said"):
        speak_script(Speaker(), sayings, "en")


def test_who_gives_it_up_has_no_more_spoken():
    speaker = Speaker()
    speaker.at_once = 1
    sayings = sayings_of("scene", marks(a=["One."] * 500))

    def give_up():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        speak_script(speaker, sayings, "en", give_up)
    assert len(speaker.spoken) < 500
    assert speaker.is_stopped


def test_nobody_needs_to_say_anything():
    script = speak_script(Speaker(), [], "en")
    assert script.remark is None
    assert not track_of(script, [], 1.0).any()
