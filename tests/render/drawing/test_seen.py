"""Tests of what is written on a picture as plain text."""

from __future__ import annotations

import pytest

from backprop_studio.render.drawing.seen import plain_text
from backprop_studio.render.messages.jobs import PlanJob
from backprop_studio.render.messages.results import BeatMark
from tests.render.drawing.films import SMALL

PINK = '#text(fill: rgb("#f7b3e2"))'


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ('#"Values \\"flow\\" forward."', 'Values "flow" forward.'),
        ("1.360", "1.360"),
        ("$10^(-24)$", "10⁻²⁴"),
        ("$ L = 2 quad -> quad L = 1 + 0 \\ = 1 $", "L = 2 → L = 1 + 0 = 1"),
        ("$ (dif L) / (dif w) = 2 w $", "dL / dw = 2 w"),
        (
            "$ w <- w - eta (partial L) / (partial w) = 1 - 2 dot (−8) $",
            "w ← w − η ∂L / ∂w = 1 − 2 · (−8)",
        ),
        (f"$ {PINK}[$(partial L) / (partial w)$] = {PINK}[$−8$] $", "∂L / ∂w = −8"),
        (f"$ x = mat({PINK}[$1$], 2 ; 3, (−4)) wide t = 1 $", "x = [1, 2; 3, (−4)]; t = 1"),
        (f'{PINK}["class 2"]', "class 2"),
        ("$ p_k = e^(z_k) / (sum_j e^(z_j + c)) $", "pₖ = e^(zₖ) / (Σⱼ e^(zⱼ + c))"),
        ('$ dot.o "relu"\'(z_2) \\ sum_"samples" $', "⊙ relu'(z₂); Σ samples"),
        ("$ W_k^T norm(g) approx abs(-2) $", "Wₖᵀ ‖g‖ ≈ |−2|"),
        ("$ a_(2,11) = frac(x^2, 20) + hat(y) $", "a₂,₁₁ = (x²) / (20) + ŷ"),
        ('$ "dead units" = 8 \\/ 8 $', "dead units = 8 / 8"),
    ],
)
def test_formulas_are_read_as_they_are_seen(source, plain):
    assert plain_text(source) == plain


def test_a_plan_says_what_is_to_be_seen_from_the_start(studio, silent):
    job = PlanJob(id="p", scene="architecture", picture=SMALL)
    beats = [BeatMark(**it) for it in studio.planned(job, silent.watch())["beats"]]
    assert "input" in beats[0].seen
    assert any("=" in it for beat in beats[1:] for it in beat.seen)
    for beat in beats:
        assert beat.caption not in beat.seen
        assert not any(mark in it for it in beat.seen for mark in ("$", "#text", "rgb", "mat("))
