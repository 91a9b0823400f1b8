"""The picture of all edges: ink where they run, as much as they weigh, coloured by sign."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.networks.edge_density import MARGIN, Gap, Matrix, density_picture

DARK = THEMES["dark"]
GAP = Gap(width=4.0, start_pitch=1.0, end_pitch=1.0)
PER_UNIT = 20


def rows_inked(picture, column):
    return np.flatnonzero(picture[:, column, 3])


def test_a_single_edge_runs_from_unit_to_unit():
    # Two inputs, two outputs: only the edge from the upper input to the lower output weighs.
    picture = density_picture(Matrix([[0.0, 0.0], [1.0, 0.0]]), GAP, PER_UNIT, DARK)
    height, width, _ = picture.shape
    assert (height, width) == (PER_UNIT + 1 + 2 * MARGIN, 4 * PER_UNIT)
    for column in (0, width // 2, width - 1):
        expected = MARGIN + PER_UNIT * (column + 0.5) / width
        assert rows_inked(picture, column).mean() == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(("weight", "colour"), [(0.5, DARK.positive), (-0.5, DARK.negative)])
def test_the_sign_is_the_colour(weight, colour):
    picture = density_picture(Matrix([[weight]]), GAP, PER_UNIT, DARK).astype(float)
    pixel = picture[MARGIN, 10]
    assert pixel[:3] / pixel[3] == pytest.approx(colour, abs=0.02)


def test_what_lies_twice_is_darker_but_never_more_than_opaque():
    many = Matrix(np.ones((1, 200)))
    picture = density_picture(many, Gap(4.0, 0.01, 1.0), PER_UNIT, DARK)
    assert picture[:, -1, 3].max() > picture[:, 0, 3].max() / 2
    assert (picture[..., :3] <= picture[..., 3:]).all()  # premultiplied


def test_print_tells_signs_apart_by_dashes():
    pictures = [
        density_picture(Matrix([[weight]]), GAP, PER_UNIT, THEMES["print"]) for weight in (1.0, -1)
    ]
    empty = [int((picture[MARGIN, :, 3] == 0).sum()) for picture in pictures]
    assert empty[0] == 0
    assert empty[1] == pytest.approx(pictures[1].shape[1] / 2, rel=0.2)


def test_a_matrix_is_known_by_its_content():
    first, same, other = Matrix([[1.0, 2.0]]), Matrix([[1.0, 2.0]]), Matrix([[1.0], [2.0]])
    assert first == same
    assert hash(first) == hash(same)
    assert first != other
    assert copy.deepcopy(first) is first
    with pytest.raises(ValueError, match="read-only"):
        first.values[0, 0] = 3


def test_the_strongest_come_last_and_zeros_never():
    matrix = Matrix([[0.1, -3.0], [0.0, 2.0]])
    assert matrix.strongest(2) == [(1, 1), (0, 1)]
    assert matrix.strongest(9) == [(0, 0), (1, 1), (0, 1)]
    assert Matrix(np.zeros((2, 2))).strongest(3) == []


def test_a_reference_makes_pictures_comparable():
    before = Matrix([[1.0, 0.4]])
    alone, compared = (
        density_picture(Matrix([[3.0, 0.4]]), GAP, PER_UNIT, DARK, reference)
        for reference in (None, before)
    )
    first = density_picture(before, GAP, PER_UNIT, DARK)
    # The upper edge has grown beyond full strength; the lower one did not change.
    assert (compared[-MARGIN - 1, 0] == first[-MARGIN - 1, 0]).all()
    assert alone[-MARGIN - 1, 0, 3] < first[-MARGIN - 1, 0, 3]


def test_weights_that_have_all_grown_are_no_block():
    generator = np.random.default_rng(0)
    weights = generator.uniform(-1, 1, (60, 60))
    gap = Gap(4.0, 0.05, 0.05)
    grown = density_picture(Matrix(weights * 100), gap, PER_UNIT, DARK, Matrix(weights))
    assert grown[..., 3].mean() < 0.8 * 255
