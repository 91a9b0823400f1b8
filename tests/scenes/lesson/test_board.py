"""The board: code of one line leaves the room of a second to the formula."""

from __future__ import annotations

import pytest

from backprop_studio.scenes.lesson.board import Board
from backprop_studio.scenes.paint.style import THEMES, layout_for

LONG = "for _ in range(3000): opt.zero_grad(); ((w * x + b - y) ** 2).mean().backward(); opt.step()"
TALL = "$ vec(1, 2, 3, 4) = vec(1, 2, 3, 4) $"


@pytest.mark.parametrize("width", [32 / 3, 8 * 9 / 16])
def test_code_takes_two_lines_before_it_is_set_smaller(width):
    layout = layout_for(width, 8.0)
    board = Board(layout.board, layout.board_y, THEMES["dark"], "en", layout.code_lines)
    sizes, tops = [], []
    for code in (LONG, "w.grad"):
        board.replace(code, TALL)
        assert board.code.drawn_size() == board.code.size
        sizes.append(board.formula.drawn_size())
        top = board.formula.get_center()[1] + board.formula.ink.height * sizes[-1] / 2
        tops.append(top)
        assert top < board.code.get_center()[1] - board.code.ink.height * board.code.size / 2
    assert sizes[1] >= sizes[0]
    assert tops[1] > tops[0]
