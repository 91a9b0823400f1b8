"""Findings: a fault, and where and when a viewer would meet it."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from backprop_studio.core.base.i18n import N_, Translate
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.frozen import Frozen

Kind: TypeAlias = Literal[
    "outside",
    "overlap",
    "small",
    "contrast",
    "glyph",
    "relation",
    "caption",
    "unchanged",
    "hurried",
    "long",
    "picture",
    "empty",
    "failed",
]
"""Outside the frame; two texts on each other; a text too small; one too faint; a character without
a shape; printed arithmetic that does not come out; a caption too long; a beat that changes nothing;
a text shown for less time than it takes to read; a sentence too long to say; a picture that is
small for most of the time; a stage or a board that is empty; and a scene that did not even run."""


class Finding(Frozen):
    """One fault.

    Attributes
    ----------
    scene, beat : str
        Where in the catalogue and in the lesson.
    seconds : float
        The first moment of the beat that shows it.
    language, theme : str
        Of the lesson.
    kind : str
        Which rule was broken.
    message : Message
        The text or part, and the measure that is off.
    box : (left, top, right, bottom), or None
        Where, in pixels of a picture whose shorter side has 720; None if nowhere in particular.
    picture : str, or None
        The file that outlines it, if pictures were asked for.
    """

    scene: str
    beat: str
    seconds: float
    language: str
    theme: str
    kind: Kind
    message: Message
    box: tuple[int, int, int, int] | None = None
    picture: str | None = None

    def row(self) -> dict[str, Any]:
        """Return the finding as JSON for programs, with the English words as ``what``."""
        row = self.model_dump(mode="json", exclude={"message"})
        return {**row, "what": self.message.words()}

    def line(self, translate: Translate = str) -> str:
        """Return the finding in one line.

        Examples
        --------
        >>> small = Message.of("lint.small", "{text} is small", text="'0.25'")
        >>> Finding(scene="backprop", beat="loss", seconds=12.5, language="en", theme="dark",
        ...         kind="small", message=small, box=(10, 20, 60, 40)).line()
        "backprop, loss, 12.50 s (en, dark): small: '0.25' is small, at 10,20 to 60,40"
        """
        beat = self.beat or translate(N_("before the first beat"))
        where = f"{self.scene}, {beat}, {self.seconds:.2f} s ({self.language}, {self.theme})"
        line = f"{where}: {self.kind}: {self.message.words(translate)}"
        if self.box is not None:
            left, top, right, bottom = self.box
            at = translate(N_("at {start} to {end}"))
            line += f", {at.format(start=f'{left},{top}', end=f'{right},{bottom}')}"
        return f"{line} [{self.picture}]" if self.picture else line
