"""How large a picture is, how often it changes, and which letters stand for that."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from pydantic import Field

from backprop_studio.render.messages.frozen import Frozen

Quality: TypeAlias = Literal["l", "m", "h", "p", "k"]

QUALITIES: dict[str, tuple[int, int, int]] = {
    "l": (854, 480, 15),
    "m": (1280, 720, 30),
    "h": (1920, 1080, 60),
    "p": (2560, 1440, 60),
    "k": (3840, 2160, 60),
}
"""Manim's quality letters: width and height in pixels, frames per second."""

FrameShape: TypeAlias = Literal["16:9", "4:3", "9:16"]

FRAME_SHAPES: tuple[str, ...] = get_args(FrameShape)


class FrameFormat(Frozen):
    """Size of the picture and frame rate.

    Attributes
    ----------
    width, height : int
        Pixels, even because yuv420p halves both.
    fps : int
        Frames per second.
    """

    width: int = Field(1280, ge=16, le=7680, multiple_of=2)
    height: int = Field(720, ge=16, le=7680, multiple_of=2)
    fps: int = Field(30, ge=1, le=120)

    @classmethod
    def of_quality(
        cls, quality: str, fps: int | None = None, shape: FrameShape = "16:9"
    ) -> FrameFormat:
        """Return the picture of a quality letter.

        Parameters
        ----------
        quality : str
            One of :data:`QUALITIES`.
        fps : int, optional
            Another frame rate.
        shape : {"16:9", "4:3", "9:16"}
            The shorter side stays as many pixels as the quality says.

        Examples
        --------
        >>> picture = FrameFormat.of_quality("h", shape="9:16")
        >>> picture.width, picture.height
        (1080, 1920)
        """
        width, height, default_fps = QUALITIES[quality]
        if shape == "4:3":
            width = height * 4 // 3
        elif shape == "9:16":
            width, height = height, width
        return cls(width=width, height=height, fps=fps or default_fps)

    def of_short_side(self, pixels: int) -> FrameFormat:
        """Return the same picture with as many pixels on its shorter side.

        Examples
        --------
        >>> picture = FrameFormat(width=854, height=480, fps=15).of_short_side(1080)
        >>> picture.width, picture.height, picture.fps
        (1922, 1080, 15)
        """
        share = pixels / min(self.width, self.height)
        width, height = (2 * round(it * share / 2) for it in (self.width, self.height))
        return FrameFormat(width=width, height=height, fps=self.fps)
