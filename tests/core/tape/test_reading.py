"""What torch recorded is read as torch has it, and nothing of it is touched."""

from __future__ import annotations

import pickle
from functools import partial

import pytest
import torch
from torch.overrides import TorchFunctionMode

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.tape.reading import read_tape
from backprop_studio.core.tape.records import Tape
from tests.core.tape.programs import LARGE, PROGRAMS, number, vector


class Made(TorchFunctionMode):
    """Notes the shape of each tensor that a function returns, by its node."""

    def __init__(self):
        super().__init__()
        self.shapes = {}

    def __torch_function__(self, func, types, args=(), kwargs=None):
        found = func(*args, **(kwargs or {}))
        for it in found if isinstance(found, list | tuple) else [found]:
            if isinstance(it, torch.Tensor) and it.grad_fn is not None:
                self.shapes[it.grad_fn, it.output_nr] = tuple(it.shape)
        return found


def nodes_behind(tensor):
    """All nodes, by a walk of our own."""
    found, waiting = [], [torch.autograd.graph.get_gradient_edge(tensor).node]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.append(node)
            waiting += [it for it, _ in node.next_functions if it is not None]
    return found


def twins(tape, tensor):
    """Torch's node for each node of a tape, by the way from the output."""
    edge = torch.autograd.graph.get_gradient_edge(tensor)
    found, waiting = {}, [(tape.output, edge.node)]
    while waiting:
        name, node = waiting.pop()
        if name not in found:
            found[name] = node
            below = {it.place: it for it in tape.inputs_of(name)}
            for place, (one, output) in enumerate(node.next_functions):
                if one is not None:
                    assert below[place].output == output
                    waiting.append((below[place].tail, one))
    assert len(set(found.values())) == len(tape.nodes)
    return found


def torch_name(node):
    return node.name().rpartition("::")[2]


@pytest.mark.parametrize("program", PROGRAMS + LARGE, ids=lambda it: it.__name__)
def test_names_and_shapes_are_those_of_torch(program):
    with Made() as made:
        y, names = program()
    tape = read_tape(y, names)
    nodes = nodes_behind(y)
    assert sorted(it.name for it in tape.nodes) == sorted(map(torch_name, nodes))
    root = tape.node(tape.output)
    assert root.shapes[tape.output_place] == tuple(y.shape)
    pairs = sorted(
        (torch_name(it), torch_name(below))
        for it in nodes
        for below, _ in it.next_functions
        if below is not None
    )
    ends = [(tape.node(it.head).name, tape.node(it.tail).name) for it in tape.edges]
    assert sorted(ends) == pairs
    mine = sorted((it.name, it.shapes) for it in tape.nodes)
    for (node, output), shape in made.shapes.items():
        if node in nodes:
            assert any(
                name == torch_name(node) and len(shapes) > output and shapes[output] == shape
                for name, shapes in mine
            )


@pytest.mark.parametrize("program", PROGRAMS + LARGE, ids=lambda it: it.__name__)
def test_gradients_are_those_that_flow_in_torch_and_nothing_is_left_of_them(program):
    y, names = program()
    before = {name: it.grad for name, it in names.items() if it.is_leaf}
    state = torch.get_rng_state()
    tape = read_tape(y, names)
    assert torch.equal(state, torch.get_rng_state())
    assert {name: it.grad for name, it in names.items() if it.is_leaf} == before
    assert Tape.model_validate_json(tape.model_dump_json()) == tape

    arrived = {}
    for node in nodes_behind(y):
        node.register_prehook(partial(arrived.__setitem__, node))
    y.backward()
    order = [torch_name(it) for it in arrived]
    assert [tape.node(it).name for it in tape.backward_order] == order
    assert tape.ending == "whole"
    assert len(arrived) == len(tape.backward_order)
    for name, node in twins(tape, y).items():
        mine = tape.node(name).gradients
        for got, kept in zip(arrived.get(node, [None] * len(mine)), mine, strict=True):
            assert (got is None) == (kept is None)
            if got is not None:
                wide = got.to(torch.complex128 if got.is_complex() else torch.float64)
                assert kept.norm == pytest.approx(float(wide.norm()), rel=1e-12, nan_ok=True)
                assert kept.shape == tuple(got.shape)
                assert kept.dtype == str(got.dtype).removeprefix("torch.")
                if kept.values:
                    assert list(kept.values) == got.reshape(-1).tolist()


