"""Folds: parts of a large tape that are drawn as one node, until the rest can be read.

Each fold is a stretch of functions that torch recorded one after the other. Since each of them uses
earlier ones only, so does what is left, and no circle comes about. Repeated blocks fold first, then
what belongs to one module, then what has one way out; if that is not enough, plain stretches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.tape.records import MOST_NODES, Tape, TapeEdge, TapeNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAST_REPEATS = 3
LEAST_STRETCH = 3
LEAST_SAVED = 2
DEEPEST = 6
EDGES_A_NODE = 1.5
LONGEST_BLOCK = 400
MOST_NAMES = 3
"""Of the functions in a fold that its name lists."""


@dataclass(frozen=True)
class _Fold:
    """Functions ``first`` to ``last - 1``, in the order of recording."""

    first: int
    last: int
    repeats: int = 0
    module: str = ""


def folded(tape: Tape, most: int = MOST_NODES) -> Tape:
    """Return a tape with at most so many nodes.

    Parameters
    ----------
    tape : Tape
    most : int
        A tape of no more nodes is returned as it is.

    Examples
    --------
    >>> import torch
    >>> from backprop_studio.core.tape.reading import read_tape
    >>> x = y = torch.tensor(1.0, requires_grad=True)
    >>> for _ in range(100):
    ...     y = torch.sin(y * 1.1)
    >>> found = folded(read_tape(y, {"x": x}))
    >>> [(node.name, node.repeats) for node in found.nodes][1:4]
    [('MulBackward0', 0), ('SinBackward0', 0), ('MulBackward0, SinBackward0', 98)]
    """
    if _is_small(tape, most):
        return tape
    functions = _Functions(tape)
    for fold in functions.repeated():
        functions.folds.append(fold)
        if _is_small(found := functions.tape(), most):
            return found
    repeated = functions.folds
    for folds in functions.modules():
        functions.folds = [*repeated, *folds]
        if _is_small(found := functions.tape(), most):
            return found
    for fold in functions.branches():
        functions.folds.append(fold)
        if _is_small(found := functions.tape(), most):
            return found
    return functions.shortened(most)


def _is_small(tape: Tape, most: int) -> bool:
    """Whether a tape can be read: few nodes, and not too many edges between them."""
    return len(tape.nodes) <= most and len(tape.edges) <= EDGES_A_NODE * most


class _Functions:
    """The functions of a tape, and which of them are folded."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._functions = [node for node in tape.nodes if node.kind != "leaf"]
        self._rank = {node.id: k for k, node in enumerate(self._functions)}
        self._last_use = [-1] * len(self._functions)
        for edge in tape.edges:
            if edge.tail in self._rank:
                k = self._rank[edge.tail]
                self._last_use[k] = max(self._last_use[k], self._rank[edge.head])
        self._last_use[self._rank[tape.output]] = len(self._functions)
        self.folds: list[_Fold] = []

    def _free(self) -> list[bool]:
        free = [True] * len(self._functions)
        for fold in self.folds:
            free[fold.first : fold.last] = [False] * (fold.last - fold.first)
        return free

    def repeated(self) -> Iterator[_Fold]:
        """Yield blocks that are repeated one behind the other, but for the first and the last."""
        signs: dict[object, int] = {}
        inputs = {node.id: len(self._tape.inputs_of(node.id)) for node in self._functions}
        codes = np.array(
            [
                signs.setdefault((it.name, it.shapes, inputs[it.id]), len(signs))
                for it in self._functions
            ]
        )
        while True:
            free, best, most = np.array(self._free()), None, LEAST_SAVED
            for period in range(1, min(LONGEST_BLOCK, len(codes) // LEAST_REPEATS) + 1):
                same = (codes[period:] == codes[:-period]) & free[period:] & free[:-period]
                for first, length in _runs(same):
                    repeats = (length + period) // period
                    saved = (repeats - 2) * period - 1
                    if repeats >= LEAST_REPEATS and saved > most:
                        start, most = first + period, saved
                        best = _Fold(start, start + (repeats - 2) * period, repeats - 2)
            if best is None:
                return
            yield best

    def modules(self) -> Iterator[list[_Fold]]:
        """Yield what each module does, from its first parameter to its last, innermost first."""
        free = self._free()
        owners = [owner if free[k] else "" for k, owner in enumerate(self._owners())]
        for depth in range(DEEPEST, 0, -1):
            folds, names = [], [_top(it, depth) for it in owners]
            present = [""] * len(names)
            for k, name in enumerate(names):
                before = present[k - 1] if k else ""
                present[k] = name or (before if free[k] else "")
            for name, group in groupby(range(len(present)), key=present.__getitem__):
                places = list(group)
                using = [k for k in places if names[k]]
                if name and using[-1] > using[0]:
                    folds.append(_Fold(using[0], using[-1] + 1, module=name))
            yield folds

    def _owners(self) -> list[str]:
        """Return for each function the module whose parameters it uses; empty for none."""
        labels = {it.id: it.labels[0] for it in self._tape.nodes if it.kind == "leaf" and it.labels}
        owners = [""] * len(self._functions)
        for edge in self._tape.edges:
            label = labels.get(edge.tail, "")
            if "." in label:
                owners[self._rank[edge.head]] = label.rpartition(".")[0]
        return owners

    def branches(self) -> Iterator[_Fold]:
        """Yield stretches that only their last function has a way out of, the longest first."""
        longest = max(len(self._functions) // LEAST_REPEATS, LEAST_STRETCH)
        while True:
            free, best = self._free(), None
            for last in range(len(self._functions) - 1):
                first = last
                while (
                    free[last]
                    and first
                    and free[first - 1]
                    and self._last_use[first - 1] <= last
                    and last - first + 1 < longest
                ):
                    first -= 1
                if last - first + 1 >= LEAST_STRETCH and (
                    best is None or last + 1 - first > best.last - best.first
                ):
                    best = _Fold(first, last + 1)
            if best is None:
                return
            yield best

    def shortened(self, most: int) -> Tape:
        """Return the tape with all that is left in as many equal stretches as there may be."""
        starts = sorted({0, *self._loose(), *(it.first for it in self.folds)})
        bounds = [*starts, len(self._functions)]
        count = most
        while True:
            size = math.ceil(len(starts) / count)
            cuts = [*bounds[:-1:size], bounds[-1]]
            before = {it.first: it for it in self.folds}
            self.folds = [
                before[a] if a in before and before[a].last == b else _Fold(a, b)
                for a, b in pairwise(cuts)
                if b - a > 1
            ]
            found = self.tape()
            if _is_small(found, most) or count == 1:
                return found
            count = max(count * 2 // 3, 1)

    def _loose(self) -> list[int]:
        return [k for k, free in enumerate(self._free()) if free]

    def tape(self) -> Tape:
        """Return the tape with its folds as nodes."""
        home = {node.id: node.id for node in self._tape.nodes}
        for number, fold in enumerate(self.folds):
            for node in self._functions[fold.first : fold.last]:
                home[node.id] = f"f{number}"
        uses: dict[str, set[str]] = {}
        for edge in self._tape.edges:
            uses.setdefault(edge.tail, set()).add(home[edge.head])
        for node in self._tape.nodes:
            users = uses.get(node.id, set())
            if node.kind == "leaf" and len(users) == 1 and next(iter(users)) not in home:
                home[node.id] = next(iter(users))
        drawn: dict[str, TapeNode] = {}
        for node in self._tape.nodes:
            name = home[node.id]
            if name == node.id:
                drawn[name] = node
            elif name not in drawn:
                drawn[name] = self._node(name, home)
        edges = self._edges(home)
        order = [home[it] for it in self._tape.backward_order]
        return Tape(
            nodes=tuple(_sorted(drawn, edges)),
            edges=tuple(edges),
            output=home[self._tape.output],
            ending=self._tape.ending,
            reason=self._tape.reason,
            backward_order=tuple(dict.fromkeys(reversed(order)))[::-1],
            folded=len(self._functions),
        )

    def _node(self, name: str, home: dict[str, str]) -> TapeNode:
        """Return the node that stands for a fold: it has what its last function made."""
        fold = self.folds[int(name[1:])]
        inside = self._functions[fold.first : fold.last]
        names = list(dict.fromkeys(it.name for it in inside))
        listed = names if len(names) <= MOST_NAMES else [*names[: MOST_NAMES - 1], "…"]
        last = inside[-1]
        return TapeNode(
            id=name,
            kind="fold",
            name=", ".join(listed),
            labels=(fold.module,) if fold.module else last.labels,
            shapes=last.shapes,
            value=last.value,
            gradients=last.gradients,
            members=tuple(it.id for it in self._tape.nodes if home[it.id] == name),
            repeats=fold.repeats,
            sequence=last.sequence,
        )

    def _edges(self, home: dict[str, str]) -> list[TapeEdge]:
        """Return the edges between what is drawn; between two folds there is one at most."""
        kept: dict[tuple[str, ...], TapeEdge] = {}
        for edge in self._tape.edges:
            tail, head = home[edge.tail], home[edge.head]
            if tail == head:
                continue
            is_whole = tail == edge.tail and head == edge.head
            key = (tail, head, str(edge.place)) if is_whole else (tail, head)
            moved = edge.model_copy(update={"tail": tail, "head": head})
            if key in kept and moved.gradient is not None:
                several = moved.gradient.model_copy(update={"values": (), "norm": None})
                moved = kept[key].model_copy(update={"gradient": several})
            kept[key] = moved
        return list(kept.values())


def _runs(same: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield where runs of True begin, and how long they are."""
    padded = np.diff(np.concatenate([[0], same.astype(np.int8), [0]]))
    starts, stops = np.flatnonzero(padded == 1), np.flatnonzero(padded == -1)
    yield from zip(starts.tolist(), (stops - starts).tolist(), strict=True)


def _top(module: str, depth: int) -> str:
    return ".".join(module.split(".")[:depth])


def _sorted(drawn: dict[str, TapeNode], edges: Sequence[TapeEdge]) -> list[TapeNode]:
    """Return nodes each behind all that it uses, otherwise as they are."""
    below: dict[str, list[str]] = {}
    for edge in edges:
        below.setdefault(edge.head, []).append(edge.tail)
    found: dict[str, TapeNode] = {}
    for name in drawn:
        waiting = [(name, False)]
        while waiting:
            one, is_ready = waiting.pop()
            if is_ready:
                found.setdefault(one, drawn[one])
            elif one not in found:
                waiting.append((one, True))
                waiting += [(it, False) for it in reversed(below.get(one, []))]
    return list(found.values())
