"""Lessons about gradients of vectors: they accumulate, they need a direction, they can be cut.

After Aston Zhang et al., "Dive into Deep Learning" (2023), section 2.5, whose vector 0, 1, 2, 3
and functions are the defaults. In the records shapes use n entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from backprop_studio.core.autograd.graph import autograd_graph
from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.formula.evaluate import evaluate
from backprop_studio.core.formula.symbolic import symbolic_derivative
from backprop_studio.core.network.passes import as_array, single_thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.autograd.params import JacobianGroup
    from backprop_studio.core.autograd.records import AutogradRecord
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


def accumulation(x: Sequence[float] = (0, 1, 2, 3), power_x: float = 1.0) -> AccumulationRecord:
    """Tell that gradients accumulate until they are zeroed.

    Parameters
    ----------
    x : sequence of float
        1 to 16 numbers.
    power_x : float
        Where the cube is taken.

    Raises
    ------
    InputError
        If numbers are too large.

    Examples
    --------
    >>> record = accumulation()
    >>> record.y, record.grad.tolist(), record.grad_added.tolist(), record.grad_zeroed.tolist()
    (28.0, [0.0, 4.0, 8.0, 12.0], [1.0, 5.0, 9.0, 13.0], [1.0, 1.0, 1.0, 1.0])
    >>> record.power_grad
    3.0
    """
    leaf = _leaf(x)
    point = torch.tensor(float(power_x), dtype=torch.float64, requires_grad=True)
    with single_thread():
        y = 2 * torch.dot(leaf, leaf)
        graph = autograd_graph(y, {"x": leaf, "y": y})
        grad = _backward(y, leaf)
        total = leaf.sum()
        sum_graph = autograd_graph(total, {"x": leaf, "y": total})
        added = _backward(total, leaf)
        cleared = as_array(_grad(leaf).zero_())
        zeroed = _backward(leaf.sum(), leaf)
        cube = point**3
        power_graph = autograd_graph(cube, {"x": point, "y": cube})
        slope = _backward(cube, point)
    record = AccumulationRecord(
        x=as_array(leaf),
        y=float(y.detach()),
        grad=grad,
        sum_y=float(total.detach()),
        grad_added=added,
        grad_cleared=cleared,
        grad_zeroed=zeroed,
        graph=graph,
        sum_graph=sum_graph,
        power_x=float(power_x),
        power_y=float(cube.detach()),
        power_grad=float(slope),
        power_graph=power_graph,
    )
    _check_finite("x", record.y, grad, record.sum_y, added)
    _check_finite("power_x", record.power_y, record.power_grad)
    return record


def vector_jacobian(asked: JacobianGroup) -> JacobianRecord:
    """Tell why a vector's backward pass needs a gradient, and what it makes of it.

    Parameters
    ----------
    asked : JacobianGroup
        The formula, the numbers that it is taken of, and the gradient that backward is given.

    Raises
    ------
    InputError
        If the formula has no value or slope at an entry, or does not have its name in it.

    Examples
    --------
    >>> from backprop_studio.core.autograd.params import JacobianGroup
    >>> record = vector_jacobian(JacobianGroup())
    >>> record.error
    'grad can be implicitly created only for scalar outputs'
    >>> record.product.tolist(), record.jacobian.tolist()
    ([0.2, 0.04], [[2.0, 0.0], [0.0, 4.0]])
    """
    formula, name = asked.elementwise(), "x"
    leaf, given = _leaf(asked.x), torch.tensor(asked.v, dtype=torch.float64)
    with single_thread():
        y = evaluate(formula, {name: leaf})
        if not y.requires_grad:
            text = N_("the formula {formula} has no {name} in it")
            raise InputError("formula.lacks_name", text, formula=formula.text, name=name)
        error = _torch_error(evaluate(formula, {name: leaf}))
        leaf.grad = None
        graph = autograd_graph(y, {name: leaf, "y": y}, gradient=given)
        product = _zeroed_backward(y, leaf, given)
        one_hot = np.eye(len(leaf))
        jacobian = frozen([_zeroed_backward(y, leaf, torch.tensor(row)) for row in one_hot])
    where = Message.of("formula.at_x", N_("the formula {formula} at x"), formula=formula.text)
    _check_finite(where, as_array(y), jacobian, product)
    return JacobianRecord(
        formula=formula,
        derivative=symbolic_derivative(formula, name),
        x=as_array(leaf),
        y=as_array(y),
        error=error,
        v=as_array(given),
        product=product,
        one_hot=frozen(one_hot),
        jacobian=jacobian,
        graph=graph,
    )


def detaching(x: Sequence[float] = (0, 1, 2, 3)) -> DetachRecord:
    """Tell what ``detach`` cuts.

    Parameters
    ----------
    x : sequence of float
        1 to 16 numbers.

    Raises
    ------
    InputError
        If numbers are too large.

    Examples
    --------
    >>> record = detaching()
    >>> record.grad.tolist(), record.grad_y.tolist(), record.grad_whole.tolist()
    ([0.0, 1.0, 4.0, 9.0], [0.0, 2.0, 4.0, 6.0], [0.0, 3.0, 12.0, 27.0])
    >>> [(edge.tail, edge.head) for edge in record.graph.edges if edge.kind == "cut"]
    [('n3', 'n4')]
    >>> record.graph.node("n3").tensors, record.graph.node("n4").tensors
    (('y',), ('u',))
    """
    leaf = _leaf(x)
    with single_thread():
        y = leaf * leaf
        u = y.detach()
        z = u * leaf
        whole = y * leaf
        graph = autograd_graph(z.sum(), {"x": leaf, "y": y, "u": u, "z": z})
        y_graph = autograd_graph(y.sum(), {"x": leaf, "y": y})
        whole_graph = autograd_graph(whole.sum(), {"x": leaf, "y": y, "z": whole})
        grad, grad_y, grad_whole = (_zeroed_backward(it.sum(), leaf) for it in (z, y, whole))
    _check_finite("x", as_array(whole), grad, grad_y, grad_whole)
    return DetachRecord(
        x=as_array(leaf),
        y=as_array(y),
        u=as_array(u),
        z=as_array(z),
        grad=grad,
        grad_y=grad_y,
        grad_whole=grad_whole,
        graph=graph,
        y_graph=y_graph,
        whole_graph=whole_graph,
    )


def _leaf(values: Sequence[float]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def _backward(end: Tensor, leaf: Tensor, gradient: Tensor | None = None) -> Array:
    """Run a backward pass and return what stands in ``.grad`` behind it."""
    end.backward(gradient, retain_graph=True)  # type: ignore[no-untyped-call]
    return as_array(_grad(leaf))


def _grad(leaf: Tensor) -> Tensor:
    """Return what a backward pass has left in ``.grad``; zeros if the leaf had no part in it."""
    return torch.zeros_like(leaf) if leaf.grad is None else leaf.grad


def _zeroed_backward(end: Tensor, leaf: Tensor, gradient: Tensor | None = None) -> Array:
    leaf.grad = None
    return _backward(end, leaf, gradient)


def _torch_error(y: Tensor) -> str:
    """Return what torch says to a backward pass without a gradient."""
    try:
        y.backward()  # type: ignore[no-untyped-call]
    except RuntimeError as error:
        return str(error)
    return ""


def _check_finite(field: str | Message, *found: Any) -> None:
    if not all(np.isfinite(it).all() for it in found):
        text = N_("{field}: the values or gradients are not finite; choose other numbers")
        raise InputError("vector.too_large", text, field=field)