def test_gradients_of_the_example_of_micrograd_are_those_of_its_page():
    y, names = PROGRAMS[0]()
    leaves = {it.labels[0]: it for it in read_tape(y, names).nodes if it.kind == "leaf"}
    assert round(leaves["a"].gradient.values[0], 4) == 138.8338
    assert round(leaves["b"].gradient.values[0], 4) == 645.5773
    assert round(read_tape(y, names).nodes[-1].value.values[0], 4) == 24.7041


def test_saved_values_have_their_variables_names():
    x, k = vector(1.0, 2.0), torch.tensor([3.0, 4.0], dtype=torch.float64)
    tape = read_tape((x * k).pow(3).sum(), {"x": x, "k": k})
    saved = {it.name: {own.name: own for own in it.saved} for it in tape.nodes}
    assert saved["MulBackward0"]["other"].label == "k"
    assert saved["PowBackward0"]["exponent"].number == 3
    assert saved["PowBackward0"]["self"].tensor.values == (3.0, 8.0)


def test_hooks_are_not_run_and_retained_gradients_stay():
    x, seen = number(2.0), []
    x.register_hook(seen.append)
    y = x * x
    y.retain_grad()
    y.register_hook(seen.append)
    x.register_post_accumulate_grad_hook(seen.append)
    z = y * 3
    tape = read_tape(z, {"x": x, "y": y})
    assert tape.nodes[0].gradient.values == (12.0,)
    assert not seen
    assert y.grad is None
    assert x.grad is None
    z.backward()
    assert len(seen) == 3


def test_a_model_is_bit_for_bit_what_it_was():
    torch.manual_seed(3)
    net = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.BatchNorm1d(3), torch.nn.Dropout())
    y = net(torch.randn(4, 3)).square().sum()
    kept = pickle.dumps(net.state_dict()), net.training, torch.get_rng_state()
    read_tape(y, dict(net.named_parameters()))
    assert (pickle.dumps(net.state_dict()), net.training) == kept[:2]
    assert torch.equal(torch.get_rng_state(), kept[2])
    y.backward()  # the graph is there still


def test_where_no_gradient_can_flow_the_graph_is_read_and_it_is_said_why():
    x = vector(1.0, 2.0)
    y = (x * x).sum()
    y.backward()
    assert read_tape(y, {}).ending == "freed"
    assert [it.name for it in read_tape(y, {}).nodes][1:] == ["MulBackward0", "SumBackward0"]

    y = x * 2
    z = (y * y).sum()
    y.add_(1)
    assert read_tape(z, {}).ending == "changed"

    assert read_tape(x * 2, {}).ending == "no_scalar"
    tape = read_tape(x * 2, {}, torch.tensor([1.0, 10.0], dtype=torch.float64))
    assert (tape.ending, tape.nodes[0].gradient.values) == ("whole", (2.0, 20.0))

    class Broken(torch.autograd.Function):
        @staticmethod
        def forward(ctx, it):
            return it * 1

        @staticmethod
        def backward(ctx, it):
            raise ValueError("not yet written\nat all")

    tape = read_tape(Broken.apply(x).sum(), {})
    assert (tape.ending, tape.reason) == ("failed", "not yet written")


@pytest.mark.parametrize(
    ("output", "gradient", "code"),
    [
        (lambda: torch.ones(2).sum(), None, "tape.nothing"),
        (lambda: vector(1.0).detach(), None, "tape.nothing"),
        (lambda: vector(1.0, 2.0) * 2, torch.ones(3), "tape.gradient"),
    ],
)
def test_where_nothing_was_recorded_one_sentence_says_so(output, gradient, code):
    with pytest.raises(InputError) as caught:
        read_tape(output(), {}, gradient)
    assert caught.value.message.code == code


def test_a_graph_of_thousands_is_refused_and_a_deep_one_is_read():
    x = y = number(1.0)
    for _ in range(4900):
        y = y + 1
    assert len(read_tape(y, {}).nodes) == 4901
    for _ in range(200):
        y = y + x
    with pytest.raises(InputError, match="5000"):
        read_tape(y, {})
