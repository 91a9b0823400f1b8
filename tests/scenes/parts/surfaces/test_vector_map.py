"""Vectors on a map are added tip to tail, and have labels while they are long enough."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.paint.palette import series_colour
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries
from backprop_studio.scenes.parts.surfaces.vector_map import VectorMap
from tests.scenes.parts.chart_pictures import at, is_colour, picture

THEME = THEMES["dark"]
X, Y = np.linspace(0, 4, 9), np.linspace(0, 2, 5)
LABELS = ("$a$", "$b$")


def view():
    return VectorMap(
        X, Y, np.zeros((5, 9)), (8.0, 6.0), THEME, "en", fill="none", levels=0,
        series=[DescentSeries(np.array([[1.0, 0.5]]))],
    )  # fmt: skip


def shown(*ways):
    part = view()
    part.add_up(*ways, LABELS)
    return part.show_sum()


def is_at(pixels, part, place, colour):
    return is_colour(at(pixels, part.locate(place)), colour)


def test_the_second_starts_at_the_tip_of_the_first_and_the_sum_closes_the_triangle():
    part = shown((1.0, 0.5), (2.0, 0.0), (0.0, 1.0))
    pixels = picture(part)
    assert is_at(pixels, part, (2.0, 0.5), THEME.text)
    assert is_at(pixels, part, (3.0, 1.0), THEME.gradient)
    assert is_at(pixels, part, (2.0, 1.0), series_colour(THEME, 0))


def test_they_are_not_seen_before_they_are_shown_and_after_they_are_cleared():
    part = view().add_up((1.0, 0.5), (2.0, 0.0), (0.0, 1.0), LABELS)
    for hidden in (part, part.copy().show_sum().clear_sum()):
        assert not is_at(picture(hidden), hidden, (2.0, 0.5), THEME.text)
        assert "$a$" not in hidden.texts()


def test_a_vector_without_length_has_neither_arrow_nor_label():
    part = shown((1.0, 0.5), (0.0, 0.0), (0.0, 1.0))
    assert "$a$" not in part.texts()
    assert "$b$" in part.texts()
    assert is_at(picture(part), part, (1.0, 1.0), THEME.gradient)


@pytest.mark.parametrize("far", [1e3, 1e200])
def test_vectors_that_are_very_long_keep_their_direction(far):
    part = shown((1.0, 0.5), (far, 0.25 * far), (0.0, far))
    pixels = picture(part)
    for x in (2.0, 3.0, 3.8):
        assert is_at(pixels, part, (x, 0.5 + 0.25 * (x - 1.0)), THEME.text)
