"""Tests of what is written on a picture as plain text."""

from __future__ import annotations

import pytest

from backprop_studio.render.drawing.seen import plain_text

PINK = '#text(fill: rgb("#f7b3e2"))'


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ('#"Values \\"flow\\" forward."', 'Values "flow" forward.'),
        ("1.360", "1.360"),
        ("$10^(-24)$", "10⁻²⁴"),
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
