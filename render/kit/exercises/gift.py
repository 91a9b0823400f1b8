r"""Exercises as GIFT, which Moodle and others import: a numerical question for each gap.

``~ = # { } :`` and the backslash mean something there; a backslash before them takes it away.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backprop_studio.render.kit.exercises.moodle import in_category

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.render.kit.exercises.paper import Paper

_SPECIAL = re.compile(r"([\\~=#{}:])")


def gift(papers: Sequence[Paper], category: str) -> str:
    """Return exercises as GIFT.

    Parameters
    ----------
    category : str
        Where they go in the question bank.
    """
    place = in_category(category).replace("\\", r"\\")  # all else stands there as it is
    blocks = [f"$CATEGORY: $course$/top/{place}"]
    for paper in papers:
        told = [paper.text, *paper.rules, *paper.given]
        for number, row in enumerate(paper.rows, start=1):
            title = escaped(f"{paper.title}, {number}")
            text = r"\n".join(map(escaped, [*told, f"{row.text} {row.name}"]))
            answer = f"{{#{row.answer}:{row.tolerance:g}####{escaped(row.line)}}}"
            blocks.append(f"::{title}::[plain]{text} {answer}")
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    r"""Return a text as GIFT, on one line.

    Examples
    --------
    >>> print(escaped("a = {1}: b\\c"))
    a \= \{1\}\: b\\c
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
