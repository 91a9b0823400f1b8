"""What a classifier has learned, by its answers."""

from __future__ import annotations

from typing import Literal, TypeAlias

Learned: TypeAlias = Literal["still_wrong", "lost", "learned", "known"]
"""
What became of the answer to one sample: it was and is wrong; it has become wrong; it has become
right; or it was right from the beginning.
"""


def learned(*, was_right: bool, is_right: bool) -> Learned:
    """Return what became of an answer.

    Examples
    --------
    >>> learned(was_right=False, is_right=True), learned(was_right=True, is_right=False)
    ('learned', 'lost')
    """
    if is_right:
        return "known" if was_right else "learned"
    return "lost" if was_right else "still_wrong"
