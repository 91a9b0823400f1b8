"""A histogram's bars stand between their edges, as high as they are counted."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.paint.signature import signature
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.histogram import Histogram
from tests.scenes.parts.chart_pictures import at, is_like, picture

THEME = THEMES["dark"]


def test_a_histogram_has_a_bar_per_bin_between_its_edges():
    edges = np.array([-1.0, 0.0, 1.0, 3.0])
    part = Histogram(edges, Axis(-1, 3), Axis(0, 10), (6, 4), THEME, "en").set_counts([10, 0, 5])
    pixels = picture(part)
    window = part.axes.window
    for x, y, is_filled in (
        (-0.5, 9, True), (0.5, 1, False), (2.0, 4, True), (2.0, 6.5, False), (2.9, 4, True),
    ):  # fmt: skip
        assert is_like(at(pixels, part.axes.at(window, x, y)), THEME.gradient) == is_filled
    assert signature(part) is not None


@pytest.mark.parametrize("edges", [[1.0], [0.0, 0.0, 1.0], [1.0, 0.0]])
def test_edges_have_to_rise(edges):
    with pytest.raises(ValueError, match="edges"):
        Histogram(edges, Axis(0, 1), Axis(0, 1), (6, 4), THEME, "en")
