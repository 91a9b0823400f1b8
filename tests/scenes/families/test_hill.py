"""A hill in the fog: the steps of its trail, where its numbers are, and what the fog hides."""

from __future__ import annotations

import cairo
import numpy as np
import pytest

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.surfaces.curve_runs import curve_runs
from backprop_studio.scenes.families.curve_descent import curve_picture
from backprop_studio.scenes.families.hill.plot import CLEAR, HAZY, HillPlot
from backprop_studio.scenes.families.hill.state import close_up
from backprop_studio.scenes.paint.style import THEMES
from tests.core.surfaces.landscapes import named_landscape

SQUARE = parse_formula("w^2", ["w"])
PICTURE = curve_picture(SQUARE, (-3.0, 3.0), [2.0])
PIXELS = 40
"""Of a Manim unit."""


def hill(rate=0.25, steps=4):
    (run,) = curve_runs(named_landscape("square"), [rate], [2.0], steps)
    return HillPlot(SQUARE, PICTURE, (12, 6), THEMES["dark"], "en").add_ball(
        "ball", run, colour=(1, 1, 1)
    )


def drawn(part):
    """Return a part's picture, (height, width, 3), and the pixel of a place in its own units."""
    width, height = (round(side * PIXELS) for side in part.box)
    surface = cairo.ImageSurface(cairo.FORMAT_RGB24, width, height)
    ctx = cairo.Context(surface)
    ctx.translate(width / 2, height / 2)
    ctx.scale(PIXELS, -PIXELS)
    part.paint(ctx, 1.0)
    surface.flush()
    rows = np.ndarray((height, surface.get_stride() // 4, 4), np.uint8, surface.get_data())
    pixels = rows[:, :width, :3].astype(float)

    def at(x, y):
        return pixels[round(height / 2 - y * PIXELS), round(width / 2 + x * PIXELS)]

    return pixels, at


@pytest.mark.parametrize(
    ("step", "w", "loss"), [(0, 2, 4), (0.5, 1, 4), (1, 1, 1), (1.5, 0.5, 1), (4, 0.125, 0.125**2)]
)
def test_a_step_changes_the_weight_and_then_the_ball_is_on_the_ground(step, w, loss):
    view = hill().advance("ball", step)
    left, bottom, right, top = view.axes.inner
    window = view.state["window"]
    x, y = view.foot("ball")
    assert window[0] + (x - left) / (right - left) * 6 == pytest.approx(w)
    height = window[3] - window[2]
    assert window[2] + (y - bottom) / (top - bottom) * height == pytest.approx(loss)


def test_the_fog_hides_the_hill_but_for_where_the_ball_is():
    view = hill().reveal("ball")
    clear = hill().reveal("ball").lift()
    (_, foggy), (_, free) = drawn(view), drawn(clear)
    foot = view.foot("ball")
    below = foot + np.array([0.3, -0.6 * CLEAR])
    assert foggy(*below) == pytest.approx(free(*below), abs=1)
    far = view.axes.at(view.state["window"], -2.5, 2.0)  # in the ground, on the other side
    assert np.hypot(*(far - foot)) > HAZY
    assert abs(foggy(*far) - free(*far)).max() > 10


def test_a_room_below_is_left_free_and_given_back():
    view = hill().reveal("ball")
    pixels, _ = drawn(view.copy().make_room(1.5))
    assert not pixels[-int(1.4 * PIXELS) :].any()
    whole, _ = drawn(view.copy().make_room(1.5).make_room())
    assert whole == pytest.approx(drawn(view)[0])


def test_a_number_is_where_it_is_written():
    view = hill().reveal("ball").tag("ball", "w", "$w = 2$").shift((1, 2, 0))
    spot = view.spot("ball.w", "2")
    alone = view.spot("ball.w", "w = 2")
    assert spot.x > alone.x
    assert spot.y == alone.y
    x = view.foot("ball")[0]
    assert x + 1 < spot.x < x + 2.5
    raised = view.copy().make_room(1.0).spot("ball.w", "2")
    assert raised.y == pytest.approx(spot.y + 1.0)


def test_a_triangle_is_drawn_where_it_has_room():
    assert hill().advance("ball", 2).has_triangle("ball")
    assert not hill().has_triangle("ball")  # from 2 to 3, at the picture's edge


@pytest.mark.parametrize(
    ("rate", "expected"), [(0.25, (-0.44, 2.56)), (0.9, (-3, 3)), (5.0, (-3, 3))]
)
def test_a_close_up_holds_the_run(rate, expected):
    (run,) = curve_runs(named_landscape("square"), [rate], [2.0], 4, heights=PICTURE.heights)
    assert close_up(PICTURE, run) == pytest.approx(expected, abs=0.01)


def test_weights_of_balls_in_one_place_stand_above_each_other():
    runs = curve_runs(named_landscape("square"), [0.25], [2.0, 2.01, -2.0], 4)
    view = HillPlot(SQUARE, PICTURE, (12, 6), THEMES["dark"], "en")
    for number, run in enumerate(runs):
        view.add_ball(f"ball_{number}", run, colour=(1, 1, 1))
        view.reveal(f"ball_{number}").tag(f"ball_{number}", "w", "$w = 2.01$")
    first, near, apart = (view.spot(f"ball_{k}.w", "2.01").y for k in range(3))
    assert near > first + 0.3
    assert apart == first
