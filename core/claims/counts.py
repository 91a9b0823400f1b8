"""How many there are, where a sentence has another form for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Sequence

Many: TypeAlias = Literal["one", "many"]

Turns: TypeAlias = Literal["none", "some"]
"""Whether a loop turns."""

Ways: TypeAlias = Literal["one", "several", "meet"]
"""Gradients leave one node; several; or come together in one."""

Axes: TypeAlias = Literal["none", "one", "two", "three", "four"]
"""How many axes a tensor has."""

Trained: TypeAlias = Literal["all", "weights"]
"""Which parameters of a network training moves."""


def many(count: int) -> Many:
    """Return whether there is one, or more.

    Examples
    --------
    >>> many(1), many(2)
    ('one', 'many')
    """
    return "one" if count == 1 else "many"


def turns(count: int) -> Turns:
    """Return whether a loop turns.

    Examples
    --------
    >>> turns(0), turns(9)
    ('none', 'some')
    """
    return "some" if count else "none"


def ways(heads: int, *, meets: bool) -> Ways:
    """Return how gradients go back from some nodes.

    Examples
    --------
    >>> ways(1, meets=False), ways(2, meets=False), ways(2, meets=True)
    ('one', 'several', 'meet')
    """
    if meets:
        return "meet"
    return "one" if heads == 1 else "several"


def axes(shape: Sequence[int]) -> Axes:
    """Return how many axes a shape has.

    Examples
    --------
    >>> axes(()), axes((4, 6, 3))
    ('none', 'three')
    """
    names: tuple[Axes, ...] = get_args(Axes)
    return names[len(shape)]


def trained(moved: int, of: int) -> Trained:
    """Return which parameters training moves.

    Examples
    --------
    >>> trained(29, 29), trained(21, 29)
    ('all', 'weights')
    """
    return "all" if moved == of else "weights"
