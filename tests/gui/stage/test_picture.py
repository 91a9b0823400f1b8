"""How a picture is painted on the stage."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage

from backprop_studio.gui.stage.picture import PictureView


@pytest.fixture
def view(qtbot):
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(320, 181)
    view.show()
    return view


def shown(view, image):
    view.show_image(image)
    return view.grab().toImage()


def test_a_still_of_the_stage_s_size_is_shown_pixel_by_pixel(view):
    board = QImage(320, 180, QImage.Format.Format_RGB32)
    for x in range(board.width()):
        for y in range(board.height()):
            board.setPixelColor(x, y, QColor("white" if (x + y) % 2 else "black"))
    picture = shown(view, board)
    for x in range(10, 300):
        assert {picture.pixelColor(x, y).name() for y in (90, 91)} == {"#000000", "#ffffff"}


def test_corners_are_smooth_and_nothing_of_the_picture_is_outside_of_its_line(view):
    dark = QImage(320, 180, QImage.Format.Format_RGB32)
    dark.fill(QColor("black"))
    picture = shown(view, dark)
    for y in range(6):
        # Into the picture it only gets darker: no speck of it lies on the line or beyond.
        grey = [picture.pixelColor(x, y).lightness() for x in range(9)]
        inside = grey[next((x for x, it in enumerate(grey) if it < 180), len(grey)) :]
        assert inside == sorted(inside, reverse=True)
    assert 0 < picture.pixelColor(1, 4).lightness() < 200  # the edge is smooth
