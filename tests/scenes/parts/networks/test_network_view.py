"""The network's picture means what its numbers say."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.networks.network_view import NetworkView
from tests.scenes.parts.chart_pictures import picture

THEME = THEMES["dark"]


def view(weights, gradients=None):
    matrices = [np.array(weight, dtype=float) for weight in weights]
    slopes = [np.array(g, dtype=float) for g in gradients] if gradients else matrices
    sizes = [matrices[0].shape[1], *(matrix.shape[0] for matrix in matrices)]
    names = [""] * len(sizes)
    return NetworkView(sizes, names, matrices, slopes, (10.0, 4.0), THEME, "en").reveal()


def column_of(pixels, x):
    return pixels[:, int(640 + x * 90)]


def bright(column):
    return int((column.max(axis=1) > 60).sum())


def test_wider_means_larger():
    """One edge per picture, each against the same scale-setting second layer."""
    widths = [
        bright(column_of(picture(view([[[weight]], [[2.0]]])), -2.0))
        for weight in (0.1, 0.7, 1.3, 2.0)
    ]
    assert widths == sorted(widths)
    assert len(set(widths)) == len(widths)


def test_arrows_point_back_and_are_as_wide_as_their_gradient():
    part = view([[[1.0]]], [[[1.0]]]).grow_arrows(0, np.array([[1.0]]))
    pixels = picture(part)
    radius = part.radius
    start, end = (part.centres[layer][0][0] for layer in (0, 1))
    near_start = bright(column_of(pixels, start + radius + 0.14))
    near_end = bright(column_of(pixels, end - radius - 0.14))
    assert near_start > near_end, "the head is where the gradient arrives: at the earlier layer"


def test_a_gradient_of_zero_draws_no_arrow():
    grown = view([[[1.0]]], [[[1.0]]]).grow_arrows(0, np.array([[0.0]]))
    grown.state["edge_alpha"][:] = 0
    assert bright(column_of(picture(grown), 0.0)) == 0


def test_light_shows_values_and_their_tag():
    part = view([[[1.0], [2.0]]]).light(1, [0.5, -0.5], ["0.500", "−0.500"], "$z_1$")
    assert part.texts() == ["0.500", "−0.500", "$z_1$"]
    part.darken(1)
    assert part.texts() == []


def test_numbers_are_replaced_and_never_rolled():
    start = view([[[1.0]]]).light(1, [1.0], ["1.000"], "$z_1$")
    end = start.copy().light(1, [3.0], ["3.000"], "$a_1$")
    middle = start.copy()
    seen = set()
    for alpha in (0.0, 0.3, 0.7, 1.0):
        middle.interpolate(start, end, float(alpha))
        seen.add(middle.labels[1][0])
        assert middle.text_fade[0] == 1
    assert seen == {"1.000", "3.000"}
    assert middle.text_fade[1] == 1


def test_the_drawn_entries_are_picked_from_the_whole_matrix():
    matrix = np.arange(60.0).reshape(6, 10)
    part = view([matrix])
    picked = part.pick(0, matrix)
    assert picked.shape == (4, 4)
    assert picked[0, 0] == 0
    assert picked[3, 3] == 59
    assert picked[1, 3] == 19
    assert np.isnan(picked[2]).all()
    assert np.isnan(picked[:, 2]).all()


def downward(sizes, box=(5.0, 9.8)):
    weights = [np.ones((n_out, n_in)) for n_in, n_out in pairwise(sizes)]
    names = [""] * len(sizes)
    return NetworkView(sizes, names, weights, weights, box, THEME, "en", downward=True).reveal()


@pytest.mark.parametrize("sizes", [(1, 1), (3, 3, 2, 3), (30, 12, 10), (2, 3, 3, 3, 3, 3, 3, 1)])
def test_rows_go_down_and_stay_inside(sizes):
    part = downward(sizes)
    first, *_ = at = [part.unit_at(layer, 0) for layer in range(len(sizes))]
    heights = [y for _, y, _ in at]
    assert heights == sorted(heights, reverse=True)
    if sizes[0] > 1:
        second = part.unit_at(0, 1)
        assert second[0] > first[0]
        assert second[1] == pytest.approx(first[1])
    for layer, size in enumerate(sizes):
        x, y, _ = part.unit_at(layer, size - 1)
        assert abs(x) + part.radius < part.box[0] / 2
        assert abs(y) + part.radius < part.box[1] / 2


@pytest.mark.parametrize("is_tall", [False, True])
def test_gradients_gather_between_the_nodes_as_the_matrix_that_they_are(is_tall):
    weights = [np.array([[0.5, 0.0, -1.0], [0.2, 0.1, 0.0]])]
    part = downward((3, 2)) if is_tall else view(weights)
    part.collect(0, weights[0], np.array([0.3, -0.3]))
    at = part.matrix_at(0)
    boxes = {place: at.cell_box(*place) for place in at.places()}
    assert len(boxes) == 8
    assert boxes[0, 0][0] < boxes[0, 2][0] < boxes[0, None][0]
    assert boxes[0, 0][1] > boxes[1, 0][1]
    first, last = (part.unit_at(layer, 0)[is_tall] for layer in (0, 1))
    left, bottom, right, top = at.frame
    ends = (bottom, top) if is_tall else (left, right)
    assert min(first, last) < ends[0] < ends[1] < max(first, last)
    if not is_tall:  # such a network is higher than the picture
        x, y, _ = part.unit_at(0, 0)
        gathered, at_node = picture(part), (int(360 - 90 * y), int(640 + 90 * x))
        free = picture(view(weights))
        assert (gathered[at_node] != free[at_node]).any(), "nodes leave their room to the cells"
    assert part.texts() == ["$W_1$", "$b_1$"]
    assert part.drop_arrows().texts() == []


def test_heat_maps_fade_where_they_are_and_leave_what_they_were_gathered_from():
    weights = [np.array([[0.5, 0.0, -1.0], [0.2, 0.1, 0.0]])]
    part = view(weights).grow_arrows(0, weights[0])
    before = picture(part)
    part.collect(0, weights[0], np.array([0.3, -0.3]))
    cells = part.matrix_at(0)
    part.clear_matrices()
    assert np.array_equal(picture(part), before)
    assert part.texts() == []
    part.state["matrix"][0] = 1.75
    x, y = np.mean([cells.cell_box(0, 2)[k::2] for k in (0, 1)], axis=1)
    row, column = int(360 - 90 * y), int(640 + 90 * x)
    more, _, less = (picture(part)[row, column].astype(int) - before[row, column].astype(int))[:3]
    assert more > less, "a negative cell is still at its place, and nearly gone"


def test_a_step_turns_arrows_around_and_keeps_their_proportions():
    weights = [np.array([[0.5, 0.0, -1.0], [0.2, 0.1, 0.0]])]
    part = view(weights).grow_arrows(0, weights[0])
    start, end = np.array([0.0, 0.0]), np.array([1.0, 0.0])
    assert [it.tolist() for it in part.arrow_ends(start, end)] == [[1, 0], [0, 0]]
    part.step([-0.1 * weights[0]])
    assert [it.tolist() for it in part.arrow_ends(start, end)] == [[0, 0], [1, 0]]
    assert part.state["gradient_0"] == pytest.approx(-weights[0])
    assert part.grow_arrows(0, weights[0]).arrow_ends(start, end)[0].tolist() == [1, 0]


def test_a_followed_weight_has_its_number_only_where_that_has_room():
    part = view([np.array([[0.5, 0.0, -1.0], [0.2, 0.1, 0.0]])])
    assert part.has_room(0, "0.5")
    assert not part.has_room(0, "0.5" * 40)
    part.follow(0, 0, 2)
    bare = picture(part)
    assert "0.5" in part.name_followed("0.5").texts()
    assert not np.array_equal(picture(part), bare)
    assert part.release().followed_name == ""


def test_a_unit_can_be_watched_with_what_it_feeds():
    part = view([[[1.0, 1.0]], [[1.0], [1.0]]])
    part.watch(1, 0, back=True)
    assert (part.state["bright_2"] == 1).all()
    assert (part.state["bright_0"] < 1).all()
    assert (part.state["seen_1"] == 1).all()
    assert part.state["gap_bright"][0] < part.state["gap_bright"][1] == 1


def test_the_followed_number_stands_beside_its_line():
    part = view([[[1.0]]]).follow(0, 0, 0).name_followed("0.515")
    _, y = part.name_at()
    x, middle, _ = part.edge_at(0, 0, 0, 0.5)
    assert part.name_at()[0] == x
    assert y > middle + 0.2
