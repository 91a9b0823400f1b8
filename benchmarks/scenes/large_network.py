"""Larger networks with our parts: the plays and lengths of the small one."""

from __future__ import annotations

from benchmarks.plain import large_network
from benchmarks.scenes import network


class MiddleNetwork(network.Network):
    """64-32-32-10, of which stock Manim plays a tenth."""

    sizes = large_network.SIZES


class LargeNetwork(network.Network):
    """784-128-64-10: a digit goes in."""

    sizes = (784, 128, 64, 10)
