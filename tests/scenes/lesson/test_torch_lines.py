"""Printed lines: that of a loss comes to what core computed, that of a step says what it moves."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.steps import run_step
from backprop_studio.scenes.lesson.torch_lines import loss_line
from tests.scenes.lesson_runs import run_lesson


@pytest.mark.parametrize("reduction", ["mean", "samples", "sum"])
@pytest.mark.parametrize(
    "loss",
    [
        {"loss": "mse"},
        {"loss": "mse", "half": True},
        {"loss": "half_squared_error"},
        {"loss": "cross_entropy"},
        {"loss": "binary_cross_entropy"},
    ],
)
def test_line_of_a_loss(loss, reduction):
    network = {"sizes": [2, 3, 2], "activation": "tanh", "seed": 1, "reduction": reduction, **loss}
    targets = [0, 1, 1] if loss["loss"] == "cross_entropy" else [[1, 0], [0, 1], [1, 1]]
    data = {"inputs": [[1, 2], [-1, 0.5], [0.25, -0.75]], "targets": targets}
    group = validate_params(NetworkGroup, {"network": network, "data": data})
    record = run_step(group.network_spec(), group.batch(), 0.1)
    names = {"F": F, "t": torch.tensor(record.batch.targets)}
    names |= {"z2": torch.tensor(record.layers[1].z), "a2": torch.tensor(record.layers[1].a)}
    exec(loss_line(record.network), names)
    assert names["loss"].item() == pytest.approx(record.loss, rel=1e-12)


@pytest.mark.parametrize(
    ("train", "written"),
    [
        pytest.param(["2.bias.1", "1.weight.2.1"], "[b2[0], W1[1, 0]]", marks=pytest.mark.slow),
        pytest.param(["2"], "[W2, b2]", marks=pytest.mark.slow),
        (["1.weight.1", "3.bias"], "[W1[0], b3]"),
    ],
)
def test_the_line_of_a_step_says_what_alone_it_moves(train, written):
    run = run_lesson("backprop", {"network": {"train": train}})
    (line,) = [code for _, code in run.lines if code.startswith("opt.step()  #")]
    assert line == f"opt.step()  # SGD({written}, lr=0.1)"
