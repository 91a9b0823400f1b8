"""How things are written, the same in all lessons: an index always stands below.

========================  ==========================================================
w, W, b, x, z, a          weight, weights, bias, input, pre-activation, activation
y (``hat(y)``), t, p      prediction, target, probability
L, ``ell_i``              loss, and the part that sample i has in it
``W_l``, ``w_(l,ij)``     weights of layer l, and the one from unit j to unit i of it
                          (``core.surfaces.parameter_index``)
``x_((k))``               the k-th use of x in one step of a graph
``partial L/partial x``   the gradient of L with respect to x
v, eta, gamma             velocity, learning rate, momentum
========================  ==========================================================

Layers, units and samples are counted from 1; an index in a torch line from 0. What has a colour of
its own is in :class:`scenes.paint.style.Theme`. ``tests/scenes/notation.py`` reads what is
drawn.
"""

from __future__ import annotations


def sample_loss(sample: int) -> str:
    """Return the symbol of one sample's part of the loss, counted from 1."""
    return f"ell_({sample})"


def use_of(symbol: str, number: int) -> str:
    """Return the symbol of one of several uses of the same thing, counted from 1."""
    return f"{symbol}_(({number}))"
