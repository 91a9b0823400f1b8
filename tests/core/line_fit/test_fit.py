"""A line fitted by descent: against SGD and autograd step by step, and formulas by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.line_fit.fit import fit_line, loss_map
from backprop_studio.core.line_fit.params import suited

X = np.random.default_rng(1).uniform(-1.0, 2.0, 20)
Y = 3.0 * X + 0.8 + 0.3 * np.random.default_rng(2).standard_normal(20)


@pytest.mark.parametrize("half", [False, True])
def test_every_kept_step_is_that_of_sgd_with_autograd(half):
    record = fit_line(X, Y, w=-1.0, b=2.0, learning_rate=0.05, steps=150, slower=2, half=half)
    for run in (record.run, record.slower):
        w, b = (torch.tensor(it, dtype=torch.float64, requires_grad=True) for it in (-1.0, 2.0))
        optimizer = torch.optim.SGD([w, b], lr=run.learning_rate)
        x, y = torch.tensor(X), torch.tensor(Y)
        for step in range(run.steps + 1):
            optimizer.zero_grad()
            squares = ((w * x + b - y) ** 2).sum()
            loss = squares / (2 * len(X)) if half else squares / len(X)  # J = 1/(2m), or the mean
            loss.backward()
            if step in run.at:
                at = run.index(step)
                found = [run.w[at], run.b[at], run.loss[at], run.dL_dw[at], run.dL_db[at]]
                wanted = [it.item() for it in (w, b, loss, w.grad, b.grad)]
                np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-13)
            optimizer.step()


def test_gradients_are_those_of_central_differences():
    record = fit_line(X, Y, learning_rate=0.01, steps=50)
    for at in (0, 1, 20):
        w, b = record.run.w[at], record.run.b[at]
        h = 1e-6
        for name, dw, db in (("dL_dw", h, 0.0), ("dL_db", 0.0, h)):
            up, down = ((((w + s * dw) * X + b + s * db - Y) ** 2).mean() for s in (1, -1))
            assert getattr(record.run, name)[at] == pytest.approx((up - down) / (2 * h), rel=1e-6)


def test_the_best_line_is_that_of_polyfit():
    record = fit_line(X, Y, learning_rate=0.1, steps=10)
    np.testing.assert_allclose((record.best_w, record.best_b), np.polyfit(X, Y, 1))
    residuals = np.polyval(np.polyfit(X, Y, 1), X) - Y
    assert record.best_loss == pytest.approx((residuals**2).mean())


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_the_map_holds_the_loss(share):
    record = fit_line(X, Y, learning_rate=0.1, steps=10, half=share < 1)
    found = loss_map(record, 5)
    for j, i in ((0, 0), (2, 3), (4, 1)):
        squares = (found.x[i] * X + found.y[j] - Y) ** 2
        assert found.values[j, i] == pytest.approx(share * squares.mean())
    assert found.values.min() >= record.best_loss


def test_half_the_loss_takes_twice_the_rate():
    whole, half = (fit_line(X, Y, learning_rate=0.1, steps=1, half=it) for it in (False, True))
    assert half.largest_rate == pytest.approx(2 * whole.largest_rate)
    assert half.best_loss == pytest.approx(whole.best_loss / 2)


@pytest.mark.parametrize(("share", "diverges"), [(0.98, False), (1.02, True)])
def test_rates_below_the_largest_converge_and_above_it_diverge(share, diverges):
    largest = fit_line(X, Y, learning_rate=0.1, steps=1).largest_rate
    run = fit_line(X, Y, learning_rate=share * largest, steps=500, slower=2).run
    assert run.is_divergent is diverges
    assert (run.left_at is not None) is diverges
    assert bool(run.loss[-1] > 1e6) is diverges


def test_a_wild_run_ends_before_the_first_number_that_is_not_finite():
    record = fit_line(X, Y, learning_rate=1e9, steps=3000)
    run = record.run
    assert run.left_at == 1
    assert run.diverged_at is not None
    assert run.at[-1] < run.diverged_at <= 40
    for values in (run.w, run.b, run.loss, run.dL_dw, run.dL_db, run.miss):
        assert np.isfinite(values).all()


@settings(max_examples=12, deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(1e-9, 1e9), st.integers(1, 60))
def test_any_start_and_rate_give_a_finite_picture(w, b, rate, steps):
    record = fit_line(X, Y, w=w, b=b, learning_rate=rate, steps=steps, slower=2)
    assert all(low < high for low, high in record.ranges)
    assert np.isfinite(loss_map(record, 4).values).all()
    assert record.run.at[0] == 0
    for run in (record.run, record.slower):
        inside = run.left_at is None
        assert inside or run.is_divergent


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([1.0], [2.0], "points at two or more different x, found x = 1 for all 1"),
        ([1.0, 1.0], [2.0, 3.0], "points at two or more different x, found x = 1 for all 2"),
        ([1e200, 1.0], [2.0, 3.0], r"x: expected numbers of at most 10¹⁰⁰"),
        ([0.0, 1e99], [1.0, 3.0], "learning_rate: the first step of 0.01 leads to numbers"),
    ],
)
def test_what_has_no_line_is_refused(x, y, words):
    with pytest.raises(InputError, match=words):
        fit_line(x, y)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 20.0, 1e4])
@pytest.mark.parametrize("shift", [0.0, 10.0])
def test_the_rate_that_suits_the_data_does_not_diverge(scale, shift):
    x = scale * (shift + np.random.default_rng(3).uniform(0, 1, 40))
    record = fit_line(x, 3 * x + 1, learning_rate=suited(x), steps=50)
    assert suited(x) <= record.largest_rate / 2
    assert not record.run.is_divergent
    assert record.run.loss[-1] < record.run.loss[0]
