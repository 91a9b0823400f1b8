"""What the network answered for the followed sample, what it should have, and the loss so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from backprop_studio.scenes.paint.brush import Context, rounded, set_colour
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import SIZES, Theme
from backprop_studio.scenes.paint.typeset import escape

ROW_MOST = 0.62
BAR_HEIGHT = 0.1
LOSS_SIZE = 0.42
LOSS_BLOCK = 1.5
HEIGHT_MOST = 3.95


class LossPanel(Painted):
    """A bar per output with its number, the target marked, and the loss in large digits.

    Parameters
    ----------
    heading : str
        What the bars are.
    names : sequence of str
        One per row, plain text.
    targets : sequence of bool
        Which rows are marked as the target.
    loss_names : (str, str)
        Words for the loss before and after the step.
    """

    def __init__(
        self,
        heading: str,
        names: Sequence[str],
        targets: Sequence[bool],
        loss_names: tuple[str, str],
        width: float,
        theme: Theme,
        language: str,
    ) -> None:
        count = len(names)
        self.row = min(ROW_MOST, (HEIGHT_MOST - LOSS_BLOCK) / (count + 0.8))
        height = self.row * (count + 0.8) + LOSS_BLOCK
        super().__init__(
            width, height, frame=0.0, bars=np.zeros(count), rows=0.0, loss=0.0, after=0.0
        )
        self.heading, self.names, self.targets = heading, list(names), list(targets)
        self.loss_names = loss_names
        self.theme, self.language = theme, language
        self.values = [""] * count
        self.loss_texts = ("", "")
        self.text_fade = 1.0

    def show_answers(self, bars: Any, values: Sequence[str]) -> LossPanel:
        """Show one bar (0 to 1) and one printed number per row."""
        self.state["bars"] = np.array(bars, dtype=np.float64)
        self.state["rows"] = np.array(1.0)
        self.state["frame"] = np.array(1.0)
        self.values = list(values)
        return self

    def show_loss(self, text: str) -> LossPanel:
        """Show the loss before the step."""
        self.state["loss"] = np.array(1.0)
        self.loss_texts = (text, self.loss_texts[1])
        return self

    def show_loss_after(self, text: str) -> LossPanel:
        """Show the loss after the step beside it."""
        self.state["after"] = np.array(1.0)
        self.loss_texts = (self.loss_texts[0], text)
        return self

    def texts(self) -> list[str]:
        """Return what is written now."""
        if self.state["frame"] <= 0:
            return []
        return [self.heading, *self.names, *self.values, *filter(None, self.loss_texts)]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Replace numbers at the half, faded out and in."""
        self.values = start.values if alpha < 0.5 else end.values
        self.loss_texts = (
            end.loss_texts[0] or start.loss_texts[0],
            end.loss_texts[1] or start.loss_texts[1],
        )
        self.text_fade = 1.0 if start.values == end.values else abs(2 * alpha - 1)

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw rows and losses."""
        opacity *= float(self.state["frame"])
        if opacity <= 0:
            return
        width, height = self.box
        left, top = -width / 2, height / 2
        heading, muted = escape(self.heading), self.theme.muted
        self.write(ctx, heading, (left, top - 0.28), muted, opacity, anchor=0, width=width)
        for row in range(len(self.names)):
            self._paint_row(ctx, row, left, top - 0.16 - self.row * (row + 1.0), opacity)
        self._paint_losses(ctx, left, -height / 2, opacity)

    def _paint_row(self, ctx: Context, row: int, left: float, y: float, opacity: float) -> None:
        width = self.box[0]
        colour = self.theme.target if self.targets[row] else self.theme.text
        shown = opacity * float(self.state["rows"]) * self.text_fade
        # A name and a number share the line, half of it each.
        for source, x, anchor, size, tint, alpha in (
            (escape(self.names[row]), left, 0, SIZES.small, colour, opacity),
            (self.values[row], left + width, 1, SIZES.label, self.theme.text, shown),
        ):
            self.write(
                ctx, source, (x, y), tint, alpha, size=size, anchor=anchor, width=width / 2 - 0.1
            )
        bar_y = y - min(0.24, self.row * 0.48)
        for length, tint in (
            (1.0, self.theme.line),
            (float(np.clip(self.state["bars"][row], 0, 1)), colour),
        ):
            if length > 0:
                rounded(ctx, left, bar_y - BAR_HEIGHT / 2, width * length, BAR_HEIGHT, 0.05)
                set_colour(ctx, tint, opacity)
                ctx.fill()

    def _paint_losses(self, ctx: Context, left: float, bottom: float, opacity: float) -> None:
        after = float(self.state["after"])
        half = self.box[0] / 2
        before_colour = self.theme.muted if after > 0.5 else self.theme.loss
        for k, (x, strength, colour) in enumerate(
            (
                (left, float(self.state["loss"]), before_colour),
                (left + half + 0.1, after, self.theme.loss),
            )
        ):
            if not self.loss_texts[k]:
                continue
            for source, y, size, tint in (
                (escape(self.loss_names[k]), bottom + 0.78, SIZES.small, self.theme.muted),
                (self.loss_texts[k], bottom + 0.28, LOSS_SIZE, colour),
            ):
                alpha, room = opacity * strength, half - 0.1
                self.write(ctx, source, (x, y), tint, alpha, size=size, anchor=0, width=room)
