"""A lesson with a script: every sentence has what happens on the stage while it is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from manim import Animation

from backprop_studio.scenes.lesson.fades import one_after_the_other
from backprop_studio.scenes.lesson.lesson import Beat, LessonScene
from backprop_studio.scenes.lesson.reading import THINKING, Asked, Reading
from backprop_studio.scenes.lesson.sentences import Sentence
from backprop_studio.scenes.lesson.type_block import TypeBlock
from backprop_studio.scenes.paint.style import TIMES


class ToldLesson(LessonScene):
    """Base of scenes that are told sentence by sentence.

    The lesson's title stands over the first beat; over the others, what the beat is about. The
    sentence that is said stands under the picture.
    """

    _sentence: Reading | None = None
    _heading: TypeBlock
    _turning: list[Animation]
    """What changes with the next sentence."""

    def furnish(self) -> None:
        """Put the title on the stage."""
        self._turning = []
        self._heading = self.heading()
        self.add(self._heading)

    def open_beat(self, beat: Beat) -> None:
        """Name what the beat is about, with its first sentence; at first the title does that."""
        self._sentence = None
        if len([it for it in self.beats if it.caption]) < 2:
            return
        old, self._heading = self._heading, self.line_at_top(beat.caption)
        self._turning = one_after_the_other(old, self._heading)

    @contextmanager
    def say(self, text: str | Sentence, /, **fields: Any) -> Iterator[None]:
        """Say a sentence while something happens, and stand still until it has been said.

        Parameters
        ----------
        text : str or Sentence
            English, or already in the lesson's language; what claims something is a sentence.
        **fields
            What is put into it.

        Examples
        --------
        Inside of it stands what happens meanwhile::

            with self.say(N_("The weight makes a prediction, {y}."), y=self.number("y_pred")):
                self.move(self.line.animate.put(self.record.y_pred))
        """
        self.let_read()
        worded = self.in_own_words(self._worded(text, fields))
        changes = [*self._turning, *(self.caption_fades(worded) if self.params.captions else ())]
        self._turning = []
        begin = float(self.time)
        if changes:
            self.move(*changes, seconds=TIMES.caption)
            begin = (begin + float(self.time)) / 2
        self._sentence = self.reading.say(begin, self.notes.beat, worded)
        yield
        self.let_read()

    def reach(self, share: float) -> None:
        """Stand still until so much of the sentence has been said, from 0 to 1."""
        if self._sentence is None:
            raise ValueError("nothing is being said")
        self.stand_until(self._sentence.start + share * self._sentence.needed)

    def ask(
        self,
        question: str | Sentence,
        /,
        choices: Mapping[str, str] | None = None,
        right: str = "",
        **fields: Any,
    ) -> None:
        """Ask what comes next and wait, where such moments are wanted.

        Parameters
        ----------
        choices : mapping of str to str, optional
            What viewers can answer, in English, each by the verdict of core that bears it out. They
            are not on the picture: a player offers them, and a course counts who was right.
        right : str
            The verdict; if none of the choices is of it, none is offered.

        Examples
        --------
        Not only yes or no::

            self.ask(
                N_("Will the loss rise or fall?"),
                choices={"rises": N_("It rises"), "falls": N_("It falls")},
                right=claims.reaction(before, after),
            )
        """
        if not self.params.questions:
            return
        with self.say(question, **fields):
            pass
        self.let_read(THINKING)
        offered = choices or {}
        # What the lecturer asks in own words has other answers.
        if right not in offered or self._unsaid is not None:
            offered = {}
        asked = Asked(
            until=float(self.time),
            choices=tuple(map(self.tr, offered.values())),
            right=list(offered).index(right) if offered else None,
        )
        if self._sentence is not None:
            self._sentence.asked = asked
