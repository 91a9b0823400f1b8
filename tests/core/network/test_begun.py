"""Steps that begin in the middle: an optimizer's memory, float32, and what classes count."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from backprop_studio.core.answer_sheet import step_sheet
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import LessonParams, validate_params
from backprop_studio.core.network.optimizers import OPTIMIZERS, OptimizerGroup
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.steps import run_step, run_steps


class Params(NetworkGroup, OptimizerGroup):
    pass


assert issubclass(Params, LessonParams)

SMALL = {"sizes": [2, 3, 1], "seed": 1}
ROWS = 4  # two layers, W and b of each


def steps(given, count=1):
    params = validate_params(Params, given)
    return run_steps(params.network_spec(), params.batch(), params.optimizer_spec(), count)


def remembered(record):
    """What an optimizer remembers after a step, as the parameter has it."""
    names = ("velocity", "square_sum", "square_mean", "first_moment", "second_moment")
    kept = [vector for name in names if (vector := getattr(record.vectors_after, name))]
    rows = [part for vector in kept for it in vector for part in (it.weight, it.bias)]
    return [row.reshape(-1).tolist() for row in rows]


@pytest.mark.parametrize("name", [it for it in OPTIMIZERS if it != "sgd"])
def test_steps_go_on_as_if_they_had_not_been_interrupted(name):
    whole = steps({"network": SMALL, "optimizer": {"name": name}}, 3)
    data = {"inputs": whole[0].batch.inputs.tolist(), "targets": whole[0].batch.targets.tolist()}
    middle = whole[1]
    network = {
        "weights": [it.weight.tolist() for it in middle.updated],
        "biases": [it.bias.tolist() for it in middle.updated],
        "activation": whole[0].network.activations[0],
    }
    memory = {"memory": remembered(middle), "made": 0 if name in {"momentum", "nesterov"} else 2}
    (last,) = steps({"network": network, "data": data, "optimizer": {"name": name, **memory}})
    for found, expected in zip(last.updated, whole[2].updated, strict=True):
        np.testing.assert_allclose(found.weight, expected.weight, rtol=1e-14)
        np.testing.assert_allclose(found.bias, expected.bias, rtol=1e-14)
    if whole[2].vectors.step is not None:
        assert (last.vectors.step, last.vectors_after.step) == (2, 3)


def test_every_number_of_a_step_in_float32_is_one():
    (record,) = steps({"network": SMALL, "optimizer": {"precision": "float32"}})
    sheet = step_sheet("backprop", {}, record)
    for layer in sheet["layers"]:
        for name in ("z", "a", "dL_dz", "dL_dW", "dL_db"):
            numbers = np.array(layer[name])
            assert np.array_equal(numbers, numbers.astype(np.float32))
    (exact,) = steps({"network": SMALL})
    assert record.loss != exact.loss
    assert record.loss == pytest.approx(exact.loss, rel=1e-6)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("weights", [None, [2.0, 0.5, 1.0]])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_classes_count_as_in_torch(weights, smoothing, reduction):
    network = {"sizes": [2, 3], "loss": "cross_entropy", "reduction": reduction}
    network |= {"label_smoothing": smoothing} | ({"class_weights": weights} if weights else {})
    data = {"inputs": [[1, 2], [0, -1], [3, 0.5], [1, 1]], "targets": [0, 2, 1, 1]}
    (record,) = steps({"network": network, "data": data})
    z = torch.tensor(record.layers[0].z, requires_grad=True)
    weight = None if weights is None else torch.tensor(weights, dtype=torch.float64)
    more = {"weight": weight, "label_smoothing": smoothing}
    loss = F.cross_entropy(z, torch.tensor(data["targets"]), reduction=reduction, **more)
    loss.backward()
    assert record.loss == pytest.approx(loss.item(), rel=1e-14)
    np.testing.assert_allclose(record.layers[0].dL_dz, z.grad, atol=1e-15)
    sheet = step_sheet("backprop", {}, record)
    assert ("class_shares" in sheet) == bool(weights or smoothing)
    if "class_shares" in sheet:
        shares, p = np.array(sheet["class_shares"]), np.array(sheet["probabilities"])
        losses = -(shares * np.log(p)).sum(axis=1)
        np.testing.assert_allclose(sheet["sample_losses"], losses, rtol=1e-13)
        assert losses.sum() / sheet["total_weight"] == pytest.approx(record.loss, rel=1e-13)
        gradient = (np.array(sheet["sample_weights"])[:, None] * p - shares) / sheet["total_weight"]
        np.testing.assert_allclose(record.layers[0].dL_dz, gradient, atol=1e-15)


def test_binary_cross_entropy_of_a_is_that_of_logits_but_for_rounding():
    network = {"sizes": [1, 1], "loss": "binary_cross_entropy", "weights": [[[2.0]]]}
    data = {"inputs": [[1.0], [-3.0]], "targets": [[1.0], [0.5]]}
    (of_z,) = steps({"network": network, "data": data})
    (of_a,) = steps({"network": {**network, "logits": False}, "data": data})
    assert of_a.loss == pytest.approx(of_z.loss, rel=1e-12)
    np.testing.assert_allclose(of_a.layers[0].dL_da, of_z.layers[0].dL_da, rtol=1e-12)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"network": {**SMALL, "activations": ["relu", "tanh"]}}, "network.activations"),
        ({"network": {**SMALL, "activations": ["rely"]}}, "network.activation"),
        ({"network": {**SMALL, "class_weights": [1, 2]}}, "loss.of_classes"),
        (
            {"network": {"sizes": [2, 3], "loss": "cross_entropy", "class_weights": [1, 2]}},
            "loss.weights",
        ),
        ({"optimizer": {"name": "sgd", "made": 3}}, "optimizer.memory"),
        ({"optimizer": {"name": "sgd", "memory": [[1.0]]}}, "optimizer.memory"),
    ],
)
def test_what_does_not_fit_together_is_refused(given, code):
    with pytest.raises(InputError) as caught:
        validate_params(Params, given)
    assert code in {caught.value.message.code, *_reasons(caught.value.message)}


def _reasons(message):
    found = [it for it in message.fields.values() if hasattr(it, "code")]
    return [it.code for it in found] + [code for it in found for code in _reasons(it)]


def test_a_memory_of_another_network_is_refused():
    params = validate_params(
        Params, {"network": SMALL, "optimizer": {"name": "momentum", "memory": [[1.0]] * ROWS}}
    )
    with pytest.raises(InputError, match=f"expected {ROWS} rows"):
        run_step(params.network_spec(), params.batch(), params.optimizer_spec())
