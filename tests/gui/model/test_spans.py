"""Where an entry stands in what was typed, in every way in which it may be typed."""

from __future__ import annotations

import pytest

from backprop_studio.gui.model.spans import column_span, span_of


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("[0.1, x, 0.3]", ("1",), "x"),
        ("0.1, x, 0.3", ("1",), "x"),
        ("0.1 x 0.3", ("2",), "0.3"),
        ("2-4-80-1", ("2",), "80"),
        ("[[1, 2], [3, -4]]", ("1", "1"), "-4"),
        ("[1, 2], [3, 4]", ("0",), "[1, 2]"),
        ("[[[1, 2]], [7]]", ("1", "0"), "7"),
        ('["a b", "c, d"]', ("1",), '"c, d"'),
        ("[1, [2", ("1", "0"), "2"),
        ("a = 5, bb = x y ", ("bb",), "x y"),
        ('{"a": 5, "b": "x"}', ("b",), '"x"'),
        ("1，2；3", ("2",), "3"),
        ("1, 2", ("2",), None),
        ("a = 5", ("b",), None),
        ("", ("0",), None),
        ("[1]", (), None),
    ],
)
def test_entry_is_found(text, place, found):
    span = span_of(text, place)
    assert (span and text[slice(*span)]) == found


@pytest.mark.parametrize(
    ("text", "column", "span"),
    [("3x", 2, (1, 2)), ("  3x", 2, (3, 4)), ("x^", 3, (2, 2)), ("", 1, (0, 0))],
)
def test_column_is_counted_from_the_first_letter(text, column, span):
    assert column_span(text, column) == span
