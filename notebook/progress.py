"""How far a video is, as a bar of tqdm: of text in a terminal, a widget in a notebook."""

from __future__ import annotations

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

        bar = tqdm(desc=title, unit="frame", total=None, leave=False, mininterval=0.5)

    def show(progress: Progress) -> None:
        if progress.frames:
            bar.total = progress.frames
            bar.update(progress.frame - bar.n)

    with bar:
        yield show
