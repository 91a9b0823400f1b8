"""Formulas that change: what both have stays, what is hidden is not drawn, spots are true."""

from __future__ import annotations

import cairo
import numpy as np
import pytest

from backprop_studio.scenes.boards.markup import over
from backprop_studio.scenes.paint.named_glyphs import glyphs_of, named, without
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.paint.typeset import set_type
from backprop_studio.scenes.stage.formula import Formula, _told_apart, kept_share
from backprop_studio.scenes.stage.terms import terms_of, whole

LOOK = THEMES["dark"], "en"
BOX = (8.0, 1.0)
UNIT = 100


def painted(formula):
    """Return where a formula has ink, (rows, columns), 100 pixels to the unit."""
    width, height = (round(side * UNIT) for side in formula.box)
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height)
    ctx = cairo.Context(surface)
    ctx.set_matrix(cairo.Matrix(UNIT, 0, 0, -UNIT, width / 2, height / 2))
    formula.paint_on(ctx)
    surface.flush()
    return np.ndarray((height, width, 4), np.uint8, surface.get_data())[:, :, 3] > 40


def test_a_spot_is_where_the_part_is_drawn():
    formula = Formula(f"$ y = {named('w', '1')} dot 2 = 2 $", BOX, *LOOK)
    without = painted(Formula(formula.source, BOX, *LOOK, hidden=["w"]))
    rows, columns = np.nonzero(painted(formula) & ~without)
    x, y, em = formula.spot("w")
    middle = (columns.min() + columns.max() + 1) / 2 / UNIT - BOX[0] / 2
    height = BOX[1] / 2 - (rows.min() + rows.max() + 1) / 2 / UNIT
    assert (x, y) == (pytest.approx(middle, abs=0.02), pytest.approx(height, abs=0.02))
    shifted = formula.copy().shift((1, 2, 0)).spot("w")
    assert shifted == pytest.approx((x + 1, y + 2, em))


def test_what_both_formulas_have_stays_in_sight():
    first = Formula("$ y = w x $", BOX, *LOOK)
    last = first.copy().rewrite("$ y = w x = 2 $")
    between = first.copy()
    for alpha, columns in ((0.0, painted(first)), (1.0, painted(last))):
        between.interpolate(first, last, alpha)
        assert (painted(between) == columns).all()
    between.interpolate(first, last, 0.5)
    # Half-way only "y = w x" is there, between both of its places.
    left = [np.nonzero(painted(it).any(axis=0))[0].min() for it in (first, between, last)]
    assert left[1] == pytest.approx((left[0] + left[2]) / 2, abs=1.5)
    assert between.texts() == ["$ y = w x = 2 $"]


def test_parts_of_one_name_belong_together():
    old = set_type(f"$ 2 + {named('a', '2')} $", (1, 1, 1))
    new = set_type(f"$ {named('a', '2')} $", (1, 1, 1))
    assert kept_share(old, new) == 1.0
    assert kept_share(set_type("$ a $", (1, 1, 1)), set_type("$ b $", (1, 1, 1))) == 0.0
    slope = over("L", "w")
    step = set_type(f"$ w <- w - eta {slope} $", (1, 1, 1))
    assert kept_share(set_type(f"$ {slope} $", (1, 1, 1)), step) > 0.4


def test_only_what_is_spoken_of_is_bright():
    formula = Formula(f"$ {named('a', '1')} + {named('b', '2')} $", BOX, *LOOK)
    lit = formula.copy().light("a")
    between = formula.copy()
    between.interpolate(formula, lit, 1.0)
    assert (painted(between) == painted(lit)).all()
    assert (painted(lit) == painted(formula)).all()  # dim, but there
    ink, _ = lit._set(lit.source)
    colours = {run.rgba[:3] for run in without(ink, frozenset(), lit.bright, LOOK[0].muted).runs}
    low, high = sorted(colours)
    np.testing.assert_allclose([low, high], [LOOK[0].muted, LOOK[0].text], atol=0.005)


def test_on_the_way_nothing_crosses_what_comes_or_goes():
    first = Formula("$ y = w x + 9 $", BOX, *LOOK)
    last = first.copy().rewrite("$ L = y = w x + 3 $")
    between = first.copy()
    widths = []
    for alpha in (0.35, 0.5, 0.6):
        between.interpolate(first, last, alpha)
        columns = np.nonzero(painted(between).any(axis=0))[0]
        widths.append(columns.max() - columns.min())
    # Only "y = w x +" is there, as wide as it is in both.
    assert np.ptp(widths) <= 1


@pytest.mark.parametrize(
    ("formula", "hidden", "seen"),
    [
        ("L = ({y} - {t})^2 = {L}", ["y", "t", "L"], "L"),
        ("L = ({y} - {t})^2 = {L}", ["t", "L"], "L = ({y}"),
        ("L = ({y} - {t})^2 = {L}", ["L"], "L = ({y} - {t})^2"),
        ("w <- {y} - 0.1 dot ({t}) = {L}", ["t", "L"], "w <- {y}"),
        ("w = ({y}) wide w <- {t}", ["t"], "w = ({y}) wide w"),
        (
            "z = mat(1, 2; 3, 4) vec({y}, {t}) = vec({L}, 5)",
            ["y", "t"],
            "9 9 9 9 9 9 9 9 9 9 9 9 9",
        ),
    ],
)
def test_a_number_that_is_not_there_takes_its_term_along(formula, hidden, seen):
    parts = {name: named(name, digit) for name, digit in zip("ytL", "247", strict=True)}
    ink = set_type(f"$ {formula.format(**parts)} $", (1, 1, 1))
    left = [it for it in terms_of(ink) if it not in whole(hidden)]
    assert len(left) == len(glyphs_of(set_type(f"$ {seen.format(**parts)} $", (1, 1, 1))))


@pytest.mark.parametrize(
    ("old", "new", "stay"),
    [
        ("= 1.531", "= 1.5313", 1),
        ("= 1.531", "= 1.531 + 2.1", 6),
        ("mat(1, 2)", "mat(12, 2)", 3),
        ("w_(2, 11)", "w_(2, 12)", 3),
    ],
)
def test_a_number_stays_as_a_whole_or_goes(old, new, stay):
    inks = [set_type(f"$ {it} $", (1, 1, 1)) for it in (old, new)]
    none = frozenset()
    assert len(_told_apart(inks[0], none, inks[1], none)[0]) == stay


def test_a_bracket_around_lines_is_there_while_its_numbers_are_not():
    entries = " ; ".join(named(f"p{k}", "0.123") for k in range(3))
    ink = set_type(f"$ p = mat({entries}) $", (1, 1, 1))
    assert not any(owner.endswith("~") for owner in terms_of(ink))
