"""What a form asks about a line: drawn points, tables, and sentences for what is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.line_fit.params import LineDataParams, LineFitGroup


def test_drawn_points_lie_on_their_line_in_the_unit_interval():
    data = LineDataParams(points=200, slope=-2.0, intercept=5.0).points_of()
    np.testing.assert_allclose(data.y, 5.0 - 2.0 * data.x, rtol=1e-15)
    assert 0 <= data.x.min() < 0.1 < 0.9 < data.x.max() < 1
    assert data.is_drawn


def test_the_seed_draws_the_points():
    first, again, other = (LineDataParams(seed=seed).points_of().x for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_columns_of_a_table_are_chosen_by_name_or_number(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("a;b;c\n1;2;3\n4;6;9\n", encoding="utf-8")
    for x_column, y_column in (("b", "a"), (2, 1)):
        data = LineDataParams(file=str(path), x_column=x_column, y_column=y_column).points_of()
        assert (data.x.tolist(), data.y.tolist()) == ([2.0, 6.0], [1.0, 4.0])
        assert (data.x_name, data.y_name, data.rows) == ("b", "a", 2)


def test_a_column_of_words_is_named_by_the_parameter_that_chose_it(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("a;b;kind\n1;2;rose\n4;6;aster\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"column that is numbers in data.y_column"):
        LineDataParams(file=str(path), x_column="a").points_of()
    with pytest.raises(InputError, match=r"columns that are numbers in data.x_column"):
        LineDataParams(file=str(path), x_column="kind", y_column="a").points_of()
    data = LineDataParams(file=str(path), x_column="a", y_column="b").points_of()
    assert data.y.tolist() == [2.0, 6.0]


def test_of_a_long_table_a_thousand_rows_are_drawn_by_the_seed(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("".join(f"{k},{2 * k}\n" for k in range(5000)), encoding="utf-8")
    first, again, other = (
        LineDataParams(file=str(path), seed=seed).points_of() for seed in (0, 0, 1)
    )
    assert (len(first.x), first.rows) == (1000, 5000)
    assert (first.y == 2 * first.x).all()
    assert (first.x == again.x).all()
    assert len(set(first.x.tolist())) == 1000
    assert (first.x != other.x).any()


def test_a_fit_is_made_once_for_the_same_parameters():
    asked = {"steps": 20, "data": {"points": 5}}
    first, again = (validate_params(LineFitGroup, asked).fit()[1] for _ in range(2))
    assert first is again


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"data": {"points": 1}}, "data.points"),
        ({"data": {"x_column": 1}}, "x_column is of a table; give file too"),
        ({"steps": 0}, "steps"),
        ({"slower": 1}, "slower"),
        ({"learning_rate": 0}, "learning_rate"),
    ],
)
def test_what_is_out_of_bounds_is_refused(asked, word):
    with pytest.raises(InputError, match=word):
        validate_params(LineFitGroup, asked)
