"""What stands in the graph of a tape: torch's names, shapes, what is saved, and numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from backprop_studio.core.tape.records import SavedData, Shape, Tape, TapeEdge, TapeNode, TensorData
from backprop_studio.scenes.lesson.numbers import markup_of, short_text
from backprop_studio.scenes.parts.graphs.layout import EdgeSpec, NodeSpec
from backprop_studio.scenes.parts.graphs.specs import code_markup, name_markup

Number = Callable[[str], str]
"""From a path in the answer sheet to the printed number, noted as shown."""

SAVED = "_saved_"

TELLING = frozenset({"base", "exponent", "max", "min", "negative_slope", "other", "p", "self"})
"""Saved numbers that a derivative takes; others are dimensions and flags."""

MOST_LABELS = 3
MOST_LETTERS = 26
"""Of the variables in a node, and of one of their names."""

KINDS = {"leaf": "variable", "function": "operation", "fold": "operation"}


def is_told(saved: SavedData) -> bool:
    """Whether a node says that it saved something: a tensor, or a number that belongs to it.

    Examples
    --------
    >>> is_told(SavedData(name="exponent", number=2)), is_told(SavedData(name="dim", number=0))
    (True, False)
    """
    return saved.tensor is not None or saved.name in TELLING


def shape_text(shape: Shape) -> str:
    """Return a shape as Python writes it.

    Examples
    --------
    >>> shape_text((2, 3)), shape_text((4,)), shape_text(())
    ('(2, 3)', '(4,)', '()')
    """
    return str(tuple(shape))


def shapes_text(shapes: Sequence[Shape]) -> str:
    """Return the shapes of all outputs; those that are alike as a product.

    Examples
    --------
    >>> shapes_text([(2,)]), shapes_text([(2, 4)] * 4), shapes_text([()]), shapes_text([(1,), (2,)])
    ('(2,)', '4 × (2, 4)', '', '(1,), (2,)')
    """
    if len(shapes) == 1:
        return shape_text(shapes[0]) if shapes[0] else ""
    if len(set(shapes)) == 1:
        return f"{len(shapes)} × {shape_text(shapes[0])}"
    texts = [shape_text(it) for it in shapes]
    return ", ".join(texts if len(texts) <= MOST_LABELS else [*texts[:2], "…"])


def number_text(value: float) -> str:
    """Return a number as it is printed, also one that is none.

    Examples
    --------
    >>> number_text(0.5), number_text(math.inf), number_text(math.nan)
    ('0.5', '∞', 'nan')
    """
    if math.isfinite(value):
        return short_text(value)
    return "nan" if math.isnan(value) else "∞" if value > 0 else "−∞"


def data_text(data: TensorData | None, path: str = "", number: Number | None = None) -> str:
    r"""Return a tensor's few numbers, or how large it is, as markup; empty for one of neither.

    Parameters
    ----------
    data : TensorData or None
    path : str
        Where it stands in the answer sheet.
    number : callable, optional
        Prints a number by its path; without it the number is printed as it will be.

    Examples
    --------
    >>> data_text(TensorData(values=(2.0,))), data_text(TensorData(shape=(2,), values=(2.0, 0.5)))
    ('2', '\\[2, 0.5\\]')
    >>> data_text(TensorData(shape=(8, 8), norm=1.5))
    '$norm(dot.c) = 1.5$'
    """

    def written(name: str, value: float) -> str:
        if number is None or not math.isfinite(value):
            return number_text(value)
        return number(f"{path}.{name}")

    if data is None:
        return ""
    if data.values and len(data.shape) < 2:
        texts = [markup_of(written(f"values.{k}", it)) for k, it in enumerate(data.values)]
        return f"\\[{', '.join(texts)}\\]" if data.shape else texts[0]
    return "" if data.norm is None else f"$norm(dot.c) = {written('norm', data.norm)}$"


def label_text(labels: Sequence[str]) -> str:
    """Return the variables of a node as markup: short ones as mathematics, others as code."""
    texts = []
    for label in labels[:MOST_LABELS]:
        if len(label.rstrip("0123456789")) == 1 and label.isidentifier():
            texts.append(f"${name_markup(label)}$")
        else:
            short = label if len(label) <= MOST_LETTERS else f"…{label[1 - MOST_LETTERS :]}"
            texts.append(code_markup(short))
    return ", ".join([*texts, "…"][: len(texts) + (len(labels) > MOST_LABELS)])


def saved_line(saved: SavedData) -> str:
    """Return what a node saved in one line."""
    # A function that somebody wrote in Python has a single name for all.
    full = saved.name if saved.name.startswith(SAVED[1:]) else f"{SAVED}{saved.name}"
    name = code_markup(f"{full} = ")
    if saved.label:
        return f"{name}{label_text([saved.label])}"
    if saved.tensor is None:
        return f"{name}{markup_of(number_text(saved.number or 0.0))}"
    if not saved.tensor.shape and saved.tensor.values:
        return f"{name}{markup_of(number_text(saved.tensor.values[0]))}"
    return f"{name}{code_markup(shape_text(saved.tensor.shape))}"


def tape_nodes(tape: Tape, *, saved: bool) -> list[NodeSpec]:
    """Return the nodes of a tape, with what each saved or without."""
    return [_node(node, saved=saved) for node in tape.nodes]


def _node(node: TapeNode, *, saved: bool) -> NodeSpec:
    labels, code = label_text(node.labels), _code(node)
    shapes = shapes_text(node.shapes)
    lines = [code] if labels else []
    lines += [code_markup(shapes)] if shapes else []
    lines += [saved_line(it) for it in node.saved if saved and is_told(it)]
    value = data_text(node.value) if node.value is not None and node.value.values else ""
    sign = code if labels else code_markup(shapes) if shapes else ""
    title = labels or code
    return NodeSpec(
        node.id,
        title,
        KINDS[node.kind],
        tuple(lines),
        title,
        sign,
        value,
        data_text(node.gradient),
    )


def _code(node: TapeNode) -> str:
    name = code_markup(node.name)
    return f"{node.repeats} $times$ ({name})" if node.repeats else name


def tape_edges(tape: Tape) -> list[EdgeSpec]:
    """Return the edges of a tape, with what flows back where a tensor is used several times."""
    return [_edge(tape, edge) for edge in tape.edges]


def is_shared(tape: Tape, edge: TapeEdge) -> bool:
    """Whether what flows along an edge is only a part of what its tail gets."""
    return sum(it.gradient is not None for it in tape.uses_of(edge.tail)) > 1


def _edge(tape: Tape, edge: TapeEdge) -> EdgeSpec:
    product = data_text(edge.gradient) if is_shared(tape, edge) else ""
    return EdgeSpec(edge.tail, edge.head, "", product, product)
