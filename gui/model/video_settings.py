"""What a video was made with, as the window has it: from the queue, or from the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.gui.model.values import LessonSettings
from backprop_studio.gui.model.video_names import shape_of
from backprop_studio.render.files.film_settings import settings_in, with_files_beside
from backprop_studio.render.messages.formats import VIDEO_ENDINGS
from backprop_studio.render.messages.frame_format import QUALITIES, FrameFormat

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def choices_of(language: str, theme: str, size: tuple[int, int], ending: str) -> dict[str, str]:
    """Return what is chosen beside the parameters, by the attributes of the state.

    Parameters
    ----------
    size : (int, int)
        Width and height in pixels.
    ending : str
        Of the file's name.
    """
    choices: dict[str, str] = {"lesson_language": language, "theme": theme}
    choices["frame_shape"] = shape = shape_of(*size)
    for quality in QUALITIES:
        picture = FrameFormat.of_quality(quality, shape=shape)
        if (picture.width, picture.height) == size:
            choices["quality"] = quality
    if ending.lower() in VIDEO_ENDINGS:
        choices["format"] = ending.lower()
    return choices


def settings_of_file(
    metadata: Mapping[str, str], path: Path, size: tuple[int, int]
) -> LessonSettings | None:
    """Return what a file says that it was made with; files that it names are looked for beside it.

    Parameters
    ----------
    metadata : mapping
        What the file says of itself.
    size : (int, int)
        Width and height of its pictures.
    """
    found = settings_in(metadata)
    if found is None or not all(size):
        return None
    params = with_files_beside(found.params, path.absolute().parent)
    choices = choices_of(found.language, found.theme, size, path.suffix)
    return LessonSettings(found.scene, params, choices)
