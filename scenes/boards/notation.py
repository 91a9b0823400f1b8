"""How things are written, the same in all lessons: an index always stands below.

========================  ==========================================================
w, W, b, x, z, a          weight, weights, bias, input, pre-activation, activation
y (``hat(y)``), t, p      prediction, target, probability
L, ``ell_i``              loss, and the part that sample i has in it
``W_l``, ``w_(l,ij)``     weights of layer l, and the one from unit j to unit i of it
``x_((k))``               the k-th use of x in one step of a graph
``partial L/partial x``   the gradient of L with respect to x
v, eta, gamma             velocity, learning rate, momentum
========================  ==========================================================

Layers, units and samples are counted from 1; an index in a torch line from 0. What has a colour of
its own is in :class:`scenes.paint.style.Theme`. ``tests/scenes/test_notation.py`` reads what is
drawn.
"""

from __future__ import annotations

TWO_DIGITS = 10
"""A layer with as many units has a comma between the numbers of two."""


def weight(layer: int, row: int, column: int | None, units: int = 0) -> str:
    """Return the symbol of one weight, or without a column of a bias; all counted from 1.

    Parameters
    ----------
    units : int
        The most that one of the two layers has.

    Examples
    --------
    >>> weight(2, 1, 3), weight(1, 4, 12, units=12), weight(1, 4, None)
    ('w_(2,1 3)', 'w_(1,4,12)', 'b_(1,4)')
    """
    if column is None:
        return f"b_({layer},{row})"
    return f"w_({layer},{row}{',' if units >= TWO_DIGITS else ' '}{column})"


def sample_loss(sample: int) -> str:
    """Return the symbol of one sample's part of the loss, counted from 1."""
    return f"ell_({sample})"


def use_of(symbol: str, number: int) -> str:
    """Return the symbol of one of several uses of the same thing, counted from 1."""
    return f"{symbol}_(({number}))"
