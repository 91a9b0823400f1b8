"""What the network answered for the followed sample, what it should have, and the loss so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from backprop_studio.scenes.paint.brush import Context, fill, line, rounded, set_colour
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.axes import HAIRLINE

ROW_MOST = 0.62
BAR_HEIGHT = 0.1
LOSS_SIZE = 0.42
LOSS_BLOCK = 1.56
LOSS_Y = 0.36
LOSS_NAME_Y = 0.84
"""Of the printed loss and its name above the panel's lower edge, where its bar is."""

HEIGHT_MOST = 3.95
HEADING_OVER = 0.2
NUMBER_INSET = 0.36
"""From the side to the middle of a number there."""


class LossPanel(Painted):
    """A bar per output with its number, the target marked, and the loss in large digits.

    A bar is a share, from nothing to the whole; with a reach it has a sign and begins in
    the middle.

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
    reach : float, optional
        The size at which a bar with a sign ends.
    most_loss : float
        The loss at which its bar is full.
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
        *,
        reach: float | None = None,
        most_loss: float = 1.0,
    ) -> None:
        count = len(names)
        self.row = min(ROW_MOST, (HEIGHT_MOST - LOSS_BLOCK) / (count + 0.8))
        height = self.row * (count + 0.8) + LOSS_BLOCK
        strengths = dict.fromkeys(("frame", "rows", "loss", "after"), 0.0)
        lengths = {"bars": np.zeros(count), "loss_bar": 0.0, "first_loss": 0.0}
        super().__init__(width, height, **strengths, **lengths)
        self.heading, self.names, self.targets = heading, list(names), list(targets)
        self.loss_names = loss_names
        self.theme, self.language, self.reach = theme, language, reach
        self.most_loss = most_loss or 1.0
        self.values = [""] * count
        self.loss_texts = ("", "")
        self.text_fade = self.heading_fade = 1.0

    def show_answers(self, bars: Any, values: Sequence[str]) -> LossPanel:
        """Show one bar (0 to 1, or up to the reach) and one printed number per row."""
        self.values = list(values)
        return self.set_state(bars=bars, rows=1.0, frame=1.0)

    def head(self, heading: str) -> LossPanel:
        """Call the bars something else."""
        self.heading = heading
        return self

    def show_loss(self, text: str, value: float) -> LossPanel:
        """Show the loss before the step, and its size as a bar."""
        self.loss_texts = (text, self.loss_texts[1])
        share = self._share_of_loss(value)
        return self.set_state(loss=1.0, loss_bar=share, first_loss=share)

    def show_loss_after(self, text: str, value: float) -> LossPanel:
        """Show the loss after the step beside it; the bar moves there, and a mark stays."""
        self.loss_texts = (self.loss_texts[0], text)
        return self.set_state(after=1.0, loss_bar=self._share_of_loss(value))

    def _share_of_loss(self, value: float) -> float:
        share = value / self.most_loss
        return min(max(share, 0.0), 1.0) if np.isfinite(share) else 1.0

    def texts(self) -> list[str]:
        """Return what is written now."""
        if self.state["frame"] <= 0:
            return []
        return [self.heading, *self.names, *self.values, *filter(None, self.loss_texts)]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Replace numbers at the half, faded out and in."""
        self.values = start.values if alpha < 0.5 else end.values
        self.heading = start.heading if alpha < 0.5 else end.heading
        self.heading_fade = 1.0 if start.heading == end.heading else abs(2 * alpha - 1)
        before, after = zip(start.loss_texts, end.loss_texts, strict=True)
        self.loss_texts = (before[1] or before[0], after[1] or after[0])
        self.text_fade = 1.0 if start.values == end.values else abs(2 * alpha - 1)

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw rows and losses."""
        opacity *= float(self.state["frame"])
        if opacity <= 0:
            return
        width, height = self.box
        left, top = -width / 2, height / 2
        heading, muted = escape(self.heading), self.theme.muted
        is_long = self.width_of(heading) > width  # then it begins to the left of the panel
        x, room = (-left, width + HEADING_OVER) if is_long else (left, width)
        faded = opacity * self.heading_fade
        self.write(ctx, heading, (x, top - 0.28), muted, faded, anchor=is_long, width=room)
        for row in range(len(self.names)):
            self._paint_row(ctx, row, left, top - 0.16 - self.row * (row + 1.0), opacity)
        self._paint_losses(ctx, left, -height / 2, opacity)

    def _paint_row(self, ctx: Context, row: int, left: float, y: float, opacity: float) -> None:
        width = self.box[0]
        colour = self.theme.target if self.targets[row] else self.theme.text
        shown = opacity * float(self.state["rows"]) * self.text_fade
        # A name and a number share the line, half of it each.
        room, right = width / 2 - 0.1, (left + width, y)
        name, value, text = escape(self.names[row]), self.values[row], self.theme.text
        self.write(ctx, name, (left, y), colour, opacity, anchor=0, width=room)
        self.write(ctx, value, right, text, shown, size=SIZES.label, anchor=1, width=room)
        low = y - min(0.24, self.row * 0.48) - BAR_HEIGHT / 2
        rounded(ctx, left, low, width, BAR_HEIGHT, 0.05)
        fill(ctx, self.theme.line, opacity)
        first, last = self.bar(row)
        if last > first:
            signed = self.theme.of_sign(float(self.state["bars"][row]))
            rounded(ctx, left + width * first, low, width * (last - first), BAR_HEIGHT, 0.05)
            fill(ctx, colour if self.reach is None else signed, opacity)
        if self.reach is not None:
            set_colour(ctx, self.theme.text, opacity)
            ctx.set_line_width(2 * HAIRLINE)
            middle, over = left + width / 2, BAR_HEIGHT / 2
            line(ctx, np.array((middle, low - over)), np.array((middle, low + 3 * over)))

    def number_at(self, row: int) -> tuple[float, float]:
        """Return about where a row's number stands, in the part's units."""
        width, height = self.box
        return width / 2 - NUMBER_INSET, height / 2 - 0.16 - self.row * (row + 1.0)

    def loss_at(self, text: str) -> tuple[float, float]:
        """Return where the middle of a printed loss stands, in the part's units."""
        width, height = self.box
        long = min(self.width_of(text, LOSS_SIZE), width / 2 - 0.1)
        return (long - width) / 2, -height / 2 + LOSS_Y

    def bar(self, row: int) -> tuple[float, float]:
        """Return where a row's bar begins and ends, as shares of the width."""
        value = float(self.state["bars"][row])
        if self.reach is None:
            return 0.0, float(np.clip(value, 0, 1))
        end = 0.5 + 0.5 * float(np.clip(value / self.reach, -1, 1))
        return min(0.5, end), max(0.5, end)

    def _paint_losses(self, ctx: Context, left: float, bottom: float, opacity: float) -> None:
        after = float(self.state["after"])
        colour = self.theme.muted if after > 0.5 else self.theme.loss
        self._paint_loss(ctx, 0, (left, bottom), colour, opacity * float(self.state["loss"]))
        self._paint_loss_bar(ctx, left, bottom, opacity * float(self.state["loss"]))
        beside = (left + self.box[0] / 2 + 0.1, bottom)
        self._paint_loss(ctx, 1, beside, self.theme.loss, opacity * after)

    def _paint_loss_bar(self, ctx: Context, left: float, bottom: float, alpha: float) -> None:
        """Draw how large the loss is, and behind the step where it was."""
        if alpha <= 0:
            return
        width, share = self.box[0], float(self.state["loss_bar"])
        low = bottom
        rounded(ctx, left, low, width, BAR_HEIGHT, 0.05)
        fill(ctx, self.theme.line, alpha)
        if share > 0:
            rounded(ctx, left, low, width * share, BAR_HEIGHT, 0.05)
            fill(ctx, self.theme.loss, alpha)
        if self.state["after"] > 0:
            set_colour(ctx, self.theme.text, alpha * float(self.state["after"]))
            ctx.set_line_width(2 * HAIRLINE)
            x = left + width * float(self.state["first_loss"])
            line(ctx, np.array((x, low - BAR_HEIGHT)), np.array((x, low + 2 * BAR_HEIGHT)))

    def _paint_loss(
        self, ctx: Context, k: int, corner: tuple[float, float], colour: Rgb, alpha: float
    ) -> None:
        (x, y), text, room = corner, self.loss_texts[k], self.box[0] / 2 - 0.1
        if text:
            name, muted = escape(self.loss_names[k]), self.theme.muted
            self.write(ctx, name, (x, y + LOSS_NAME_Y), muted, alpha, anchor=0, width=room)
            at = (x, y + LOSS_Y)
            self.write(ctx, text, at, colour, alpha, size=LOSS_SIZE, anchor=0, width=room)
