"""The graph that torch recorded: names as torch prints them, saved tensors, and true flows."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from backprop_studio.core.autograd.graph import autograd_graph
from backprop_studio.core.autograd.walk import MAX_ELEMENTS, MAX_NODES
from backprop_studio.core.base.errors import InputError


def vector(*values):
    return torch.tensor([float(it) for it in values], dtype=torch.float64, requires_grad=True)


def saved_of(node):
    return {it.name: it for it in node.saved}


def by_name(graph, name):
    (found,) = [node for node in graph.nodes if node.name == name]
    return found


def test_twice_the_dot_product():
    x = vector(0, 1, 2, 3)
    graph = autograd_graph(2 * torch.dot(x, x), {"x": x})
    assert [(node.id, node.name, node.kind) for node in graph.nodes] == [
        ("n0", "MulBackward0", "function"),
        ("n1", "DotBackward0", "function"),
        ("n2", "AccumulateGrad", "leaf"),
    ]
    assert graph.outputs == ("n0",)
    assert graph.backward_order == ("n0", "n1", "n2")
    assert [node.shapes for node in graph.nodes] == [((),), ((),), ((4,),)]
    assert [(edge.tail, edge.head, edge.place) for edge in graph.edges] == [
        ("n1", "n0", 0), ("n2", "n1", 0), ("n2", "n1", 1),
    ]  # fmt: skip
    assert graph.node("n0").gradients[0] == 1
    assert graph.node("n1").gradients[0] == 2
    for edge in graph.uses_of("n2"):
        assert edge.gradient.tolist() == [0, 2, 4, 6]
    assert graph.node("n2").gradients[0].tolist() == [0, 4, 8, 12]
    assert graph.tensor("x").gradient.tolist() == [0, 4, 8, 12]
    assert graph.tensor("x").is_leaf
    with pytest.raises(ValueError, match="read-only"):
        graph.tensor("x").value[0] = 5


def test_saved_values_by_name():
    x, y = vector(1, 2), vector(3, 5)
    power = saved_of(by_name(autograd_graph((x**3).sum(), {"x": x}), "PowBackward0"))
    assert (power["exponent"].value, power["self"].tensor) == (3, "x")
    assert power["self"].value.tolist() == [1, 2]
    product = saved_of(by_name(autograd_graph((x * y).sum(), {"x": x, "y": y}), "MulBackward0"))
    assert (product["self"].tensor, product["other"].tensor) == ("x", "y")
    s = torch.sigmoid(x)
    result = saved_of(by_name(autograd_graph(s.sum(), {"s": s}), "SigmoidBackward0"))["result"]
    assert result.tensor == "s"
    assert result.value == pytest.approx(1 / (1 + np.exp([-1.0, -2.0])), rel=1e-15)


def test_tensor_without_a_name_is_not_guessed():
    x = vector(1, 2)
    y = x * x
    graph = autograd_graph((y * y).sum(), {"x": x})
    outer = graph.node("n1")
    assert [it.tensor for it in outer.saved] == ["", ""]
    assert outer.saved[0].value.tolist() == [1, 4]


def test_flows_into_a_node_add_up_to_its_gradient():
    x = vector(0.3, -0.7)
    y = torch.tanh(x)
    graph = autograd_graph((y * x + torch.sin(y) - y / x).sum(), {"x": x, "y": y})
    for node in graph.nodes:
        flows = [edge.gradient for edge in graph.uses_of(node.id)]
        if flows:
            assert sum(flows) == pytest.approx(node.gradients[0], rel=1e-14)
    t = np.tanh([0.3, -0.7])
    at = np.array([0.3, -0.7])
    dy = at + np.cos(t) - 1 / at
    assert graph.tensor("y").gradient == pytest.approx(dy, rel=1e-13)
    expected = t + t / at**2 + dy * (1 - t**2)
    assert graph.tensor("x").gradient == pytest.approx(expected, rel=1e-13)


def test_function_with_several_outputs():
    x = vector(1, 2, 3)
    first, second, _ = torch.unbind(x)
    graph = autograd_graph(first * second, {"x": x, "first": first, "second": second})
    unbind = by_name(graph, "UnbindBackward0")
    assert unbind.shapes == ((), (), ())
    assert [float(it) for it in unbind.gradients[:2]] == [2, 1]
    assert {edge.output for edge in graph.uses_of(unbind.id)} == {0, 1}
    assert (graph.tensor("second").output, graph.tensor("second").gradient) == (1, 1)
    assert graph.tensor("x").gradient.tolist() == [2, 1, 0]


def test_tensors_of_the_caller_are_left_as_they_were():
    x = vector(1, 2)
    y = (x * x).sum()
    x.grad = torch.tensor([7.0, 8.0], dtype=torch.float64)
    held = x.grad
    graph = autograd_graph(y, {"x": x})
    assert x.grad is held
    assert held.tolist() == [7, 8]
    assert graph.tensor("x").grad_before.tolist() == [7, 8]
    assert graph.tensor("x").grad_after.tolist() == [9, 12]
    assert graph.tensor("x").gradient.tolist() == [2, 4]
    y.backward()  # the graph is still there, and no hook is left to see it
    assert x.grad.tolist() == [9, 12]
    assert graph.tensor("x").gradient.tolist() == [2, 4]


def test_detach_cuts_and_the_branch_behind_it_is_still_told():
    x = vector(0, 1, 2, 3)
    y = x * x
    u = y.detach()
    graph = autograd_graph((u * x).sum(), {"x": x, "y": y, "u": u})
    node_y, node_u = graph.tensor("y").node, graph.tensor("u").node
    cut = [edge for edge in graph.edges if edge.kind == "cut"]
    assert [(edge.tail, edge.head, edge.gradient) for edge in cut] == [(node_y, node_u, None)]
    (used,) = [edge for edge in graph.edges if edge.kind == "value"]
    assert (used.tail, graph.node(used.head).name, used.place) == (node_u, "MulBackward0", 0)
    assert saved_of(graph.node(used.head))["self"].tensor == "u"
    assert graph.node(node_u).kind == "constant"
    # No gradient comes to y, and none goes on from it.
    assert graph.node(node_y).gradients == (None,)
    assert all(edge.gradient is None for edge in graph.inputs_of(node_y))
    assert node_y not in graph.backward_order
    assert graph.tensor("x").gradient.tolist() == [0, 1, 4, 9]


def test_copy_is_not_a_cut():
    x = vector(1, 2)
    y = x * x
    u = y.detach().clone()
    graph = autograd_graph((u * x).sum(), {"x": x, "y": y, "u": u})
    assert [edge.kind for edge in graph.edges].count("cut") == 0


def test_graph_that_is_too_large_is_one_sentence():
    y = x = vector(1).sum()
    for _ in range(MAX_NODES - 3):
        y = y + 1
    assert len(autograd_graph(y, {}).nodes) == MAX_NODES - 1
    y = (y + 1) + 1
    with pytest.raises(InputError, match=f"more than {MAX_NODES} functions"):
        autograd_graph(y, {"x": x})
    big = torch.ones(MAX_ELEMENTS + 1, dtype=torch.float64, requires_grad=True)
    with pytest.raises(InputError, match="a tensor of 10001 numbers"):
        autograd_graph((big * big).sum(), {})


def test_faults_of_the_caller():
    x = vector(1, 2)
    for gradient in (None, torch.ones(3)):
        with pytest.raises(ValueError, match="cannot go back"):
            autograd_graph(x * x, {}, gradient)
    freed = (x * x).sum()
    freed.backward()
    with pytest.raises(ValueError, match="keeps nothing any more"):
        autograd_graph(freed, {})
    changed = torch.exp(x)
    end = changed.sum()
    with torch.no_grad():
        changed += 1
    with pytest.raises(ValueError, match="inplace operation"):
        autograd_graph(end, {})
