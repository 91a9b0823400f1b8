"""The plot draws what its numbers say: where, up to where, and beside what it must not draw."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_studio.scenes.paint.signature import signature
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.plot import Plot
from tests.scenes.parts.chart_pictures import at, is_like, picture, play

THEME = THEMES["dark"]
RED = (1.0, 0.0, 0.0)
XS = np.linspace(0, 5, 501)


def plot(low=0.0, high=25.0, x=None):
    return Plot(x or Axis(0, 5, "$w$"), Axis(low, high, "$y$"), (9.0, 6.0), THEME, "en", right=0.5)


def place(part, x, y):
    return part.axes.at(part.state["window"], x, y)


def test_a_curve_runs_through_its_values_and_only_as_far_as_it_has_grown():
    part = plot().add_curve("y", XS, XS**2, colour=RED, progress=0.5)
    pixels = picture(part)
    assert is_like(at(pixels, place(part, 1.5, 2.25)), RED)
    assert is_like(at(pixels, place(part, 2.3, 5.29)), RED)
    assert not is_like(at(pixels, place(part, 3.0, 9.0)), RED)
    assert is_like(at(picture(part.grow(1.0)), place(part, 3.0, 9.0)), RED)


def test_a_gap_stays_empty():
    ys = np.where(np.abs(XS - 2.5) < 0.3, math.nan, 10.0)
    part = plot().add_curve("y", XS, ys, colour=RED)
    pixels = picture(part)
    assert is_like(at(pixels, place(part, 1.0, 10.0)), RED)
    assert not is_like(at(pixels, place(part, 2.5, 10.0)), RED)
    assert is_like(at(pixels, place(part, 4.0, 10.0)), RED)


def test_nothing_is_drawn_beside_the_picture_and_huge_values_do_not_fail():
    ys = [1, 10, 1e200, math.inf]
    part = plot().add_curve("y", [0, 1, 2, 3], ys, colour=RED, exit_text="out")
    _, _, _, top = part.axes.inner
    pixels = picture(part)
    assert not any(is_like(at(pixels, (x, top + 0.3)), RED) for x in np.linspace(-4, 4, 200))
    left = part.exit("y")
    assert left is not None
    assert left[0][1] == pytest.approx(top, abs=1e-5)
    assert "out" in part.texts()


def test_a_point_keeps_to_its_curve_between_two_states():
    part = plot().add_curve("y", XS, XS**2).add_point("p", 1, on="y", label="1")
    assert signature(part) == signature(part) is not None
    start, end = part.copy(), part.copy().move_point("p", 3, label="3")
    for alpha in (0.25, 0.5, 0.8):
        part.interpolate(start, end, alpha)
        x = 1 + 2 * alpha
        assert part.place_of("p") == pytest.approx(place(part, x, x * x), abs=1e-3)
        assert part.items["p"].texts == ("1" if alpha < 0.5 else "3",)


def test_a_secant_passes_both_points_and_becomes_the_tangent():
    part = plot().add_curve("y", XS, XS**2).add_secant("s", "y", 3, 4)
    for ends, slope, other in (((3, 4), 7, 6), ((3, 3), 6, 7)):
        pixels = picture(part.set_secant("s", *ends))
        for x in (2.3, 4.6):
            assert is_like(at(pixels, place(part, x, 9 + slope * (x - 3))), THEME.gradient, 40)
        assert not is_like(at(pixels, place(part, 4.6, 9 + other * 1.6)), THEME.gradient)


def test_looking_closer_moves_evenly_and_replaces_ticks():
    part = plot(x=Axis(1e-4, 1, logarithmic=True))
    start, end = part.copy(), part.copy().look(x=(1e-2, 1), y=(0, 5))
    part.interpolate(start, end, 0.5)
    assert part.state["window"] == pytest.approx([-3, 0, 0, 15])
    assert part.ticks == end.ticks
    assert part.tick_fade == pytest.approx(0)


def test_what_is_added_in_a_play_fades_in_and_stays():
    part = plot().add_curve("y", XS, XS**2)
    added = lambda it: it.add_point("p", 2, on="y", label="here")  # noqa: E731
    play(part, added, lambda it: it.move_point("p", 3).look(y=(0, 12)))
    assert part.place_of("p") == pytest.approx(place(part, 3, 9), abs=1e-3)
    assert "here" in part.texts()
    start = plot()
    middle = start.copy()
    end = start.copy().add_curve("z", [0, 1], [0, 1])
    middle.interpolate(start.copy(), end, 0.25)
    assert middle.state["z.shown"] == pytest.approx(0.25)
    assert start.items == {}


def test_hidden_things_say_and_draw_nothing():
    part = plot().add_curve("y", XS, XS * 2, colour=RED, label="name").hide("y")
    assert "name" not in part.texts()
    assert not is_like(at(picture(part), place(part, 2, 4)), RED)
    assert is_like(at(picture(part.reveal("y")), place(part, 2, 4)), RED)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda it: it.add_curve("y", [0, 1], [0, 1]),
        lambda it: it.add_curve("z", [0, 1], [0]),
        lambda it: it.add_point("p", 1),
        lambda it: it.add_point("p", 1, on="none"),
        lambda it: it.move_point("y", 1, 1),
        lambda it: it.grow(1, "none"),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError):  # noqa: PT011 - each has its own sentence
        wrong(plot().add_curve("y", XS, XS))


def test_an_arrow_lies_at_its_height_and_says_what_goes_that_way():
    part = plot().add_arrow("way", 3.0, 1.0, 10.0, label="shrinks", colour=RED)
    assert "shrinks" in part.texts()
    pixels = picture(part)
    assert is_like(at(pixels, place(part, 2.0, 10.0)), RED)
    # The head, on the left, is wider than the shaft.
    spots = [place(part, x, 10.0) + np.array([0, 0.06]) for x in (1.1, 2.8)]
    above = [is_like(at(pixels, spot), RED) for spot in spots]
    assert above == [True, False]
    assert "shrinks" not in part.hide("way").texts()


def test_a_curve_grows_evenly_along_x_however_densely_it_is_sampled():
    xs = np.concatenate([np.linspace(0, 1, 500), [2, 3, 4]])
    plot = Plot(Axis(0, 4), Axis(0, 4), (4.0, 3.0), THEMES["dark"], "en").add_curve("c", xs, xs)
    for share in (0.0, 0.25, 0.6, 1.0):
        end = plot.copy().grow(share, "c")._path("c")[-1]
        assert end == pytest.approx(plot._place(4 * share, 4 * share))


@pytest.fixture
def written(monkeypatch):
    """Where each text was written last: its left end, its middle's height, its right end."""
    places = {}
    write = Plot.write

    def remember(self, ctx, source, position, colour, opacity, **how):
        left = position[0] - self.width_of(source) * how.get("anchor", 0.5)
        places[source] = (left, position[1], left + self.width_of(source))
        write(self, ctx, source, position, colour, opacity, **how)

    monkeypatch.setattr(Plot, "write", remember)
    return places


