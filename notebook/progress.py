"""How far a video is, as a bar of tqdm: of text in a terminal, a widget in a notebook."""

from __future__ import annotations

import sys
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backprop_studio.render.messages.events import Progress


@contextmanager
def shown_progress(title: str) -> Iterator[Callable[[Progress], None]]:
    """Show a bar while a video is drawn, in frames.

    Yields
    ------
    callable
        Takes each progress event.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a notebook without widgets has a bar of text
        from tqdm.auto import tqdm

        # What was written to stderr leaves a red line in a notebook, also when it is gone.
        file = sys.stdout if "ipykernel" in sys.modules else sys.stderr
        bar = tqdm(desc=title, unit="frame", leave=False, mininterval=0.5, file=file)

    def show(progress: Progress) -> None:
        if progress.frames:
            bar.total = progress.frames
            bar.update(progress.frame - bar.n)

    with bar:
        yield show
