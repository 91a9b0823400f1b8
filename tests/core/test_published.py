"""Worked examples that others have printed: what core computes has their digits.

Only numbers are taken over; each stands with the place it is printed in. Where a book goes on with
rounded numbers, the last digit may be another, and is said.
"""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.graphs.formula_graph import formula_graph
from backprop_studio.core.graphs.reading import parse_steps
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.steps import run_steps
from backprop_studio.core.surfaces.descent import descend
from backprop_studio.core.surfaces.landscape import FormulaLandscape


def steps_of(network, inputs, targets, optimizer, steps=1):
    group = validate_params(
        NetworkGroup, {"network": network, "data": {"inputs": inputs, "targets": targets}}
    )
    return run_steps(group.network_spec(), group.batch(), optimizer, steps)


def digits(values, places):
    return np.round(np.asarray(values, dtype=float), places).tolist()


# Han and Kamber, "Data Mining: Concepts and Techniques", backpropagation, the 3-2-1 network


def test_han_and_kamber():
    network = {
        "weights": [[[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]], [[-0.3, -0.2]]],
        "biases": [[-0.4, 0.2], [0.1]],
        "activation": "sigmoid",
        "output_activation": "sigmoid",
        "loss": "half_squared_error",
    }
    (step,) = steps_of(network, [[1, 0, 1]], [[1]], 0.9)
    hidden, output = step.layers
    assert digits(hidden.z, 3) == [[-0.7, 0.1]]
    assert digits(hidden.a, 3) == [[0.332, 0.525]]
    assert digits(output.z, 3) == [[-0.105]]
    assert digits(output.a, 3) == [[0.474]]
    # The book writes the error as -dL/dz; of rounded outputs it makes 0.1311.
    assert -output.dL_dz.item() == pytest.approx(0.1311, abs=1e-4)
    assert digits(-hidden.dL_dz, 4) == [[-0.0087, -0.0065]]
    after, after_output = step.updated
    assert digits(after.weight, 3) == [[0.192, 0.4, -0.508], [-0.306, 0.1, 0.194]]
    assert digits(after.bias, 3) == [-0.408, 0.194]
    assert digits(after_output.weight, 3) == [[-0.261, -0.138]]
    assert digits(after_output.bias, 3) == [0.218]


# CS231n, notes on backpropagation, and the network of its first assignment


def test_cs231n_circuit():
    graph = formula_graph(parse_steps("q = x + y; f = q*z", "xyz"), {"x": -2, "y": 5, "z": -4})
    assert [graph.node(it).value for it in ("q", "f")] == [3, -12]
    assert [graph.node(it).gradient for it in "xyz"] == [-4, -4, 3]


def test_cs231n_neuron():
    names = ("w0", "x0", "w1", "x1", "w2")
    values = dict(zip(names, (2, -1, -3, -2, -3), strict=True))
    graph = formula_graph(parse_formula("sigmoid(w0*x0 + w1*x1 + w2)", names), values)
    assert digits([graph.nodes[-1].value], 2) == [0.73]
    found = [graph.node(name).gradient for name in names]
    assert digits(found, 2) == [-0.2, 0.39, -0.39, -0.59, 0.2]


def test_cs231n_two_layer_net():
    draw = np.random.RandomState(0)
    first, second = 0.1 * draw.randn(4, 10), 0.1 * draw.randn(10, 3)
    inputs = 10 * np.random.RandomState(1).randn(5, 4)
    network = {
        "weights": [first.tolist(), second.tolist()],
        "layout": "in_out",
        "activation": "relu",
        "loss": "cross_entropy",
    }
    (step,) = steps_of(network, inputs.tolist(), [0, 1, 2, 2, 1], 0.1)
    assert digits(step.layers[-1].z, 8) == [
        [-0.81233741, -1.27654624, -0.70335995],
        [-0.17129677, -1.18803311, -0.47310444],
        [-0.51590475, -1.01354314, -0.8504215],
        [-0.15419291, -0.48629638, -0.52901952],
        [-0.00618733, -0.12435261, -0.15226949],
    ]
    penalty = 0.05 * ((first**2).sum() + (second**2).sum())
    assert round(step.loss + penalty, 11) == 1.30378789133


