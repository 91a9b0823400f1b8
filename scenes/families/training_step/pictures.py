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

REACH = 1.6
"""How far lines reach to either side of the middle between before and after, in changes."""

ALIKE = 20.0
"""Lines have one scale as long as no change is so many times as large as another."""


def nudge_lines(
    rows: list[tuple[str, Moved, Rgb]],
    box: tuple[float, float],
    centre: tuple[float, float, float],
    theme: Theme,
    language: str,
) -> list[NumberLine]:
    """Return number lines under each other, of one scale if that lets all changes be seen.

    Parameters
    ----------
    rows : list of (str, Moved, Rgb)
        Name as Typst mathematics, what the nudge does to it, and the colour of its marker.
    box, centre
        Width and height of their room, and its middle.
    """
    room = NAME_GAP + max(width_of(f"${name}$", SIZES.label, theme, language) for name, *_ in rows)
    changes = [abs(moved.change) for _, moved, _ in rows if moved.change]
    common = max(changes) if max(changes) <= ALIKE * min(changes) else None
    lines = [
        NumberLine(_axis(name, moved, common), box[0], theme, language, room=room, colour=it)
        for name, moved, it in rows
    ]
    group = VGroup(*lines).arrange(direction=(0, -1, 0), buff=0)
    spare = box[1] - group.height
    group.arrange(direction=(0, -1, 0), buff=spare / (len(rows) - 1)).move_to(centre)
    return lines


def _axis(name: str, moved: Moved, common: float | None) -> Axis:
    """Return a line around a change, as long as all others if they have one scale."""
    reach, middle = REACH * (common or abs(moved.change)), (moved.before + moved.after) / 2
    if middle - reach == middle + reach:
        return Axis.around([middle], f"${name}$")
    return Axis(middle - reach, middle + reach, f"${name}$")


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
