"""Descents: the published rules by hand, torch.optim to the last bit, and how they end badly."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.network.optimizers import OPTIMIZERS, OptimizerSpec
from backprop_studio.core.surfaces.descent import compare, descend
from backprop_studio.core.surfaces.landscape import FormulaLandscape
from backprop_studio.core.surfaces.named import CURVES, SURFACES
from tests.core.surfaces.landscapes import named_landscape

WAVES = "sigmoid(x)*tanh(y) + exp(x/3)*sin(y) + log(x^2 + y^2 + 1)^1.3"
SQUARE = named_landscape("square")
RAVINE = named_landscape("ravine")


def waves():
    return FormulaLandscape(parse_formula(WAVES, "xy"), ((-3, 3), (-3, 3)))


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


@pytest.mark.parametrize(("eta", "reach"), [(1.1, 3.0), (1.5, 100.0), (3.0, 7.0), (1.01, 2.0)])
def test_step_at_which_the_picture_is_left(eta, reach):
    factor = abs(1 - 2 * eta)
    expected = math.floor(math.log(reach) / math.log(factor)) + 1
    record = descend(line("w^2", -reach, reach), OptimizerSpec("sgd", eta), [[1.0]], 60)
    assert record.paths[0].left_at == expected
    assert record.paths[0].diverged_at is None


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


def test_start_outside_has_left_at_once():
    assert descend(SQUARE, OptimizerSpec("sgd", 0.1), [[4.0]], 1).paths[0].left_at == 0


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


def test_momentum_is_further_along_the_ravine_than_plain_descent():
    specs = [OptimizerSpec("sgd", 0.1), OptimizerSpec("momentum", 0.1)]
    plain, fast = (it.paths[0] for it in compare(RAVINE, specs, [(-7.0, 2.0)], 40))
    assert abs(fast.points[-1, 0]) < abs(plain.points[-1, 0]) / 2


def test_plain_descent_keeps_no_velocity():
    spec = OptimizerSpec("sgd", 0.1)
    path = descend(SQUARE, spec, [[1.0]], 1).paths[0]
    assert path.vectors.velocity is path.vectors.lecture_velocity is None


# All optimizers


def by_hand(name, eta, gradient, start, steps):
    """The published rules with their usual numbers (torch's documentation, gamma = 0.9)."""
    w, u, s, m = (np.array(start), *(np.zeros(len(start)) for _ in range(3)))
    points = [w]
    for t in range(1, steps + 1):
        g = gradient(*w)
        if name == "sgd":
            w = w - eta * g
        elif name in {"momentum", "nesterov"}:
            u = 0.9 * u + g
            w = w - eta * (u if name == "momentum" else g + 0.9 * u)
        elif name == "adagrad":
            s = s + g**2
            w = w - eta * g / (np.sqrt(s) + 1e-10)
        elif name == "rmsprop":
            s = 0.99 * s + 0.01 * g**2
            w = w - eta * g / (np.sqrt(s) + 1e-8)
        else:
            if name == "adamw":
                w = w - eta * 0.01 * w
            m = 0.9 * m + 0.1 * g
            s = 0.999 * s + 0.001 * g**2
            w = w - eta * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
        points.append(w)
    kept = {
        "momentum": {"velocity": u},
        "adagrad": {"square_sum": s},
        "rmsprop": {"square_mean": s},
    }
    kept |= {"sgd": {}, "nesterov": kept["momentum"]}
    return np.array(points), kept.get(name, {"first_moment": m, "second_moment": s})


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_race_by_the_published_rules(name):
    def gradient(x, y):
        return np.array([x / 10, 2 * y])

    record = compare(RAVINE, [OptimizerSpec(name, 0.05)], [(-7.0, 2.0)], 150)[0]
    path = record.paths[0]
    points, vectors = by_hand(name, 0.05, gradient, (-7.0, 2.0), 150)
    assert path.points == pytest.approx(points, rel=1e-12, abs=1e-12)
    for kind, last in vectors.items():
        kept = getattr(path.vectors, kind)
        assert kept.shape == (151, 2)
        assert (kept[0] == 0).all()
        assert kept[-1] == pytest.approx(last, rel=1e-11, abs=1e-13)
    found = {kind for kind, array in vars(path.vectors).items() if array is not None}
    assert found - {"lecture_velocity"} == vectors.keys()


TORCH = {
    "sgd": lambda w, eta: torch.optim.SGD([w], eta),
    "momentum": lambda w, eta: torch.optim.SGD([w], eta, momentum=0.9),
    "nesterov": lambda w, eta: torch.optim.SGD([w], eta, momentum=0.9, nesterov=True),
    "adagrad": lambda w, eta: torch.optim.Adagrad([w], eta),
    "rmsprop": lambda w, eta: torch.optim.RMSprop([w], eta),
    "adam": lambda w, eta: torch.optim.Adam([w], eta),
    "adamw": lambda w, eta: torch.optim.AdamW([w], eta),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_torch_optim_to_the_last_bit(name):
    """The loop a lecturer would write, with the surface written in torch."""
    path = descend(
        named_landscape("rosenbrock"), OptimizerSpec(name, 0.001), [(-1.2, 1.0)], 200
    ).paths[0]
    w = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = TORCH[name](w, 0.001)
    for point, value in zip(path.points, path.values, strict=True):
        optimizer.zero_grad()
        loss = (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2
        assert w.detach().numpy().tobytes() == point.tobytes()
        assert loss.item() == value
        loss.backward()
        optimizer.step()


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("text", [WAVES, "(1 - x)^2 + 100*(y - x^2)^2"])
def test_several_starts_are_each_start_alone_to_the_last_bit(name, text):
    surface = FormulaLandscape(parse_formula(text, "xy"), ((-3, 3), (-3, 3)))
    starts = np.random.default_rng(5).uniform(-1, 1, (9, 2)).tolist()
    spec = OptimizerSpec(name, 0.001)
    together = descend(surface, spec, starts, 30)
    for start, path in zip(starts, together.paths, strict=True):
        (alone,) = descend(surface, spec, [start], 30).paths
        assert path.points[0].tolist() == start
        assert path.points.tobytes() == alone.points.tobytes()
        assert path.values.tobytes() == alone.values.tobytes()
        assert path.gradients.tobytes() == alone.gradients.tobytes()


def test_one_that_diverges_does_not_disturb_the_others():
    spec = OptimizerSpec("sgd", 0.3)
    quartic = named_landscape("quartic")
    record = descend(quartic, spec, [[0.5], [50.0], [-0.5]], 30)
    assert [path.diverged_at is None for path in record.paths] == [True, False, True]
    assert record.paths[0].points.tolist() == (-record.paths[2].points).tolist()


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
    record = descend(named_landscape("himmelblau"), spec, own.starts, 500)
    ends = {tuple(path.points[-1].round(6) + 0.0) for path in record.paths}
    # As everybody quotes them (Himmelblau 1972).
    assert ends == {
        (3.0, 2.0),
        (-2.805118, 3.131313),
        (-3.779310, -3.283186),
        (3.584428, -1.848127),
    }


def test_saddle_holds_only_who_stands_on_the_ridge():
    own = SURFACES["saddle"]
    record = descend(named_landscape("saddle"), OptimizerSpec("sgd", 0.1), own.starts, 60)
    on_ridge, *beside = record.paths
    assert on_ridge.points[-1] == pytest.approx([0.0, 0.0], abs=1e-5)
    # y grows by 1.2 a step, from 0.01 to above 2.
    steps = math.floor(math.log(200) / math.log(1.2)) + 1
    assert [path.left_at for path in beside] == [steps, steps]


def test_plateau_without_variables_stays():
    path = descend(line("5"), OptimizerSpec("adam", 0.1), [[1.0]], 3).paths[0]
    assert path.points.tolist() == [[1.0]] * 4
    assert path.values.tolist() == [5.0] * 4


@pytest.mark.parametrize(("start", "what"), [(-1.0, "value"), (0.0, "gradient")])
def test_where_no_descent_can_start(start, what):
    with pytest.raises(InputError) as caught:
        descend(line("sqrt(w)"), OptimizerSpec("sgd", 0.1), [[start]], 1)
    words = f"No descent can start at w = {start:g}: the {what} is not finite there."
    assert str(caught.value) == words


def test_records_are_read_only():
    path = descend(waves(), OptimizerSpec("adam", 0.1), [(1.0, 1.0)], 3).paths[0]
    for array in (path.points, path.values, path.gradients, path.vectors.first_moment):
        assert not array.flags.writeable
