"""What a viewer with a calculator would say of printed formulas."""

from __future__ import annotations

import pytest

from backprop_studio.scenes.relations.judging import relations
from backprop_studio.scenes.relations.reading import read

TRUE = [
    "$ L = (0.4073 + 0.9749 + 0.8982 + 0.5953) / 4 = 0.7189 $",
    "$ z = mat(0.5, 1 ; 2, −1) mat(1 ; 2) + mat(0.1 ; 0.2) = mat(2.6 ; 0.2) $",
    "$ 1 / 4 (mat(0.5 ; 0.2 ) - mat(1 ; 0 )) = mat(−0.125 ; 0.05 ) $",
    "$ mat(2 ; 3) dot.o mat(0 ; 1) = mat(0 ; 3) $",
    "$ v J = (0.1, 0.01) mat(2, 1 ; 0, 4) = (0.2, 0.14) $",
    "$ bold(l) = ((3, 4)) / sqrt(3^2 + 4^2) = ((3, 4)) / 5 = (0.6, 0.8) = (cos alpha, cos beta) $",
    "$ y(3 + epsilon) &= 9 + 6 epsilon \\ 9.0601 &= 9 + 6 dot 0.01 + 0.01^2 $",
    "$ p_(2) = (1.63 times 10^(5)) / (1.63 times 10^(5) + 20 + 3) = 0.9999 $",
    "$ -ln 0.24 = 1.427 wide e^(−0.5) = 0.607 wide 2^9 times (−2) = −1024 $",
    '$ op("relu") (−3) = 0 wide sigma (0.5) = 0.622 wide tanh(1) = 0.762 $',
    "$ norm(b_8) = 512 < 1000 wide 1 / 3 approx 0.33 $",
    '$ #text(fill: rgb("#f7b3e2"))[$L = (1 + 2) / 2 = 1.5$] quad -> quad L = 1 $',
    "$ (2 \\/ 5) = 0.4 wide 2 / 50 ((−2.7) dot 0.6 + dots.c) = −3.0 $",
    '$ x_2 = 3 wide f(2, 1) = 5 wide hat(y)(4) : 2 dot 4 = 8 wide "n = 2 + 2 = 5" $',
    "$ mat(0.1 ; dots.v ; 0.3) - mat(1 ; dots.v ; 0) = mat(−0.9 ; dots.v ; 0.3) $",
    "$ g = (1, 2) + (3, 4) \\ + (1, 1) \\ = (5, 7) $",
]

FALSE = {
    "a mean of rounded numbers": "$ L = (0.407 + 0.975 + 0.898 + 0.595) / 4 = 0.7189 $",
    "a product": "$ 0.197 times 2 = 0.393 $",
    "an entry of a matrix product": "$ mat(0.5, 1 ; 2, −1) mat(1 ; 2) = mat(2.5 ; 0.1) $",
    "a difference quotient": "$ (0.8468 - 0.8415) / 0.01 = 0.5361 $",
    "a logarithm": "$ -ln 0.240 = 1.428 $",
    "a step": "$ w <- w - eta g = 1.8 - 0.1 dot (−1.6) = 1.97 $",
    "the middle of a chain": "$ a = 2 dot 3 = 7 = b $",
    "a sum that is broken into lines": "$ g = 1 + 2 \\ + 3 \\ = 7 $",
    "what is broken into lines": "$ a & = 2 dot 3 \\ & = 7 $",
    "a coloured result": '$ 2 dot 3 = #text(fill: rgb("#f7b3e2"))[$7$] $',
    "a pair": "$ 0.9 dot (1, 2) + (0, 1) = (0.9, 2.9) $",
    "something about as large": "$ 5 + (−25) dot 0.1 + 125 dot 0.1^2 approx 3.3333 $",
    "a power of ten": "$ 2 times 10^(−3) dot 10 = 0.2 $".replace("−", "-"),
    "an order": "$ norm(b) = 1200 < 1000 $",
}

UNGROUPED = [
    "$ 1.63 times 10^(5) / (1.63 times 10^(5) + 20) = 0.999 $",
    "$ -ln 1.234 times 10^(-4) = 9.000 $",
    "$ 3 dot −1 = −3 $",
    "$ 3 + −1 = 2 $",
    "$ 2 times 10^(-3)^2 = 0.000004 $",
]


@pytest.mark.parametrize("markup", TRUE)
def test_what_comes_out_holds(markup):
    found = relations(markup)
    assert found
    assert [(it.worst(), it.kind) for it in found if not it.holds()] == []
    assert read(markup).ungrouped == ()


@pytest.mark.parametrize("markup", FALSE.values(), ids=FALSE)
def test_what_does_not_come_out_is_found(markup):
    assert [it.holds() for it in relations(markup)].count(False) == 1


@pytest.mark.parametrize("markup", UNGROUPED)
def test_a_number_that_is_torn_apart_by_a_sign_beside_it_is_found(markup):
    assert read(markup).ungrouped


@pytest.mark.parametrize(
    "markup",
    [
        "z = 2",
        '#"2 + 2 = 5"',
        "$ w = x dot 2 $",
        "$ a = b = c $",
        "$ f(2) = 3 $",
        "$ x^2 = 3 $",
        "$",
    ],
)
def test_nothing_is_said_of_what_has_no_numbers_to_work_out(markup):
    assert relations(markup) == ()
