"""WCAG: each criterion is met or not by what is there, and says by what."""

from __future__ import annotations

import pytest

from backprop_studio.render.lecture.accessibility import Found, criteria
from backprop_studio.render.messages.contrasts import Contrasts
from backprop_studio.render.messages.results import BeatMark, SentenceMark


def beat(name, *said, caption="A caption", seen=("x = 1",)):
    sentences = tuple(SentenceMark(text=it, start=0, end=1) for it in said)
    return BeatMark(name=name, caption=caption, start=0, end=2, sentences=sentences, seen=seen)


BEATS = (
    ("en", beat("a", "It is 0.5.", "Why?")),
    ("zh", beat("b", "梯度下降。")),
    ("en", beat("c", seen=())),
)
STAND_OUT = Contrasts(least=7.25, text="'a'", moments=40)


def judged(**more):
    given = {
        "kit": ("video", "subtitles", "transcript"),
        "is_spoken": False,
        "has_captions": True,
        "beats": BEATS,
        "contrasts": STAND_OUT,
        "flashes": 1,
        "frames": 900,
    }
    return {it.number: it for it in criteria(Found(**given | more))}


def unmet(**more):
    return [number for number, it in judged(**more).items() if not it.is_met]


def reason(number, **more):
    return judged(**more)[number].reason.words()


def test_they_are_those_of_films_in_their_order():
    levels = {number: it.level for number, it in judged().items()}
    films = ["1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5", "1.4.3", "2.3.1"]
    assert list(levels) == films
    assert [it for it in films if levels[it] == "AA"] == ["1.2.4", "1.2.5", "1.4.3"]


def test_silent_videos_need_words():
    assert unmet() == []
    assert reason("1.2.1") == (
        "the videos are silent; the transcript says what is told and shown in each of 3 beats"
    )
    assert unmet(kit=("video", "subtitles")) == ["1.2.1"]
    wordless = (*BEATS, ("en", beat("d", caption="")))
    assert unmet(beats=wordless) == ["1.2.1"]
    assert "no word of 1 of 4 beats" in reason("1.2.1", beats=wordless)


@pytest.mark.parametrize(
    ("kit", "captions", "not_met"),
    [
        (("video", "subtitles", "transcript"), False, []),
        (("video", "player", "transcript"), False, []),
        (("video", "transcript"), True, []),
        (("video", "transcript"), False, ["1.2.2"]),
        (("video", "subtitles"), True, ["1.2.3", "1.2.5"]),
        (("video", "gifs", "subtitles"), True, ["1.2.1", "1.2.3", "1.2.5"]),
    ],
)
def test_spoken_videos_need_captions_and_a_description(kit, captions, not_met):
    assert unmet(is_spoken=True, kit=kit, has_captions=captions) == not_met


def test_what_is_all_said_needs_no_description():
    blind = [("en", beat("a", "It is 0.5.", seen=()))]
    assert "1.2.5" not in unmet(is_spoken=True, kit=("video", "subtitles"), beats=blind)
    assert "hold 3 of 3 sentences" in reason("1.2.2", is_spoken=True)
    assert "each of the 2 beats" in reason("1.2.5", is_spoken=True)


@pytest.mark.parametrize(
    ("found", "is_met", "said"),
    [
        ({"least": 4.5}, True, "at least 4.50:1 in 40 moments"),
        ({"least": 4.49}, False, "'a' has a contrast of 4.49:1, below 4.5:1"),
        ({"least": 7.0, "dimmed": 2.5}, True, "dimmed to 2.50:1"),
        ({"least": 7.0, "dimmed": 2.5, "only_dimmed": ("'b'",)}, False, "moments: 'b'"),
        ({"least": None}, True, "at least ∞:1"),
    ],
)
def test_contrast_is_that_of_the_least_readable(found, is_met, said):
    contrasts = STAND_OUT.model_copy(update=found)
    assert (unmet(contrasts=contrasts) == []) == is_met
    assert said in reason("1.4.3", contrasts=contrasts)


def test_three_flashes_a_second_are_the_most():
    assert unmet(flashes=3) == []
    assert unmet(flashes=4) == ["2.3.1"]
    assert reason("2.3.1") == "flashes in the worst second of 900 frames: 1, 3 are allowed"


def test_contrasts_of_several_lessons_are_those_of_the_worst():
    rows = [
        STAND_OUT,
        Contrasts(least=5.0, text="'b'", dimmed=2.0, only_dimmed=("'c'",), moments=2),
        Contrasts(dimmed=3.0),
    ]
    both = Contrasts.of_all(rows)
    assert (both.least, both.text, both.dimmed, both.moments) == (5.0, "'b'", 2.0, 42)
    assert both.only_dimmed == ("'c'",)
    assert Contrasts.of_all([]) == Contrasts()
