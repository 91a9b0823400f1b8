"""A directed lesson: numbers arrive, the board comes and goes, a zoom leaves what is pinned."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from manim import CairoRenderer

from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.paint.named_glyphs import named
from backprop_studio.scenes.paint.style import DIMMED, SIZES
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.number_line import NumberLine
from backprop_studio.scenes.stage.directed_lesson import DirectedLesson
from backprop_studio.scenes.stage.formula import Spot
from backprop_studio.scenes.stage.travel import Travel
from tests.manim_settings import manim_settings
from tests.scenes.lesson_runs import SETTINGS

FIRST = f"$ y = w x = {named('w', '1')} dot 2 = {named('y', '2')} $"


class Directed(DirectedLesson):
    """One number line and a formula."""

    def compute(self):
        return {}

    def set_stage(self):
        self.part = NumberLine(Axis(0, 4, "$w$"), 9, *self.look).put(1, "$1$")
        self.add(self.part)

    def tell(self):
        self.beat("only", "Only")


@pytest.fixture
def lesson():
    with manim_settings({**SETTINGS}):
        renderer = CairoRenderer(camera_class=PaintingCamera, skip_animations=True)
        directed = Directed(renderer=renderer)
        directed.setup()
        directed.construct()
        yield directed


def picture(lesson):
    lesson.renderer.static_image = None
    lesson.renderer.update_frame(lesson)
    return lesson.renderer.get_frame()[:, :, :3].astype(int)


def test_numbers_travel_into_the_formula_and_are_counted(lesson):
    lesson.work_out(FIRST, {"w": Spot(0, 0, SIZES.label)}, last=["y"])
    assert not lesson.board.hidden
    lesson.carry("y", Spot(0, 0, SIZES.label))
    assert [it.text for it in lesson.travelled] == ["1", "2"]
    assert {it.beat for it in lesson.travelled} == {"only"}


def test_a_formula_fills_from_left_to_right_though_only_some_of_it_travels(lesson):
    formula = f"$ w <- {named('w', '1')} - {named('rate', '2')} dot {named('slope', '3')} $"
    spot, seen, move = Spot(0, 0, SIZES.label), [], lesson.move

    def watched(*animations, **options):
        move(*animations, **options)
        hidden = lesson.board.hidden
        seen.append([it for it in ("w", "rate", "slope") if it not in hidden])

    lesson.move = watched
    lesson.work_out(formula, {"w": spot, "rate": None, "slope": spot})
    assert seen[0] == []
    assert seen[-1] == ["w", "rate", "slope"]
    assert all(it == ["w", "rate", "slope"][: len(it)] for it in seen)
    assert [it.text for it in lesson.travelled] == ["1", "3"]


def test_the_board_goes_and_leaves_nothing(lesson):
    before = picture(lesson)
    lesson.work_out(FIRST)
    assert np.abs(picture(lesson) - before).max() > 50
    lesson.shrink_board()
    lesson.clear_board()
    assert np.abs(picture(lesson) - before).max() <= 2
    with pytest.raises(ValueError, match="no board"):
        lesson.board  # noqa: B018


def test_a_zoom_leaves_what_is_pinned_and_comes_back(lesson):
    lesson.work_out(FIRST)
    before = picture(lesson)
    lesson.zoom((-1.0, -1.0, 1.0, 1.0))
    zoomed = picture(lesson)
    middle = before.shape[0] // 2
    assert np.abs(zoomed - before)[:middle].max() > 50
    rows = slice(round(before.shape[0] * 0.76), None)
    assert np.abs(zoomed - before)[rows].max() <= 2
    x, y, em = lesson.on_frame(Spot(0.0, 0.0, 0.2))
    assert em > 0.4
    assert (x, y) == pytest.approx(
        (
            (lesson.rooms.picture[0] + lesson.rooms.picture[2]) / 2,
            (lesson.rooms.picture[1] + lesson.rooms.picture[3]) / 2,
        )
    )
    lesson.zoom_out()
    assert np.abs(picture(lesson) - before).max() <= 2


def test_what_is_not_spoken_of_is_dim(lesson):
    other = NumberLine(Axis(0, 1, "$b$"), 9, *lesson.look)
    lesson.add(other)
    lesson.move(*lesson.light(other))
    assert (lesson.part.opacity, other.opacity) == (pytest.approx(DIMMED), 1.0)
    lesson.move(*lesson.light())
    assert lesson.part.opacity == 1.0


def test_a_product_is_told_row_by_row(lesson):
    rows = "; ".join(f"{named(f'w{k}', str(k))}" for k in (1, 2))
    results = "; ".join(f"{named(f'z{k}', str(3 * k))}" for k in (1, 2))
    product = f"$ mat({rows}) dot {named('x', '3')} = mat({results}) $"
    lesson.work_out(product, hidden=["z1", "z2"])
    seen = []
    move = lesson.move

    def watched(*animations, **options):
        move(*animations, **options)
        seen.append((set(lesson.board.hidden), set(lesson.board.bright)))

    lesson.move = watched
    lesson.row_by_row([(["w1", "x"], "z1"), (["w2", "x"], "z2")], seconds=2.0)
    first, second = {"w1", "x", "z1"}, {"w2", "x", "z2"}
    both = [
        ({"z1", "z2"}, first),
        ({"z2"}, first),
        ({"z2"}, second),
        (set(), second),
        (set(), set()),
    ]
    assert seen == both


@pytest.mark.parametrize(("apart", "flights"), [(0.05, range(2, 7)), (2.0, range(1, 4))])
def test_many_numbers_set_out_together_only_if_none_covers_another_one(lesson, apart, flights):
    names = [f"w{k}" for k in range(6)]
    terms = " quad ".join(named(name, f"0.{k}") for k, name in enumerate(names))
    spots = {name: Spot(apart * (k - 2.5), 2.0, 0.3) for k, name in enumerate(names)}
    together = []
    move = lesson.move

    def watched(*animations, **options):
        together.append([it.traveller for it in animations if isinstance(it, Travel)])
        move(*animations, **options)

    lesson.move = watched
    lesson.work_out(f"$ {terms} $", spots)
    together = [it for it in together if it]
    assert len(together) in flights
    assert sorted(it.source for some in together for it in some) == [f"$0.{k}$" for k in range(6)]
    assert not lesson.board.hidden
    for some, share in itertools.product(together, np.linspace(0, 1, 50)):
        for one, other in itertools.combinations([it.place(share) for it in some], 2):
            em, is_seen = one[2], min(one[3], other[3]) > 0.1
            assert not is_seen or max(abs(one[0] - other[0]), 2 * abs(one[1] - other[1])) > em


def test_a_number_that_arrives_is_never_seen_beside_what_it_becomes(lesson):
    lesson.work_out(FIRST)
    way = lesson.way_home("y", Spot(0, 2, SIZES.label))
    changed = lesson.part.animate.put(2, "$2$")
    lesson.move = lambda *animations, **_: None
    lesson.arrive([way], changed)
    becomes = changed.anim_args["rate_func"]
    seen = []
    for alpha in np.linspace(0, 1, 101):
        way.interpolate_mobject(float(alpha))
        # A text that is replaced is gone at the half, and the new one comes from there on.
        old, new = max(0.5 - becomes(alpha), 0), max(becomes(alpha) - 0.5, 0)
        left = float(way.traveller.state["left"])
        assert not (left and new)
        assert left == 1 or way.traveller.place(float(way.traveller.state["share"]))[1] == 2
        seen.append((old > 0, left > 0, new > 0))
    assert seen[0] == (True, True, False)
    assert seen[-1] == (False, False, True)
