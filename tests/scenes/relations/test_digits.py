"""Digits are chosen for a whole relation: as many as it takes, and no more."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.scenes.boards.markup import matrix_of, mean_of, vector_of
from backprop_studio.scenes.lesson.numbers import bracketed
from backprop_studio.scenes.lesson.writer import Writer
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.relations.judging import relations


def writer(**sheet):
    return Writer(sheet, THEMES["dark"], str)


def test_a_mean_comes_out_with_one_digit_more():
    losses = [0.40731, 0.97492, 0.89824, 0.59517]
    mine = writer(l=losses, mean=float(np.mean(losses)))
    text = mine.worked_out(lambda: f"$ L = {mean_of(mine.number, 'l', 4)} = {mine.fine('mean')} $")
    assert text == "$ L = (0.4073 + 0.9749 + 0.8982 + 0.5952) / 4 = 0.7189 $"
    # What was tried on the way was not shown.
    assert {it.text for it in mine.shown} == {"0.4073", "0.9749", "0.8982", "0.5952", "0.7189"}


def test_what_comes_out_is_left_alone():
    mine = writer(a=0.5, b=3.0, c=1.5)
    write = lambda: f"$ {mine.short('a')} dot {mine.short('b')} = {mine.short('c')} $"  # noqa: E731
    assert mine.worked_out(write) == write() == "$ 0.5 dot 3 = 1.5 $"


@pytest.mark.parametrize("eps", [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6])
@pytest.mark.parametrize("f", [np.square, np.sin, np.exp])
def test_the_digits_of_a_difference_follow_from_its_step(f, eps):
    low, high = float(f(1.0)), float(f(1.0 + eps))
    mine = writer(low=low, high=high, eps=eps, slope=(high - low) / eps)

    def write():
        rise = f"{mine.short('high')} - {mine.short('low')}"
        return f"$ ({rise}) / {bracketed(mine.short('eps'))} = {mine.short('slope')} $"

    (relation,) = relations(mine.worked_out(write))
    assert relation.kind == "="
    assert relation.holds()
    assert 0 < abs(relation.found) < 10


def test_a_matrix_keeps_its_decimals_together():
    rng = np.random.default_rng(3)
    for _ in range(20):
        weight, x = rng.normal(size=(3, 4)), rng.normal(size=4)
        mine = writer(W=weight.tolist(), x=x.tolist(), z=(weight @ x).tolist())

        def write(mine=mine):
            product = f"{matrix_of(mine.number, 'W', 3, 4)} {vector_of(mine.number, 'x', 4)}"
            return f"$ W x = {product} = {vector_of(mine.number, 'z', 3)} $"

        (relation,) = relations(mine.worked_out(write))
        assert relation.holds()
        for name in ("W", "x", "z"):
            texts = {it.text for it in mine.shown if it.name.split(".")[0] == name}
            assert len({len(it.partition(".")[2]) for it in texts}) == 1


def test_what_six_digits_do_not_prove_is_approximate():
    mine = writer(a=1 / 3, b=1 / 3 + 1e-13, c=1e-13)
    text = mine.worked_out(
        lambda: f"$ {mine.number('b')} - {mine.number('a')} = {mine.scientific('c', 3)} $"
    )
    assert text == "$ 0.333 - 0.333 approx 1.00 times 10^(-13) $"


def test_what_has_no_room_is_approximate():
    mine = writer(a=1 / 3, b=1 / 7, c=1 / 21)
    mine.has_room = lambda formula: len(formula) < 26  # type: ignore[method-assign]
    write = lambda: f"$ {mine.number('a', 2)} dot {mine.number('b', 2)} = {mine.number('c')} $"  # noqa: E731
    assert mine.worked_out(write) == "$ 0.33 dot 0.14 approx 0.048 $"


def test_a_number_that_counts_keeps_digits_and_a_small_term_does_not_need_them():
    parts = [4.66942e-10, 1.0, 0.0002548, 0.1625126]
    mine = writer(e=parts, total=sum(parts), p=parts[0] / sum(parts))

    def write():
        total = " + ".join(mine.number(f"e.{k}") for k in range(4))
        power = bracketed(mine.number("e.0"))
        return f"$ p = {power} / ({total}) = {power} / {mine.number('total')} = {mine.fine('p')} $"

    text = mine.worked_out(write)
    assert "0.0000" not in text
    assert text.endswith("= 4.016 times 10^(-10) $")
    assert all(it.holds() and it.kind == "=" for it in relations(text))
    alone = writer(a=2.0, b=1e-7, c=2.0000001)
    sums = lambda: f"$ {alone.number('a')} + {alone.number('b')} = {alone.number('c')} $"  # noqa: E731
    assert alone.worked_out(sums) == "$ 2.000 + 0.000 = 2.000 $"


def test_where_small_numbers_have_no_room_they_are_rounded_as_before():
    mine = writer(a=1e-7, b=0.5, c=5e-8)
    mine.has_room = lambda formula: "times" not in formula  # type: ignore[method-assign]
    write = lambda: f"$ {mine.number('a')} dot {mine.short('b')} = {mine.number('c')} $"  # noqa: E731
    assert mine.worked_out(write) == "$ 0.000 dot 0.5 = 0.000 $"


def test_powers_of_ten_of_a_list_have_digits_of_their_own():
    powers = [1.306348774e150, 2.2052e255, 1.842078e60]
    mine = writer(e=powers, p=powers[0] / powers[1])

    def write():
        total = " + ".join(mine.scientific(f"e.{k}", 3) for k in range(3))
        return f"$ p = ({mine.scientific('e.0', 3)}) / ({total}) = {mine.scientific('p', 4)} $"

    (relation,) = relations(text := mine.worked_out(write))
    assert relation.kind == "="
    assert len(text) < 200


def test_every_number_stays_a_rounding_of_what_was_computed():
    mine = writer(a=[1 / 3, 2 / 3], b=1 / 7, c=(1 / 3 + 2 / 3) / 7)
    mine.worked_out(
        lambda: (
            f"$ ({mine.number('a.0', 1)} + {mine.number('a.1', 1)}) dot {mine.number('b', 1)} "
            f"= {mine.fine('c')} $"
        )
    )
    for it in mine.shown:
        decimals = len(it.text.partition(".")[2])
        assert float(it.text) == round(look_up(mine.sheet, it.name), decimals)
