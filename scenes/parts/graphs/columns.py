"""Columns of a layered graph: who stands in which, and in which order, so that few edges cross.

After Kozo Sugiyama, Shojiro Tagawa and Mitsuhiko Toda, "Methods for visual understanding of
hierarchical system structures" (1981): longest-path layers, a stand-in for an edge in every column
it passes, barycentre sweeps. Nodes take the even columns. The odd ones belong to the edges: each
has a position there, at which its label can stand, so that a label meets neither node nor edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

SWEEPS = 12

PACKINGS = ("early", "late", "even")

Link = tuple[int, int]


@dataclass(frozen=True)
class Columns:
    """An arranged graph.

    Attributes
    ----------
    columns : list of list of int
        Items from top to bottom. Items below the number of nodes are nodes, the others stand-ins.
    chains : list of list of int
        Per edge its items, from the tail by the stand-ins to the head.
    """

    columns: list[list[int]]
    chains: list[list[int]]

    @property
    def links(self) -> list[Link]:
        """Neighbouring items of all chains."""
        return [pair for chain in self.chains for pair in pairwise(chain)]


def arranged(
    count: int, edges: Sequence[Link], beside: Sequence[bool], packing: str = PACKINGS[0]
) -> Columns:
    """Arrange a graph in columns, inputs on the left.

    Parameters
    ----------
    count : int
        Of nodes, which are called 0, 1, ...
    edges : sequence of (tail, head)
        May hold the same pair several times. Those of a head are in the order of its operands.
    beside : sequence of bool
        Per node, whether it stands right before what uses it, as constants do.
    packing : {"early", "late", "even"}
        Whether a node stands as far left as it can, right before what uses it, or where its column
        has fewest others.

    Raises
    ------
    ValueError
        If the edges run in a circle.

    Examples
    --------
    >>> arranged(3, [(0, 2), (1, 2)], [False] * 3).columns
    [[0, 1], [3, 4], [2]]
    """
    layers = _layers(count, edges, beside, packing)
    columns: list[list[int]] = [[] for _ in range(2 * max(layers, default=0) + 1)]
    chains, item = [], count
    position: dict[int, int] = {node: 2 * layer for node, layer in enumerate(layers)}
    for tail, head in edges:
        passed = range(2 * layers[tail] + 1, 2 * layers[head])
        chains.append([tail, *range(item, item + len(passed)), head])
        position.update(zip(range(item, item + len(passed)), passed, strict=True))
        item += len(passed)
    for it in _reading_order(count, chains):
        columns[position[it]].append(it)
    found = Columns(columns, chains)
    return Columns(_uncrossed(columns, found.links), chains)


def crossings(columns: Sequence[Sequence[int]], links: Sequence[Link]) -> int:
    """Return how many pairs of links cross."""
    rank = {item: k for column in columns for k, item in enumerate(column)}
    where = {item: k for k, column in enumerate(columns) for item in column}
    return sum(
        _crossings_between(rank, [link for link in links if where[link[0]] == k])
        for k in range(len(columns))
    )


def _crossings_between(rank: dict[int, int], links: Sequence[Link]) -> int:
    ends = sorted((rank[a], rank[b]) for a, b in links)
    return sum(
        first[0] < second[0] and first[1] > second[1]
        for k, first in enumerate(ends)
        for second in ends[k + 1 :]
    )


def _layers(count: int, edges: Sequence[Link], beside: Sequence[bool], packing: str) -> list[int]:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(edges)
    if not nx.is_directed_acyclic_graph(graph):
        raise ValueError("a computation graph has no circle: each value needs earlier ones only")
    layers = [0] * count
    generations = list(nx.topological_generations(graph))
    for layer, generation in enumerate(generations):
        for node in generation:
            layers[node] = layer
    for generation in reversed(generations):
        for node in generation:
            heads = [layers[head] for head in graph.successors(node)]
            if heads and (packing != "early" or beside[node]):
                layers[node] = min(heads) - 1
    if packing == "even":
        _even_out(layers, graph, beside)
    return layers


def _even_out(layers: list[int], graph: nx.DiGraph, beside: Sequence[bool]) -> None:
    """Move nodes to the left, out of the fullest columns, until none gets less full by that."""
    fill = [layers.count(layer) for layer in range(max(layers) + 1)]
    moved = True
    while moved:
        moved = False
        for full in sorted(range(len(fill)), key=lambda layer: -fill[layer]):
            for node in (it for it, layer in enumerate(layers) if layer == full):
                first = max((layers[tail] + 1 for tail in graph.predecessors(node)), default=0)
                # The nearest of the emptiest, as a long edge takes room as well.
                target = min(range(first, full + 1), key=lambda layer: (fill[layer], -layer))
                if not beside[node] and fill[target] + 1 < fill[full]:
                    layers[node] = target
                    fill[full] -= 1
                    fill[target] += 1
                    moved = True
                    break


def _reading_order(count: int, chains: Sequence[Sequence[int]]) -> list[int]:
    """Return items as a reader meets them from the results back, first operands first."""
    into: dict[int, list[Sequence[int]]] = {}
    for chain in chains:
        into.setdefault(chain[-1], []).append(chain)
    tails = {chain[0] for chain in chains}
    waiting: list[Sequence[int]] = [[node] for node in reversed(range(count)) if node not in tails]
    met: dict[int, None] = {}
    while waiting:
        chain = waiting.pop()
        node = chain[0]
        met.update(dict.fromkeys(reversed(chain[1:-1])))
        if node not in met:
            met[node] = None
            waiting += reversed(into.get(node, []))
    return list(met)


def _uncrossed(columns: list[list[int]], links: Sequence[Link]) -> list[list[int]]:
    """Sweep to and fro; of all orders seen, the first with the fewest crossings."""
    before: dict[int, list[int]] = {}
    behind: dict[int, list[int]] = {}
    for left, right in links:
        before.setdefault(right, []).append(left)
        behind.setdefault(left, []).append(right)
    best, fewest = columns, crossings(columns, links)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        forward = sweep % 2 == 0
        columns = _swept(columns, before if forward else behind, forward)
        columns = _exchanged(columns, before, behind)
        found = crossings(columns, links)
        if found < fewest:
            best, fewest = columns, found
    return best


def _swept(
    columns: list[list[int]], neighbours: dict[int, list[int]], forward: bool
) -> list[list[int]]:
    """Order each column by the mean position of its items' neighbours in the column before."""
    swept = [list(column) for column in columns]
    numbers = range(1, len(swept)) if forward else range(len(swept) - 2, -1, -1)
    for number in numbers:
        other = swept[number - 1 if forward else number + 1]
        rank = {item: k for k, item in enumerate(other)}
        own = swept[number]
        stretch = len(other) / max(len(own), 1)
        keys = {
            item: sum(rank[it] for it in near) / len(near)
            if (near := neighbours.get(item))
            else k * stretch
            for k, item in enumerate(own)
        }
        swept[number] = sorted(own, key=keys.__getitem__)
    return swept


def _exchanged(
    columns: list[list[int]], before: dict[int, list[int]], behind: dict[int, list[int]]
) -> list[list[int]]:
    """Exchange neighbours in a column wherever that saves crossings."""
    rank = {item: k for column in columns for k, item in enumerate(column)}

    def crossed(upper: int, lower: int) -> int:
        return sum(
            rank[a] > rank[b]
            for side in (before, behind)
            for a in side.get(upper, ())
            for b in side.get(lower, ())
        )

    for column in columns:
        improved = True
        while improved:
            improved = False
            for k, (upper, lower) in enumerate(pairwise(column)):
                if crossed(lower, upper) < crossed(upper, lower):
                    column[k : k + 2] = lower, upper
                    rank[upper], rank[lower] = k + 1, k
                    improved = True
                    break
    return columns