# StatQuest, "Neural Networks Pt. 2: Backpropagation Main Ideas": only the last bias learns


def test_statquest_softplus():
    network = {
        "weights": [[[3.34], [-3.53]], [[-1.22, -2.30]]],
        "biases": [[-1.43, 0.57], [0.0]],
        "activation": "softplus",
        "loss": "mse",
        "reduction": "sum",
        "train": ["2.bias.1"],
    }
    steps = steps_of(network, [[0], [0.5], [1]], [[0], [1], [0]], 0.1, 60)
    assert digits([steps[0].loss], 1) == [20.4]
    slopes = [it.layers[1].dL_db.item() for it in steps[:2]]
    assert (round(slopes[0], 1), round(slopes[1], 2)) == (-15.7, -6.26)
    assert digits([it.updated[1].bias.item() for it in steps[:2]], 2) == [1.57, 2.19]
    last = steps[-1].updated
    assert digits(last[1].bias, 2) == [2.61]
    assert last[0].weight.tolist() == [[3.34], [-3.53]]
    assert last[1].weight.tolist() == [[-1.22, -2.30]]
    assert last[0].bias.tolist() == [-1.43, 0.57]


# Zhang, Lipton, Li and Smola, "Dive into Deep Learning", optimization: 20 steps from (-5, -2)

RAVINE = "0.1*x^2 + 2*y^2"

D2L = [
    ("x^2 + 2*y^2", OptimizerSpec("sgd", 0.1), (-0.057646, -0.000073)),
    (RAVINE, OptimizerSpec("sgd", 0.4), (-0.943467, -0.000073)),
    (RAVINE, OptimizerSpec("sgd", 0.6), (-0.387814, -1673.365109)),
    (RAVINE, OptimizerSpec("momentum", 0.6, momentum=0.5), (0.007188, 0.002553)),
    (RAVINE, OptimizerSpec("momentum", 0.6, momentum=0.25), (-0.126340, -0.186632)),
    (RAVINE, OptimizerSpec("adagrad", 2.0), (-0.002295, -0.000000)),
]


@pytest.mark.parametrize(("formula", "optimizer", "printed"), D2L)
def test_dive_into_deep_learning(formula, optimizer, printed):
    surface = FormulaLandscape(parse_formula(formula, "xy"), ((-5.5, 1), (-3, 1)))
    path = descend(surface, optimizer, [[-5.0, -2.0]], 20).paths[0]
    assert digits(path.points[-1], 6) == list(printed)


# The same book has eps = 1e-6 inside of the root, torch its own outside: the sixth decimal differs.

INSIDE = [
    (OptimizerSpec("adagrad", 0.4), (1.0, 1.0), (-2.382563, -0.158591)),
    (OptimizerSpec("rmsprop", 0.4, alpha=0.9), (0.9, 0.1), (-0.010599, 0.000000)),
]


@pytest.mark.parametrize(("optimizer", "shares", "printed"), INSIDE)
def test_eps_inside_the_root(optimizer, shares, printed):
    point, squares = np.array([-5.0, -2.0]), np.zeros(2)
    for _ in range(20):
        gradient = np.array([0.2, 4.0]) * point
        squares = shares[0] * squares + shares[1] * gradient**2
        point = point - 0.4 / np.sqrt(squares + 1e-6) * gradient
    assert digits(point, 6) == list(printed)
    surface = FormulaLandscape(parse_formula(RAVINE, "xy"), ((-5.5, 1), (-3, 1)))
    ours = descend(surface, optimizer, [[-5.0, -2.0]], 20).paths[0].points[-1]
    np.testing.assert_allclose(ours, printed, atol=2e-6)


# Kinsley and Kukiela, "Neural Networks from Scratch": a batch through two dense layers


