"""In which order a computation graph is told: levels of its two passes, and ways back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from backprop_studio.core.graphs.records import GraphPath, GraphRecord

T = TypeVar("T")

MOST_LEVELS = 4
MOST_BEATS = 3
MOST_MOVES = 3
"""Up to so many levels a pass takes a beat for each, beyond that so many beats with so many moves
in each, so that a larger graph takes no longer."""

MOST_WAYS = 3
"""More products than these are no longer compared at a glance."""


def chunks(items: Sequence[T], most: int) -> list[Sequence[T]]:
    """Return a sequence in at most so many pieces, which differ in length by at most one.

    Examples
    --------
    >>> chunks("abcde", 3), chunks("ab", 3)
    (['a', 'bc', 'de'], ['a', 'b'])
    """
    count = min(most, len(items))
    cuts = [k * len(items) // count for k in range(count + 1)] if count else [0]
    return [items[first:last] for first, last in pairwise(cuts)]


def beats_of(levels: Sequence[Sequence[str]]) -> list[Sequence[Sequence[str]]]:
    """Return which levels of a pass are told in the same beat."""
    return chunks(levels, len(levels) if len(levels) <= MOST_LEVELS else MOST_BEATS)


def forward_levels(record: GraphRecord) -> list[list[str]]:
    """Return the steps, each in the level behind the last of its inputs."""
    depth: dict[str, int] = {}
    for step in record.steps.steps:
        inputs = [depth.get(edge.tail, 0) for edge in record.inputs_of(step.name)]
        depth[step.name] = 1 + max(inputs, default=0)
    return _levels(depth)


def backward_levels(record: GraphRecord) -> list[list[str]]:
    """Return the steps from the result back, each behind the last that uses it.

    Only those along whose edges a gradient goes on.
    """
    depth: dict[str, int] = {}
    for step in reversed(record.steps.steps):
        uses = [depth[edge.head] for edge in record.uses_of(step.name)]
        depth[step.name] = 1 + max(uses, default=0)
    heads = {edge.head for edge in record.edges if edge.flow is not None}
    return _levels({name: level for name, level in depth.items() if name in heads})


def _levels(depth: dict[str, int]) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for name, level in depth.items():
        found.setdefault(level, []).append(name)
    return [found[level] for level in sorted(found)]


def ways_to_tell(record: GraphRecord) -> list[tuple[str, tuple[GraphPath, ...]]]:
    """Return variables with all ways back to them, what is most worth telling first.

    That is a few ways that add up, or else a long one. A way of one edge is no product.
    """
    found = []
    for name in record.values:
        try:
            paths = record.paths_to(name)
        except ValueError:  # far too many
            continue
        if len(paths) <= MOST_WAYS and max(len(path.edges) for path in paths) > 1:
            found.append((name, paths))
    return sorted(found, key=lambda it: (-len(it[1]), -max(len(way.edges) for way in it[1])))
