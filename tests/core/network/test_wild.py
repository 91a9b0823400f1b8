"""Thousands of wild networks: what the gradient check does not confirm it names."""

from __future__ import annotations

import pytest

from tests.core.network.wild import KINDS, counted

FIRST = 20261130


@pytest.mark.parametrize("count", [4, pytest.param(20, marks=pytest.mark.slow)])
def test_some_wild_networks(count):
    found = counted(range(FIRST, FIRST + count * len(KINDS)))
    assert found["confirmed"] > found["refused"]
    assert found["said"]


@pytest.mark.soak
@pytest.mark.parametrize("part", range(20))
def test_ten_thousand_wild_networks(part):
    counted(range(FIRST + part * 500, FIRST + (part + 1) * 500))
