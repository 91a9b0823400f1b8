"""A lecture's card before a lesson: what it says, and that it fits."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.scenes.lesson.title_card import CARD_BEAT, TitleCard, card_group
from backprop_studio.scenes.paint.style import THEMES
from tests.scenes.lesson_runs import run_lesson

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG = "A title that goes on and on, as titles of lessons in a long course sometimes do, and on"


@pytest.mark.parametrize("title", ["Short", LONG, "反向传播：" * 12])
def test_a_card_is_as_wide_as_its_room_at_most(title):
    group = card_group(TitleCard(title, "A lecture", 12), 10.0, THEMES["dark"], "zh")
    assert group.width <= 10.0 + 1e-6
    assert group.height < 5
    above, below = group
    assert above.get_bottom()[1] > below.get_top()[1]
    assert next(text for block in group for text in block.texts()).count("12") == 1


@pytest.mark.parametrize(
    ("title", "width"),
    [
        *((WORD, width) for width in (12.2, 6.0)),
        *((f"反向{WORD}", width) for width in (12.2, 6.0)),
        ("Why? " * 20, 6.0),
        ("反向传播：" * 16, 6.0),
        *(
            pytest.param(title, width, marks=pytest.mark.slow)
            for title in ("x" * 200, "Why? " * 40, "反向传播：" * 40)
            for width in (12.2, 6.0)
        ),
    ],
)
def test_what_is_long_is_broken_and_stays_in_the_card_at_a_size_that_can_be_read(title, width):
    for block in card_group(TitleCard(title, title, 12), width, THEMES["dark"], "en"):
        left, top, right, bottom = (it * block.drawn_size() for it in block.ink.extents)
        assert right - left <= width
        assert bottom - top <= 1.3 * block.height
        assert block.drawn_size() >= 18 / 90


def test_what_no_face_can_draw_is_refused_before_a_frame():
    with pytest.raises(InputError, match=r"U\+1F680"):
        run_lesson("chain_rule", card=TitleCard("Learning \U0001f680", "", 1))


def test_a_card_comes_first_in_a_silent_beat_of_its_own():
    plain = run_lesson("chain_rule").lesson
    card = TitleCard("One weight", "Lecture", 3)
    lesson = run_lesson("chain_rule", card=card).lesson
    assert [beat.name for beat in lesson.beats] == [CARD_BEAT, *(it.name for it in plain.beats)]
    assert (lesson.beats[0].caption, lesson.beats[0].start) == ("", 0)
    begin = lesson.beats[1].start
    later = [round(beat.start - begin, 3) for beat in lesson.beats[1:]]
    assert later == pytest.approx([beat.start for beat in plain.beats], abs=0.1)
    assert lesson.answer_sheet() == plain.answer_sheet()
