"""Names of a network's parameters, such as ``2.bias.1``, as users write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.validation_messages import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = ("weight", "bias")


def entry_of(name: str, sizes: Sequence[int]) -> tuple[int, str | None, tuple[int, ...]]:
    """Return what a name such as ``2.bias.1`` stands for, all numbers counted from 1.

    Parameters
    ----------
    name : str
        ``2`` of a layer, ``2.weight`` or ``2.bias`` of its array, ``2.weight.1`` of a row,
        ``2.weight.1.3`` of one weight, ``2.bias.1`` of one bias.
    sizes : sequence of int
        Units per layer, the input first.

    Returns
    -------
    layer : int
        Counted from 0.
    kind : str or None
        ``weight`` or ``bias``; None of both.
    place : tuple of int
        Row and column, counted from 0, as far as they are given.

    Raises
    ------
    ParameterError
        If the network has no such parameter; the message says which it has.

    Examples
    --------
    >>> entry_of("2.bias.1", (1, 2, 1)), entry_of("1.weight", (1, 2, 1))
    ((1, 'bias', (0,)), (0, 'weight', ()))
    """
    layer, *rest = name.split(".")
    kind = rest.pop(0) if rest else None
    numbers = [int(it) if it.isdecimal() and len(it) < 6 else 0 for it in (layer, *rest)]
    number, *place = numbers
    is_there = 1 <= number < len(sizes) and (kind is None or kind in KINDS)
    if is_there:
        shape = (sizes[number], sizes[number - 1])[: 1 + (kind == "weight")]
        is_there = len(place) <= len(shape) and all(
            1 <= at <= most for at, most in zip(place, shape, strict=False)
        )
    if not is_there:
        last, n_out, n_in = len(sizes) - 1, sizes[-1], sizes[-2]
        text = N_(
            "{field}: the network has no {name}; its last ones are {weight}, row {rows} and column "
            "{columns} of the last layer's weights, and {bias}; counted from 1"
        )
        fields = {"weight": f"{last}.weight.{n_out}.{n_in}", "bias": f"{last}.bias.{n_out}"}
        counts = {"rows": n_out, "columns": n_in, "name": shown(name)}
        raise ParameterError("train.missing", text, field="train", **fields, **counts)
    return number - 1, kind, tuple(at - 1 for at in place)
