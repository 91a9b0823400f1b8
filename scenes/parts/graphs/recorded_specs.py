"""What stands in the graph that torch recorded: names, what is saved, and printed numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_studio.core.autograd.records import (
    AutogradEdge,
    AutogradNode,
    AutogradRecord,
    SavedValue,
)
from backprop_studio.scenes.lesson.numbers import elided, markup_of, short_text
from backprop_studio.scenes.parts.graphs.layout import EdgeSpec, NodeSpec
from backprop_studio.scenes.parts.graphs.specs import code_markup, name_markup

Number = Callable[[str], str]
"""From a path in the answer sheet to the printed number, noted as shown."""

MOST_SIGNS = 20
"""Of all numbers of a vector that is written with more than its ends."""

KINDS = {"leaf": "variable", "constant": "constant", "function": "operation"}
SAVED = "_saved_"


@dataclass(frozen=True)
class Fold:
    """A chain of functions that is drawn as one node, with what its first and last one have.

    Attributes
    ----------
    id : str
        Of the node that stands for them.
    nodes : tuple of str
        Ids of the record's nodes, at least two, the one that torch ran first comes first.
    """

    id: str
    nodes: tuple[str, ...]


def folded(texts: Sequence[str]) -> str:
    """Return what several nodes show in one: the first and the last.

    Examples
    --------
    >>> folded(["4", "8", "16"]), folded(["4"])
    ('4, …, 16', '4')
    """
    return texts[0] if len(texts) == 1 else f"{texts[0]}, …, {texts[-1]}"


def shown_places(*vectors: Any) -> list[int | None]:
    """Return which entries of vectors of one length are written; None stands for dots.

    Of a long vector the first two and the last, of one with long numbers the first and the last.

    Examples
    --------
    >>> shown_places([0.0, 1.0, 2.0, 3.0]), shown_places(range(16)), shown_places([1e-9 / 3] * 3)
    ([0, 1, 2, 3], [0, 1, None, 15], [0, None, 2])
    """
    size = len(vectors[0])
    places = elided(size)
    written = [[short_text(float(it[k])) for k in places if k is not None] for it in vectors]
    longest = max(sum(map(_signs, texts)) for texts in written)
    return places if longest <= MOST_SIGNS or size < 3 else [0, None, size - 1]


def _signs(number: str) -> int:
    """Return how many signs of a printed number stand side by side."""
    return len(number.replace(" times 10^(", "x10").rstrip(")"))


def vector_text(path: str, value: Any, number: Number) -> str:
    r"""Return a number, or a vector with dots for the middle of a long one, as markup.

    Parameters
    ----------
    path : str
        Where it stands in the answer sheet.
    value : float or array
        What stands there.
    number : callable

    Examples
    --------
    >>> vector_text("x", np.arange(6.0), lambda path: path)
    '\\[x.0, x.1, …, x.5\\]'
    """
    shape = np.shape(value)
    if not shape:
        return markup_of(number(path))
    if len(shape) > 1:
        return " $times$ ".join(map(str, shape))
    places = shown_places(value)
    entries = ["…" if k is None else markup_of(number(f"{path}.{k}")) for k in places]
    return f"\\[{', '.join(entries)}\\]"


def _plain_text(value: Any) -> str:
    """Return what :func:`vector_text` will write."""
    array = np.asarray(value, dtype=np.float64)

    def number(path: str) -> str:
        index = path.partition(".")[2]
        return short_text(float(array[int(index)] if index else array))

    return vector_text("", array, number)


def is_shown(saved: SavedValue) -> bool:
    """Whether it is a tensor or a number; sizes and flags belong to torch's bookkeeping."""
    is_number = isinstance(saved.value, int | float) and not isinstance(saved.value, bool)
    return is_number or isinstance(saved.value, np.ndarray)


def _saved_line(saved: SavedValue) -> str:
    name = code_markup(f"{SAVED}{saved.name} = ")
    if saved.tensor:
        return f"{name}${name_markup(saved.tensor)}$"
    return f"{name}{_plain_text(saved.value)}"


def node_spec(record: AutogradRecord, node: AutogradNode, *, saved: bool) -> NodeSpec:
    """Return a node under its tensors' names, with what torch calls it and what it saved."""
    names = ", ".join(f"${name_markup(name)}$" for name in node.tensors)
    code = code_markup(node.name)
    lines = [code] if names else []
    lines += [_saved_line(it) for it in node.saved if saved and is_shown(it)]
    value = _plain_text(record.tensor(node.tensors[0]).value) if node.tensors else ""
    (found,) = node.gradients if len(node.gradients) == 1 else (None,)
    gradient = "" if found is None else _plain_text(found)
    title, subtitle = names or code, code if names else ""
    return NodeSpec(
        node.id, title, KINDS[node.kind], tuple(lines), title, subtitle, value, gradient
    )


def fold_spec(fold: Fold, specs: Mapping[str, NodeSpec], record: AutogradRecord) -> NodeSpec:
    """Return the node that stands for a chain, of whose nodes the specifications are known."""
    first, last = specs[fold.nodes[0]], specs[fold.nodes[-1]]
    names = list(dict.fromkeys(record.node(node).name for node in fold.nodes))
    code = f"{len(fold.nodes)} $times$ {code_markup(', '.join(names))}"
    has_names = bool(record.node(fold.nodes[0]).tensors and record.node(fold.nodes[-1]).tensors)
    title = folded([first.title, last.title]) if has_names else code
    lines = (code,) if has_names else ()
    value = folded([first.value, last.value]) if has_names else ""
    has_gradient = bool(first.gradient and last.gradient)
    gradient = folded([first.gradient, last.gradient]) if has_gradient else ""
    return NodeSpec(
        fold.id, title, "operation", lines, title, code if has_names else "", value, gradient
    )


def edge_spec(record: AutogradRecord, edge: AutogradEdge, tail: str, head: str) -> EdgeSpec:
    """Return an edge between drawn nodes, with what flows back along it."""
    # Of an only use, what flows is the tail's gradient, which stands in the tail.
    shared = sum(it.gradient is not None for it in record.uses_of(edge.tail)) > 1
    product = _plain_text(edge.gradient) if shared and edge.gradient is not None else ""
    label = code_markup("detach") if edge.kind == "cut" else ""
    return EdgeSpec(tail, head, label, product, product, is_cut=edge.kind == "cut")


def forward_order(record: AutogradRecord) -> list[str]:
    """Return the ids of the nodes, each behind all that it uses.

    Examples
    --------
    >>> from backprop_studio.core.autograd.vectors import detaching
    >>> record = detaching().graph
    >>> [record.node(name).tensors for name in forward_order(record)]
    [('x',), ('y',), ('u',), ('z',), ()]
    """
    found: dict[str, None] = {}

    def visit(node: str) -> None:
        waiting = [(node, False)]
        while waiting:
            name, is_ready = waiting.pop()
            if is_ready:
                found.setdefault(name)
            elif name not in found:
                waiting.append((name, True))
                waiting += [(edge.tail, False) for edge in reversed(record.inputs_of(name))]

    for node in record.nodes:
        visit(node.id)
    return list(found)
