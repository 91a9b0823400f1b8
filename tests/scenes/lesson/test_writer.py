"""What is printed by which rule, and noted as shown: path, text and value, once each."""

from __future__ import annotations

import math

import pytest

from backprop_studio.scenes.boards.formulas import Formulas
from backprop_studio.scenes.lesson.writer import Writer, quoted
from backprop_studio.scenes.paint.style import THEMES

VALUES = {
    "error": 2.77e-11,
    "steps": [1e-6, 0.5],
    "slope": -3.25,
    "many": 200_000.0,
    "most": -1_234_567.0,
    "wide": 123.456789,
    "near": 1.000012,
    "endless": math.inf,
}


@pytest.fixture
def writer():
    return Writer(VALUES, THEMES["dark"], {"steps": "步"}.get)  # type: ignore[arg-type]


def test_a_number_alone_is_written_out_from_a_thousandth_to_a_million(writer):
    names = ("steps.0", "steps.1", "slope", "many", "most", "wide", "near", "endless")
    texts = "10^(-6), 0.5, −3.25, 200000, −1.235 times 10^(6), 123.5, 1.000, ∞"
    assert ", ".join(map(writer.short, names)) == texts


def test_a_small_difference_is_seen_with_the_decimals_asked_for(writer):
    assert writer.short("near", decimals=6) == "1.000012"
    assert writer.short("slope", decimals=6) == "−3.25"


def test_numbers_of_a_group_have_the_decimals_or_the_powers_of_the_largest(writer):
    assert writer.alike("slope", 9.5) == "−3.250"
    assert writer.alike("slope", 95.0) == "−3.25"
    assert writer.alike("wide") == "123.5"
    assert writer.alike("many", 200_000.0) == "200000.0"
    assert writer.alike("most", -1_234_567.0) == "−1.23 times 10^(6)"


def test_what_the_user_gave_is_as_short_as_it_was_written(writer):
    assert writer.given("slope") == "−3.25"
    assert writer.given("many") == "200000"
    assert writer.in_words("steps.0") == "0.000001"
    assert writer.in_words("wide") == "123.4568"


def test_a_scientific_number_is_noted_as_the_markup_that_is_drawn(writer):
    assert writer.scientific("error") == "2.8 times 10^(-11)"
    writer.notes.beat = "later"
    assert writer.scientific("steps.0", 4, is_short=True) == "10^(-6)"
    assert [(it.beat, it.name, it.text, it.value) for it in writer.shown] == [
        ("", "error", "2.8 times 10^(-11)", 2.77e-11),
        ("later", "steps.0", "10^(-6)", 1e-6),
    ]


def test_the_same_text_is_noted_once_and_another_one_again(writer):
    for _ in range(2):
        assert writer.number("slope", 1) == "−3.2"
        assert writer.given("slope") == "−3.25"
        assert writer.scientific("slope", 2) == "−3.2"
    assert [number.text for number in writer.shown] == ["−3.2", "−3.25"]


def test_what_a_board_prints_its_lesson_has_shown(writer):
    board = Formulas(writer)
    assert board.pair("steps") == "(10^(-6), 0.5)"
    assert [number.name for number in writer.shown] == ["steps.0", "steps.1"]


def test_words_stand_in_mathematics_letter_by_letter(writer):
    assert writer.word("steps") == '"步"'
    assert quoted('a "b" \\ $x$\n#c') == '"a \\"b\\" \\\\ $x$ #c"'
