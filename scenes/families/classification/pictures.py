"""Pictures of samples in rows, each with what it is and what it is taken for."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any, Self

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import line, rounded, set_colour
from backprop_studio.scenes.paint.lettering import width_of, write
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.pixels import lay_picture, picture_of, with_alpha
from backprop_studio.scenes.paint.raster import repaint
from backprop_studio.scenes.paint.style import SIZES, Theme
from backprop_studio.scenes.parts.charts.axes import replaced

LABEL_LINE = 0.33
LABEL_GAP = 0.06
CELL_GAP = 0.2
FRAME = 0.03
FOLLOWED = 0.055
CORNER = 0.005
MARK, MARK_WIDTH, MARK_GAP = 0.09, 0.045, 0.1
SIDE = 0.78
"""Least side of a picture."""


def grid_for(box: tuple[float, float], lines: int, width: float, most: int) -> tuple[int, int]:
    """Return how many rows and columns of pictures fit a box.

    Parameters
    ----------
    lines : int
        Lines of text below each picture.
    width : float
        Of the widest text.
    """
    cell = max(width, SIDE) + CELL_GAP
    columns = max(1, min(int(box[0] / cell), most))
    row = SIDE + lines * LABEL_LINE + LABEL_GAP + CELL_GAP
    rows = max(1, int((box[1] + CELL_GAP) / row))
    return min(rows, math.ceil(most / columns)), columns


class ClassificationPictures(Painted):
    """Grey pictures with a line for the truth and a line for the answer below each.

    Parameters
    ----------
    images : (K, rows, columns) array
        From 0, the page's colour, to 1, the text's.
    truths : sequence of str
        Typst markup of what each picture is.
    grid : (int, int)
        Rows and columns of pictures; the last row may have gaps.
    box : (float, float)
        Width and height in Manim units.
    """

    def __init__(
        self,
        images: Any,
        truths: Sequence[str],
        grid: tuple[int, int],
        box: tuple[float, float],
        theme: Theme,
        language: str,
    ) -> None:
        self.images = np.asarray(images, dtype=np.float64)
        count = len(self.images)
        super().__init__(*box, answered=0.0, right=np.zeros(count), ring=0.0)
        self.truths, self.answers = list(truths), [""] * count
        self.fades = [1.0] * count
        self.grid, self.theme, self.language = grid, theme, language
        self.followed = 0

    # What a scene says

    def answer(self, texts: Sequence[str], right: Any) -> ClassificationPictures:
        """Write what each picture is taken for, and whether that is right."""
        self.answers = list(texts)
        self.state["right"] = np.asarray(right, dtype=np.float64)
        self.state["answered"] = np.array(1.0)
        return self

    def follow(self, index: int) -> ClassificationPictures:
        """Frame the picture that is spoken of."""
        self.followed = index
        self.state["ring"] = np.array(1.0)
        return self

    def texts(self) -> list[str]:
        """Return truths and, once there are some, answers."""
        return [*self.truths, *(self.answers if self.state["answered"] > 0 else [])]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade old answers out and new ones in."""
        self.followed = end.followed
        if not float(start.state["answered"]):
            self.answers, self.fades = list(end.answers), [1.0] * len(end.answers)
            return
        self.answers, self.fades = replaced(start.answers, end.answers, alpha)

    # Geometry

    def cell_box(self, index: int) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of a picture's square, in the part's units."""
        rows, columns = self.grid
        width, height = self.box
        across, down = width / columns, (height + CELL_GAP) / rows
        side = min(across - CELL_GAP, down - CELL_GAP - 2 * LABEL_LINE - LABEL_GAP)
        row, column = divmod(index, columns)
        middle = -width / 2 + (column + 0.5) * across
        top = height / 2 - row * down
        return middle - side / 2, top - side, middle + side / 2, top

    # Painting

    def paint(self, ctx: cairo.Context[Any], opacity: float) -> None:
        """Draw pictures, truths, answers and the frame."""
        half = self.box[0] / 2, self.box[1] / 2
        digest = hashlib.blake2b(self.images.tobytes(), digest_size=16).digest()
        key = ("pictures", self.theme.name, self.box, self.grid, digest, opacity)
        repaint(ctx, key, (-half[0], -half[1], *half), lambda ctx: self._draw_images(ctx, opacity))
        answered = opacity * float(self.state["answered"])
        muted = (SIZES.small, self.theme.muted)
        for index, truth in enumerate(self.truths):
            left, bottom, right, _ = self.cell_box(index)
            middle, room = (left + right) / 2, self.box[0] / self.grid[1] - CELL_GAP / 2
            y = bottom - LABEL_GAP - LABEL_LINE / 2
            write(ctx, truth, (middle, y), *muted, opacity, language=self.language, width=room)
            if answered > 0:
                self._paint_answer(ctx, index, (middle, y - LABEL_LINE), room, answered)
        ring = opacity * float(self.state["ring"])
        if ring > 0:
            left, bottom, right, top = self.cell_box(self.followed)
            rounded(ctx, left, bottom, right - left, top - bottom, CORNER, grow=FOLLOWED)
            set_colour(ctx, self.theme.focus, ring)
            ctx.set_line_width(FOLLOWED)
            ctx.stroke()

    def _paint_answer(
        self, ctx: cairo.Context[Any], index: int, place: Any, room: float, opacity: float
    ) -> None:
        is_right = float(self.state["right"][index])
        alpha = opacity * self.fades[index] * abs(2 * is_right - 1)
        colour = self.theme.target if is_right >= 0.5 else self.theme.text
        text = self.answers[index]
        room -= 2 * MARK + MARK_GAP
        width = min(width_of(text, SIZES.small, self.theme, self.language), room)
        start = place[0] - (width + 2 * MARK + MARK_GAP) / 2
        _mark(ctx, (start + MARK, place[1]), colour, alpha, is_right=is_right >= 0.5)
        at, alpha = (start + 2 * MARK + MARK_GAP, place[1]), opacity * self.fades[index]
        look = (SIZES.small, self.theme.text, alpha)
        write(ctx, text, at, *look, language=self.language, anchor=0, width=room)

    def _draw_images(self, ctx: cairo.Context[Any], opacity: float) -> None:
        low, high = np.array(self.theme.background), np.array(self.theme.text)
        colours = low + (high - low) * np.clip(self.images, 0, 1)[..., None]
        for index, pixels in enumerate(with_alpha(colours)):
            left, bottom, right, top = self.cell_box(index)
            # The longer side is as long as the cell's.
            rows, columns = np.array(pixels.shape[:2]) / max(pixels.shape[:2])
            x, y, half = (left + right) / 2, (bottom + top) / 2, (right - left) / 2
            box = (x - columns * half, y - rows * half, x + columns * half, y + rows * half)
            lay_picture(ctx, picture_of(pixels), box, cairo.FILTER_NEAREST, opacity)
            set_colour(ctx, self.theme.line, opacity)
            ctx.set_line_width(FRAME)
            ctx.rectangle(left, bottom, right - left, top - bottom)
            ctx.stroke()


def _mark(
    ctx: cairo.Context[Any], place: Any, colour: Any, alpha: float, *, is_right: bool
) -> None:
    """Draw a tick or a cross: right and wrong differ in shape as well as in colour."""
    x, y = place
    set_colour(ctx, colour, alpha)
    ctx.set_line_width(MARK_WIDTH)
    ctx.set_line_cap(cairo.LINE_CAP_ROUND)
    ctx.set_line_join(cairo.LINE_JOIN_ROUND)
    if is_right:
        ctx.move_to(x - MARK, y)
        ctx.line_to(x - MARK * 0.2, y - MARK * 0.8)
        ctx.line_to(x + MARK, y + MARK * 0.9)
        ctx.stroke()
        return
    centre = np.array(place)
    for arm in ((MARK * 0.8, MARK * 0.8), (MARK * 0.8, -MARK * 0.8)):
        line(ctx, centre - arm, centre + arm)
