"""Which parts of a file are shown: all of a network, or the last layers of a larger one."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.limits import MAX_LAYERS, MAX_PARAMETERS, MAX_UNITS, parameter_count
from backprop_studio.core.base.messages import listed
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.network.weights.layout import LAYOUTS, Layout, fits, in_and_out
from backprop_studio.core.network.weights.parts import (
    DENSE,
    UNKNOWN,
    Part,
    kinds_told,
    natural,
    pattern,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

MOST_PERMUTED = MAX_LAYERS - 1

MOST_TOLD = 6
"""Parts that a sentence names."""

PART = "network.part"


def chosen_layers(
    path: Path, parts: Sequence[Part], layout: Layout | None, part: tuple[str, ...] | None
) -> list[Part]:
    """Return the fully connected layers that are shown, in their order.

    Parameters
    ----------
    path : Path
        For messages.
    parts : sequence of Part
        What the file holds.
    layout, part
        As :func:`backprop_studio.core.network.weights.reading.read_weights` takes them.

    Raises
    ------
    InputError
        If there are parts of other kinds and none was chosen, or the order is not clear.

    Examples
    --------
    >>> from pathlib import Path
    >>> from backprop_studio.core.network.weights.container import Tensor
    >>> from backprop_studio.core.network.weights.parts import parts_of
    >>> first, second = (Tensor(f"{k}.weight", "F32", [2, 2], b"") for k in (2, 10))
    >>> parts = parts_of({it.name: it for it in (first, second)})
    >>> [it.name for it in chosen_layers(Path("x"), parts, None, None)]
    ['2', '10']
    """
    if not parts:
        text = N_("the file {file} holds no tensors: expected a weight per layer, as 0.weight")
        raise InputError("weights.none", text, file=path)
    if part is not None:
        parts = _named(path, parts, part)
        if len(parts) > 1 and len(part) == len(parts):
            return list(parts)
    foreign = [it for it in parts if it.kind != DENSE]
    if foreign:
        raise _not_alone(path, parts, foreign, layout)
    if len(parts) > MOST_PERMUTED:
        text = N_(
            "the file {file} holds too many layers: expected {most} weights at most, found {found}"
        )
        raise InputError("weights.layers", text, file=path, most=MOST_PERMUTED, found=len(parts))
    return _ordered(path, parts, layout)


def _named(path: Path, parts: Sequence[Part], names: Iterable[str]) -> list[Part]:
    """Return the parts that are named, or whose names begin so, in the order asked for."""
    found: list[Part] = []
    for name in names:
        here = [
            it
            for it in parts
            if name == it.name
            or it.name.startswith((f"{name}.", f"{name}/"))
            or any(tensor.name.rpartition(".")[0] == name for tensor in it.tensors.values())
        ]
        if not here:
            text = N_("{field}: {file} has no {part}; its fully connected layers are {layers}")
            dense = [it.name for it in parts if it.kind == DENSE]
            fields = {"field": PART, "part": shown(name), "layers": _few(dense)}
            raise InputError("weights.no_part", text, file=path, **fields)
        found += sorted(here, key=lambda it: natural(it.name))
    return list({it.name: it for it in found}.values())


def _few(names: Sequence[str]) -> object:
    return listed([*names[:MOST_TOLD], *["..."] * (len(names) > MOST_TOLD)])


def _not_alone(
    path: Path, parts: Sequence[Part], foreign: Sequence[Part], layout: Layout | None
) -> InputError:
    """Return what a file holds beside fully connected layers, and which of these can be shown."""
    for it in foreign:
        if it.weight is None and it.tensors.keys() == {"bias"} and it.bias is not None:
            text = N_("the file {file} lacks the tensor {tensor}: expected it beside {other}")
            names = {"tensor": shown(f"{it.name}.weight"), "other": shown(it.bias.name)}
            return InputError("weights.lacks", text, file=path, **names)
    offered = _tail(parts, layout)
    if not offered and all(it.kind == UNKNOWN for it in foreign):
        tensor = next(
            tensor.name
            for it in foreign
            for word, tensor in it.tensors.items()
            if word not in {"weight", "kernel", "bias"} or len(tensor.shape) != 2
        )
        text = N_(
            "the file {file} holds the tensor {tensor}: expected names that end in .weight or .bias"
        )
        return InputError("weights.name", text, file=path, tensor=shown(tensor))
    told = kinds_told(sorted(foreign, key=lambda it: natural(it.name)))
    fields = {"file": path, "parts": _few(told)}  # type: ignore[arg-type]
    if not offered:
        text = N_("the file {file} holds {parts}; only fully connected layers can be shown")
        return InputError("weights.parts", text, **fields)
    text = N_(
        "the file {file} holds {parts}; only fully connected layers can be shown; "
        "set {field} to {choice} to show the last of them"
    )
    choice = shown(",".join(it.name for it in offered))
    return InputError("weights.tail", text, **fields, field=PART, choice=choice)


def _tail(parts: Sequence[Part], layout: Layout | None) -> list[Part]:
    """Return the fully connected layers behind everything else, as many as can be shown.

    A part of another kind is known to stand before, where its name has the same pattern and a
    smaller number; or it may stand between two layers, where it takes and gives what passes there.
    """
    dense = [it for it in parts if it.kind == DENSE]
    orders = _orders(dense, layout)
    if len(orders) != 1:
        return []
    order, found_layout = orders[0]
    others = [it for it in parts if it.kind != DENSE]
    tail: list[Part] = []
    for it in reversed(order):
        if tail and any(_is_between(other, it, tail[0], found_layout) for other in others):
            break
        if not _can_be_shown([it, *tail], found_layout):
            break
        tail.insert(0, it)
    return tail


def _is_between(other: Part, before: Part, after: Part, layout: Layout) -> bool:
    names = [pattern(it.name) for it in (before, other, after)]
    if len(set(names)) == 1:
        return natural(before.name) < natural(other.name) < natural(after.name)
    assert before.weight is not None
    passed = in_and_out(before.weight.shape, layout)[1]
    return other.ends == (passed, passed)


def _can_be_shown(layers: Sequence[Part], layout: Layout) -> bool:
    if len(layers) > MOST_PERMUTED or not _fit(layers, layout):
        return False
    ends = [in_and_out(it.weight.shape, layout) for it in layers if it.weight is not None]
    sizes = (ends[0][0], *(n_out for _, n_out in ends))
    return max(sizes) <= MAX_UNITS and min(sizes) >= 1 and parameter_count(sizes) <= MAX_PARAMETERS


def _ordered(path: Path, parts: Sequence[Part], layout: Layout | None) -> list[Part]:
    """Return the parts in the order of the layers, or refuse them where it is not clear."""
    orders = _orders(parts, layout)
    if len(orders) > 1:
        first, second = (listed(it.name for it in order) for order, _ in orders[:2])
        text = N_(
            "the file {file} does not say the order of its layers: expected names that differ by "
            "a number, as 0.weight and 2.weight, found {first} which may as well be {second}; "
            "{field} can say it"
        )
        fields = {"first": first, "second": second, "field": PART}
        raise InputError("weights.order", text, file=path, **fields)
    return orders[0][0] if orders else sorted(parts, key=lambda it: natural(it.name))


def _orders(parts: Sequence[Part], layout: Layout | None) -> list[tuple[list[Part], Layout]]:
    """Return the orders in which layers may stand, with the layout in which they chain.

    Where words and not only numbers differ, such as fc1 and out, the alphabet knows nothing of
    layers: then the shapes have to settle it.
    """
    names = sorted(parts, key=lambda it: natural(it.name))
    layouts = LAYOUTS if layout is None else (layout,)
    if len({pattern(it.name) for it in names}) == 1:
        fitting = [it for it in layouts if _chains(names, it)]
        return [(names, fitting[0] if fitting else layouts[0])]
    if not 0 < len(names) <= MOST_PERMUTED:
        return []
    possible = [list(it) for it in itertools.permutations(names) if _keeps_numbers(it)]
    # A wrong bias is told of the right order.
    for fit, it in itertools.product((_fit, _chains), layouts):
        orders = [order for order in possible if fit(order, it)]
        if orders:
            return [(order, it) for order in orders]
    return []


def _fit(order: Sequence[Part], layout: Layout) -> bool:
    shapes = [it.weight.shape for it in order if it.weight is not None]
    return fits(shapes, [None if it.bias is None else it.bias.shape for it in order], layout)


def _chains(order: Sequence[Part], layout: Layout) -> bool:
    shapes = [it.weight.shape for it in order if it.weight is not None]
    return fits(shapes, [None] * len(shapes), layout)


def _keeps_numbers(order: Sequence[Part]) -> bool:
    """Whether names that differ only by a number stand in its order."""
    return all(
        natural(a.name) < natural(b.name)
        for a, b in itertools.combinations(order, 2)
        if pattern(a.name) == pattern(b.name)
    )
