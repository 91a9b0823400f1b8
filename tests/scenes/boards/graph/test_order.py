"""In which order the nodes of a graph are told."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.graphs.formula_graph import formula_graph
from backprop_studio.core.graphs.reading import parse_steps
from backprop_studio.scenes.boards.graph.order import (
    backward_levels,
    chunks,
    forward_levels,
    ways_to_tell,
)


def graph(text, **values):
    return formula_graph(parse_steps(text, values), values)


def test_a_step_stands_behind_all_of_its_inputs():
    record = graph("p = a*b; q = p + a; r = a^2; J = q*r", a=2, b=3)
    assert forward_levels(record) == [["p", "r"], ["q"], ["J"]]


def test_a_gradient_goes_on_only_when_it_is_complete():
    """p is used by q and by J: what q brings must have come before p hands on."""
    record = graph("p = a*b; q = sin(p); J = q*p", a=2, b=3)
    assert backward_levels(record) == [["J"], ["q"], ["p"]]


def test_what_hands_nothing_on_is_no_level_of_the_way_back():
    record = graph("p = 2; J = a*p", a=2)
    assert backward_levels(record) == [["J"]]


@pytest.mark.parametrize(("count", "most"), [(0, 3), (1, 3), (4, 3), (10, 4), (3, 3)])
def test_chunks_keep_order_and_are_even(count, most):
    found = chunks(range(count), most)
    assert [it for chunk in found for it in chunk] == list(range(count))
    assert len(found) == min(count, most)
    assert np.ptp([len(chunk) for chunk in found] or [0]) <= 1


def test_sums_of_few_ways_come_before_long_ways():
    record = graph("v = b*c; u = a + v; J = u*a", a=2, b=3, c=4)
    told = ways_to_tell(record)
    assert [(name, len(paths)) for name, paths in told] == [("a", 2), ("b", 1), ("c", 1)]


def test_a_way_of_one_edge_is_no_product_and_many_ways_are_not_compared():
    assert ways_to_tell(graph("J = a*b", a=1, b=2)) == []
    doubled = "; ".join(f"s{k} = s{k - 1}*s{k - 1}" for k in range(1, 9))
    assert ways_to_tell(graph(f"s0 = a + 1; {doubled}", a=0)) == []
