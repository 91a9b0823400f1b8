"""The plane of two features: points where they belong, regions of the likeliest class."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.families.classification.colours import class_colour, region_colours
from backprop_studio.scenes.families.classification.map import ClassificationMap
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.axes import Axis
from tests.scenes.parts.chart_pictures import at, is_like, picture, play

DARK = THEMES["dark"]
HALVES = np.zeros((4, 6, 2))
HALVES[:, :3, 0] = 1.0
HALVES[:, 3:, 1] = 1.0


def view():
    samples = [[1.0, 1.0], [3.0, 2.0], [2.0, 3.0]], [0, 1, 1], [False, True, False]
    words, axes = (["a", "b"], ("held", "wrong")), (Axis(0, 4, "x"), Axis(0, 4, "y"))
    return ClassificationMap(*axes, *samples, *words, (6.0, 5.0), DARK, "en")


def test_points_stand_in_proportion_and_have_their_class_colour():
    part = view()
    places = np.array([part.place_of(k) for k in range(3)])
    # From (1, 1) to (3, 2) is twice as far across as from (1, 1) to (2, 3).
    assert (places[1] - places[0])[0] == pytest.approx(2 * (places[2] - places[0])[0])
    assert (places[2] - places[0])[1] == pytest.approx(2 * (places[1] - places[0])[1])
    pixels = picture(part)
    for k, of in enumerate((0, 1, 1)):
        assert is_like(at(pixels, places[k]), class_colour(DARK, of))


def test_regions_have_the_tint_of_their_class_and_a_border():
    part = view().set_regions(HALVES, [False, False, True])
    pixels = picture(part)
    tints = region_colours(DARK, HALVES)
    aside = np.array([0.5, 0.5])
    left, right = part.place_of(0) + aside * (-1, 1), part.place_of(1) + aside
    assert is_like(at(pixels, left), tints[0, 0])
    assert is_like(at(pixels, right), tints[0, -1])
    assert not np.allclose(tints[0, 2], tints[0, 0]), "the border"


def test_a_wrong_answer_is_crossed_out():
    right = picture(view().set_regions(HALVES, [False] * 3))
    part = view().set_regions(HALVES, [False, False, True])
    wrong = picture(part)
    arm = part.place_of(2) + 0.09
    assert is_like(at(wrong, arm), DARK.text, 40)
    assert not is_like(at(right, arm), DARK.text, 40)


def test_surer_regions_are_stronger():
    sure, unsure = np.array([[[1.0, 0.0]]]), np.array([[[0.51, 0.49]]])
    page = np.array(DARK.background)
    far = [np.linalg.norm(region_colours(DARK, it)[0, 0] - page) for it in (sure, unsure)]
    assert far[0] > 2 * far[1] > 0


def test_regions_come_and_change_in_a_play():
    other = HALVES[:, ::-1]
    part = play(
        view(),
        lambda it: it.set_regions(HALVES, [False] * 3),
        lambda it: it.set_regions(other, [True] * 3).follow(1),
    )
    assert np.array_equal(part.state["regions"], other)
    assert part.state["wrong"].tolist() == [1, 1, 1]
    assert part.followed == 1


def test_between_two_states_probabilities_are_between():
    start, end = (view().set_regions(it, [False] * 3) for it in (HALVES, HALVES[:, ::-1]))
    middle = view().interpolate(start, end, 0.25)
    assert middle.state["regions"][0, 0].tolist() == [0.75, 0.25]
    assert {"x", "y", "a", "b", "held", "wrong"} <= set(middle.texts())


def test_neighbouring_classes_differ_in_colour():
    for theme in THEMES.values():
        assert len({class_colour(theme, k) for k in range(4)}) == 4
