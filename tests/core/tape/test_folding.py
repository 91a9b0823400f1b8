"""A large tape is folded: what is left is small enough, and nothing is lost or made up."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import pytest
import torch

from backprop_studio.core.tape.folding import folded
from backprop_studio.core.tape.reading import read_tape
from backprop_studio.core.tape.records import MOST_NODES
from tests.core.tape.programs import LARGE, PROGRAMS, number, thicket, transformer, unrolled


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda it: it.__name__)
def test_a_graph_that_can_be_drawn_is_not_folded(program):
    tape = read_tape(*program())
    assert folded(tape) is tape


@pytest.mark.parametrize("most", [MOST_NODES, 20, 5, 1])
@pytest.mark.parametrize("program", LARGE, ids=lambda it: it.__name__)
def test_every_node_is_in_the_folded_graph_once_and_ways_remain(program, most):
    tape = read_tape(*program())
    found = folded(tape, most)
    assert len(found.nodes) <= most
    assert found.folded == sum(it.kind == "function" for it in tape.nodes)
    home = {it: node.id for node in found.nodes for it in (node.members or (node.id,))}
    assert sorted(home) == sorted(it.id for it in tape.nodes)
    ways = {(home[it.tail], home[it.head]) for it in tape.edges} - {
        (it, it) for it in home.values()
    }
    assert {(it.tail, it.head) for it in found.edges} == ways
    assert nx.is_directed_acyclic_graph(nx.DiGraph(ways))
    assert found.output == home[tape.output]
    for node in found.nodes:
        if node.kind == "fold":
            last = [it for it in node.members if tape.node(it).kind == "function"][-1]
            assert node.gradients == tape.node(last).gradients
            assert node.shapes == tape.node(last).shapes
        else:
            assert node == tape.node(node.id)


def test_a_repeated_block_is_one_node_that_says_how_often():
    tape = read_tape(*unrolled())
    found = folded(tape)
    (fold,) = [it for it in found.nodes if it.kind == "fold"]
    names = [tape.node(it).name for it in fold.members if tape.node(it).kind == "function"]
    assert fold.repeats == names.count("TanhBackward0") == 27
    # In each block two transposes, two products, a sum and tanh.
    assert Counter(names) == {
        "TanhBackward0": 27,
        "AddBackward0": 27,
        "AddmmBackward0": 54,
        "TBackward0": 54,
    }
    # Shared weights stay outside, because others use them as well.
    leaves = {label for it in found.nodes if it.kind == "leaf" for label in it.labels}
    assert {"cell.weight_ih", "cell.weight_hh"} <= leaves


def test_modules_have_their_names_and_their_parameters_are_inside():
    tape = read_tape(*transformer())
    found = folded(tape)
    folds = {it.labels[0]: it for it in found.nodes if it.kind == "fold"}
    assert folds.keys() == {"layers.0", "layers.1", "layers.2"}
    for name, fold in folds.items():
        inside = {label for it in fold.members for label in tape.node(it).labels}
        assert inside == {label for label in transformer()[1] if label.startswith(name)}
    assert found.nodes[-1].name == "SumBackward0"  # belongs to no module


def test_branches_fold_where_nothing_repeats():
    tape = read_tape(*thicket())
    found = folded(tape)
    assert len(found.nodes) <= MOST_NODES
    assert len(found.edges) <= 90


def test_a_thousand_summands_fold_fast():
    x = number(1.0)
    tape = read_tape(sum(torch.sin(x * k) for k in range(1, 1000)), {"x": x})
    assert len(tape.nodes) > 2500
    assert len(folded(tape).nodes) <= MOST_NODES
