"""The picture of a computation graph says what its states mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from manim import FadeIn, Scene, tempconfig

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.graphs.formula_graph import formula_graph
from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.paint.signature import signature
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.graphs.dimming import least_opacity
from backprop_studio.scenes.parts.graphs.specs import graph_of
from backprop_studio.scenes.parts.graphs.view import EdgeSpec, GraphView, NodeSpec
from tests.scenes.lesson_runs import SETTINGS
from tests.scenes.parts.chart_pictures import picture

THEME = THEMES["dark"]


def view() -> GraphView:
    """J = 3(a + bc) at 5, 3, 2, whose edges are 0 u-J, 1 3-J, 2 a-u, 3 v-u, 4 b-v, 5 c-v."""
    record = formula_graph(parse_formula("3*(a + b*c)", "abc"), {"a": 5, "b": 3, "c": 2})
    return GraphView(*graph_of(record, "{:g}".format), (12.0, 4.6), THEME, "en")


def two(**edge: Any) -> GraphView:
    nodes = [NodeSpec("x", "$x$", "variable", value="88"), NodeSpec("y", "$y$", value="88")]
    return GraphView(nodes, [EdgeSpec("x", "y", **edge)], (8.0, 3.0), THEME, "en")


def near(pixels: np.ndarray, x: float, y: float, reach: int = 2) -> np.ndarray:
    """Return the brightest colour around a place in Manim units."""
    column, row = round(640 + x * 90), round(360 - y * 90)
    patch = pixels[row - reach : row + reach + 1, column - reach : column + reach + 1]
    patch = patch.reshape(-1, 3)
    return patch[patch.sum(axis=1).argmax()]


def along(part: GraphView, edge: int, share: float) -> tuple[float, float]:
    curve = part.place.curves[edge]
    lengths = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    x, y = (np.interp(share * lengths[-1], lengths, curve[:, axis]) for axis in (0, 1))
    return float(x), float(y)


def is_colour(found: np.ndarray, colour: Any) -> bool:
    return bool(np.abs(found - np.array(colour) * 255).max() < 40)


def test_nothing_is_there_before_it_is_revealed() -> None:
    part = view()
    assert part.texts() == []
    assert not picture(part).any()


def test_nodes_can_be_revealed_one_after_the_other() -> None:
    part = view().reveal(["b", "c"])
    assert part.texts() == ["$b$", "$c$"]
    assert part.state["edge_shown"].sum() == 0
    part.reveal(["v"])
    assert part.state["edge_shown"].tolist() == [0, 0, 0, 0, 1, 1]


def test_values_and_gradients_are_the_texts_given() -> None:
    part = view().reveal().light_forward("J", "33").light_gradient("u", "3")
    assert {"33", "3", "$J = 3 u$"} <= set(part.texts())
    part.show_labels([4]).send_back(4, "3 × 2 = 6")
    assert {"$c$", "3 × 2 = 6"} <= set(part.texts())
    part.drop_gradients()
    assert "3 × 2 = 6" not in part.texts()
    assert part.gradients == [""] * 7


def test_a_text_wider_than_foreseen_is_refused() -> None:
    with pytest.raises(ValueError, match="has to be told beforehand of its widest text"):
        view().light_forward("a", "−123456.789012")


def test_light_runs_from_the_tail_to_the_head() -> None:
    part = two().reveal()
    dark = near(picture(part), *along(part, 0, 0.35))
    part.state["pulse"][0] = 0.35
    lit = picture(part)
    assert is_colour(near(lit, *along(part, 0, 0.35)), THEME.focus)
    assert not is_colour(dark, THEME.focus)
    assert not is_colour(near(lit, *along(part, 0, 0.75)), THEME.focus)


def test_a_gradient_comes_from_the_head() -> None:
    part = two().reveal()
    part.state["back"][0] = 0.5
    pixels = picture(part)
    assert is_colour(near(pixels, *along(part, 0, 0.85)), THEME.gradient)
    assert not is_colour(near(pixels, *along(part, 0, 0.2)), THEME.gradient)


def test_the_arrow_of_a_gradient_ends_at_the_tail() -> None:
    part = two().reveal().send_back(0).settle()
    pixels = picture(part)

    def thickness(share: float) -> int:
        x, y = along(part, 0, share)
        column = pixels[round(360 - (y + 0.3) * 90) : round(360 - (y - 0.3) * 90),
                        round(640 + x * 90)]  # fmt: skip
        return int((column.max(axis=1) > 120).sum())

    length = np.hypot(*np.diff(part.place.curves[0], axis=0).T).sum()
    head = 0.35 * part.place.em / length
    assert thickness(head) > 2 * thickness(0.5)
    assert thickness(1 - head) <= thickness(0.5) + 1


def test_a_stronger_gradient_is_a_wider_arrow() -> None:
    counts = []
    for strength in (0.0, 0.5, 1.0):
        part = two().reveal().send_back(0, strength=strength).settle()
        x, _ = along(part, 0, 0.5)
        counts.append(int((picture(part)[:, round(640 + x * 90)].max(axis=1) > 120).sum()))
    assert counts[0] < counts[1] < counts[2]


def test_a_cut_edge_has_a_gap_with_scissors_below() -> None:
    part = two(is_cut=True).reveal()
    x, y = part.place.labels[0, :2]
    whole = picture(part)
    cut = picture(part.cut(0))
    above = (float(x) - 0.2 * part.place.em, float(y))
    assert near(whole, *above, reach=1).max() > 60
    assert near(cut, *above, reach=0).max() < 60
    rows = slice(round(360 - (y - 0.4 * part.place.em) * 90), round(360 - (y - 1.5 * 0.3) * 90))
    columns = slice(round(640 + (x - 0.3) * 90), round(640 + (x + 0.3) * 90))
    assert whole[rows, columns].max() == 0
    assert cut[rows, columns].max() > 200


def test_what_is_dimmed_is_darker_and_its_edges_too() -> None:
    bright = picture(two().reveal().light_forward("x", "1"))
    part = two().reveal().light_forward("x", "1").dim_out(["y"])
    dim = picture(part)
    for place in (along(part, 0, 0.4), tuple(part.place.centres[1])):
        before = near(bright, *place, reach=8).sum()
        assert 0 < near(dim, *place, reach=8).sum() < 0.6 * before
    assert np.array_equal(picture(part.undim()), bright)


def test_arrows_end_at_the_plus_and_not_beside_it() -> None:
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
            assert is_colour(near(pixels, float(x), float(y), reach=1), THEME.gradient)


@pytest.mark.parametrize("name", ["dark", "light", "print"])
def test_what_is_dimmed_can_still_be_read(name: str) -> None:
    """4.5:1 by WCAG 2, on the page and on a card."""
    theme = THEMES[name]

    def luminance(colour: Any) -> float:
        parts = np.array(colour)
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    for colour in (theme.text, theme.muted, theme.gradient):
        opacity = least_opacity(colour, theme)
        assert opacity < 0.95
        for ground in (theme.background, theme.surface):
            mixed = np.array(ground) * (1 - opacity) + np.array(colour) * opacity
            pair = sorted((luminance(mixed), luminance(ground)))
            assert (pair[1] + 0.05) / (pair[0] + 0.05) > 4.55


def test_the_halo_is_round_one_node_at_a_time() -> None:
    part = view().reveal().focus("a").focus("J")
    assert np.flatnonzero(part.state["focus"]).tolist() == [part.number["J"]]


def test_a_plus_stands_where_gradients_meet() -> None:
    record = formula_graph(parse_formula("x*x", "x"), {"x": 3})
    part = GraphView(*graph_of(record, "{:g}".format), (8.0, 3.0), THEME, "en").reveal()
    without = picture(part)
    with_plus = picture(part.accumulate("x"))
    changed = np.argwhere(np.abs(with_plus - without).max(axis=2) > 40)
    x = (changed[:, 1] - 640) / 90
    right = part.place.centres[0, 0] + part.place.sizes[0, 0] / 2
    assert (x > right - 0.1).all()
    assert (x < right + 1.5 * part.place.em).all()


def test_numbers_are_replaced_and_never_rolled() -> None:
    start = view().reveal().light_forward("a", "5")
    end = start.copy().light_forward("a", "6")
    middle = start.copy()
    seen = set()
    for alpha in np.linspace(0, 1, 11):
        middle.interpolate(start, end, float(alpha))
        seen.add(middle.values[0])
        assert middle.value_fade[1] == 1
    assert seen == {"5", "6"}
    middle.interpolate(start, end, 0.5)
    assert middle.value_fade[0] == 0


def test_states_are_played_and_restored() -> None:
    class Play(Scene):
        def construct(self) -> None:
            self.part = view()
            self.add(self.part)
            self.play(self.part.animate.reveal())
            self.part.save_state()
            self.play(self.part.animate.light_forward("a", "5").send(2))
            self.kept = self.part.copy()
            self.part.restore()
            self.play(FadeIn(self.part))

    with tempconfig({**SETTINGS, "dry_run": True}):
        scene = Play(camera_class=PaintingCamera)
        scene.render()
    assert scene.kept.values[0] == "5"
    assert scene.kept.state["pulse"][2] == 1
    assert scene.part.values[0] == ""
    assert scene.part.state["shown"].all()


def test_it_can_be_told_whether_it_has_changed() -> None:
    part = view().reveal()
    first, second = part.copy(), part.copy()
    assert signature(first) is not None
    assert signature(first) == signature(second)
    assert signature(second.focus("a")) != signature(first)
