"""The map of heights has an order everybody sees; series stay apart."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backprop_studio.scenes.paint.palette import (
    MARKERS,
    colour_map,
    line_colour,
    readable,
    series_colours,
    series_marker,
)
from backprop_studio.scenes.paint.style import THEMES
from tests.scenes.paint.test_style import DEFICIENCIES, lab, linear, luminance

COLOURED = [THEMES["dark"], THEMES["light"]]
ALL = list(THEMES.values())
LEAST_DISTANCE = 18
"""CIE76 Delta E; markers differ as well."""


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.name)
def test_higher_is_lighter_for_every_viewer(theme, deficiency):
    colours = colour_map(theme).colours(np.linspace(0, 1, 12))
    lightness = [lab(DEFICIENCIES[deficiency] @ linear(tuple(it)))[0] for it in colours]
    steps = np.diff(lightness)
    assert (steps > 2).all()
    assert steps.max() < 2 * steps.min(), "nothing looks like an edge that is none"


def test_ends_are_kept_beyond_the_range():
    heights = colour_map(THEMES["dark"])
    assert np.array_equal(heights.colours([-1.0, 2.0]), heights.colours([0.0, 1.0]))


def test_the_print_theme_is_grey():
    theme = THEMES["print"]
    colours = [*colour_map(theme).colours(np.linspace(0, 1, 5)), *series_colours(theme)]
    assert np.ptp(np.array(colours), axis=1).max() < 0.01


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_series_stay_apart(theme, deficiency):
    seen = [lab(DEFICIENCIES[deficiency] @ linear(it)) for it in series_colours(theme)]
    for first, second in itertools.combinations(seen, 2):
        assert np.linalg.norm(first - second) >= LEAST_DISTANCE


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.name)
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_lines_stand_out_from_the_page(theme, share):
    pair = sorted([luminance(line_colour(theme, share)), luminance(theme.surface)])
    assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 2.4


def test_neighbouring_series_have_different_markers():
    assert len({series_marker(k) for k in range(len(MARKERS))}) == len(MARKERS)
    assert series_marker(0) == series_marker(len(MARKERS))


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.name)
def test_what_is_written_in_a_series_colour_can_be_read(theme):
    for colour in series_colours(theme):
        for ground in (theme.background, theme.surface):
            high, low = sorted(map(luminance, (readable(colour, theme), ground)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5
    assert readable(theme.text, theme) == theme.text
