"""Contrast, and colours that stay apart for colour-blind viewers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backprop_studio.scenes.paint.style import (
    SIZES,
    THEMES,
    decimals_for,
    frame_size,
    layout_for,
)

FRAME_HEIGHT = 8.0
LEAST_EM_AT_720P = 18

# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip
LEAST_DISTANCE = 25
"""CIE76 Delta E between two meanings; 2.3 is just noticeable."""

TEXTS = ("text", "muted", "positive", "negative", "gradient", "loss", "target")
MEANINGS = ("positive", "negative", "gradient")


def linear(rgb):
    values = np.array(rgb)
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(rgb):
    return float(linear(rgb) @ [0.2126, 0.7152, 0.0722])


def lab(linear_rgb):
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(linear_rgb, 0, 1) / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("ground", ["background", "surface"])
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_text_stands_out(theme, name, ground):
    pair = sorted([luminance(getattr(theme, name)), luminance(getattr(theme, ground))])
    assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("pair", list(itertools.combinations(MEANINGS, 2)), ids="-".join)
@pytest.mark.parametrize(
    "theme", [theme for theme in THEMES.values() if not theme.dashes_negative],
    ids=lambda theme: theme.name,
)  # fmt: skip
def test_meanings_stay_apart(theme, pair, deficiency):
    first, second = (lab(DEFICIENCIES[deficiency] @ linear(getattr(theme, name))) for name in pair)
    assert np.linalg.norm(first - second) >= LEAST_DISTANCE


def test_print_has_no_colour_and_tells_signs_apart_by_lightness_and_dashes():
    theme = THEMES["print"]
    assert theme.dashes_negative
    for name in ("background", "surface", "line", "focus", *TEXTS):
        assert len(set(getattr(theme, name))) == 1
    first, second = (lab(linear(colour)) for colour in (theme.positive, theme.negative))
    assert np.linalg.norm(first - second) >= LEAST_DISTANCE


@pytest.mark.parametrize(
    ("pixels", "size"),
    [((1280, 720), (128 / 9, 8)), ((854, 480), (128 / 9, 8)), ((960, 720), (32 / 3, 8)),
     ((720, 1280), (8, 128 / 9))],
)  # fmt: skip
def test_a_unit_is_as_many_pixels_of_the_short_side_in_every_shape(pixels, size):
    assert frame_size(*pixels) == pytest.approx(size)
    assert layout_for(*frame_size(*pixels)).board[0] < size[0]


def test_the_smallest_type_is_readable():
    for size in (SIZES.small, SIZES.label, SIZES.formula, SIZES.caption):
        assert size / FRAME_HEIGHT * 720 >= LEAST_EM_AT_720P


@pytest.mark.parametrize(
    ("largest", "decimals"),
    [(0.0, 3), (float("inf"), 3), (0.5, 3), (0.05, 4), (1e-9, 6), (12, 2), (999, 1)],
)
def test_decimals_follow_the_size(largest, decimals):
    assert decimals_for(largest) == decimals
