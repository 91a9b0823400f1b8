"""A lecture's card before a lesson: what it says, and that it fits."""

from __future__ import annotations

import pytest

from backprop_studio.scenes.lesson.title_card import CARD_BEAT, TitleCard, card_group
from backprop_studio.scenes.paint.style import THEMES
from tests.scenes.lesson_runs import run_lesson

LONG = "A title that goes on and on, as titles of lessons in a long course sometimes do, and on"


@pytest.mark.parametrize("title", ["Short", LONG, "反向传播：" * 12])
def test_a_card_is_as_wide_as_its_room_at_most(title):
    group = card_group(TitleCard(title, "A lecture", 12), 10.0, THEMES["dark"], "zh")
    assert group.width <= 10.0 + 1e-6
    assert group.height < 5
    above, below = group
    assert above.get_bottom()[1] > below.get_top()[1]
    assert next(text for block in group for text in block.texts()).count("12") == 1


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
