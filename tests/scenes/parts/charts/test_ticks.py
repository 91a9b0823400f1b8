"""Ticks are round, few and written as lectures do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backprop_studio.scenes.parts.charts.ticks import round_ticks, tick_text, tick_texts


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4))
def test_ticks_are_round_few_and_inside(low, span):
    ticks = round_ticks(low, low + span)
    assert 2 <= len(ticks) <= 9
    assert low - 1e-6 * span <= ticks[0]
    assert ticks[-1] <= low + span * (1 + 1e-6)
    step = ticks[1] - ticks[0]
    digits = f"{step:.3e}"
    assert digits[:5] in {"1.000", "2.000", "5.000"}


def test_numbers_are_written_with_a_real_minus():
    assert [tick_text(it) for it in (0.0, -0.5, 200.0)] == ["0", "−0.5", "200"]


def test_very_small_and_large_ticks_are_powers():
    assert tick_texts([1e-7, 2e-7]) == ("$1 dot 10^(-7)$", "$2 dot 10^(-7)$")
    assert tick_texts([0.0, 5e5]) == ('#"0"', "$5 dot 10^5$")
