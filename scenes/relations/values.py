"""What a printed expression is worth, worked out from the digits that are printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

import numpy as np

from backprop_studio.scenes.relations.reading import Applied, Figure, Tree

Values = np.ndarray[Any, np.dtype[np.float64]]

_FUNCTIONS: Mapping[str, Any] = {
    "negative": np.negative,
    "ln": np.log,
    "exp": np.exp,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "sigma": lambda x: 1 / (1 + np.exp(-x)),
    "relu": lambda x: np.maximum(x, 0.0),
}
_SIGNS: Mapping[str, Any] = {"+": np.add, "-": np.subtract, "elementwise": np.multiply}


def figures(tree: Tree) -> Iterator[Figure]:
    """Yield the printed numbers of a tree, from left to right."""
    if isinstance(tree, Figure):
        yield tree
    elif tree is not None:
        for part in tree.parts:
            yield from figures(part)


def is_printed(tree: Tree) -> bool:
    """Whether a tree is nothing but a number, or rows of them: a result."""
    if isinstance(tree, Applied):
        shown = tree.name in {"rows", "negative"} and all(map(is_printed, tree.parts))
        return shown
    return tree is not None


def worth(tree: Tree, at: Mapping[int, float] | None = None) -> Values | None:
    """Return what a tree is worth; None if it has no value.

    Parameters
    ----------
    at : mapping, optional
        Values of some figures, by their ``id``, instead of those that are printed.

    Returns
    -------
    array
        A number or a matrix; a pair is a column. Not a number where something is left out.
    """
    with np.errstate(all="ignore"):
        try:
            return _worth(tree, at or {})
        except ValueError:  # shapes that cannot be put together
            return None


def _worth(tree: Tree, at: Mapping[int, float]) -> Values | None:
    if tree is None:
        return None
    if isinstance(tree, Figure):
        return np.asarray(at.get(id(tree), tree.value), dtype=np.float64)
    parts = [_worth(part, at) for part in tree.parts]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if tree.name == "rows":
        if any(part.ndim for part in known):
            return None
        return np.array(known).reshape(-1, tree.columns)
    if tree.name in _FUNCTIONS:
        return np.asarray(_FUNCTIONS[tree.name](known[0]))
    return reduce(lambda left, right: _put_together(tree.name, left, right), known)


def _put_together(sign: str, left: Values, right: Values) -> Values:
    if sign == "/":
        return np.asarray(left / right)
    if sign == "^":
        if left.ndim:
            raise ValueError("a matrix has no power here")
        return np.asarray(left**right)
    if sign == "*":
        return _product(left, right)
    if left.ndim and right.ndim and left.shape != right.shape:
        raise ValueError("shapes differ")
    return np.asarray(_SIGNS[sign](left, right))


def _product(left: Values, right: Values) -> Values:
    if not (left.ndim and right.ndim):
        return np.asarray(left * right)
    if left.shape[1] == right.shape[0]:
        return np.asarray(left @ right)
    if left.shape[1] == 1 and left.shape[0] == right.shape[0]:  # written in a line, it is a row
        product = (left.T @ right).T
        return np.asarray(product if product.size > 1 else product.sum())
    raise ValueError("no product of these shapes")
