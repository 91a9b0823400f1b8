"""A lesson: one scene told in named beats, every number on it taken from core's answer sheet."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from manim import Animation, FadeIn, FadeOut, ManimColor, Mobject, Scene

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import LANGUAGES, N_, translator
from backprop_studio.core.base.messages import Message, did_you_mean, listed
from backprop_studio.core.base.parameters import LessonParams, read_parameter_file, validate_params
from backprop_studio.core.base.validation_messages import nearest_name
from backprop_studio.core.claims.claim import Claim
from backprop_studio.scenes.lesson.fades import exchanged, one_after_the_other
from backprop_studio.scenes.lesson.reading import ENDING, ReadingClock
from backprop_studio.scenes.lesson.sentences import Sentence
from backprop_studio.scenes.lesson.title_card import CARD_BEAT, TitleCard, card_group
from backprop_studio.scenes.lesson.type_block import TypeBlock, caption_block, title_block
from backprop_studio.scenes.lesson.writer import Writer
from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.paint.style import SIZES, THEMES, TIMES, Theme, frame_size, layout_for

PARAMS_VARIABLE = "BACKPROP_STUDIO_PARAMS"
LANGUAGE_VARIABLE = "BACKPROP_STUDIO_LANGUAGE"
THEME_VARIABLE = "BACKPROP_STUDIO_THEME"

Part = TypeVar("Part", bound=Mobject)

ROUNDING = 1e-3
"""Of a frame; what the sum of the times of frames may be off."""

SHORTEST_PLAY = 0.1
"""Seconds; a play never gets shorter than this, however fast the pace."""


@dataclass(frozen=True)
class Beat:
    """A named step of a lesson.

    Attributes
    ----------
    name : str
        Letters, digits and underscores.
    caption : str
        A line that says what it is about, in the lesson's language; where the lesson has no script,
        it is the one sentence of the beat.
    start : float
        Seconds from the lesson's beginning.
    """

    name: str
    caption: str
    start: float


@dataclass(frozen=True)
class Claimed:
    """A sentence of a lesson that claims something.

    Attributes
    ----------
    beat : str
        In which it is said.
    claim : Claim
        What has to hold.
    text : str
        As it is said.
    """

    beat: str
    claim: Claim
    text: str


class LessonScene(Scene, Writer):
    """Base of every scene.

    A subclass names itself, declares :attr:`Params`, computes its answer sheet in
    :meth:`compute`, and tells its story in :meth:`tell`.

    Attributes
    ----------
    place : tuple of int or None
        Chapter and lesson of the curriculum, from (1, 1); without one the scene comes last.
    thumbnail : str
        Name of the beat whose picture stands for the scene; empty is the middle one.
    subject : str
        Path of the parameter that is to be changed when core refuses to compute and names none.
    params : LessonParams
        Checked parameters.
    language, theme : str, Theme
        Of captions and colours; ``look`` is both, as parts take them.
    home : (float, float)
        Width and height of the whole stage in Manim units.
    layout : Layout
        Where the stage stands, by the shape of the frame.
    card : TitleCard or None
        Shown before the lesson, if it is part of a lecture.
    sheet : dict
        The answer sheet without ``shown``.
    beats : list of Beat
        Those told so far.
    claims : list of Claimed
        What their sentences have claimed.
    reading : ReadingClock
        How long each text needs and stands.
    on_beat : callable or None
        Called with each beat when it opens.
    """

    title: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    chapter: ClassVar[str] = ""
    place: ClassVar[tuple[int, int] | None] = None
    thumbnail: ClassVar[str] = ""
    subject: str = ""
    Params: ClassVar[type[LessonParams]] = LessonParams

    camera: PaintingCamera
    stands_still: bool = False
    sentence_height: ClassVar[float] = 0.72
    """Of its middle above the frame's lower edge."""

    def __init__(
        self,
        *args: Any,
        params: LessonParams | None = None,
        language: str | None = None,
        theme: str | None = None,
        card: TitleCard | None = None,
        spoken: Mapping[str, float] | None = None,
        script: Mapping[str, Sequence[str]] | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("camera_class", PaintingCamera)
        super().__init__(*args, **kwargs)
        self.params: Any = params if params is not None else self._params_from_outside()
        self.language = _choice(language or os.environ.get(LANGUAGE_VARIABLE), LANGUAGES, "en")
        colours = THEMES[_choice(theme or os.environ.get(THEME_VARIABLE), THEMES, "dark")]
        Writer.__init__(self, {}, colours, translator(self.language))
        width, height = frame_size(self.camera.pixel_width, self.camera.pixel_height)
        self.camera.frame_width, self.camera.frame_height = width, height
        self.home = self.camera.home = (width, height)
        self.layout = layout_for(width, height)
        self.camera.background_color = ManimColor(self.theme.background)
        self.card = card
        self.beats: list[Beat] = []
        self.claims: list[Claimed] = []
        self.reading = ReadingClock(self.params.pace, spoken or {})
        self._own_words = script or {}
        self._unsaid: list[str] | None = None
        self.on_beat: Callable[[Beat], None] | None = None
        self._caption: TypeBlock | None = None

    @classmethod
    def _params_from_outside(cls) -> LessonParams:
        """Read the file named by the environment, which is how plain ``manim`` is told."""
        path = os.environ.get(PARAMS_VARIABLE)
        return validate_params(cls.Params, read_parameter_file(Path(path)) if path else {})

    # What a scene writes

    def compute(self) -> dict[str, Any]:
        """Ask core for the record, keep it, and return its answer sheet."""
        raise NotImplementedError

    def set_stage(self) -> None:
        """Lay out what the story needs, after :meth:`compute`; some lessons do it on the way."""

    def tell(self) -> None:
        """Tell the story, beat by beat."""
        raise NotImplementedError

    def resolved(self) -> dict[str, Any]:
        """Return what stands for parameters that are left open, by their dotted paths.

        Once the lesson has computed.
        """
        found: dict[str, Any] = self.params.resolved()
        return found

    # What Manim calls

    def construct(self) -> None:
        """Compute, then tell."""
        try:
            self.sheet = self.compute()
        except InputError as error:
            named = {"field": self.subject} if self.subject else {}
            fields = {**named, **error.message.fields}
            raise InputError(error.message.with_fields(**fields)) from error
        if self.card is not None:
            self.show_card(self.card)
            self.notes.beat = ""  # what comes before the first beat belongs to no card
        self.furnish()
        self.set_stage()
        self.tell()
        if self.beats:
            self.let_read(ENDING)
        self._close_beat()

    # What a scene uses

    @classmethod
    def lesson_name(cls) -> str:
        """Return what the lesson is called in files: its module."""
        return cls.__module__.rpartition(".")[2]

    def records_sheet(self, **records: Any) -> dict[str, Any]:
        """Return the answer sheet of records, with the lesson's name and parameters."""
        return records_sheet(self.lesson_name(), self.params.model_dump(mode="json"), **records)

    @property
    def look(self) -> tuple[Theme, str]:
        """Theme and language, the last two arguments of most parts."""
        return self.theme, self.language

    def furnish(self) -> None:
        """Put on the stage what stands there in every lesson."""
        self.add(self.heading())

    def heading(self) -> TypeBlock:
        """Return the lesson's title at the upper left."""
        return self.line_at_top(self.tr(self.title))

    def line_at_top(self, text: str) -> TypeBlock:
        """Return a line that stands at the upper left."""
        width = self.home[0] - 2 * SIZES.margin
        block = title_block(text, width, self.theme.muted, self.language)
        block.is_pinned = True
        top = self.home[1] / 2 - SIZES.margin * 0.7
        return block.move_to((0, top - block.height / 2, 0))

    def show_card(self, card: TitleCard) -> None:
        """Show a title alone on the stage, in a beat of its own."""
        self.beat(CARD_BEAT, "")
        width = self.camera.frame_width - 4 * SIZES.margin
        group = card_group(card, width, self.theme, self.language)
        self.move(FadeIn(group), seconds=TIMES.fade)
        self.hold()
        self.move(FadeOut(group), seconds=TIMES.fade)

    def placed(self, part: Part, place: str) -> Part:
        """Return a part in the middle of a place of the layout, such as ``side``."""
        x, y = getattr(self.layout, f"{place}_centre")
        return part.move_to((x, y, 0))

    def beat(self, name: str, caption: str | Sentence, /, **fields: Any) -> None:
        """Open a beat: a section, a caption, a subtitle, a chapter mark and a place for a still.

        Parameters
        ----------
        caption : str or Sentence
            English, or already in the lesson's language; what claims something is a sentence.
        **fields
            What is put into it.
        """
        self._close_beat()
        self.notes.beat = name
        beat = Beat(name, self._worded(caption, fields), float(self.time))
        self.beats.append(beat)
        self._unsaid = list(self._own_words[name]) if name in self._own_words else None
        self.next_section(name)
        if self.on_beat:
            self.on_beat(beat)
        if name != CARD_BEAT:  # a card comes before the lesson's own stage is there
            self.open_beat(beat)

    def open_beat(self, beat: Beat) -> None:
        """Show what a beat is about; it is the sentence that is said."""
        said = self.in_own_words(beat.caption)
        if said or self._caption is not None:
            self.show_caption(said)
            start = beat.start + self.paced(TIMES.caption) / 2
            self.reading.say(start, beat.name, said)

    def in_own_words(self, text: str) -> str:
        """Return the lecturer's next sentence in place of ours; empty if he has no more of them."""
        if self._unsaid is None:
            return text
        return self._unsaid.pop(0) if self._unsaid else ""

    def _say_rest(self, beat: Beat) -> None:
        """Say what the lecturer has to say beyond our sentences, over the last picture."""
        while self._unsaid:
            self.let_read()
            begin, said = float(self.time), self._unsaid.pop(0)
            self.show_caption(said)
            self.reading.say((begin + float(self.time)) / 2, beat.name, said)

    def _worded(self, text: str | Sentence, fields: Mapping[str, Any]) -> str:
        """Return a sentence in the lesson's language, and note what it claims."""
        english = text.text if isinstance(text, Sentence) else text
        worded = self.tr(english).format(**fields) if fields else self.tr(english)
        if isinstance(text, Sentence):
            self.claims.append(Claimed(self.notes.beat, text.claim, worded))
        return worded

    def move(self, *animations: Animation | Any, seconds: float = TIMES.move) -> None:
        """Play animations together, at the lesson's pace; none take no time."""
        if not animations:
            return
        self.play(*animations, run_time=self.paced(seconds))
        self.stands_still = False

    def exchange(self, leaving: Iterable[Mobject], *coming: Mobject) -> None:
        """Put one picture in place of another at once: the stage never stands empty."""
        self.move(*exchanged(leaving, coming), seconds=2 * TIMES.fade)

    def hold(self, seconds: float = TIMES.hold) -> None:
        """Stand still, so that the viewer can look and check."""
        self.wait(self.paced(seconds), frozen_frame=True)
        self.stands_still = True

    def paced(self, seconds: float) -> float:
        """Return how long something takes at the lesson's pace."""
        return max(seconds / float(self.params.pace), SHORTEST_PLAY)

    def let_read(self, longer: float = 0.0) -> None:
        """Stand still until all that is to be read has been, and so many seconds longer."""
        now = float(self.time)
        self.stand_until(now + self.reading.left(now) + longer / self.params.pace)

    def stand_until(self, time: float) -> None:
        """Stand still until a time, in seconds from the lesson's beginning."""
        rate = self.camera.frame_rate
        frames = math.ceil((time - float(self.time)) * rate - ROUNDING)
        if frames > 0:
            # Half a frame more than is wanted, so that no rounding of the time takes one away.
            self.wait((frames + 0.5) / rate, frozen_frame=True)
            self.stands_still = True

    def answer_sheet(self) -> dict[str, Any]:
        """Return the answer sheet with every number shown so far."""
        return {**self.sheet, "shown": [vars(number) for number in self.shown]}

    def show_caption(self, text: str) -> None:
        """Put a sentence under the picture, in place of the one before."""
        if self.params.captions:
            self.move(*self.caption_fades(text), seconds=TIMES.caption)

    def caption_fades(self, text: str) -> list[Animation]:
        """Return the animations that put a sentence in place of the one before."""
        width = self.home[0] - 2 * SIZES.margin
        new = caption_block(text, width, self.theme.text, self.language)
        new.is_pinned = True
        new.move_to((0, -self.home[1] / 2 + self.sentence_height, 0))
        old, self._caption = self._caption, new
        return one_after_the_other(old, new)

    def _close_beat(self) -> None:
        """End a beat: what it says has been read, and its last picture has stood."""
        if not self.beats:
            return
        beat = self.beats[-1]
        self._say_rest(beat)
        if beat.caption:
            self.let_read()
            if not self.stands_still:
                self.hold()
        self.reading.close(float(self.time))
        self._write_subtitles(beat)

    def _write_subtitles(self, beat: Beat) -> None:
        """Hand what was said in a beat to Manim, each sentence until the next one begins."""
        now = float(self.time)
        sentences = [it for it in self.reading.sentences(beat.name) if it.text]
        starts = [beat.start, *(it.start for it in sentences[1:]), now]
        for sentence, (start, end) in zip(sentences, pairwise(starts), strict=False):
            if end > start:
                self.add_subcaption(sentence.text, duration=end - start, offset=start - now)


def _choice(word: str | None, allowed: Any, default: str) -> str:
    if word is None:
        return default
    if word not in allowed:
        near = nearest_name(word, allowed)
        known = Message.of("name.known", N_("known are {names}"), names=listed(allowed))
        hint = did_you_mean(repr(near)) if near else known
        text = N_("unknown language or theme {word}; {hint}")
        raise InputError("choice.unknown", text, word=repr(word), hint=hint)
    return word