def test_neural_networks_from_scratch():
    network = {
        "weights": [
            [[0.2, 0.8, -0.5, 1], [0.5, -0.91, 0.26, -0.5], [-0.26, -0.27, 0.17, 0.87]],
            [[0.1, -0.14, 0.5], [-0.5, 0.12, -0.33], [-0.44, 0.73, -0.13]],
        ],
        "biases": [[2, 3, 0.5], [-1, 2, -0.5]],
        "activation": "identity",
    }
    inputs = [[1, 2, 3, 2.5], [2, 5, -1, 2], [-1.5, 2.7, 3.3, -0.8]]
    (step,) = steps_of(network, inputs, [[0, 0, 0]] * 3, 0.1)
    first = [[4.8, 1.21, 2.385], [8.9, -1.81, 0.2], [1.41, 1.051, 0.026]]
    second = [
        [0.5031, -1.04185, -2.03875],
        [0.2434, -2.7332, -5.7633],
        [-0.99314, 1.41254, -0.35655],
    ]
    assert digits(step.layers[0].z, 5) == first
    assert digits(step.layers[1].z, 5) == second


# Karpathy, micrograd, README


def test_micrograd():
    text = """
        c = a + b
        d = a*b + b^3
        p = c + c + 1
        q = p + 1 + p - a
        h = d + d*2 + relu(b + a)
        k = h + 3*h + relu(b - a)
        m = q - k
        f = m^2
        r = f/2 + 10/f
    """
    steps = "; ".join(line.strip() for line in text.strip().splitlines())
    graph = formula_graph(parse_steps(steps, "ab"), {"a": -4, "b": 2})
    assert digits([graph.nodes[-1].value], 4) == [24.7041]
    assert digits([graph.node(it).gradient for it in "ab"], 4) == [138.8338, 645.5773]


# Nielsen, "Neural Networks and Deep Learning", chapter 3: one neuron, eta = 0.15, 300 epochs


@pytest.mark.parametrize(
    ("weight", "bias", "first", "last"), [(0.6, 0.9, 0.82, 0.09), (2.0, 2.0, 0.98, 0.20)]
)
def test_nielsen_neuron(weight, bias, first, last):
    network = {
        "weights": [[[weight]]],
        "biases": [[bias]],
        "output_activation": "sigmoid",
        "loss": "half_squared_error",
    }
    steps = steps_of(network, [[1]], [[0]], 0.15, 300)
    assert digits(steps[0].layers[0].a, 2) == [[first]]
    assert digits(steps[-1].after.activations[0], 2) == [[last]]


# Adam, by hand on w^2 from 5: g = 10, so m-hat = 10, v-hat = 100, and the step is eta


def test_adam_by_hand():
    square = FormulaLandscape(parse_formula("w^2", "w"), ((-6, 6),))
    path = descend(square, OptimizerSpec("adam", 0.1), [[5.0]], 3).paths[0]
    w, m, v, expected = 5.0, 0.0, 0.0, [5.0]
    for step in (1, 2, 3):
        gradient = 2 * w
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        m_hat, v_hat = m / (1 - 0.9**step), v / (1 - 0.999**step)
        if step == 1:
            assert (m_hat, v_hat) == (pytest.approx(10), pytest.approx(100))
        w -= 0.1 * m_hat / (v_hat**0.5 + 1e-8)
        expected.append(w)
    assert path.points[:, 0] == pytest.approx(expected, abs=1e-12)
    assert digits(path.points[1:, 0], 6) == [4.9, 4.800058, 4.700213]
    assert path.vectors.first_moment_hat[1].item() == pytest.approx(10)
    assert path.vectors.second_moment_hat[1].item() == pytest.approx(100)


# Binary cross-entropy far out, where a is rounded to 1 or 0: dL/dz = a - t


@pytest.mark.parametrize(("x", "target", "slope"), [(30.0, 0.0, 1.0), (-50.0, 1.0, -1.0)])
def test_binary_cross_entropy_far_out(x, target, slope):
    network = {
        "weights": [[[1.0]]],
        "output_activation": "sigmoid",
        "loss": "binary_cross_entropy",
    }
    (step,) = steps_of(network, [[x]], [[target]], 0.1)
    assert step.layers[0].dL_dz.item() == pytest.approx(slope, abs=1e-9)
