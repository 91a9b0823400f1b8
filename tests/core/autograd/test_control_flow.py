"""The loop and the branch: the curriculum's number, and the same in plain Python."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.autograd.control_flow import MAX_TURNS, SMALLEST, control_flow
from backprop_studio.core.base.errors import InputError
from tests.core.specs import QUICK


def by_hand(a):
    b, looks = 2 * a, 1
    while abs(b) < 1000:
        b, looks = 2 * b, looks + 1
    return (b if b > 0 else 100 * b), looks


def test_minus_one():
    record = control_flow()
    assert record.gradient == record.ratio == 102400
    assert record.value == -102400
    assert [turn.b for turn in record.turns] == [-(2.0**k) for k in range(1, 11)]
    assert [turn.norm for turn in record.turns] == [2.0**k for k in range(1, 11)]
    assert [turn.doubles for turn in record.turns] == [True] * 9 + [False]
    assert record.branch == "not_positive"


def test_graph_is_the_way_that_was_taken():
    # 2a, nine doublings, the hundredfold, and a.
    graph = control_flow().graph
    assert [node.name for node in graph.nodes] == ["MulBackward0"] * 11 + ["AccumulateGrad"]
    assert graph.tensor("c").gradient == 1
    assert graph.tensor("b9").gradient == 100
    assert graph.tensor("b0").gradient == 51200
    assert graph.tensor("a").gradient == 102400
    # A positive number takes the other branch, without the hundredfold.
    other = control_flow(1.0)
    assert len(other.graph.nodes) == 11
    assert (other.branch, other.gradient, other.value) == ("positive", 1024, 1024)


@settings(QUICK, max_examples=30)
@given(st.floats(-1e6, 1e6).filter(lambda a: abs(a) > 1e-12))
def test_any_number_by_hand(a):
    record = control_flow(a)
    value, looks = by_hand(a)
    assert record.value == value
    assert len(record.turns) == looks
    factor = 2.0**looks * (1 if a > 0 else 100)
    assert record.gradient == factor
    assert record.ratio == pytest.approx(factor, rel=1e-15)
    h = 1e-7 * abs(a)
    if not record.turns[-1].norm < 1000.1 and by_hand(a + h)[1] == by_hand(a - h)[1] == looks:
        slope = (by_hand(a + h)[0] - by_hand(a - h)[0]) / ((a + h) - (a - h))
        assert slope == pytest.approx(factor, rel=1e-6)


def test_smallest_number_takes_the_most_turns():
    record = control_flow(SMALLEST)
    assert sum(turn.doubles for turn in record.turns) == MAX_TURNS
    assert record.value == 1000


@pytest.mark.parametrize(
    ("a", "words"),
    [
        (1e-300, "with 10⁻³⁰⁰ the loop has more than 60 turns; expected at least 4.3 × 10⁻¹⁶"),
        (SMALLEST / 2, "more than 60 turns"),
        (-1e307, "too large for float64"),
    ],
)
def test_number_that_is_refused(a, words):
    with pytest.raises(InputError, match=words):
        control_flow(a)
