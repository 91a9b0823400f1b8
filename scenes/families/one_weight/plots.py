"""The diagrams of one weight over the data: its course, and its loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from backprop_studio.core.training.data_loop import DataLoopRecord
from backprop_studio.scenes.paint.style import Theme
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.plot import Plot


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
    loop: DataLoopRecord,
    names: tuple[str, str],
    size: tuple[float, float],
    theme: Theme,
    language: str,
) -> Plot:
    """Return a diagram of the mean loss over the epochs, not yet drawn; these are its two names.

    A loss that has left float64 is not drawn, and one of 0 has no place on a logarithmic axis.
    """
    losses: Any = loop.epoch_losses
    epochs = np.arange(len(losses), dtype=np.float64)
    seen = losses[np.isfinite(losses) & (losses > 0)]
    # One that falls is seen to come to rest at 0; one that runs away is not seen otherwise.
    is_logarithmic = bool(len(seen) > 1 and seen[-1] > 1e3 * seen[0])
    across = Axis(0, max(len(losses) - 1, 1), names[0], count=3)
    up = Axis.around(losses, names[1], logarithmic=is_logarithmic, count=4)
    plot = Plot(across, up, size, theme, language)
    return plot.add_curve("loss", epochs, losses, colour=theme.loss, progress=0.0)
