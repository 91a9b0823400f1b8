"""A lesson with a script: how long its sentences stand, and what a question does."""

from __future__ import annotations

import itertools

import pytest
from manim import Square

from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.scenes.lesson.told_lesson import ToldLesson
from tests.manim_settings import manim_settings
from tests.scenes.claims.dry_runs import BlindRenderer

FIRST = "The weight makes a prediction, and that makes a loss."
SECOND = "Now it goes the other way."
QUESTION = "Which way will it go?"
CHOICES = {"rises": "Longer", "falls": "It falls"}
FRAME = 1 / 15


class Told(ToldLesson):
    """Two beats."""

    title = "A lesson"
    texts: list[tuple[float, list[str]]]
    verdict = "falls"

    def compute(self):
        self.texts = []
        return {}

    def tell(self):
        self.beat("first", "Forward")
        with self.say(FIRST):
            self.note_texts()
            self.reach(0.5)
            self.half = float(self.time)
        self.ask(QUESTION, CHOICES, self.verdict)
        self.beat("second", "Backward")
        with self.say(SECOND):
            self.note_texts()
            self.move(Square().animate.shift((1, 0, 0)), seconds=9)

    def note_texts(self):
        self.texts.append(
            [text for part in self.mobjects for text in getattr(part, "texts", list)()]
        )


def told(spoken=None, script=None, **params):
    """Return the lesson as it ended."""
    with manim_settings({"frame_rate": 30, "pixel_width": 1280, "pixel_height": 720}):
        lesson = Told(
            params=LessonParams(**params), spoken=spoken, script=script, renderer=BlindRenderer()
        )
        lesson.setup()
        lesson.construct()
    return lesson


def test_sentences_come_one_after_the_other_for_as_long_as_they_take():
    lesson = told()
    sentences = lesson.reading.readings
    assert [it.text for it in sentences] == [FIRST, QUESTION, SECOND]
    assert [it.needed for it in sentences] == pytest.approx([10 * 0.4, 2.0, 6 * 0.4])
    for first, second in itertools.pairwise(sentences):
        assert first.start + first.needed <= second.start
    assert lesson.half == pytest.approx(sentences[0].start + sentences[0].needed / 2, abs=FRAME)
    # What moves for longer than it takes to say is seen to its end.
    assert lesson.time - sentences[2].start > 9


def test_a_question_waits_and_can_be_left_out():
    asked, not_asked = told(), told(questions=False)
    assert [it.text for it in not_asked.reading.readings] == [FIRST, SECOND]
    question, answer = asked.reading.readings[1:]
    assert answer.start - (question.start + question.needed) >= 3.0
    assert question.start + question.needed + 3 <= question.asked.until <= answer.start
    assert question.asked.choices == tuple(CHOICES.values())
    assert question.asked.right == 1
    assert [it.asked for it in asked.reading.readings if it is not question] == [None, None]


def test_no_answer_is_offered_that_nobody_can_judge(monkeypatch):
    own = told(script={"first": [FIRST, "And what do you think?"]}).reading.readings
    monkeypatch.setattr(Told, "verdict", "lost")
    for question in (own[1], told().reading.readings[1]):
        assert (question.asked.choices, question.asked.right) == ((), None)
        assert question.asked.until > question.start + question.needed


def test_a_voice_decides_how_long_its_sentence_takes_at_any_pace():
    lesson = told({FIRST: 7.5}, pace=2)
    assert [it.needed for it in lesson.reading.readings] == pytest.approx([7.8, 1.0, 1.2])


def test_the_lecturer_s_own_words_win_over_ours_in_their_beat():
    own = ["One sentence of mine.", "A second one.", "And a third that is new."]
    lesson = told(script={"first": own, "second": []})
    first, second = (lesson.reading.sentences(beat) for beat in ("first", "second"))
    assert [it.text for it in first] == own
    assert [it.text for it in second if it.text] == []
    for one, other in itertools.pairwise(first):
        assert one.start + one.needed <= other.start
    fewer = told(script={"first": own[:1]}).reading
    assert [it.text for it in fewer.readings if it.text] == [own[0], SECOND]


def test_the_title_stands_over_the_first_beat_and_its_subject_over_each_other():
    first, second = told().texts
    assert any("A lesson" in it for it in first)
    assert not any("Forward" in it for it in first)
    assert any("Backward" in it for it in second)
    assert not any("A lesson" in it for it in second)


def test_captions_can_be_taken_away():
    first, second = told(captions=False).texts
    assert not any("weight" in it for it in first)
    assert any("Backward" in it for it in second)
