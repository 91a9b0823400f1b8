"""What a worker has found out or made: videos, their beats, rows of the catalogue."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from pydantic import Field

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence


class QuestionMark(Frozen):
    """What a sentence asks the viewer, who guesses while the picture stands still.

    Attributes
    ----------
    until : float
        When the picture goes on, in seconds.
    choices : tuple of str
        What can be answered; none where the answer is open.
    right : int or None
        Which of them the numbers bear out, from 0.
    """

    until: float
    choices: tuple[str, ...] = ()
    right: int | None = None


class SentenceMark(Frozen):
    """A sentence of a lesson's script and when it is said, in seconds.

    Attributes
    ----------
    asks : QuestionMark or None
        If it is a question that waits for the viewer's guess.
    """

    text: str
    start: float
    end: float
    asks: QuestionMark | None = None


class BeatMark(Frozen):
    """A named step of a lesson and when it plays, in seconds.

    Attributes
    ----------
    sentences : tuple of SentenceMark
        What is said in it, in order: its script. Without a script that is its caption.
    seen : tuple of str
        What is new on the picture and in words, as plain text: formulas, lines of code, labels.
    numbers : tuple of str
        Those of the record that it shows for the first time, as printed.
    formulas : tuple of str
        Equations that are new on the picture, as Typst mathematics without colours.
    """

    name: str
    caption: str
    start: float
    end: float
    sentences: tuple[SentenceMark, ...] = ()
    seen: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()


class VideoResult(Frozen):
    """A finished and checked video.

    Attributes
    ----------
    title : str
        In its language.
    drawn : int or None
        Frames in this file, if it is a piece; all else is said of the whole video.
    remark : Message or None
        What the user should know of it.
    """

    path: str
    title: str = ""
    drawn: int | None = None
    width: int
    height: int
    fps: int
    frames: int
    duration: float
    beats: tuple[BeatMark, ...]
    remark: Message | None = None


class LectureResult(Frozen):
    """The finished files of a lecture.

    Attributes
    ----------
    folder : str
        Where they are.
    files : tuple of str
        Their paths, sorted.
    lessons : int
        Lessons that there are videos of, in all languages.
    kept : int
        Those of them that had been drawn before.
    left : tuple of str
        Names of files from earlier runs in the folder that are no part of the lecture any more.
    remarks : tuple of Message
        Why files were left out.
    """

    folder: str
    files: tuple[str, ...]
    lessons: int
    kept: int
    left: tuple[str, ...] = ()
    remarks: tuple[Message, ...] = ()

    @property
    def remark(self) -> Message | None:
        """What the user should know of the folder."""
        left = left_message(self.left)
        found = [*self.remarks, *([left] if left else [])]
        text = N_("{first}; {rest}")
        return (
            found
            and reduce(
                lambda first, rest: Message.of("lecture.remarks", text, first=first, rest=rest),
                found,
            )
        ) or None


NOT_ALL = frozenset({"exercises.few", "pages.boxes"})
"""What is said of files that are there."""


def left_out(name: str, item: str, reason: Message) -> Message:
    """Return that a kind of file is missing of something, or is not all it should be, and why."""
    text = (
        N_("{name}, {item}: {reason}")
        if reason.code in NOT_ALL
        else N_("{name} has no {item}: {reason}")
    )
    return Message.of("kit.left_out", text, name=name, item=item, reason=reason)


def left_message(names: Sequence[str]) -> Message | None:
    """Return that files are still there which a lecture no longer has, if there are any."""
    text = N_("from an earlier export, and not part of the lecture any more: {names}")
    return Message.of("lecture.left", text, names=", ".join(names)) if names else None


class CatalogueEntry(Frozen):
    """One row of the catalogue.

    Attributes
    ----------
    id : str
        The scene file's name without its ending.
    title, summary, chapter : str
        English keys of the translation catalogue.
    place : tuple of int or None
        Chapter and lesson of the curriculum; None for a scene outside of it.
    thumbnail : str
        Name of the beat whose picture stands for the scene; empty is the middle one.
    parameters : dict
        JSON Schema of the scene's parameters.
    resolved : dict
        What stands for parameters that are left open, by their dotted paths.
    beats : tuple of str
        Beat names with the default parameters.
    error : Message or None
        Why the scene cannot be used; the other fields are then empty.
    """

    id: str
    title: str = ""
    summary: str = ""
    chapter: str = ""
    place: tuple[int, int] | None = None
    thumbnail: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict)
    resolved: dict[str, Any] = Field(default_factory=dict)
    beats: tuple[str, ...] = ()
    error: Message | None = None

    @property
    def thumbnail_beat(self) -> str | None:
        """The beat whose picture stands for the scene; None is the last frame.

        Examples
        --------
        >>> CatalogueEntry(id="a", beats=("start", "peak", "end")).thumbnail_beat
        'peak'
        """
        if self.thumbnail in self.beats:
            return self.thumbnail
        return self.beats[len(self.beats) // 2] if self.beats else None
