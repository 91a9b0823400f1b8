"""Networks with all their units: what a scene says to them, and what is on the picture then."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.networks.dense_network import DenseNetwork
from backprop_studio.scenes.parts.networks.network_drawing import drawing_for, network_view
from backprop_studio.scenes.parts.networks.network_view import NetworkView
from tests.manim_settings import manim_settings

SIZES = (40, 20, 4)
SETTINGS = {"pixel_width": 640, "pixel_height": 360, "dry_run": True}
GENERATOR = np.random.default_rng(0)
WEIGHTS = [GENERATOR.normal(0, 1, (n, k)) for k, n in pairwise(SIZES)]
GRADIENTS = [GENERATOR.normal(0, 1, (n, k)) for k, n in pairwise(SIZES)]


def made(drawing="whole", sizes=SIZES, **more):
    names = [f"layer {k}" for k in range(len(sizes))]
    view = network_view(
        drawing, sizes, names, WEIGHTS, GRADIENTS, (10.0, 4.0), THEMES["dark"], "en", **more
    )
    assert isinstance(view, DenseNetwork)
    return view


def picture(view):
    with manim_settings(SETTINGS):
        camera = PaintingCamera()
        camera.capture_mobjects([view])
        return camera.pixel_array[..., :3].astype(int)


def test_the_size_chooses_the_drawing():
    assert drawing_for((3, 3, 2, 3)) == "collapsed"
    assert drawing_for((64, 10)) == "whole"
    assert drawing_for((2, 8, 8, 8, 8, 8, 8, 1)) == "whole"
    assert drawing_for((2, 4, 4, 4, 4, 4, 4, 1)) == "collapsed"
    plain = network_view(
        "auto", (3, 4, 2), ["a", "b", "c"], [np.ones((4, 3)), np.ones((2, 4))],
        [np.ones((4, 3)), np.ones((2, 4))], (10.0, 4.0), THEMES["dark"], "en",
    )  # fmt: skip
    assert isinstance(plain, NetworkView)


@pytest.mark.parametrize("drawing", ["whole", "strongest"])
def test_every_layer_that_is_not_nodes_says_its_count(drawing):
    view = made(drawing)
    assert "40" not in view.texts()
    assert {"40", "20", "layer 0", "layer 2"} <= set(view.reveal().texts())


def test_strongest_draws_less_than_whole():
    ink = [int((picture(made(kind).reveal()) > 30).sum()) for kind in ("strongest", "whole")]
    assert ink[0] < ink[1]


def test_only_numbers_that_are_printed_are_kept():
    view = made().reveal()
    assert view.numbered == [False, False, True]
    for layer, size in enumerate(SIZES):
        view.light(layer, np.ones(size), ["1.000"] * size, "$x$")
    assert view.texts().count("1.000") == SIZES[-1]


def test_the_followed_weight_stands_out():
    view = made().reveal()
    still = picture(view)
    shown = picture(view.follow(1, 2, 5))
    start, end = view.centres[1][5], view.centres[2][2]
    x, y = (start + end) / 2
    colour = np.array(THEMES["dark"].of_sign(WEIGHTS[1][2, 5])) * 255
    assert np.abs(shown[round(180 - y * 45), round(320 + x * 45)] - colour).max() < 12
    elsewhere = np.abs(shown - still)[:, : round(320 + start[0] * 45) - 8]
    assert not elsewhere.any()
    assert np.array_equal(picture(view.release()), still)


def test_light_travels_from_left_to_right():
    places = []
    for progress in (0.25, 0.75):
        view = made().reveal()
        still = picture(view)
        view.state["pulse"][0] = progress
        change = np.abs(picture(view) - still).sum(axis=(0, 2))
        places.append(float((change * np.arange(len(change))).sum() / change.sum()))
    assert places[1] > places[0] + 20
    assert not (picture(made().reveal().send_light(0).settle()) - still).any()


def test_gradients_are_uncovered_from_right_to_left():
    view = made().reveal()
    view.state["edge_alpha"][:] = 0
    bare = picture(view)
    reach = []
    for progress in (0.3, 0.9):
        view.grow_arrows(0, GRADIENTS[0])
        view.state["edge_alpha"][:] = 0
        view.state["arrow"][0] = progress
        columns = np.flatnonzero(np.abs(picture(view) - bare).sum(axis=(0, 2)))
        reach.append((int(columns.min()), int(columns.max())))
    assert reach[1][0] < reach[0][0] - 20
    assert reach[0][1] == pytest.approx(reach[1][1], abs=3)
    assert np.array_equal(picture(view.drop_arrows()), picture(made().reveal()))


def test_moved_weights_cross_fade():
    start, end = made().reveal(), made().reveal()
    end.set_weights(0, -WEIGHTS[0])
    between = made().reveal()
    between.interpolate(start, end, 0.5)
    first, middle, last = (picture(view) for view in (start, between, end))
    assert np.abs(first - last).max() > 60
    assert not np.array_equal(middle, first)
    assert not np.array_equal(middle, last)
    between.interpolate(start, end, 1.0)
    assert np.abs(picture(between) - last).max() <= 1


def test_an_input_picture_shows_its_pixels():
    sizes = (64, 20, 4)
    generator = np.random.default_rng(1)
    weights = [generator.normal(0, 1, (n, k)) for k, n in pairwise(sizes)]
    view = network_view(
        "whole", sizes, ["a", "b", "c"], weights, weights, (10.0, 4.0), THEMES["dark"], "en",
        image_shape=(8, 8),
    ).reveal()  # fmt: skip
    before = picture(view)
    values = np.zeros(64)
    values[:8] = 1.0  # the uppermost row of pixels
    after = picture(view.light(0, values, [""] * 64, "$x$"))
    changed = np.abs(after - before).sum(axis=2)[:, :110] > 60
    rows = np.flatnonzero(changed.any(axis=1))
    assert len(rows)
    assert rows.max() - rows.min() < 12
