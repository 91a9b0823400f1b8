"""What the lint found: a fault, and where and when a viewer would meet it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

__all__ = ["Finding", "Kind"]

Kind: TypeAlias = Literal[
    "outside", "overlap", "small", "contrast", "glyph", "caption", "unchanged", "failed"
]
"""Outside the frame; two texts on each other; a text too small; one too faint; a character without
a shape; a caption too long; a beat that changes nothing; and a scene that did not even run."""


class Finding(BaseModel):
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
    what : str
        The text or part, and the measure that is off.
    box : (left, top, right, bottom), or None
        Where, in pixels of a picture whose shorter side has 720; None if nowhere in particular.
    picture : str, or None
        The file that outlines it, if pictures were asked for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scene: str
    beat: str
    seconds: float
    language: str
    theme: str
    kind: Kind
    what: str
    box: tuple[int, int, int, int] | None = None
    picture: str | None = None

    @property
    def line(self) -> str:
        """The finding in one line.

        Examples
        --------
        >>> Finding(scene="backprop", beat="loss", seconds=12.5, language="en", theme="dark",
        ...         kind="small", what="'0.25' is 15.0 px high", box=(10, 20, 60, 40)).line
        "backprop, loss, 12.50 s (en, dark): small: '0.25' is 15.0 px high, at 10,20 to 60,40"
        """
        when = f"{self.scene}, {self.beat or 'before the first beat'}, {self.seconds:.2f} s"
        line = f"{when} ({self.language}, {self.theme}): {self.kind}: {self.what}"
        if self.box is not None:
            left, top, right, bottom = self.box
            line += f", at {left},{top} to {right},{bottom}"
        return f"{line} [{self.picture}]" if self.picture else line
