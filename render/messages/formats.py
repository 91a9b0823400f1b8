"""The kinds of video file that can be made; a file's ending picks one.

H.264 is what everything plays. VP9 is smaller and free. GIF moves in places that play no video.
ProRes 4444 keeps what is behind the lesson visible, and cutting programs take it; the cheaper
``qtrle`` codec would too, but presentation programs refuse it. Numbered PNG files are for those who
put pictures together themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import either

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.render.messages.frame_format import FrameFormat


@dataclass(frozen=True)
class VideoFormat:
    """How frames become a file.

    Attributes
    ----------
    ending : str
        Of the file's name.
    container : str
        The wrapping, as FFmpeg calls it.
    encoder : str
        As FFmpeg calls it; empty if there is none of its own.
    pixels : str
        Layout of a pixel that the encoder is given.
    found : (str, str)
        Codec and layout that a reader reports; ProRes is read with more bits than were written.
    options, container_options : dict
        Of the encoder and of the wrapping.
    is_joined : bool
        Whether videos can be put one behind the other without encoding them again.
    is_transparent : bool
        Whether what the lesson does not paint is seen through.
    is_intra : bool
        Whether each frame is a picture of its own, so that equal frames are equal data.
    sound : str
        Encoder of the voice, as FFmpeg calls it; empty if the file holds no sound.
    most_fps : int
        Frames per second that players show.
    converters : int
        Threads that convert a frame's pixels, 0 for one on each core. With several, swscale 9 now
        and then writes grey beside the picture when it makes ten bits out of eight.
    """

    ending: str
    container: str
    encoder: str
    pixels: str
    found: tuple[str, str]
    options: dict[str, str] = field(default_factory=dict)
    container_options: dict[str, str] = field(default_factory=dict)
    is_joined: bool = False
    is_transparent: bool = False
    is_intra: bool = False
    sound: str = ""
    most_fps: int = 120
    converters: int = 0


MP4 = VideoFormat(
    ending=".mp4",
    container="mp4",
    encoder="libx264",
    pixels="yuv420p",
    found=("h264", "yuv420p"),
    # Drawings are flat and mostly stand still: there is nothing to be learnt from the frames ahead
    # or behind, from shares of a pixel, or from where the eye forgives. Without looking for these
    # the encoder takes a third less time. At 28 the picture is better than with them at 24 (53 and
    # 57 dB instead of 51 and 56; the worst frame gains most), for a quarter more bytes.
    # A frame that is asked to stand for itself begins anew: nothing behind it looks before it.
    options={
        "preset": "superfast",
        "crf": "28",
        "forced-idr": "1",
        "x264-params": "scenecut=0:weightp=0:bframes=0:aq-mode=0:subme=0",
    },
    # An index in front lets a browser start before it has the whole file.
    container_options={"movflags": "+faststart"},
    is_joined=True,
    sound="aac",
)
WEBM = VideoFormat(
    ending=".webm",
    container="webm",
    encoder="libvpx-vp9",
    pixels="yuv420p",
    found=("vp9", "yuv420p"),
    # Next to "good" this takes an eighth of the time for the same picture and 4 % more bytes: what
    # the encoder looks for longer, flat drawings do not have.
    options={"crf": "30", "b": "0", "deadline": "realtime", "cpu-used": "5", "row-mt": "1"},
    # Else it would draw lots for the ids of file and track, and no file be the same as another.
    container_options={"fflags": "+bitexact"},
    is_joined=True,
    sound="libopus",
)
_QUALITY = str(4 * 118)
"""Of ProRes, 4 of 1 to 224 in FFmpeg's unit of 118: to look for it in every slice of every picture
takes four times as long and makes larger files."""

MOV = VideoFormat(
    ending=".mov",
    container="mov",
    encoder="prores_ks",
    pixels="yuva444p10le",
    found=("prores", "yuva444p12le"),
    options={"profile": "4444", "vendor": "apl0", "alpha_bits": "16", "global_quality": _QUALITY},
    container_options={"movflags": "+faststart"},
    is_joined=True,
    is_transparent=True,
    is_intra=True,
    sound="pcm_s16le",
    converters=1,
)
GIF = VideoFormat(
    ending=".gif",
    container="gif",
    encoder="gif",
    pixels="pal8",
    found=("gif", "bgra"),
    container_options={"loop": "0"},
    # It counts in hundredths of a second, and browsers slow down what is shorter than two.
    most_fps=50,
)
PICTURES = VideoFormat(
    ending=".png", container="image2", encoder="png", pixels="rgb24", found=("png", "rgb24")
)

FORMATS = {it.ending: it for it in (MP4, WEBM, MOV, GIF)}
VIDEO_ENDINGS = tuple(FORMATS)
SOUND_ENDINGS = tuple(it.ending for it in FORMATS.values() if it.sound)
JOINED_ENDINGS = tuple(it.ending for it in FORMATS.values() if it.is_joined)

NUMBER = re.compile(r"%0?\d*d")
"""Where a picture's number stands in the name of numbered pictures, as in C."""


def is_sequence(path: Path) -> bool:
    """Whether a path names numbered pictures instead of one file.

    Examples
    --------
    >>> from pathlib import Path
    >>> is_sequence(Path("frame-%04d.png")), is_sequence(Path("frame.png"))
    (True, False)
    """
    return path.suffix.lower() == ".png" and len(NUMBER.findall(path.name)) == 1


def format_of(path: Path) -> VideoFormat:
    """Return the kind of video that a path asks for.

    Raises
    ------
    InputError
        If there is none with its ending.

    Examples
    --------
    >>> from pathlib import Path
    >>> format_of(Path("lesson.WEBM")).encoder
    'libvpx-vp9'
    """
    if is_sequence(path):
        return PICTURES
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        text = N_("the output '{name}' is no video; it must end in {allowed}")
        raise InputError(
            "output.no_video", text, name=path.name, allowed=either(VIDEO_ENDINGS)
        ) from None


def check_format(path: Path, picture: FrameFormat) -> None:
    """Check that a kind of video can hold a picture.

    Raises
    ------
    InputError
        If players would not show so many frames per second.
    """
    kind = format_of(path)
    if picture.fps > kind.most_fps:
        text = N_(
            "a {ending} shows at most {allowed} frames per second, and {value} are asked for; "
            "add --fps 30"
        )
        raise InputError(
            "output.fps", text, ending=kind.ending, allowed=kind.most_fps, value=picture.fps
        )
