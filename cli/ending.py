"""How the command line ends when it does not end well: a sentence, and a code that scripts know."""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING

import typer

from backprop_studio.cli.console import print_error, settle_stdout, silence
from backprop_studio.core.base.errors import OutputError, StudioError, WorkInterruptedError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.log import stack_of
from backprop_studio.render.messages.failures import unexpected

if TYPE_CHECKING:
    from types import FrameType

_log = logging.getLogger(__name__)

DEBUG_VARIABLE = "BACKPROP_STUDIO_DEBUG"
"""Environment variable that has faults shown with their traceback."""

INTERRUPTED = Message.of("interrupted", N_("interrupted"))

_ENDINGS = (signal.SIGTERM, *([signal.SIGHUP] if sys.platform != "win32" else []))
"""Signals that ask a process to end; the second comes when its terminal is closed."""


class _Terminated(BaseException):
    """The process was asked to end, by the signal of a number; a worker must not outlive it."""


def hear_signals() -> None:
    """Have signals that ask to end raise what :func:`exit_code_of` knows."""
    for number in _ENDINGS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup asks
            signal.signal(number, _on_terminate)


def _on_terminate(number: int, _frame: FrameType | None) -> None:
    raise _Terminated(number)


def exit_code_of(error: BaseException) -> int:
    """Tell of an error in one sentence and return the exit code that stands for it."""
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(error)
    error = _cause(error)
    match error:
        case StudioError():
            print_error(error.message)
            return error.exit_code
        case KeyboardInterrupt() | typer.Abort():
            print_error(INTERRUPTED)
            return WorkInterruptedError.exit_code
        case _Terminated(args=(number,)):
            print_error(Message.of("terminated", N_("terminated")))
            return 128 + int(number)
        case _:
            _log.error("Unexpected fault: %s", stack_of(error))
            print_error(_with_hint(unexpected(error).message))
            return StudioError.exit_code


def _with_hint(message: Message) -> Message:
    text = N_("{message}; {variable}=1 shows where")
    return Message.of("internal.where", text, message=message, variable=DEBUG_VARIABLE)


def _cause(error: BaseException) -> BaseException:
    """Return what an error comes from: the help is written by a library, not by :func:`say`."""
    try:
        settle_stdout()
    except OSError:  # a pipe, and the error is about something else
        silence(sys.stdout)
    except OutputError as unwritten:
        return unwritten if isinstance(error, OSError) else error
    return error
