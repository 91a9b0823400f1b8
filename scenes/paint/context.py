"""The cairo context that parts draw on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, TypeAlias

import cairo

Context: TypeAlias = "cairo.Context[Any]"


@contextlib.contextmanager
def saved(ctx: Context) -> Iterator[None]:
    """Restore the context's state afterwards."""
    ctx.save()
    try:
        yield
    finally:
        ctx.restore()
