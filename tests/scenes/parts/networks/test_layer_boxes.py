"""Boxes of layers: where they stand, what they hold, and the brace of a large layer."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.networks.layer_boxes import CountedNetwork, LayerBoxes
from tests.scenes.parts.chart_pictures import UNIT, picture

THEME = THEMES["dark"]
HEADINGS = ["layer", "weights", "parameters"]
PLACES = [-2.0, 0.0, 2.0]


def boxes(**options):
    return LayerBoxes(HEADINGS, 3, (6.4, 3.0), THEME, "en", **options)


def test_boxes_stand_at_their_places_and_do_not_touch():
    part = boxes(places=PLACES)
    found = [part.layer_box(k) for k in range(3)]
    assert [left + width / 2 for left, _, width, _ in found] == pytest.approx(PLACES)
    assert all(a[0] + a[2] < b[0] for a, b in pairwise(found))
    assert found[-1][0] + found[-1][2] <= 3.2 + 1e-9


def test_lines_stand_below_the_headroom_in_their_box():
    part = boxes(places=PLACES, headroom=1.5)
    heights = [part.line_place(1, line)[1] for line in range(3)]
    assert heights == sorted(heights, reverse=True)
    assert -1.5 < heights[-1] < heights[0] < 0
    assert [part.heading_place(line)[1] for line in range(3)] == heights


def test_without_places_boxes_are_rows_from_top_to_bottom():
    part = boxes()
    found = [part.layer_box(k) for k in range(3)]
    assert all(a[1] > b[1] + b[3] for a, b in pairwise(found))
    assert {width for _, _, width, _ in found} == {6.4}
    assert found[-1][1] >= -1.5
    assert part.heading_place(0)[1] > found[0][1] + found[0][3]
    assert part.line_place(0, 2)[0] == part.heading_place(2)[0]


def test_lines_are_read_when_they_are_written_and_their_box_is_shown():
    part = boxes(places=PLACES)
    assert part.texts() == []
    part.set_line(1, 1, "2 × 3")
    assert part.texts() == []
    part.reveal(1)
    assert part.texts() == [*HEADINGS, "2 × 3"]
    assert part.reveal().state["shown"].tolist() == [1, 1, 1]


def test_a_new_line_fades_in_and_a_copy_keeps_its_own():
    start = boxes(places=PLACES).reveal()
    end = start.copy().set_line(0, 0, "input").set_share(1, 0.5).highlight(0)
    assert start.cells[0][0] == ""
    between = start.copy().interpolate(start, end, 0.25)
    assert between.cells[0][0] == "input"
    assert between.state["written"][0, 0] == 0.25
    assert between.state["share"][1] == 0.125
    assert between.state["mark"].tolist() == [0.25, 0, 0]
    assert end.highlight().state["mark"].tolist() == [0, 0, 0]


def test_as_many_places_as_layers():
    with pytest.raises(ValueError, match="3 boxes need as many places, not 2"):
        boxes(places=[0.0, 1.0])


def test_a_brace_spans_the_nodes_of_a_large_layer_only():
    def network(*sizes):
        zeros = [np.zeros((rows, columns)) for columns, rows in pairwise(sizes)]
        part = CountedNetwork(sizes, ["", ""], zeros, zeros, (6.0, 3.0), THEME, "en")
        part.state["shown"][:] = 1
        return part

    large = network(784, 4)
    assert large.counts() == ["784", ""]
    assert "784" in large.texts()
    left = picture(large)[:, :640] - picture(network(4, 4))[:, :640]
    x, top = float(large.centres[0][0][0]) - large.radius, large.column_top
    rows, columns = np.nonzero(np.abs(left).max(2) > 40)
    beside = columns < 640 + (x - 0.02) * UNIT
    assert beside.any()
    assert rows[beside].min() == pytest.approx(360 - top * UNIT, abs=3)
    assert rows[beside].max() == pytest.approx(360 + top * UNIT, abs=3)
