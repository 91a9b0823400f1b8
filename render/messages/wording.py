"""How messages to a user are written: one line, one sentence."""

from __future__ import annotations

__all__ = ["sentence"]


def sentence(message: str) -> str:
    """Return a message as one line with a capital and a full stop.

    Examples
    --------
    >>> sentence("the disk  is full")
    'The disk is full.'
    >>> sentence("Unknown scene 'a'; did you mean 'b'?")
    "Unknown scene 'a'; did you mean 'b'?"
    """
    line = " ".join(message.split())
    line = line[:1].upper() + line[1:]
    return line if line.endswith((".", "?", "!", "…")) else f"{line}."
