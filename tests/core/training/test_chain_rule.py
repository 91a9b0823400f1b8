"""One weight: the curriculum's numbers, and the recursion by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.training.chain_rule import chain_rule
from backprop_studio.core.training.one_weight_params import ChainRuleGroup
from tests.core.specs import QUICK

STEPS = chain_rule(ChainRuleGroup()).steps
NUMBERS = st.floats(-3, 3).map(lambda x: round(x, 3))


def test_first_step():
    first = STEPS[0]
    assert (first.w, first.y_pred, first.loss) == (1, 2, 4)
    assert (first.dL_dy_pred, first.dy_pred_dw, first.dL_dw) == (-4, 2, -8)
    assert (first.w_after, first.y_pred_after) == (1.8, 3.6)
    assert first.loss_after == pytest.approx(0.16, rel=1e-14)


def test_second_step():
    second = STEPS[1]
    assert (second.w, second.y_pred) == (1.8, 3.6)
    found = (second.dL_dy_pred, second.dy_pred_dw, second.dL_dw, second.w_after)
    assert found == pytest.approx((-0.8, 2.0, -1.6, 1.96), rel=1e-14)
    assert second.y_pred_after == pytest.approx(3.92, rel=1e-15)
    assert second.loss_after == pytest.approx(0.0064, rel=1e-12)


def test_nudge_runs_along_the_chain():
    # From w = 1 to 1.1: y_pred from 2 to 2.2, L from 4 to 3.24; the chain rule says -0.8.
    nudge = STEPS[0].nudge
    assert nudge.dy_pred == pytest.approx(0.2, rel=1e-14)
    assert nudge.dL == pytest.approx(-0.76, rel=1e-14)
    assert nudge.linear_dL == pytest.approx(-0.8, rel=1e-15)
    assert (STEPS[0].distance, nudge.distance) == pytest.approx((2.0, 1.8), rel=1e-14)
    assert STEPS[0].distance_after == pytest.approx(0.4, rel=1e-14)


@settings(QUICK, max_examples=30)
@given(NUMBERS, NUMBERS, NUMBERS, st.floats(0.001, 0.2), st.integers(1, 30))
def test_any_steps_by_hand(x, y, w, eta, count):
    record = chain_rule(ChainRuleGroup(x=x, y=y, w=w, learning_rate=eta, steps=count, nudge=0.5))
    if record.divergence is None:
        assert len(record.steps) == count
    for step in record.steps:
        residual = w * x - y
        size = 1e-12 * (1 + abs(w) + residual**2 + abs(x) + abs(y))
        assert step.w == pytest.approx(w, rel=1e-12, abs=size)
        assert step.loss == pytest.approx(residual**2, rel=1e-11, abs=size)
        assert step.dL_dy_pred == pytest.approx(2 * residual, rel=1e-11, abs=size)
        assert step.dy_pred_dw == x
        assert step.dL_dw == step.dL_dy_pred * x
        assert step.nudge.dL == pytest.approx(
            (residual + 0.5 * x) ** 2 - residual**2, rel=1e-9, abs=10 * size
        )
        w = w - eta * 2 * residual * x
        assert step.w_after == pytest.approx(w, rel=1e-12, abs=size)
        w = step.w_after  # rounding may grow where a run diverges


def test_divergence_is_a_fact_of_the_record():
    record = chain_rule(ChainRuleGroup(learning_rate=100, steps=1000))
    assert record.divergence is not None
    # (1 - 800)^k times 1 overflows when squared: 2 k log10(799) is above 308.
    assert record.divergence.step == len(record.steps) + 1 == 53
    assert record.divergence.reason == "loss"
    assert all(math.isfinite(it) for it in (record.steps[-1].loss_after, record.steps[-1].w_after))


def test_numbers_too_large_for_the_first_step_are_wrong_input():
    with pytest.raises(InputError, match="too large to compute with: x = 10"):
        chain_rule(ChainRuleGroup(x=1e200))
