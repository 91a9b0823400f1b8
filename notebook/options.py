"""What can be chosen beside a scene's parameters: how a lesson looks, and how its files are."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backprop_studio.core.base.errors import InputError, StudioError
from backprop_studio.core.base.i18n import Language
from backprop_studio.core.base.parameters import Theme
from backprop_studio.core.base.validation_messages import validation_message
from backprop_studio.render.messages.frame_format import FrameFormat, FrameShape, Quality
from backprop_studio.render.messages.voices import SILENT, Voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

M = TypeVar("M", bound=BaseModel)


class _Options(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Look(_Options):
    """In which language and colours a lesson is told."""

    language: Language = "en"
    theme: Theme = "dark"


class FileOptions(_Options):
    """How a picture or a video is made; those of a kit and of a video are alike."""

    quality: Quality = "m"
    fps: int | None = Field(None, ge=1, le=120)
    frame: FrameShape = "16:9"
    voice: Voice = SILENT
    workers: int | None = Field(None, ge=1, le=256)

    @property
    def picture(self) -> FrameFormat:
        """The size of the picture and its frame rate."""
        return FrameFormat.of_quality(self.quality, self.fps, self.frame)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Let errors say in a language what is wrong.

    Examples
    --------
    >>> with speaking("zh"):
    ...     checked(Look, {"language": "fr"})
    Traceback (most recent call last):
        ...
    backprop_studio.core.base.errors.InputError: language 的值不对："fr"；应为：en 或 zh。
    """
    try:
        yield
    except StudioError as error:
        error.language = language
        raise


def checked(model: type[M], given: Mapping[str, Any]) -> M:
    """Return what was chosen, if it can be.

    Raises
    ------
    InputError
        With a message that names the option, the value and what is allowed.

    Examples
    --------
    >>> checked(Look, {"language": "fr"})
    Traceback (most recent call last):
        ...
    backprop_studio.core.base.errors.InputError: Wrong value for language: "fr"; expected en or zh.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise InputError(validation_message(model, error)) from error
