"""Tables of bars: geometry by hand, what is visible, and states in between."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.bar_columns import BarColumn, BarColumns

WIDE, NARROW = (12.0, 4.0), (5.0, 6.0)


def table(box=WIDE, rows=3):
    names = [f"row {k}" for k in range(rows)]
    columns = [BarColumn("$z$", (-1.0, 3.0)), BarColumn("$p$"), BarColumn("$q$")]
    return BarColumns(names, columns, box, THEMES["dark"], "en")


@pytest.mark.parametrize("box", [WIDE, NARROW])
def test_bars_begin_at_zero_and_are_in_proportion(box):
    part = table(box).set_column(0, [3.0, -1.0, 0.0], ["3", "−1", "0"])
    (left, *_), (_, _, right, _), (zero, _, end, _) = (part.bar_box(0, k) for k in range(3))
    assert left == pytest.approx(right)
    assert zero == pytest.approx(end) == pytest.approx(left)
    lengths = [part.bar_box(0, k)[2] - part.bar_box(0, k)[0] for k in range(2)]
    assert lengths[0] == pytest.approx(3 * lengths[1])


@pytest.mark.parametrize(("box", "rows"), [(WIDE, 2), (WIDE, 10), (NARROW, 3), (NARROW, 10)])
def test_everything_stays_in_the_box_and_rows_do_not_touch(box, rows):
    part = table(box, rows)
    assert part.box[0] <= box[0]
    assert part.box[1] <= box[1] + 1e-9
    for column in range(3):
        part.set_column(column, np.ones(rows), ["1.0000"] * rows)
    boxes = [[part.bar_box(column, row) for row in range(rows)] for column in range(3)]
    for found in boxes:
        for left, bottom, right, top in found:
            assert -part.box[0] / 2 <= left <= right <= part.box[0] / 2
            assert -part.box[1] / 2 <= bottom < top <= part.box[1] / 2
        assert all(below[3] < above[1] for above, below in itertools.pairwise(found))
    assert all(a[0][2] < b[0][0] for a, b in itertools.pairwise(boxes))


def test_what_is_not_finite_is_written_and_has_no_bar():
    part = table().set_column(1, [math.inf, math.nan, 0.5], ["a", "b", "c"])
    assert part.has_bar[1].tolist() == [False, False, True]
    assert part.state["values"][1].tolist() == [0.0, 0.0, 0.5]
    assert "a" in part.texts()


def test_between_two_states_bars_grow_and_numbers_are_replaced():
    start = table().set_column(1, [0.0, 0.5, 1.0], ["0", "same", "1"])
    end = start.copy().set_column(1, [1.0, 0.5, 0.0], ["1", "same", "0"])
    end.set_column(2, [1.0, 1.0, 1.0], ["new", "new", "new"])
    middle = start.copy().interpolate(start.copy(), end, 0.75)
    assert middle.state["values"][1].tolist() == [0.75, 0.5, 0.25]
    assert middle.cells[1] == ["1", "same", "0"]
    assert middle.fades[1] == [0.5, 1.0, 0.5]
    assert middle.cells[2] == ["new"] * 3
    assert middle.fades[2] == [1.0] * 3  # the column's own strength fades it in
    assert middle.state["shown"].tolist() == [0.0, 1.0, 0.75]


@pytest.mark.parametrize("size", [5e-324, 1e-300, 1e300])
def test_bars_of_any_size_are_in_proportion(size):
    columns = [BarColumn.of("z", [size, 0.0])]
    part = BarColumns(["a", "b"], columns, WIDE, THEMES["dark"], "en")
    part.set_column(0, [size, 0.0], ["", ""])
    whole, nothing = (part.bar_box(0, k) for k in range(2))
    assert math.isfinite(whole[2])
    assert whole[2] - whole[0] > 1.0
    assert nothing[2] == nothing[0] == whole[0]


def test_a_column_needs_a_value_and_a_text_for_every_row():
    with pytest.raises(ValueError, match="3 rows"):
        table().set_column(0, [1.0, 2.0], ["1", "2"])
    with pytest.raises(ValueError, match="at least one row"):
        BarColumns([], [], WIDE, THEMES["dark"], "en")


@pytest.mark.parametrize("box", [WIDE, NARROW])
def test_a_column_of_long_numbers_has_its_share(box):
    columns = [BarColumn("$z$"), BarColumn("$e^z$", share=2.0), BarColumn("$p$")]
    part = BarColumns(["a", "b"], columns, box, THEMES["dark"], "en")
    assert part.widths == pytest.approx([part.widths[0], 2 * part.widths[0], part.widths[0]])
    for k in range(3):
        part.set_column(k, [1.0, 1.0], ["1", "1"])
    ends = [part.bar_box(k, 0) for k in range(3)]
    assert all(a[2] < b[0] for a, b in itertools.pairwise(ends))
    assert ends[2][2] <= part.box[0] / 2
