"""How much of a long formula or line of code can be read on the board, and in which rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from backprop_studio.scenes.lesson.board import Board
from backprop_studio.scenes.paint.style import SIZES

MOST_ROWS = 4
MOST_PARTS = 10
LARGE_ENOUGH = 0.9
"""Of the full type size: no more rows are tried then."""

NEW_LINE = " \\ "


def fitting_rows(parts: Sequence[str], board: Board) -> list[list[int | None]]:
    """Return in which rows parts of a formula stand, of as many as can be read on the board.

    They stand in as few rows as leave them large; of too many, the first ones, dots and the last.

    Returns
    -------
    list of list of int or None
        Numbers of the parts; None stands for dots.
    """
    rows: list[list[int | None]] = [[len(parts) - 1]]
    for shown in range(min(len(parts), MOST_PARTS), 0, -1):
        chosen: list[int | None] = list(range(len(parts)))
        if shown < len(parts):
            chosen = [*range(shown - 1), None, len(parts) - 1]
        rows, size = _largest(chosen, parts, board)
        if size >= SIZES.small:
            break
    return rows


def _largest(
    chosen: Sequence[int | None], parts: Sequence[str], board: Board
) -> tuple[list[list[int | None]], float]:
    """Return the rows in which parts stand in the largest letters, and their em."""
    best: list[list[int | None]] = [list(chosen)]
    largest = 0.0
    for count in range(1, min(MOST_ROWS, len(chosen)) + 1):
        cuts = [round(k * len(chosen) / count) for k in range(count + 1)]
        rows = [list(chosen[first:last]) for first, last in pairwise(cuts)]
        # What is far too wide or high is known without setting all of it.
        if _may_fit(rows, parts, board):
            size = _size_on(set_rows(rows, parts), board)
            if size > largest:
                best, largest = rows, size
        if largest >= LARGE_ENOUGH * SIZES.formula:
            break
    return best, largest


def set_rows(rows: Sequence[Sequence[int | None]], parts: Sequence[str]) -> str:
    """Return the displayed formula of parts that stand in rows; the board keeps to these."""
    lines = [" wide ".join("dots.c" if k is None else parts[k] for k in row) for row in rows]
    # With something before it, it is no formula that the board breaks as it likes.
    kept = "#[]" if sum(map(len, rows)) > 1 else ""
    return f"{kept}$ {NEW_LINE.join(lines)} $"


def _may_fit(rows: Sequence[Sequence[int | None]], parts: Sequence[str], board: Board) -> bool:
    box = board.formula_box
    inks = [[board.formula_of(f"$ {parts[k]} $").ink for k in row if k is not None] for row in rows]
    width = max(sum(it.width for it in row) for row in inks)
    height = sum(max((it.height for it in row), default=0.0) for row in inks)
    return width * SIZES.small <= box[0] and height * SIZES.small <= box[1]


def _size_on(formula: str, board: Board) -> float:
    """Return the largest em in which the board can show a formula."""
    return max(block.drawn_size() for block in board.ways_of(formula))


def is_readable(formula: str, board: Board) -> bool:
    """Whether the board can show a formula in letters that can be read."""
    return _size_on(formula, board) >= SIZES.small


def fitting_code(lines: Sequence[str], board: Board) -> str:
    """Return the first line that can be read on the board, or else the last."""
    legible = (it for it in lines if board.code_of(it).drawn_size() >= SIZES.small - 1e-9)
    return next(legible, lines[-1])


def ever_fewer(words: Sequence[str], sign: str, dots: str) -> Iterator[str]:
    """Yield all of the words, then ever fewer of the first ones and the last."""
    yield sign.join(words)
    for shown in range(len(words) - 1, 1, -1):
        yield sign.join([*words[: shown - 1], dots, words[-1]])
    yield words[-1]
