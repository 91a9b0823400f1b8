"""Descents: the published rules by hand, torch.optim to the last bit, and how they end badly."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.network.optimizers import OPTIMIZERS, OptimizerSpec
from backprop_studio.core.surfaces.descent import compare, descend
from backprop_studio.core.surfaces.landscape import FormulaLandscape
from backprop_studio.core.surfaces.named import CURVES, SURFACES
from backprop_studio.core.surfaces.params import CurveParams
from tests.core.rules import ETA, RULES, TORCH, look_ahead
from tests.core.surfaces.landscapes import named_landscape

WAVES = "sigmoid(x)*tanh(y) + exp(x/3)*sin(y) + log(x^2 + y^2 + 1)^1.3"
SQUARE = named_landscape("square")
RAVINE = named_landscape("ravine")


def line(text, low=-3, high=3):
    return FormulaLandscape(parse_formula(text, "w"), ((low, high),))


# learning_rate: w <- w - eta 2w = (1 - 2 eta) w


@pytest.mark.parametrize("eta", [0.001, 0.1, 0.4, 0.6, 0.99, 1.0, 1.1])
def test_square_is_a_geometric_series(eta):
    path = descend(SQUARE, OptimizerSpec("sgd", eta), [[1.0]], 40).paths[0]
    k = np.arange(41)
    assert path.points[:, 0] == pytest.approx((1 - 2 * eta) ** k, rel=1e-12, abs=1e-15)
    assert path.values == pytest.approx((1 - 2 * eta) ** (2 * k), rel=1e-12, abs=1e-15)
    assert path.gradients[:, 0] == pytest.approx(2 * (1 - 2 * eta) ** k, rel=1e-12, abs=1e-15)


def test_four_learning_rates_side_by_side():
    rates = [0.01, 0.1, 1.0, 1.1]
    records = compare(SQUARE, [OptimizerSpec("sgd", rate) for rate in rates], [[1.0]], 10)
    slow, good, swinging, divergent = (record.paths[0] for record in records)
    assert slow.points[-1, 0] == pytest.approx(0.98**10, rel=1e-12)
    assert good.points[-1, 0] == pytest.approx(0.8**10, rel=1e-12)
    assert swinging.points[:, 0].tolist() == [1.0, -1.0] * 5 + [1.0]
    # 1.2^6 = 2.99 is still inside 3, 1.2^7 = 3.58 is not.
    assert divergent.left_at == 7
    assert [path.left_at for path in (slow, good, swinging)] == [None] * 3
    assert [record.optimizer.learning_rate for record in records] == rates


def test_divergence_ends_the_record_before_it():
    record = descend(SQUARE, OptimizerSpec("sgd", 1e60), [[1.0]], 10)
    (path,) = record.paths
    # |w| = (2e60)^k; w^2 is beyond 1.8e308 from (2e60)^3 = 8e180 on.
    assert (path.left_at, path.diverged_at, path.cause) == (1, 3, "value")
    assert path.points[:, 0] == pytest.approx([1.0, -2e60, 4e120], rel=1e-12)
    for array in (path.points, path.values, path.gradients):
        assert len(array) == 3
        assert np.isfinite(array).all()


def test_leaving_the_domain_is_divergence():
    # log w at 0.1: the slope 10 carries w to 0.1 - 0.05 * 10 < 0, where there is no logarithm.
    path = descend(line("log(w)"), OptimizerSpec("sgd", 0.05), [[0.1]], 5).paths[0]
    assert (path.diverged_at, path.cause, len(path.points)) == (1, "value", 1)


def test_infinite_gradient_is_divergence():
    # w = 1 goes to 0 exactly, where sqrt has a value but no finite slope.
    path = descend(line("sqrt(w)"), OptimizerSpec("sgd", 2.0), [[1.0]], 5).paths[0]
    assert (path.diverged_at, path.cause) == (1, "gradient")


def test_overflow_inside_the_optimizer_is_divergence():
    steep = line("1e200*w")
    path = descend(steep, OptimizerSpec("rmsprop", 0.1), [[1.0]], 5).paths[0]
    assert (path.diverged_at, path.cause) == (1, "optimizer")


def test_path_may_come_back_into_the_picture():
    record = descend(line("w^2", -0.5, 1.5), OptimizerSpec("momentum", 0.1), [[1.0]], 60)
    path = record.paths[0]
    assert path.left_at is not None
    assert -0.5 <= path.points[-1, 0] <= 1.5
    outside = (path.points[:, 0] < -0.5) | (path.points[:, 0] > 1.5)
    assert path.left_at == np.flatnonzero(outside)[0]


# momentum: v <- gamma v + eta g, w <- w - v


def test_momentum_of_the_lecture_on_the_ravine():
    eta, gamma = 0.1, 0.9
    spec = OptimizerSpec("momentum", eta, momentum=gamma)
    path = descend(RAVINE, spec, [(-7.0, 2.0)], 100).paths[0]
    w, v = np.array([-7.0, 2.0]), np.zeros(2)
    points, velocities = [w], [v]
    for _ in range(100):
        v = gamma * v + eta * np.array([w[0] / 10, 2 * w[1]])
        w = w - v
        points.append(w)
        velocities.append(v)
    assert path.points == pytest.approx(np.array(points), rel=1e-12, abs=1e-12)
    found = path.vectors.lecture_velocity
    assert found == pytest.approx(np.array(velocities), rel=1e-12, abs=1e-12)
    assert np.diff(path.points, axis=0) == pytest.approx(-found[1:], rel=1e-9, abs=1e-12)


# All optimizers


MOMENTS = {
    "first_moment": "m",
    "second_moment": "v",
    "first_moment_hat": "m_hat",
    "second_moment_hat": "v_hat",
}
MEMORY = {
    "momentum": {"lecture_velocity": "v"},
    "adagrad": {"square_sum": "G"},
    "rmsprop": {"square_mean": "s"},
    "adam": MOMENTS,
    "adamw": MOMENTS,
}
"""What a path calls the vectors of an optimizer, and the published rule."""


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_path_by_the_published_rules(name):
    path = descend(RAVINE, OptimizerSpec(name, ETA), [(-7.0, 2.0)], 60).paths[0]
    w, memory = np.array([-7.0, 2.0]), {}
    for t, point in enumerate(path.points, start=1):
        at = look_ahead(w, memory) if name == "nesterov" else w
        assert point == pytest.approx(at, rel=1e-12, abs=1e-12)
        for kind, key in MEMORY.get(name, {}).items():
            kept = getattr(path.vectors, kind)[t - 1]
            assert kept == pytest.approx(memory.get(key, np.zeros(2)), rel=1e-11, abs=1e-13)
        w = RULES[name](w, at * (0.1, 2.0), memory, t)
    found = {kind for kind, array in vars(path.vectors).items() if array is not None}
    plain = {"momentum": {"velocity"}, "nesterov": {"velocity", "lecture_velocity"}}
    assert found == MEMORY.get(name, {}).keys() | plain.get(name, set())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_torch_optim_to_the_last_bit(name):
    """The loop a lecturer would write, with the surface written in torch."""
    path = descend(named_landscape("beale"), OptimizerSpec(name, ETA), [(2.5, 0.4)], 60).paths[0]
    w = torch.tensor([2.5, 0.4], dtype=torch.float64, requires_grad=True)
    optimizer = TORCH[name]([w])
    for point, value in zip(path.points, path.values, strict=True):
        optimizer.zero_grad()
        x, y = w
        loss = (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2
        assert w.detach().numpy().tobytes() == point.tobytes()
        assert loss.item() == value
        loss.backward()
        optimizer.step()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_several_starts_are_each_start_alone_to_the_last_bit(name):
    surface = FormulaLandscape(parse_formula(WAVES, "xy"), ((-3, 3), (-3, 3)))
    starts = np.random.default_rng(5).uniform(-1, 1, (5, 2)).tolist()
    spec = OptimizerSpec(name, 0.001)
    together = descend(surface, spec, starts, 8)
    for start, path in zip(starts, together.paths, strict=True):
        (alone,) = descend(surface, spec, [start], 8).paths
        assert path.points[0].tolist() == start
        assert path.points.tobytes() == alone.points.tobytes()
        assert path.values.tobytes() == alone.values.tobytes()
        assert path.gradients.tobytes() == alone.gradients.tobytes()


@pytest.mark.parametrize("name", [*CURVES, *SURFACES])
def test_plain_descent_comes_down_from_every_default_start(name):
    own = (CURVES | SURFACES)[name]
    record = descend(named_landscape(name), OptimizerSpec("sgd", own.learning_rate), own.starts, 60)
    for path in record.paths:
        assert path.diverged_at is None
        assert path.values[-1] < path.values[0]
        assert name == "saddle" or path.left_at is None


def test_himmelblaus_starts_end_in_all_four_valleys():
    own = SURFACES["himmelblau"]
    spec = OptimizerSpec("sgd", own.learning_rate)
    record = descend(named_landscape("himmelblau"), spec, own.starts, 150)
    ends = {tuple(path.points[-1].round(6) + 0.0) for path in record.paths}
    # As everybody quotes them (Himmelblau 1972).
    assert ends == {
        (3.0, 2.0),
        (-2.805118, 3.131313),
        (-3.779310, -3.283186),
        (3.584428, -1.848127),
    }


@pytest.mark.parametrize(("start", "what"), [(-1.0, "value"), (0.0, "gradient")])
def test_where_no_descent_can_start(start, what):
    with pytest.raises(InputError) as caught:
        descend(line("sqrt(w)"), OptimizerSpec("sgd", 0.1), [[start]], 1)
    words = f"No descent can start at w = {start:g}: the {what} is not finite there."
    assert str(caught.value) == words


def test_records_are_read_only():
    path = descend(RAVINE, OptimizerSpec("adam", 0.1), [(1.0, 1.0)], 3).paths[0]
    for array in (path.points, path.values, path.gradients, path.vectors.first_moment):
        assert not array.flags.writeable


def test_adam_by_hand_on_a_parabola():
    """L = w^2 from 5 with rate 0.1: the gradient is 10, and the first step is the rate itself."""
    landscape = CurveParams(formula="w^2").landscape()
    (path,) = descend(landscape, OptimizerSpec("adam", 0.1), [[5.0]], 3).paths
    assert path.points[:, 0] == pytest.approx([5.0, 4.9, 4.800058, 4.700213], abs=5e-7)
    assert path.vectors.first_moment_hat[1, 0] == pytest.approx(10.0, rel=1e-12)
    assert path.vectors.second_moment_hat[1, 0] == pytest.approx(100.0, rel=1e-12)
