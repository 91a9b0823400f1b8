"""What of a long formula stands on the board."""

from __future__ import annotations

from backprop_studio.scenes.boards.graph.fitting import ever_fewer, fitting_rows
from backprop_studio.scenes.lesson.board import Board
from backprop_studio.scenes.paint.style import THEMES, layout_for


def board(width=128 / 9, height=8.0):
    layout = layout_for(width, height)
    return Board(layout.board, layout.board_y, THEMES["dark"], "en", layout.code_lines)


def test_more_parts_than_fit_leave_their_middle_out():
    parts = [f"x_({k}) = 123456789.123456" for k in range(14)]
    rows = [k for row in fitting_rows(parts, board()) for k in row]
    assert rows[0] == 0
    assert rows[-2:] == [None, 13]
    assert fitting_rows(parts[:2], board()) == [[0, 1]]


def test_a_tall_board_takes_more_rows():
    parts = [f"x_({k}) = 123456" for k in range(6)]
    assert len(fitting_rows(parts, board())) < len(fitting_rows(parts, board(8.0, 128 / 9)))


def test_ever_fewer_words_end_with_the_last_alone():
    assert list(ever_fewer(["a", "b", "c", "d"], ", ", "...")) == [
        "a, b, c, d", "a, b, ..., d", "a, ..., d", "d",
    ]  # fmt: skip
