"""How many numbers a network has."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from backprop_studio.core.base.limits import parameter_count


@pytest.mark.parametrize("sizes", [(1, 1), (4, 2, 3), (784, 128, 64, 10)])
def test_count_is_torchs(sizes):
    layers = [torch.nn.Linear(*pair) for pair in pairwise(sizes)]
    parameters = torch.nn.Sequential(*layers).parameters()
    assert parameter_count(sizes) == sum(tensor.numel() for tensor in parameters)
