"""The chain rule's diagrams: one weight as a line, and its course over the data."""

from __future__ import annotations

from typing import Any

import numpy as np

from backprop_studio.core.training.chain_rule import ChainRuleRecord, ChainRuleStep
from backprop_studio.core.training.data_loop import DataLoopRecord
from backprop_studio.scenes.paint.style import Theme
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.plot import Plot

MARGIN = 0.12
"""Space around the sample and the predictions, as a share of their range."""


class PredictionPlot(Plot):
    """The model y = w x as a line, the sample, and the error between them.

    Parameters
    ----------
    record : ChainRuleRecord
        Its sample is drawn; its first step's weight is the line's slope.
    told : sequence of ChainRuleStep
        Their predictions are in sight.
    size : (float, float)
        In Manim units.
    """

    def __init__(
        self,
        record: ChainRuleRecord,
        told: tuple[ChainRuleStep, ...],
        size: tuple[float, float],
        theme: Theme,
        language: str,
    ) -> None:
        first = told[0]
        heights = [0.0, record.y, first.y_pred + first.nudge.dy_pred]
        heights += [it for step in told for it in (step.y_pred, step.y_pred_after)]
        across = Axis.around([0.0, record.x], "$x$", margin=MARGIN, count=3)
        up = Axis.around(heights, "$y$", margin=MARGIN, count=4)
        super().__init__(across, up, size, theme, language)
        self.sample = (record.x, record.y)
        self.add_line("model", 0.0, 0.0, first.w, colour=theme.focus)
        self.add_curve("error", *self._error(first.y_pred), colour=theme.loss, is_dashed=True)
        self.add_point("prediction", record.x, first.y_pred, colour=theme.text)
        self.add_point("sample", record.x, record.y, colour=theme.target)

    def turn(self, w: float, y_pred: float) -> PredictionPlot:
        """Turn the line to another weight, which core has multiplied by x."""
        self.set_line("model", 0.0, 0.0, w)
        xs, ys = self._error(y_pred)
        self.set_curve("error", ys, xs)
        self.move_point("prediction", self.sample[0], y_pred)
        return self

    def _error(self, y_pred: float) -> tuple[list[float], list[float]]:
        x, y = self.sample
        return [x, x], [y_pred, y]


def weight_plot(
    loop: DataLoopRecord, name: str, size: tuple[float, float], theme: Theme, language: str
) -> Plot:
    """Return a diagram of the weight over all updates, not yet drawn, with a mark at its end.

    Parameters
    ----------
    name : str
        Typst markup of what is counted along x: updates.
    """
    updates = np.arange(len(loop.w), dtype=np.float64)
    across, up = Axis(0, max(len(loop.w) - 1, 1), name), Axis.around(loop.w, "$w$")
    plot = Plot(across, up, size, theme, language)
    return plot.add_curve("w", updates, loop.w, colour=theme.focus, progress=0.0)


def loss_plot(
    loop: DataLoopRecord, name: str, size: tuple[float, float], theme: Theme, language: str
) -> Plot:
    """Return a diagram of the mean loss over the epochs, not yet drawn.

    A loss that has left float64 is not drawn, and one of 0 has no place on a logarithmic axis.
    """
    losses: Any = loop.epoch_losses
    epochs = np.arange(len(losses), dtype=np.float64)
    seen = losses[np.isfinite(losses) & (losses > 0)]
    is_logarithmic = bool(len(seen) > 1 and seen.max() > 1e3 * seen.min())
    across = Axis(0, max(len(losses) - 1, 1), name, count=3)
    up = Axis.around(losses, "$L$", logarithmic=is_logarithmic, count=4)
    plot = Plot(across, up, size, theme, language)
    return plot.add_curve("loss", epochs, losses, colour=theme.loss, progress=0.0)
