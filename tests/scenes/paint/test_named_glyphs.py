"""The glyphs of a formula: named parts are where they are drawn, and change nothing."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.boards.markup import coloured, over
from backprop_studio.scenes.paint.named_glyphs import box_of, glyphs_of, markup_of, named, without
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.paint.typeset import set_type

WHITE, PINK = (1.0, 1.0, 1.0), THEMES["dark"].gradient


def ink(markup):
    return set_type(f"$ {markup} $", WHITE)


@pytest.mark.parametrize(
    "part", ["−8", "hat(y)", over("L", "w"), coloured("−8", PINK), "10^(-9)", "x_1 + 2"]
)
def test_a_name_moves_nothing(part):
    plain, told = ink(f"a = {part} dot 2"), ink(f"a = {named('p', part)} dot 2")
    assert (told.width, told.height, told.extents) == (plain.width, plain.height, plain.extents)
    assert [it.rgba for it in glyphs_of(told)] == [it.rgba for it in glyphs_of(plain)]


def test_parts_are_where_their_glyphs_are():
    told = ink(f"a = {named('first', coloured('−8', PINK))} dot {named('second', '2')} = b")
    assert [it.name for it in glyphs_of(told)] == ["", "", *["first"] * 2, "", "second", "", ""]
    first, second = box_of(told, "first"), box_of(told, "second")
    assert -told.width / 2 < first[0] < first[2] < second[0] < second[2] < told.width / 2
    with pytest.raises(KeyError):
        box_of(told, "third")


def test_what_is_hidden_is_left_out_and_the_rest_stays():
    told = ink(f"{named('a', '1')} + {named('b', '2')}")
    rest = without(told, frozenset({"b"}))
    assert rest != told
    assert rest.extents[0] == pytest.approx(told.extents[0], abs=2e-3)
    assert rest.extents[2] < box_of(told, "b")[0]
    whole = without(told, frozenset())
    np.testing.assert_allclose(whole.extents, told.extents)


@pytest.mark.parametrize("inner", ["2", coloured("2", PINK), f"{coloured('a', PINK)} + b"])
def test_the_markup_of_a_part_is_whole(inner):
    assert markup_of(f"$ {named('x', '1')} + {named('y', inner)} = 3 $", "y") == inner
