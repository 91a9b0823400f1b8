"""The errors of render processes, as whoever watches one or is one finds them."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from backprop_studio.core.base.errors import (
    InputError,
    MissingComponentError,
    SceneError,
    StudioError,
    TimeLimitError,
)
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.base.validation_messages import validation_message
from backprop_studio.render.files.output import is_disk_error
from backprop_studio.render.messages.events import PROTOCOL_VERSION
from backprop_studio.render.messages.failures import disk_failure, file_reason, unexpected

if TYPE_CHECKING:
    from backprop_studio.render.messages.jobs import Job


def silent(seconds: float) -> TimeLimitError:
    """Return the error of a process that was stopped because it seemed to hang."""
    text = N_("the render process gave no sign of life for {seconds} seconds and was stopped")
    return TimeLimitError("worker.silent", text, seconds=f"{seconds:g}")


def no_hello(seconds: float) -> TimeLimitError:
    """Return the error of a process that never became ready."""
    text = N_("the render process did not start within {seconds} seconds")
    return TimeLimitError("worker.no_hello", text, seconds=f"{seconds:g}")


def too_big(most_memory: int) -> SceneError:
    """Return the error of a process that was stopped before the memory was used up."""
    text = N_(
        "the render process took more than {allowed} GB of memory and was stopped; choose a "
        "smaller picture or fewer numbers"
    )
    return SceneError("worker.memory", text, allowed=f"{most_memory / 1e9:.1f}")


def not_started(error: OSError) -> MissingComponentError:
    """Return the error of a process that the system did not start."""
    text = N_("the render process could not be started: {reason}")
    return MissingComponentError("worker.not_started", text, reason=file_reason(error))


def no_json() -> InputError:
    """Return the error of parameters that cannot be sent."""
    text = N_("the parameters are nested too deeply, or hold a text that is not valid Unicode")
    return InputError("params.no_json", text)


def died(cause: Message, *, at_start: bool) -> StudioError:
    """Return the error of a process that ended before it was ready, or while it was needed."""
    if at_start:
        text = N_("the render process could not start ({cause})")
        return StudioError("worker.no_start", text, cause=cause)
    text = N_("the render process stopped unexpectedly ({cause})")
    return StudioError("worker.died", text, cause=cause)


def unreadable(reason: str) -> StudioError:
    """Return the error of a process that sent what is no event."""
    text = N_("the render process sent something unreadable ({reason})")
    return StudioError("worker.unreadable", text, reason=reason)


def other_protocol(found: int) -> StudioError:
    """Return the error of a process of another version of this program."""
    text = N_(
        "the render process speaks version {found} of the protocol instead of {expected}; "
        "restart the program after an update"
    )
    return StudioError("worker.protocol", text, found=found, expected=PROTOCOL_VERSION)


def error_in(job: Job, error: BaseException) -> StudioError:
    """Return what an error means for a user."""
    if isinstance(error, StudioError):
        return error
    if isinstance(error, OSError) and is_disk_error(error):
        return disk_failure(error)
    if isinstance(error, ValidationError):
        return InputError(validation_message(BaseModel, error))
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return SceneError("memory", N_("memory ran out{advice}"), advice=_advice(job))
    match type(error).__name__:
        case "ExternalError":  # of PyAV; an encoder says no more
            text = N_("the encoder failed, perhaps because memory ran out{advice}")
            return SceneError("encoder.failed", text, advice=_advice(job))
        case "UnknownCodecError":  # of PyAV too
            text = N_(
                "this PyAV has no encoder {name}; run backprop-studio doctor, or choose another "
                "kind of file"
            )
            return MissingComponentError("encoder.missing", text, name=str(error))
    return unexpected(error)


def _advice(job: Job) -> Message:
    """Return how large the pictures of a job are, and what to do if that was too much."""
    picture = getattr(job, "picture", None)
    if picture is None:
        text = N_("; choose fewer or smaller layers, or less data")
        return Message.of("memory.numbers", text)
    words = N_(" at {width}x{height} and {fps} frames per second; choose a lower quality")
    return Message.of(
        "memory.picture", words, width=picture.width, height=picture.height, fps=picture.fps
    )
