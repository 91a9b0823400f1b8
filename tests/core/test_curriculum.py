"""Every number of the curriculum that no other test holds, chapter by chapter.

The comments say where the others are held. Expectations are worked out by hand or by numpy.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from backprop_studio.core.classification.predictions import decision_regions, predict
from backprop_studio.core.datasets.bundled import digits, iris
from backprop_studio.core.datasets.choice import DatasetChoice, load_dataset
from backprop_studio.core.datasets.synthetic import line
from backprop_studio.core.derivatives.directions import directional
from backprop_studio.core.derivatives.gradients import gradient
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.passes import draw_parameters
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.network.steps import run_steps
from backprop_studio.core.training.gradient_flow import gradient_flow
from backprop_studio.core.training.record import TrainingPlan, steps_for_epochs
from backprop_studio.core.training.run import run_training
from tests.core import oracle

# 1, derivatives
#   derivative            w^2 at 3, eps 0.01 and 0.02, the slope 6, other functions: the same in
#                         derivatives/test_secants.py
#   partial_derivatives   x^2 + y^2 in slices: derivatives/test_secants.py
#   directional_derivative  direction cosines, peak along the gradient, zero along the contour, the
#                         axes as special cases: derivatives/test_directions.py; the isotherms here
#   numerical_gradient    h = 1e-6, steps from 1 to 1e-15, both arms of the U, which way w moves:
#                         derivatives/test_differences.py


@pytest.mark.parametrize("degrees", [15.0, 20.0, 25.0, 30.0, 35.0])
def test_isotherms_from_10_to_40_degrees(degrees):
    # T = 10 + 30 exp(-r^2 / 4): 40 degrees in the middle, 10 far away, and T on the circle with
    # r^2 = 4 ln(30 / (T - 10)), where it falls by (T - 10) r / 2 a unit away from the middle.
    heat = parse_formula("10 + 30*exp(-(x^2 + y^2)/4)", ["x", "y"])
    r = math.sqrt(4 * math.log(30 / (degrees - 10)))
    turn = np.linspace(0, 2 * np.pi, 9)
    found = gradient(heat, {"x": r * np.cos(turn), "y": r * np.sin(turn)})
    assert found.values == pytest.approx(degrees, rel=1e-13)
    assert found.norms == pytest.approx((degrees - 10) * r / 2, rel=1e-12)
    ant = directional(heat, {"x": r, "y": 0.0}, (-1.0, 0.0))
    assert ant.downhill == pytest.approx([1.0, 0.0], abs=1e-15)
    assert ant.slope == pytest.approx((degrees - 10) * r / 2, rel=1e-12)


# 2, computation graphs
#   tensors               ranks 0 to 4: graphs/test_ranks.py
#   computation_graph     3 (a + b c) and its gradients, two paths that add:
#                         graphs/test_formula_graph.py
#   chain_rule            w = 1, 1.8, 1.96 with every factor, the nudge: graphs/test_chain_rule.py;
#                         the loop over the data to w = 2, 4.0 before: graphs/test_data_loop.py

# 3, networks
#   architecture          test_architecture.py
#   backprop              the notes' network, batch, targets and eta: test_presets.py; any network
#                         against formulas by hand: test_engine.py; its steps here


def test_two_steps_of_the_notes_network():
    spec, batch, _ = parts_of({"network": {"preset": "notes"}})
    records = run_steps(spec, batch, 0.1, 2)
    ws, bs = drawn(spec)
    for record in records:
        done = by_hand(spec, batch, ws, bs)
        assert record.loss == pytest.approx(done.loss, rel=1e-13)
        # Softmax and cross-entropy: dL/dz of the last layer is (p - y) / 3.
        p, y = oracle.softmax(done.layers[-1].a), oracle.one_hot([0, 2, 1], 3)
        assert record.layers[-1].dL_dz == pytest.approx((p - y) / 3, abs=1e-15)
        for k, layer in enumerate(done.layers):
            assert record.layers[k].dL_dW == pytest.approx(layer.dL_dW, abs=1e-13)
            ws[k] = ws[k] - 0.1 * layer.dL_dW
            bs[k] = bs[k] - 0.1 * layer.dL_db
            assert record.updated[k].weight == pytest.approx(ws[k], abs=1e-13)
    assert records[0].loss > records[1].loss > records[1].loss_after


# 4, descent
#   gradient_descent, learning_rate ("left the picture at step 7"), momentum (gamma = 0.9 on the
#   ravine, with and without), optimizers (torch.optim's own steps and the published rules):
#                         surfaces/test_descent.py
#   loss_surface          the surfaces, their gradients and minima: surfaces/test_named.py; slices
#                         of a network's loss: surfaces/test_slices.py

# 5, training
#   linear_regression     50 points of y = 3x + 0.8: datasets/test_synthetic.py; 3000 steps of 0.01:
#                         test_training.py; its own contour map: surfaces/test_slices.py; the
#                         smaller rate here
#   softmax_cross_entropy test_softmax.py
#   classification        sizes and data of the presets: test_presets.py; the results here. Those of
#                         Fashion-MNIST (loss below 0.5, accuracies above 0.7) need its files, which
#                         nothing may download: classification/test_run.py, if
#                         BACKPROP_STUDIO_FASHION_MNIST names their folder; that a folder of such
#                         files is read and becomes a batch: test_data.py, datasets/test_idx.py
#   gradient_flow         test_gradient_flow.py, test_gradient_accumulation.py; the depth of a
#                         gradient here


def test_a_smaller_rate_with_more_steps_is_right():
    # The mean squared error is a quadratic form, so where a descent ends is known: its eigenvectors
    # shrink by (1 - eta lambda)^steps. From w = b = 0, 3000 steps of 0.01 are still a little off,
    # 100 are wrong, and 8000 of 0.005 are right; the first of either are taken here.
    data = line(noise=0.0)
    batch = Batch(data.inputs, data.target_rows())
    spec = NetworkSpec((1, 1), ("identity",), "mse", "zeros", 0, (np.zeros((1, 1)),))
    x = data.inputs[:, 0]
    curvature = 2 * np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1.0]])
    values, vectors = np.linalg.eigh(curvature)

    def known(rate, steps):
        shrink = vectors @ np.diag((1 - rate * values) ** steps) @ vectors.T
        return np.array([3.0, 0.8]) - shrink @ [3.0, 0.8]

    for rate, steps in ((0.01, 100), (0.005, 200)):
        plan = TrainingPlan(steps, keep=(steps,))
        layer = run_training(spec, batch, OptimizerSpec("sgd", rate), plan).kept[-1].layers[0]
        w, b = known(rate, steps)
        assert (layer.weight.item(), layer.bias.item()) == pytest.approx((w, b), rel=1e-9)
    ends = (0.01, 100), (0.01, 3000), (0.005, 8000)
    wrong, off, right = (abs(known(*end)[0] - 3) for end in ends)
    assert wrong > 1.0
    assert off < 0.1
    assert right < off / 2


def test_iris_as_the_notes_have_it():
    data = load_dataset(DatasetChoice("iris", held_out=20, standardise=True))
    assert len(data.inputs) == len(iris().inputs) == 150
    assert (len(data.train), len(data.test)) == (130, 20)
    assert data.inputs[data.train].mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-14)
    assert data.inputs[data.train].std(axis=0) == pytest.approx(np.ones(4), rel=1e-14)
    spec, batch, held_out = iris_of(seed=0)
    assert spec.sizes == (4, 2, 3)
    assert spec.activations == ("relu", "identity")
    # The same 100 epochs of eta = 0.5 by formulas in numpy.
    ws, bs = drawn(spec)
    for _ in range(100):
        done = by_hand(spec, batch, ws, bs)
        ws = [w - 0.5 * layer.dL_dW for w, layer in zip(ws, done.layers, strict=True)]
        bs = [b - 0.5 * layer.dL_db for b, layer in zip(bs, done.layers, strict=True)]
    answers = by_hand(spec, held_out, ws, bs).layers[-1].a.argmax(axis=1)
    right = int((answers == held_out.targets).sum())
    assert right == 19  # of 20: the 95 % of the notes
    last = trained(spec, batch, held_out).kept[-1]
    assert last.held_out.accuracy == right / 20
    assert last.score.loss == pytest.approx(by_hand(spec, batch, ws, bs).loss, rel=1e-8)
    found = predict(spec, last.layers, held_out.inputs)
    assert (found.classes == answers).all()


def test_iris_reaches_nine_in_ten_for_nine_of_ten_seeds():
    accuracies = [trained(*iris_of(seed)).kept[-1].held_out.accuracy for seed in range(10)]
    assert sum(accuracy >= 0.9 for accuracy in accuracies) >= 9


def test_regions_of_iris_have_the_flowers_in_them():
    # Petal length and width tell the species apart; the sepals are held at their mean.
    spec, batch, held_out = iris_of(seed=0)
    layers = trained(spec, batch, held_out).kept[-1].layers
    x = batch.inputs
    regions = decision_regions(spec, layers, x, (2, 3), reach=x, count=61, margin=0.1)
    classes = regions.probabilities.argmax(axis=2)
    assert set(classes.ravel().tolist()) == {0, 1, 2}
    columns = np.abs(regions.xs[None, :] - x[:, 2:3]).argmin(axis=1)
    rows = np.abs(regions.ys[None, :] - x[:, 3:4]).argmin(axis=1)
    inside = classes[rows, columns] == batch.targets
    assert inside.mean() > 0.9


def test_digits_are_learned_by_softmax_regression():
    # The notes' recipe for pictures, 10 epochs of 256, on the set that comes along. An epoch has 6
    # batches where Fashion-MNIST has 235, so the preset's eta is 0.5 instead of 0.1.
    assert digits().inputs.shape == (1797, 64)
    spec, batch, held_out = parts_of({"network": {"preset": "softmax"}})
    assert spec.sizes == (64, 10)
    plan = TrainingPlan(steps_for_epochs(10, batch.size, 256), batch_size=256)
    record = run_training(spec, batch, OptimizerSpec("sgd", 0.5), plan, held_out)
    assert record.kept[-1].held_out.accuracy > 0.9
    assert record.kept[-1].score.accuracy > 0.9
    assert record.kept[-1].score.loss < 0.6 < record.kept[0].score.loss
    # An untrained classifier of ten classes guesses: its loss is near ln 10.
    assert record.kept[0].score.loss == pytest.approx(math.log(10), abs=0.1)


def test_gradient_falls_geometrically_through_the_deep_preset():
    spec, batch, _ = parts_of({"network": {"preset": "deep"}})
    flow = gradient_flow(run_steps(spec, batch, 0.5, 1)[0])
    done = by_hand(spec, batch, *drawn(spec))
    sizes = [float(np.sqrt((layer.dL_dW**2).sum())) for layer in done.layers]
    assert [layer.norm_dL_dW for layer in flow.layers] == pytest.approx(sizes, rel=1e-8)
    assert all(0.1 < early / late < 0.25 for early, late in pairwise(sizes))


# 6, autograd
#   autograd              28, [0, 4, 8, 12], ones after zeroing, x^3 at 1: graphs/test_vectors.py;
#                         the graph that torch recorded: graphs/test_autograd.py
#   vector_jacobian       [0.2, 0.04], [[2, 0], [0, 4]], torch's own error: graphs/test_vectors.py
#   detach                [0, 1, 4, 9] and 2x, the cut edge: graphs/test_vectors.py
#   control_flow          102400 = f(a) / a, the way taken: graphs/test_control_flow.py


def iris_of(seed):
    return parts_of({"network": {"preset": "iris", "seed": seed}, "data": {"seed": seed}})


def parts_of(values):
    params = NetworkGroup.model_validate(values)
    return params.network_spec(), params.batch(), params.held_out()


def trained(spec, batch, held_out):
    plan = TrainingPlan(100, keep=(100,))
    return run_training(spec, batch, OptimizerSpec("sgd", 0.5), plan, held_out)


def drawn(spec):
    start = draw_parameters(spec)
    return ([t.detach().numpy().copy() for t in part] for part in (start.weights, start.biases))


def by_hand(spec, batch, weights, biases):
    return oracle.forward_backward(
        weights, biases, spec.activations, spec.loss, batch.inputs, batch.targets
    )
