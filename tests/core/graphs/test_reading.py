"""Steps typed by a lecturer: what is read, and where a fault is said to be."""

from __future__ import annotations

import pytest

from backprop_studio.core.formula import FormulaError
from backprop_studio.core.graphs.reading import check_steps, parse_steps

NAMES = ("a", "b", "c")


@pytest.mark.parametrize(
    "text",
    [
        "v = b*c; u = a + v; J = 3*u",
        "v=b*c;u=a+v;J=3*u;",
        "  v = b × c\n\nu = a + v\nJ = 3*u\n",
    ],
)
def test_steps_in_every_spelling(text):
    steps = parse_steps(text, NAMES)
    assert steps.text == "v = b*c; u = a + v; J = 3*u"
    assert [step.name for step in steps.steps] == ["v", "u", "J"]
    assert [step.formula.names for step in steps.steps] == [("b", "c"), ("a", "v"), ("u",)]
    assert (steps.names, steps.result) == (NAMES, "J")


def test_formula_alone_is_taken_apart():
    assert parse_steps("3*(a + b*c)", NAMES) == parse_steps("v=b*c; u=a+v; J=3*u", NAMES)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("u = a 3; J = u", 7, "for a product write a*3"),
        ("u = a; J = u + é", 16, "unexpected é"),
        ("u = a; J = u +", 15, "the formula ends here"),
        ("u = a; a = u", 8, "a is a variable already"),
        ("u = a; u = b", 8, "u is given already"),
        ("u = v; v = a; J = u + v", 5, "v is used before it is given"),
        ("u = u + a", 5, "u is used before it is given"),
        ("u = a; w = b; J = u", 8, "no later step uses w"),
        ("u = a; J + 1", 8, "expected a name and an equals sign"),
        ("sin = a", 1, "expected a free name"),
        ("= a", 1, "expected a free name before the equals sign, as in u = a + b"),
        ("u + v = a", 1, "found u + v"),
        ("u = a = b", 7, "put ; between two steps"),
        ("u = ", 5, "found nothing"),
        (" ; ", 2, "found nothing"),
        ("", 1, "found nothing"),
        ("u = a；J = u", 6, "write the plain ; of the keyboard"),
        ("u = __import__(a); J = u", 5, "unknown name __import__"),
        ("u = open('f'); J = u", 10, "unexpected '"),
    ],
)
def test_fault_is_named_at_its_column(text, column, words):
    with pytest.raises(FormulaError) as caught:
        parse_steps(text, NAMES)
    assert caught.value.column == column
    assert words in str(caught.value)
    with pytest.raises(ValueError, match=f"at column {column}: "):
        check_steps(text, NAMES)


def test_limits_hold_for_all_steps_together():
    def steps(count):
        return "u0=a;" + ";".join(f"u{k}=u{k - 1}+a" for k in range(1, count))

    # Five tokens each, of the first one three: 3 + 5 * 39 = 198.
    assert len(parse_steps(steps(40), NAMES).steps) == 40
    assert len(steps(53)) > 500
    with pytest.raises(FormulaError, match="allowed are 500 characters, found"):
        parse_steps(steps(53), NAMES)
    with pytest.raises(FormulaError, match="allowed are 200 numbers"):
        parse_steps(steps(41), NAMES)
    with pytest.raises(FormulaError, match="allowed are 200 numbers"):
        parse_steps("u=" + "+".join("a" * 70) + ";J=u" + "*u" * 30, NAMES)


def test_name_that_cannot_be_one_is_the_callers_fault():
    with pytest.raises(ValueError, match="cannot be called 'sin'"):
        parse_steps("J = 1", ["sin"])
