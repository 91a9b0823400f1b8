"""A heat map's colours are the entries, small or large, and its numbers can be read."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.paint.signature import signature
from backprop_studio.scenes.paint.style import SIZES, THEMES
from backprop_studio.scenes.parts.charts.heat_matrix import HeatMatrix, readable
from tests.scenes.paint.test_style import luminance
from tests.scenes.parts.chart_pictures import at, is_like, picture, play

THEME = THEMES["dark"]


def middle(box):
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def test_a_large_matrix_is_the_right_way_round():
    matrix = np.zeros((128, 784))
    matrix[:64, :392], matrix[64:, 392:] = 1.0, -1.0
    part = HeatMatrix(matrix, (12, 4), THEME, "en")
    pixels = picture(part)
    for row, column, colour in (
        (10, 40, THEME.positive), (10, 700, THEME.surface),
        (120, 40, THEME.surface), (120, 700, THEME.negative),
    ):  # fmt: skip
        assert is_like(at(pixels, middle(part.cell_box(row, column))), colour, room=3)


def test_an_enlarged_image_has_hard_edges():
    matrix = np.zeros((28, 28))
    matrix[:, ::2] = 1.0
    part = HeatMatrix(matrix, (5, 5), THEME, "en", is_grey=True)
    left, bottom, right, top = part.cell_box(14, 10)
    pixels = picture(part)
    for share in (0.15, 0.5, 0.85):
        spot = at(pixels, (left + share * (right - left), (bottom + top) / 2))
        assert is_like(spot, THEME.text, room=2)


def test_all_is_inside_the_box():
    part = HeatMatrix(
        np.eye(3), (4, 3), THEME, "en", row_names=["first", "b", "c"], column_names=list("xyz"),
    )  # fmt: skip
    rows, columns = np.nonzero(picture(part).max(axis=2) > 40)
    assert np.abs(columns - 640).max() <= 180
    assert np.abs(rows - 360).max() <= 135


def test_numbers_appear_if_all_fit():
    texts = [["0.12"] * 3] * 3
    large = HeatMatrix(np.eye(3), (4, 4), THEME, "en", texts=texts)
    small = HeatMatrix(np.eye(3), (1, 1), THEME, "en", texts=texts)
    assert "0.12" in large.texts()
    assert large.number_size <= SIZES.label
    assert small.texts() == []


@pytest.mark.parametrize("name", ["dark", "light", "print"])
def test_numbers_stand_out_from_every_colour(name):
    part = HeatMatrix([[1.0]], (1, 1), THEMES[name], "en")
    for colour in part.colours(np.linspace(-1, 1, 101)):
        low, high = sorted(map(luminance, (readable(colour), colour)))
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_colours_pass_through_the_middle_when_a_sign_changes():
    part = HeatMatrix([[1.0]], (2, 2), THEME, "en", limit=1)
    start, end = part.copy(), part.copy().set_values([[-1.0]])
    part.interpolate(start, end, 0.5)
    assert is_like(at(picture(part), (0, 0)), THEME.surface)


def test_the_outline_slides_from_a_cell_to_its_column():
    part = HeatMatrix(np.eye(4), (4, 4), THEME, "en").highlight(1, 2)
    start, end = part.copy(), part.copy().highlight(column=2)
    part.interpolate(start, end, 0.5)
    assert part.state["frame"] == pytest.approx([0.5, 2, 2.5, 1])
    play(part, lambda it: it.highlight(0, 0), lambda it: it.highlight())
    assert part.state["framed"] == 0
    assert signature(part) is not None


def test_infinite_entries_have_the_full_colour():
    part = HeatMatrix([[np.inf, -np.inf, np.nan, 1.0]], (4, 2), THEME, "en")
    pixels = picture(part)
    for column, colour in enumerate((THEME.positive, THEME.negative, THEME.surface)):
        assert is_like(at(pixels, middle(part.cell_box(0, column))), colour)


def test_other_shapes_are_refused():
    part = HeatMatrix(np.eye(2), (2, 2), THEME, "en")
    for wrong in (
        lambda: part.set_values(np.eye(3)),
        lambda: part.set_values(np.eye(2), [["1"]]),
        lambda: part.highlight(5, 0),
        lambda: HeatMatrix([1.0], (2, 2), THEME, "en"),
        lambda: HeatMatrix(np.eye(2), (2, 2), THEME, "en", row_names=["a"]),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - each has its own sentence
            wrong()
