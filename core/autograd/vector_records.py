"""Records of the lessons about gradients of vectors. Shapes use n entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backprop_studio.core.autograd.records import AutogradRecord
    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.formula import Formula
    from backprop_studio.core.formula.symbolic import SymbolicDerivative


@dataclass(frozen=True)
class AccumulationRecord:
    """y = 2 x·x, then y = sum(x), whose gradient is added to the one before it.

    Attributes
    ----------
    x : (n,) float64
    y : float
        2 x·x.
    grad : (n,) float64
        dy/dx = 4x.
    sum_y : float
        The sum of x.
    grad_added : (n,) float64
        ``.grad`` after the backward pass of the sum, without zeroing: 4x + 1.
    grad_cleared : (n,) float64
        ``.grad`` after zeroing.
    grad_zeroed : (n,) float64
        ``.grad`` after zeroing and the backward pass of the sum: ones.
    graph, sum_graph : AutogradRecord
        What torch recorded of 2 x·x and of the sum; the latter's leaf has ``grad_before``.
    power_x, power_y, power_grad : float
        Where the cube is taken, x^3 and 3x^2.
    power_graph : AutogradRecord
    """

    x: Array
    y: float
    grad: Array
    sum_y: float
    grad_added: Array
    grad_cleared: Array
    grad_zeroed: Array
    graph: AutogradRecord
    sum_graph: AutogradRecord
    power_x: float
    power_y: float
    power_grad: float
    power_graph: AutogradRecord


@dataclass(frozen=True)
class JacobianRecord:
    """An elementwise function of a vector, and what backward makes of it.

    Attributes
    ----------
    formula : Formula
        Of each entry.
    derivative : SymbolicDerivative
        Of each entry, for display.
    x, y : (n,) float64
    error : str
        What torch says to ``y.backward()``; empty where that works, with one entry.
    v : (n,) float64
        The gradient that is given instead.
    product : (n,) float64
        ``x.grad`` then: v J.
    one_hot : (n, n) float64
        The gradients that pick out a row each.
    jacobian : (n, n) float64
        dy_i/dx_j; row i is the ``x.grad`` of row i of one_hot.
    graph : AutogradRecord
        With the backward pass of v.
    """

    formula: Formula
    derivative: SymbolicDerivative
    x: Array
    y: Array
    error: str
    v: Array
    product: Array
    one_hot: Array
    jacobian: Array
    graph: AutogradRecord


@dataclass(frozen=True)
class DetachRecord:
    """y = x*x, u = y.detach(), z = u*x.

    Attributes
    ----------
    x, y, u, z : (n,) float64
    grad : (n,) float64
        Of the sum of z: u, because u counts as a constant.
    grad_y : (n,) float64
        Of the sum of y, through which gradient still flows: 2x.
    grad_whole : (n,) float64
        Of the sum of y*x, without detach: 3x^2.
    graph : AutogradRecord
        Of the sum of z, with y's branch and the cut edge from y to u.
    y_graph, whole_graph : AutogradRecord
        Of the sum of y, and without detach.
    """

    x: Array
    y: Array
    u: Array
    z: Array
    grad: Array
    grad_y: Array
    grad_whole: Array
    graph: AutogradRecord
    y_graph: AutogradRecord
    whole_graph: AutogradRecord
