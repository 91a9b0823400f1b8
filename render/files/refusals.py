"""What the operating system refuses, told as errors of ours."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.messages import os_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.core.base.errors import StudioError


@contextmanager
def refusals_as(kind: type[StudioError], code: str, text: str, **fields: Any) -> Iterator[None]:
    """Raise an error of ours, with the system's ``reason``, if the system refuses something.

    Parameters
    ----------
    kind : type
        Of the error.
    code, text, **fields
        Of its message; the text names ``{reason}`` as well.
    """
    try:
        yield
    except OSError as error:
        raise kind(code, text, **fields, reason=os_reason(error)) from error
