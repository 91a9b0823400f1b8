"""Lists as people write them, in every notation, and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.lists import ListShape, list_shapes, list_text, read_list
from backprop_studio.core.base.parameters import LessonParams, validate_params


def shape(depth, *entries):
    return ListShape(depth, frozenset(entries))


SIZES = [shape(1, "integer")]
NUMBERS = [shape(1, "number")]
ROWS = [shape(2, "number")]
TABLES = [shape(3, "number")]
TARGETS = [shape(1, "integer"), shape(2, "number")]
COLUMNS = [shape(1, "string", "integer")]
NAMES = [shape(1, "string")]


@pytest.mark.parametrize(
    "text",
    [
        *("2-4-4-1", "2 4 4 1", "2, 4, 4, 1", "2,4,4,1", "[2,4,4,1]", "(2, 4, 4, 1)", "[2 4 4 1]"),
        *("[2-4-4-1]", "2，4，4，1", "2、4、4、1", "［2，4，4，1］", "2 - 4 - 4 - 1", "2–4–4–1"),
        *(
            "2; 4; 4; 1",
            "2,4,4,1,",
            "2-4-4-1-",
            "  2  4 4   1 ",
            "2\n4\n4\n1",
            "[2, 4, 4, 1,]  # TOML",
        ),
    ],
)
def test_sizes_are_read_in_every_notation(text):
    assert read_list(text, SIZES) == [2, 4, 4, 1]


@pytest.mark.parametrize(
    ("text", "shapes", "value"),
    [
        ("-1 0.5", NUMBERS, [-1, 0.5]),
        ("−1 .5", NUMBERS, [-1, 0.5]),
        ("-1, -2", NUMBERS, [-1, -2]),
        ("1e-3 2E-4", NUMBERS, [1e-3, 2e-4]),
        ("1-2-3", NUMBERS, None),
        ("2 -4", SIZES, [2, -4]),
        ("1e-3", SIZES, [0.001]),
        ("2.5-3", SIZES, [2.5, 3]),
        ("2--4", SIZES, None),
        ("1024-10-10", SIZES, [1024, 10, 10]),
        ("1,,2", NUMBERS, None),
        ("nan 1", NUMBERS, None),
        ("1_000", NUMBERS, None),
        ("[1, 2", NUMBERS, None),
        ("", NUMBERS, None),
        ("[]", NUMBERS, []),
        ("3", NUMBERS, [3]),
        ("0 0; 0 1; 1 0", ROWS, [[0, 0], [0, 1], [1, 0]]),
        ("0, 0; 0, 1;", ROWS, [[0, 0], [0, 1]]),
        ("0 0\n0 1\n", ROWS, [[0, 0], [0, 1]]),
        ("0 0\u20280 1", ROWS, [[0, 0], [0, 1]]),
        ("[[0 0] [0 1]]", ROWS, [[0, 0], [0, 1]]),
        ("((0, 0), (0, 1))", ROWS, [[0, 0], [0, 1]]),
        ("[0 0]; [0 1]", ROWS, [[0, 0], [0, 1]]),
        ("1, 2, 1.5", ROWS, [[1, 2, 1.5]]),
        ("1; 2; 3", ROWS, [[1], [2], [3]]),
        ("1 2; 3 4 | 5 6", TABLES, [[[1, 2], [3, 4]], [[5, 6]]]),
        ("1 2\n3 4\n\n5 6", TABLES, [[[1, 2], [3, 4]], [[5, 6]]]),
        ("[[[1 2] [3 4]] [[5 6]]]", TABLES, [[[1, 2], [3, 4]], [[5, 6]]]),
        ("0 2 1", TARGETS, [0, 2, 1]),
        ("0; 1; 1; 0", TARGETS, [0, 1, 1, 0]),
        ("0 1; 1 0", TARGETS, [[0, 1], [1, 0]]),
        ("0.5; 1", TARGETS, [[0.5], [1]]),
        ("petal length (cm), 3", COLUMNS, ["petal length (cm)", 3]),
        ("sepal length", COLUMNS, ["sepal length"]),
        ("1 2", COLUMNS, [1, 2]),
        ('"3", a', COLUMNS, ["3", "a"]),
        ("vanishing exploding", NAMES, ["vanishing", "exploding"]),
        ("vanishing、exploding", NAMES, ["vanishing", "exploding"]),
    ],
)
def test_texts_stand_for_lists(text, shapes, value):
    assert read_list(text, shapes) == value


@pytest.mark.parametrize(
    ("text", "shapes", "value"),
    [
        ("0,5 1,5", NUMBERS, [0.5, 1.5]),
        ("0,5; 1,5", NUMBERS, [0.5, 1.5]),
        ("0,5, 1,5", NUMBERS, [0.5, 1.5]),
        ("-0,5;", NUMBERS, [-0.5]),
        # Nothing else keeps these apart, so the comma does.
        ("1,2,3", NUMBERS, [1, 2, 3]),
        ("0.5,1.5", NUMBERS, [0.5, 1.5]),
        ("2,4,4,1", SIZES, [2, 4, 4, 1]),
        ("0,5 1; 1 2,5", ROWS, [[0.5, 1], [1, 2.5]]),
        ("0,0; 0,1", ROWS, [[0, 0], [0, 1]]),
    ],
)
def test_comma_is_decimal_where_the_reader_writes_so_and_something_else_keeps_apart(
    text, shapes, value
):
    assert read_list(text, shapes, decimal_comma=True) == value


FINITE = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9)
ROW = st.lists(FINITE, min_size=1, max_size=4)


@given(row=ROW, rows=st.lists(ROW, min_size=1, max_size=3), sizes=st.lists(st.integers(1, 99)))
@settings(max_examples=60, deadline=None)
def test_what_is_shown_reads_back_in_every_language(row, rows, sizes):
    for value, shapes, separator in [
        (row, NUMBERS, ", "),
        (rows, ROWS, ", "),
        ([rows, [row]], TABLES, ", "),
        (sizes, SIZES, "-"),
    ]:
        text = list_text(value, shapes, separator)
        assert read_list(text, shapes) == value
        assert read_list(text, shapes, decimal_comma=True) == value


def test_lists_are_shown_short():
    assert list_text([2, 4, 4, 1], SIZES, "-") == "2-4-4-1"
    assert list_text([0.01, 0.3], NUMBERS) == "0.01, 0.3"
    assert list_text([[0.0, 1.0], [1.0, 0.5]], ROWS) == "0 1; 1 0.5"
    assert list_text([0, 2, 1], TARGETS) == "0, 2, 1"
    assert list_text(["a b", 3], COLUMNS) == "a b, 3"
    assert list_text([{"a": 1}], [shape(1, "object")]) == '[{"a": 1}]'


class Inner(BaseModel):
    sizes: tuple[int, ...] | None = None


class Params(LessonParams):
    rates: tuple[float, ...] = (0.1,)
    pair: tuple[float, float] = (0, 0)
    formula: str = ""
    either: str | tuple[int, ...] = ""
    network: Inner = Inner()


@pytest.mark.parametrize(
    ("given_", "path", "value"),
    [
        ({"network": {"sizes": "2-4-1"}}, "network.sizes", (2, 4, 1)),
        ({"rates": "0.1 1e-3"}, "rates", (0.1, 1e-3)),
        ({"rates": 0.5}, "rates", (0.5,)),
        ({"pair": "-1, 2"}, "pair", (-1, 2)),
        ({"formula": "1-2"}, "formula", "1-2"),
        ({"either": "1 2"}, "either", "1 2"),
    ],
)
def test_a_text_is_a_list_where_only_a_list_may_stand(given_, path, value):
    found = validate_params(Params, given_)
    for name in path.split("."):
        found = getattr(found, name)
    assert found == value


def test_a_text_that_is_no_list_is_told_as_it_was_written():
    with pytest.raises(InputError, match=r'rates: "1 x"; expected a list'):
        validate_params(Params, {"rates": "1 x"})


def test_shapes_follow_the_schema():
    schema = Params.model_json_schema()
    shapes = {
        name: list_shapes(it, {}) for name, it in schema["properties"].items() if name != "network"
    }
    assert shapes == {
        **dict.fromkeys(LessonParams.model_fields, ()),
        "rates": tuple(NUMBERS),
        "pair": tuple(NUMBERS),
        "formula": (),
        "either": (),
    }


def test_a_number_where_a_list_of_tables_belongs_is_wrong_and_no_fault():
    class Row(BaseModel):
        rate: float = 1.0

    class Table(LessonParams):
        rows: tuple[Row, ...] = ()

    with pytest.raises(InputError, match="rows"):
        validate_params(Table, {"rows": 5})
