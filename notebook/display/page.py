"""The page of a player as a cell sends it."""

from __future__ import annotations

import json
from dataclasses import dataclass

CELL_BYTES = 2_000_000
"""What a cell sends at most. A Jupyter server drops what is over a few megabytes."""

UNBOUNDED = 1 << 40


@dataclass(frozen=True)
class Played:
    """A lesson made ready to be played.

    Attributes
    ----------
    page : str
        The player with everything in it.
    title : str
    steps : int
    seconds : float
        How long it plays.
    """

    page: str
    title: str
    steps: int
    seconds: float


def in_attribute(page: str) -> str:
    """Return a page as it stands in an attribute.

    Examples
    --------
    >>> in_attribute('<p class="a">&amp;</p>')
    '<p class=&quot;a&quot;>&amp;amp;</p>'
    """
    return page.replace("&", "&amp;").replace('"', "&quot;")


def sent_bytes(page: str) -> int:
    """Return how many bytes a page has in the message of a cell."""
    return len(json.dumps(in_attribute(page), ensure_ascii=False).encode())
