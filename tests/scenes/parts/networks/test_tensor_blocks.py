"""Blocks show a tensor's rank and sizes, and say so where they leave entries out."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.paint.signature import signature
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.networks.tensor_blocks import TensorBlocks
from tests.scenes.parts.chart_pictures import at, is_like, picture, play

THEME = THEMES["dark"]
COLOURS = [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)]


def blocks(*shape, **more):
    labels = [f'#"axis {k}"' for k in range(len(shape))]
    return TensorBlocks(shape, labels, (9.0, 6.0), THEME, "en", **more)


@pytest.mark.parametrize(
    ("shape", "cells"),
    [
        ((), 1), ((5,), 5), ((2, 3), 6), ((2, 3, 3), 18), ((4, 2, 2, 3), 48), ((28, 28), 25),
        ((784,), 5),
    ],
)  # fmt: skip
def test_as_many_cells_are_drawn_as_the_shape_asks_for(shape, cells):
    part = blocks(*shape)
    assert sum(len(list(part.cells(*grid))) for grid in part.grids()) == cells


@pytest.mark.parametrize("shape", [(), (100,), (28, 28, 3), (16, 28, 28, 3)])
def test_everything_is_inside_the_box(shape):
    rows, columns = np.nonzero(picture(blocks(*shape)).max(axis=2) > 40)
    assert np.abs(columns - 640).max() <= 405
    assert np.abs(rows - 360).max() <= 270


def test_the_front_layer_hides_the_others():
    part = blocks(3, 3, 3, values=np.ones((3, 3, 3)), layer_colours=COLOURS)
    left, bottom, right, top = part.cell_box(0, 1, 1, 0)
    pixels = picture(part)
    assert is_like(at(pixels, ((left + right) / 2, (bottom + top) / 2)), COLOURS[0])
    _, _, right, top = part.cell_box(0, 0, 2, 2)
    assert is_like(at(pixels, (right - 0.05, top - 0.05)), COLOURS[2])


def test_entries_are_those_of_their_cells():
    part = blocks(2, 3, texts=[["a", "b", "c"], ["d", "e", "f"]])
    assert {"a", "f"} <= set(part.texts())
    large = blocks(2, 784, texts=[[str(k) for k in range(784)]] * 2)
    assert {"0", "783"} <= set(large.texts())
    assert "400" not in large.texts()


def test_layers_come_together_and_a_cell_is_outlined():
    part = blocks(3, 3, 2)
    play(part, lambda it: it.spread(0), lambda it: it.highlight(2, 1, 0))
    assert part.cell_box(0, 0, 0, 1) == pytest.approx(part.cell_box(0, 0, 0, 0))
    assert part.state["position"] == pytest.approx([0, 2, 1, 0])
    assert signature(part) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: blocks(1, 1, 1, 1, 1),
        lambda: blocks(0),
        lambda: blocks(28, 28).highlight(20, 20),
        lambda: blocks(2).highlight(0, 0),
        lambda: TensorBlocks((2, 2), ["one"], (9, 6), THEME, "en"),
        lambda: blocks(2, 2, layer_colours=COLOURS),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(ValueError):  # noqa: PT011 - each has its own sentence
        wrong()
