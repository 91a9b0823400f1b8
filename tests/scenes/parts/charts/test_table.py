"""The table: rows appear where they belong, in columns that hold what is written in them."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.paint.lettering import width_of
from backprop_studio.scenes.paint.style import SIZES, THEMES
from backprop_studio.scenes.parts.charts.table import APART, ROW_LEAST, ROW_MOST, Table
from tests.scenes.parts.chart_pictures import picture

THEME = THEMES["dark"]
COLUMNS = ["$h$", "$f(w + h)$", "error"]


def table(rows=3, box=(6.0, 4.0)):
    return Table(COLUMNS, rows, box, THEME, "en")


def ink(part, row):
    """Return how much is written in a row."""
    pixels = picture(part)
    centre, half = 360 - part.y_of(row) * 90, part.row * 45 * 0.8
    band = pixels[round(centre - half) : round(centre + half), 640 - 270 : 640 + 270]
    return float((band.max(axis=2) > 100).sum())


def test_rows_are_seen_when_they_are_written_and_only_then():
    part = table()
    assert part.texts() == COLUMNS
    assert [ink(part, k) for k in range(3)] == [0, 0, 0]
    part.set_row(1, ["0.1", "", "0.5"])
    assert part.texts() == [*COLUMNS, "0.1", "0.5"]
    assert ink(part, 1) > 20
    assert ink(part, 0) == ink(part, 2) == 0


def test_few_rows_take_less_height_and_too_many_are_refused():
    assert table(2).row == ROW_MOST
    assert table(2).box[1] < 4.0
    assert table(9).box[1] == pytest.approx(4.0)
    most = int(4.0 / ROW_LEAST) - 1
    assert table(most - 1).row >= ROW_LEAST
    with pytest.raises(ValueError, match="30 rows do not fit"):
        table(30)


def test_columns_hold_their_widest_text_and_do_not_overlap():
    part = table().set_row(0, ["1", "0.8414715251", "2"]).set_row(2, ["0.000001", "3", "4"])
    edges, widths = part.column_edges()
    for k, cells in enumerate(zip(COLUMNS, part.cells[0], part.cells[2], strict=True)):
        widest = max(width_of(text, SIZES.small, THEME, "en") for text in cells)
        assert widths[k] >= widest - 1e-9
    assert np.diff(edges) == pytest.approx(np.add(widths[1:], APART))
    assert edges[0] - widths[0] >= -3.0
    assert edges[-1] <= 3.0


def test_too_wide_texts_are_set_smaller_instead_of_leaving_the_box():
    part = Table(COLUMNS, 1, (2.0, 2.0), THEME, "en")
    part.set_row(0, ["1.23456789", "0.8414715251", "9.87654321"])
    pixels = picture(part).max(axis=2)
    outside = np.ones(1280, dtype=bool)
    outside[640 - 92 : 640 + 92] = False
    assert pixels[:, outside].max() < 40


@pytest.mark.parametrize(
    ("alpha", "texts", "fade"), [(0.25, "old", 0.5), (0.5, "new", 0.0), (0.9, "new", 0.8)]
)
def test_a_replaced_row_fades_out_and_in_and_a_new_one_is_itself(alpha, texts, fade):
    start = table().set_row(0, ["old"] * 3)
    end = start.copy().set_row(0, ["new"] * 3).set_row(1, ["more"] * 3)
    between = start.copy()
    between.interpolate(start, end, alpha)
    assert between.cells[0] == [texts] * 3
    assert between.cells[1] == ["more"] * 3
    assert between.fades == pytest.approx([fade, 1.0, 1.0])
    assert between.state["rows"].tolist() == pytest.approx([1.0, alpha, 0.0])
    # A copy's rows are its own.
    assert start.texts() == [*COLUMNS, *["old"] * 3]


def test_a_row_that_is_too_wide_does_not_fit():
    part = table()
    assert part.fits(["0.1", "0.2", "0.3"])
    assert not part.fits(["0.1", "0.2", "0.3" * 30])
