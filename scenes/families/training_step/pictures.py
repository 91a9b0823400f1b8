"""Pictures beside the network: number lines of one nudge, bars of who is to blame, the loss."""

from __future__ import annotations

from typing import Any

from manim import VGroup

from backprop_studio.core.network.story.blame import Blame
from backprop_studio.core.network.story.nudge import Moved
from backprop_studio.core.surfaces.parameter_index import ParameterIndex
from backprop_studio.scenes.lesson.numbers import markup_of
from backprop_studio.scenes.lesson.writer import Writer
from backprop_studio.scenes.paint.lettering import width_of
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.bars import Bars
from backprop_studio.scenes.parts.charts.number_line import NAME_GAP, NumberLine

REACH = 2.0
"""How far a line reaches beyond a nudge to either side, in nudges."""


def nudge_lines(
    rows: list[tuple[str, Moved, Rgb]], box: tuple[float, float], theme: Theme, language: str
) -> VGroup:
    """Return number lines under each other, each as wide as its own nudge asks for.

    Parameters
    ----------
    rows : list of (str, Moved, Rgb)
        Name as Typst mathematics, what the nudge does to it, and the colour of its marker.
    """
    room = NAME_GAP + max(width_of(f"${name}$", SIZES.label, theme, language) for name, *_ in rows)
    lines = VGroup(
        *(
            NumberLine(_axis(name, moved), box[0], theme, language, room=room, colour=colour)
            for name, moved, colour in rows
        )
    )
    lines.arrange(direction=(0, -1, 0), buff=0)
    spare = box[1] - lines.height
    return lines.arrange(direction=(0, -1, 0), buff=min(spare / (len(rows) - 1), 0.0))


def _axis(name: str, moved: Moved) -> Axis:
    reach = REACH * abs(moved.change)
    ends = [moved.before - reach, moved.before + reach, moved.after - reach, moved.after + reach]
    return Axis.around(ends, f"${name}$")


def share_bars(
    blame: Blame, writer: Writer, box: tuple[float, float], theme: Theme, language: str
) -> tuple[Bars, Any]:
    """Return dark bars of the largest gradients by size, and what makes them grow.

    Parameters
    ----------
    writer : Writer
        Prints the gradients.
    """
    names = [f"${ParameterIndex(it.layer, it.row, it.column).typst}$" for it in blame.top]
    sizes = [abs(it.gradient) for it in blame.top]
    axis = Axis(0.0, max(sizes) or 1.0)
    colours = [theme.of_sign(it.gradient) for it in blame.top]
    bars = Bars(names, axis, box, theme, language, colours=colours)
    texts = [
        markup_of(writer.alike(f"blame.top.{k}.gradient", max(sizes))) for k in range(len(sizes))
    ]
    return bars, (sizes, texts)
