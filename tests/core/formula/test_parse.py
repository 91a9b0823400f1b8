"""Reading formulas: mathematics' precedence, an allow-list, and errors that help."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given

import backprop_studio.core.formula
from backprop_studio.core.formula import FormulaError, check_formula, parse_formula
from backprop_studio.core.formula.parser import MAX_DEPTH
from backprop_studio.core.formula.text import formula_text
from backprop_studio.core.formula.tokens import MAX_CHARACTERS, MAX_TOKENS
from backprop_studio.core.formula.tree import (
    Binary,
    Call,
    Constant,
    Negative,
    Number,
    Variable,
    is_name,
    nodes,
    variables,
)
from tests.core.formula.trees import NAMES, trees
from tests.core.specs import QUICK

VARIABLES = ("x", "y", "a", "b", "c", "w_1")


def tree_of(text):
    return parse_formula(text, VARIABLES).tree


def refused(text, names=VARIABLES):
    with pytest.raises(FormulaError) as caught:
        parse_formula(text, names)
    return caught.value


# Precedence


SAME = [
    ("-x^2", "-(x^2)"),
    ("2^3^2", "2^(3^2)"),
    ("2x^2", "2*(x^2)"),
    ("-2x", "(-2)*x"),
    ("a - 3x*2b", "a - ((3*x)*2)*b"),
    ("2sin(x) + 2pi", "(2*sin(x)) + (2*pi)"),
    ("2(x + 1)", "2*(x + 1)"),
    ("max(2x, 3)", "max(2*x, 3)"),
    ("2^-x^2", "2^(-(x^2))"),
    ("2^-x*3", "(2^(-x))*3"),
    ("a - b + c", "(a - b) + c"),
    ("a/b*c", "(a/b)*c"),
    ("-a*b", "(-a)*b"),
    ("-a - b", "(-a) - b"),
    ("a--b", "a - (-b)"),
    ("a*-b", "a*(-b)"),
    ("--x", "-(-x)"),
    ("a - b*c^2/x", "a - ((b*(c^2))/x)"),
    ("-sin(x)^2", "-((sin(x))^2)"),
    ("x ** 2 ** 3", "x^(2^3)"),
    ("2 × x·y⋅a ÷ 2", "2*x*y*a/2"),
    ("−x − 1", "-x - 1"),
    (".5*x + 5.*x", "0.5*x + 5*x"),
    ("1E3*x + 1e-3", "1000*x + 0.001"),
    ("\u3000x\u00a0+\n1\t", "x+1"),
    ("x² + x⁻¹ - x¹⁰", "x^2 + x^(-1) - x^10"),
    ("x²y", "x^2*y"),
    ("|x - 1| + 2|y|", "abs(x - 1) + 2*abs(y)"),
    ("||x| - 1||y|", "abs(abs(x) - 1)*abs(y)"),
    ("√x + √(x+1) + 2√√y", "sqrt(x) + sqrt(x+1) + 2*sqrt(sqrt(y))"),
    ("ln(x) + ln|y| + σ(x) + sigma(y)", "log(x) + log(abs(y)) + sigmoid(x) + sigmoid(y)"),
    ("sin x + sqrt y - exp 2x", "sin(x) + sqrt(y) - exp(2*x)"),
    ("2 sin x cos y", "2*sin(x)*cos(y)"),
    ("sin² x + cos^2(y)", "sin(x)^2 + cos(y)^2"),
    ("2πx + 2e^x", "2*pi*x + 2*e^x"),
    ("xy + 2xy", "x*y + 2*x*y"),
    ("x y + x(y+1) + (x+1)(y-1)x", "x*y + x*(y+1) + (x+1)*(y-1)*x"),
    ("x^2 y + x^2(y+1) + (1/2)x", "x^2*y + x^2*(y+1) + (1/2)*x"),
    ("（x－１）^2 ＋ 𝑥", "(x-1)^2 + x"),
    ("x•y∕2 – 1", "x*y/2 - 1"),
    ("|sin x|", "abs(sin(x))"),
]


@pytest.mark.parametrize(("text", "same"), SAME)
def test_precedence_of_mathematics_and_other_ways_to_write_the_same(text, same):
    assert tree_of(text) == tree_of(same)
    assert parse_formula(text, VARIABLES) == parse_formula(same, VARIABLES)


def test_e_is_a_constant_and_an_exponent():
    assert tree_of("e") == Constant("e")
    assert tree_of("2e3") == Number(2000.0)
    assert tree_of("2*e^3") == Binary("*", Number(2.0), Binary("^", Constant("e"), Number(3.0)))
    assert "2*e" in refused("2e").reason.words()


def test_numbers_are_read_to_the_last_bit():
    for text in ("0.1", "1.7976931348623157e308", "5e-324", "9007199254740993", "0e400", "0.0"):
        assert tree_of(text) == Number(float(text))


# Printing


@QUICK
@given(trees())
def test_text_of_a_tree_is_read_as_the_same_tree(tree):
    text = formula_text(tree)
    again = parse_formula(text, NAMES).tree
    assert again == tree
    assert hash(again) == hash(tree)
    assert formula_text(again) == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("((x)+(-1.50*y))**2", "(x + -1.5*y)^2"),
        ("max( x,y , 0 )", "max(x, y, 0)"),
        ("1e22 + 1e6 + 1e7", "1e22 + 1000000 + 1e7"),
        ("0.00001+1e-6+0.0000001", "0.00001 + 0.000001 + 1e-7"),
        ("123456789012*x", "123456789012*x"),
        ("(-x)^2", "(-x)^2"),
    ],
)  # fmt: skip
def test_canonical_text(text, canonical):
    assert parse_formula(text, VARIABLES).text == canonical


def test_a_product_that_is_not_written_counts():
    assert tree_of("2x+" * 49 + "2x") == tree_of("2*x+" * 49 + "2*x")  # 199 tokens
    assert "200" in refused("2x+" * 50 + "2x").reason.words()
    assert tree_of("2x" + " " * 498) == tree_of("2*x")


@pytest.mark.parametrize("text", ["x+" * 99 + "x", ".123456789*" * 45 + "x", "12e9+" * 99 + "1"])
def test_canonical_text_of_a_long_formula_can_be_read(text):
    formula = parse_formula(text, VARIABLES)
    assert len(formula.text) <= MAX_CHARACTERS
    assert parse_formula(formula.text, VARIABLES) == formula


# Limits


def test_limits_are_as_promised():
    assert (MAX_CHARACTERS, MAX_TOKENS, MAX_DEPTH) == (500, 200, 50)
    assert tree_of("x" + " " * 499) == Variable("x")
    assert refused("x" + " " * 500).column == 501
    assert "allowed are 500 characters, found 100000" in str(refused("(" * 100_000))
    assert tree_of("x+" * 99 + "x") is not None  # 199 tokens
    assert tree_of("x+" * 99 + "-x") is not None  # 200
    error = refused("x+" * 99 + "--x")  # 201
    assert "200" in error.reason.words()
    assert error.column == 201


@pytest.mark.parametrize("opening", ["(", "-", "2^", "sin(", "max(1,"])
def test_depth_is_limited_not_the_length_of_a_sum(opening):
    def text(depth):
        return opening * depth + "x" + ")" * depth * opening.count("(")

    deepest = 39 if opening == "max(1," else MAX_DEPTH  # five tokens a level
    assert tree_of(text(deepest)) is not None
    error = refused(text(MAX_DEPTH + 1))
    assert "allowed are" in error.reason.words()


# Errors


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "expected a formula"),
        ("x 3", 3, "for a product write x*3"),
        ("(x)2", 4, "write (...)*2"),
        ("2*x2", 3, "for a product write x*2"),
        ("xx", 1, "for a product write x*x"),
        ("sinx", 1, "write sin(x)"),
        ("sin", 4, "sin needs brackets, as in sin(...)"),
        ("max x", 5, "max needs brackets, as in max(x, ...)"),
        ("sin^-1(x)", 5, "a power stands behind the brackets, as in sin(...)^2"),
        ("e(x)", 2, "write exp(...), or e*(...)"),
        ("w1", 1, "did you mean w_1?"),
        ("Sin(x)", 1, "did you mean sin?"),
        ("|x", 3, "expected | for the one opened at column 1"),
        ("x.^2", 2, "write ^"),
        ("½x", 1, "write (1/2)"),
        ("0,5*x", 2, "write 0.5 with a point"),
        ("12,25", 3, "write 12.25 with a point"),
        ("x +", 4, "but the formula ends here"),
        ("+x", 1, "found +; a plus sign stands only between"),
        ("()", 2, "found )"),
        ("(x", 3, "expected ) for the bracket opened at column 1"),
        ("x)", 2, "this bracket was never opened"),
        ("(x, 1)", 3, "write 0.5 with a point"),
        ("sin(x, y)", 1, "sin takes one value, found 2"),
        ("max(x)", 1, "max takes two or more values, found 1"),
        ("max(x,)", 7, "found )"),
        ("1e400", 1, "below 1.8e308"),
        ("x + 1e-400", 5, "closer to 0"),
        ("x = 3", 3, "to the right of the equals sign"),
        ("х + 1", 1, "cyrillic small letter ha); write the plain x"),
        ("٣*x", 1, "write the plain 3"),
        ("η*x", 1, "names are written with the letters a to z"),
        ("🙂", 1, "slightly smiling face"),
        ("x.y", 2, "a decimal point needs a digit"),
        ("x\0", 2, "U+0000"),
        ("\ud800", 1, "U+D800"),
        ("lambda: 0", 7, "unexpected :"),
    ],
)  # fmt: skip
def test_error_names_the_place_and_what_was_expected(text, column, words):
    error = refused(text)
    assert error.column == column, str(error)
    assert words in error.reason.words()


ASKED = [
    ("1/2x", "1/(2*x)", "1/2*x"),
    ("1/x(y+1)", "1/(x*(y + 1))", "1/x*(y + 1)"),
    ("1/xy", "1/(x*y)", "1/x*y"),
    ("2^3x", "2^(3*x)", "2^3*x"),
    ("x^2y", "x^(2*y)", "x^2*y"),
    ("√2x", "sqrt(2*x)", "sqrt(2)*x"),
    ("√x²", "sqrt(x^2)", "sqrt(x)^2"),
    ("sin x²", "sin(x^2)", "sin(x)^2"),
    ("sin x/2", "sin(x/2)", "sin(x)/2"),
    ("sin x y", "sin(x*y)", "sin(x)*y"),
]


@pytest.mark.parametrize(("text", "one", "other"), ASKED)
def test_what_has_two_readings_is_asked_and_both_can_be_written(text, one, other):
    reason = refused(text).reason
    assert reason.code == "formula.which"
    assert (reason.fields["one"], reason.fields["other"]) == (one, other)
    first, second = parse_formula(one, VARIABLES), parse_formula(other, VARIABLES)
    assert (first.text, second.text) == (one, other)
    assert first != second


FOREIGN = [
    (r"\frac{1}{w}", "1/w"),
    (r"\frac{w^2}{2} + 1", "w^2/2 + 1"),
    (r"\dfrac{1}{1+e^{-w}}", "1/(1 + e^(-w))"),
    (r"\frac12 w^{2}", "1/2*w^2"),
    (r"e^{-w^{2}} \cdot \sin w", "e^(-w^2)*sin(w)"),
    (r"\sqrt{w} + \sqrt w", "sqrt(w) + sqrt(w)"),
    (r"\left|w\right| \, \ln(w)", "abs(w)*log(w)"),
    (r"\sigma(w) + \pi", "sigmoid(w) + pi"),
    ("$w^2$", "w^2"),
    ("np.sin(w)", "sin(w)"),
    ("numpy.exp(-w**2)", "exp(-w^2)"),
    ("2*math.pi*torch.sigmoid(w)", "2*pi*sigmoid(w)"),
    ("np.power(w, 2) + w.pow(3)", "w^2 + w^3"),
    ("torch.nn.functional.relu(w)", "relu(w)"),
    ("np.maximum(w, 0)", "max(w, 0)"),
]


@pytest.mark.parametrize(("text", "same"), FOREIGN)
def test_latex_and_python_are_told_what_to_write_and_it_works(text, same):
    reason = refused(text, ["w"]).reason
    assert reason.code in {"formula.latex", "formula.python"}
    assert parse_formula(reason.fields["text"], ["w"]) == parse_formula(same, ["w"])


@pytest.mark.parametrize(
    "text",
    ["arctan(w)", "np.arctan(w)", "asin(w)", "gelu(w)", "log_2(w)", "lg(w)", "erf(w)", "x", "W"],
)
def test_another_function_or_variable_is_never_proposed(text):
    reason = refused(text, ["w"]).reason
    hint = reason.fields["hint"]
    assert hint.code in {"formula.known", "formula.write", "formula.variable"}
    if hint.code == "formula.write":
        base = 2 if "2" in text else 10
        assert parse_formula(hint.fields["text"], ["w"]) == parse_formula(
            f"ln(w)/ln({base})", ["w"]
        )
    if hint.code == "formula.variable":
        assert hint.words() == "the variable here is w"


def test_declared_names_win_over_aliases():
    assert parse_formula("sigma(ln + 1)", ["sigma", "ln"]).text == "sigma*(ln + 1)"
    assert parse_formula("xy", ["x", "y", "xy"]).text == "xy"


def test_error_travels_between_processes():
    error = refused("x 3")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.column, again.reason) == (str(error), error.column, error.reason)


def test_check_gives_pydantic_a_phrase():
    assert check_formula("x^2", ["x"]) == "x^2"
    with pytest.raises(ValueError, match=r"^at column 3: .*write x\*3$"):
        check_formula("x 3", ["x"])


# Names and nodes


def test_only_declared_names_are_known():
    assert parse_formula("theta + 1", ["theta"]).names == ("theta",)
    assert "unknown name y" in refused("y", ["x"]).reason.words()
    assert "variables here are none" in refused("qqqq", []).reason.words()
    assert parse_formula("2*pi", []).text == "2*pi"


@pytest.mark.parametrize("name", ["sin", "pi", "step", "1x", "", "x y", "_x", "η"])
def test_name_that_cannot_be_a_variable_is_the_callers_fault(name):
    assert not is_name(name)
    with pytest.raises(ValueError, match="cannot be called"):
        parse_formula("1", [name])


def test_declared_names_win_over_advice():
    assert parse_formula("lambda*xy", ["lambda", "xy"]).text == "lambda*xy"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Number(-1.0),
        lambda: Number(-0.0),
        lambda: Number(float("inf")),
        lambda: Number(float("nan")),
        lambda: Constant("tau"),
        lambda: Variable("__import__"),
        lambda: Binary("%", Number(1.0), Number(2.0)),
        lambda: Call("eval", (Number(1.0),)),
        lambda: Call("sin", ()),
        lambda: Call("max", (Number(1.0),)),
    ],
)
def test_tree_off_the_allow_list_cannot_be_built(make):
    with pytest.raises(ValueError, match=r"formula|variable"):
        make()


def test_trees_are_immutable_and_hashable():
    tree = tree_of("max(x, -y, pi)^2 + 1")
    assert len({tree, tree_of("max( x,-y,pi )**2+1")}) == 1
    with pytest.raises(AttributeError):
        tree.left = Number(1.0)
    assert variables(tree) == ("x", "y")
    assert [type(node) for node in nodes(tree)] == [
        Binary, Binary, Call, Variable, Negative, Variable, Constant, Number, Number,
    ]  # fmt: skip


# Room


def test_nothing_in_the_room_evaluates_text():
    words = r"(?<!re\.)\b(eval|exec|compile|sympify|parse_expr|lambdify|__import__|getattr|S)\("
    files = list(Path(backprop_studio.core.formula.__path__[0]).glob("*.py"))
    assert len(files) > 8
    for file in files:
        assert not re.findall(words, file.read_text(encoding="utf-8")), file
