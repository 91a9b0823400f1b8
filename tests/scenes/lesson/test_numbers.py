"""Numbers as Python writes them, and which entries of a long row are written."""

from __future__ import annotations

import pytest

from backprop_studio.scenes.lesson.numbers import code_text, elided, short_text


@pytest.mark.parametrize("value", [0.0, 0.25, -3.0, 1e-9, -2.5e-7, 4e8, 123456.0])
def test_a_number_in_code_is_the_number_that_is_printed(value):
    assert float(code_text(short_text(value))) == value
    assert float(code_text(short_text(value), is_real=True)) == value


def test_of_a_long_row_the_first_two_entries_and_the_last_are_written():
    assert elided(4) == [0, 1, 2, 3]
    assert elided(100) == [0, 1, None, 99]