@pytest.mark.parametrize(("height", "is_above"), [(12.0, False), (0.4, True)])
def test_the_label_of_a_point_leaves_the_numbers_below_the_axis_alone(written, height, is_above):
    part = plot().add_curve("y", XS, XS * 0 + height)
    picture(part.add_point("p", 2, on="y", label="P", corner=(-1, -1)))
    assert (written["P"][1] > part.place_of("p")[1]) == is_above


@pytest.mark.parametrize(("share", "is_left"), [(0.1, True), (-0.1, False)])
def test_the_label_of_an_upright_line_makes_way_for_points(written, share, is_left):
    part = plot().add_mark("m", 2.0, label="m = 2").add_curve("y", XS, XS * 0 + 24.2)
    line = place(part, 2.0, 0.0)[0]
    picture(part.add_point("p", 2.0 + share, on="y"))
    left, _, right = written["m = 2"]
    assert right < line if is_left else left > line


def test_the_label_of_a_step_changes_sides_where_a_point_has_its_own(written):
    def step_of(label):
        part = plot().add_curve("y", XS, 20 - 0.1 * XS)
        part.add_point("p", 1.0, on="y", label=label, corner=(0, 1))
        part.add_secant("s", "y", 1.0, 1.6, legs=("run", ""))
        picture(part)
        return written["run"][1] - part.place_of("p")[1]

    assert step_of("") > 0 > step_of("a long label of the point")
