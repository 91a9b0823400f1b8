"""How large a network may be, and how many numbers it has."""

from __future__ import annotations

from itertools import pairwise

import torch

from backprop_studio.core.base.limits import (
    MAX_LAYERS,
    MAX_PARAMETERS,
    MAX_UNITS,
    MIN_LAYERS,
    parameter_count,
)


def test_count_is_torchs():
    sizes = (784, 128, 64, 10)
    layers = [torch.nn.Linear(*pair) for pair in pairwise(sizes)]
    parameters = torch.nn.Sequential(*layers).parameters()
    assert parameter_count(sizes) == sum(tensor.numel() for tensor in parameters)


def test_limits_are_those_that_are_documented():
    assert (MIN_LAYERS, MAX_LAYERS) == (2, 8)
    assert MAX_UNITS == 1024
    assert MAX_PARAMETERS == 2_000_000
