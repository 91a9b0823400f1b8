"""The picture of a computation graph says what its states mean."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.graphs.formula_graph import formula_graph
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.graphs.dimming import least_opacity
from backprop_studio.scenes.parts.graphs.layout import EdgeSpec, NodeSpec
from backprop_studio.scenes.parts.graphs.specs import graph_of
from backprop_studio.scenes.parts.graphs.view import GraphView
from tests.scenes.paint.test_style import luminance
from tests.scenes.parts.chart_pictures import is_like, picture

THEME = THEMES["dark"]


def view():
    """J = 3(a + bc) at 5, 3, 2, whose edges are 0 u-J, 1 3-J, 2 a-u, 3 v-u, 4 b-v, 5 c-v."""
    record = formula_graph(parse_formula("3*(a + b*c)", "abc"), {"a": 5, "b": 3, "c": 2})
    return GraphView(*graph_of(record, "{:g}".format), (12.0, 4.6), THEME, "en")


def two(**edge):
    nodes = [NodeSpec("x", "$x$", "variable", value="88"), NodeSpec("y", "$y$", value="88")]
    return GraphView(nodes, [EdgeSpec("x", "y", **edge)], (8.0, 3.0), THEME, "en")


def near(pixels, x, y, reach=2):
    """Return the brightest colour around a place in Manim units."""
    column, row = round(640 + x * 90), round(360 - y * 90)
    patch = pixels[row - reach : row + reach + 1, column - reach : column + reach + 1]
    patch = patch.reshape(-1, 3)
    return patch[patch.sum(axis=1).argmax()]


def along(part, edge, share):
    curve = part.place.curves[edge]
    lengths = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    x, y = (np.interp(share * lengths[-1], lengths, curve[:, axis]) for axis in (0, 1))
    return float(x), float(y)


def test_nothing_is_there_before_it_is_revealed():
    part = view()
    assert part.texts() == []
    assert not picture(part).any()


def test_values_and_gradients_are_the_texts_given():
    part = view().reveal().light_forward("J", "33").light_gradient("u", "3")
    assert {"33", "3", "$J = 3 u$"} <= set(part.texts())
    part.show_labels([4]).send_back(4, "3 × 2 = 6")
    assert {"$c$", "3 × 2 = 6"} <= set(part.texts())
    part.drop_gradients()
    assert "3 × 2 = 6" not in part.texts()
    assert part.gradients == [""] * 7


def test_a_text_wider_than_foreseen_is_refused():
    with pytest.raises(ValueError, match="has to be told beforehand of its widest text"):
        view().light_forward("a", "−123456.789012")


def test_light_runs_from_the_tail_to_the_head():
    part = two().reveal()
    dark = near(picture(part), *along(part, 0, 0.35))
    part.state["pulse"][0] = 0.35
    lit = picture(part)
    assert is_like(near(lit, *along(part, 0, 0.35)), THEME.focus, 40)
    assert not is_like(dark, THEME.focus, 40)
    assert not is_like(near(lit, *along(part, 0, 0.75)), THEME.focus, 40)


def test_a_gradient_comes_from_the_head():
    part = two().reveal()
    part.state["back"][0] = 0.5
    pixels = picture(part)
    assert is_like(near(pixels, *along(part, 0, 0.85)), THEME.gradient, 40)
    assert not is_like(near(pixels, *along(part, 0, 0.2)), THEME.gradient, 40)


def test_what_is_dimmed_is_darker_and_its_edges_too():
    bright = picture(two().reveal().light_forward("x", "1"))
    part = two().reveal().light_forward("x", "1").dim_out(["y"])
    dim = picture(part)
    for place in (along(part, 0, 0.4), tuple(part.place.centres[1])):
        before = near(bright, *place, reach=8).sum()
        assert 0 < near(dim, *place, reach=8).sum() < 0.6 * before
    assert np.array_equal(picture(part.undim()), bright)


def test_arrows_end_at_the_plus_and_not_beside_it():
    """b of a dense graph is used four times; its arrow tips touch the capsule of its plus."""
    formula = parse_formula("a*b + sin(b) + c*b - exp(b*a)/(1 + c)", "abc")
    record = formula_graph(formula, {"a": 0.5, "b": 2, "c": 0.25})
    nodes, edges = graph_of(record, lambda value: f"{value:.3f}")
    part = GraphView(nodes, edges, (12.0, 3.8), THEME, "en").reveal()
    part.send_back(0)
    for k in part.edges_from("b"):
        part.send_back(k)
    part.settle()
    part.state["back"][:] = 1
    part.accumulate("b")
    pixels, em = picture(part), part.place.em
    k = part.number["b"]
    right = part.place.centres[k, 0] + part.place.sizes[k, 0] / 2
    assert len(part.edges_from("b")) == 4
    for edge in part.edges_from("b"):
        y = part.place.curves[edge][0, 1]
        # Capsule and head touch: from its rim on, all is in the gradients' colour.
        for x in np.linspace(right + 0.84 * em, right + 1.2 * em, 8):
            assert is_like(near(pixels, float(x), float(y), reach=1), THEME.gradient, 40)


@pytest.mark.parametrize("name", ["dark", "light", "print"])
def test_what_is_dimmed_can_still_be_read(name):
    """4.5:1 by WCAG 2, on the page and on a card."""
    theme = THEMES[name]
    for colour in (theme.text, theme.muted, theme.gradient):
        opacity = least_opacity(colour, theme)
        assert opacity < 0.95
        for ground in (theme.background, theme.surface):
            mixed = np.array(ground) * (1 - opacity) + np.array(colour) * opacity
            pair = sorted((luminance(tuple(mixed)), luminance(ground)))
            assert (pair[1] + 0.05) / (pair[0] + 0.05) > 4.55


def test_numbers_are_replaced_and_never_rolled():
    start = view().reveal().light_forward("a", "5")
    end = start.copy().light_forward("a", "6")
    middle = start.copy()
    seen = set()
    for alpha in (0.0, 0.3, 0.7, 1.0):
        middle.interpolate(start, end, float(alpha))
        seen.add(middle.values[0])
        assert middle.value_fade[1] == 1
    assert seen == {"5", "6"}
    middle.interpolate(start, end, 0.5)
    assert middle.value_fade[0] == 0
