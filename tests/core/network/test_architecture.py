"""Shapes and counts of a network's layers, against torch's own modules and by hand."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings

from backprop_studio.core.network.architecture import architecture
from backprop_studio.core.network.spec import NetworkParams, resolve_network
from tests.core.specs import QUICK, networks


def test_the_notes_network_by_hand():
    # 3-3-2-3: 9 + 3, 6 + 2 and 6 + 3 weights and biases, 29 in all.
    record = architecture(resolve_network(NetworkParams(preset="notes")), samples=3)
    assert [(layer.weights, layer.biases, layer.parameters) for layer in record.layers] == [
        (9, 3, 12), (6, 2, 8), (6, 3, 9),
    ]  # fmt: skip
    assert (record.weights, record.biases, record.parameters, record.units) == (21, 8, 29, 8)
    assert [layer.output_shape for layer in record.layers] == [(3, 3), (3, 2), (3, 3)]
    assert [layer.activation for layer in record.layers] == ["relu", "relu", "identity"]
    assert [layer.number for layer in record.layers] == [1, 2, 3]


def test_nearly_all_of_mnists_parameters_are_in_the_first_layer():
    # 785 x 128 + 129 x 64 + 65 x 10 = 100480 + 8256 + 650
    record = architecture(resolve_network(NetworkParams(preset="mnist")), samples=1)
    assert [layer.parameters for layer in record.layers] == [100_480, 8_256, 650]
    assert record.parameters == 109_386
    assert record.layers[0].share == 100_480 / 109_386


@settings(QUICK, max_examples=20)
@given(networks())
def test_shapes_are_torchs(drawn):
    spec, batch = drawn
    record = architecture(spec, batch.size)
    a = torch.zeros(batch.size, spec.sizes[0])
    for layer in record.layers:
        linear = torch.nn.Linear(layer.n_in, layer.n_out)
        assert layer.weight_shape == tuple(linear.weight.shape)
        assert layer.bias_shape == tuple(linear.bias.shape)
        assert layer.parameters == sum(tensor.numel() for tensor in linear.parameters())
        assert layer.input_shape == tuple(a.shape)
        a = linear(a)
        assert layer.output_shape == tuple(a.shape)
    assert sum(layer.share for layer in record.layers) == pytest.approx(1.0)
    assert record.parameters == record.weights + record.biases == record.trained


def test_biases_that_are_not_trained_are_not_counted_as_such():
    record = architecture(resolve_network(NetworkParams(preset="one_weight")), samples=1)
    assert (record.parameters, record.trained, record.layers[0].trained) == (2, 1, 1)
