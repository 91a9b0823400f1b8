"""Pictures with what they are and what they are taken for."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.families.classification.pictures import ClassificationPictures, grid_for
from backprop_studio.scenes.paint.style import THEMES
from tests.scenes.parts.chart_pictures import at, is_like, picture, play

DARK = THEMES["dark"]
IMAGES = np.stack([np.zeros((2, 2)), np.ones((2, 2)), np.array([[1.0, 0.0], [0.0, 0.0]])])


def view():
    return ClassificationPictures(IMAGES, ["a", "b", "c"], (2, 2), (4.0, 4.0), DARK, "en")


def middle(part, index):
    left, bottom, right, top = part.cell_box(index)
    return np.array([(left + right) / 2, (bottom + top) / 2])


def test_bright_pixels_have_the_texts_colour_and_dark_ones_the_pages():
    part = view()
    pixels = picture(part)
    assert is_like(at(pixels, middle(part, 0)), DARK.background)
    assert is_like(at(pixels, middle(part, 1)), DARK.text)
    # The first pixel is the upper left one.
    aside = np.array([-0.15, 0.15])
    assert is_like(at(pixels, middle(part, 2) + aside), DARK.text)
    assert is_like(at(pixels, middle(part, 2) - aside), DARK.background)


def test_pictures_stand_in_rows_and_do_not_overlap():
    part = view()
    boxes = [part.cell_box(k) for k in range(3)]
    assert boxes[0][2] < boxes[1][0]
    assert boxes[0][1] > boxes[2][3]
    assert boxes[0][0] == boxes[2][0]
    for left, bottom, right, top in boxes:
        assert right - left == pytest.approx(top - bottom)
        assert -2 <= left < right <= 2
        assert -2 <= bottom < top <= 2


def test_a_right_answer_is_marked_in_another_colour():
    def marks(is_right):
        pixels = picture(view().answer(["", "", ""], [is_right] * 3))
        colour = 255 * np.array(DARK.target)
        return int((np.abs(pixels - colour).max(axis=2) < 40).sum())

    assert marks(True) > 30
    assert marks(False) == 0


def test_answers_change_in_a_play():
    part = view()
    assert part.texts() == ["a", "b", "c"]
    part = play(
        part,
        lambda it: it.answer(["b", "b", "b"], [False, True, False]),
        lambda it: it.answer(["a", "c", "c"], [True, True, True]).follow(2),
    )
    assert part.texts() == ["a", "b", "c", "a", "c", "c"]
    assert part.state["right"].tolist() == [1, 1, 1]
    assert part.followed == 2


def test_a_grid_holds_no_more_than_asked_for_and_fits_its_box():
    rows, columns = grid_for((5.5, 4.0), 2, 0.3, 12)
    assert rows >= 2
    assert columns >= 4
    assert grid_for((5.5, 4.0), 2, 0.3, 3) == (1, 3)
    assert grid_for((1.0, 1.0), 2, 5.0, 12) == (1, 1)
