"""Random and hostile texts as formulas: none of them may do anything.

Each text is refused in one sentence, or it is a formula that comes back as itself, can be written
as Typst and computed with numpy and torch. Reading and computing make Python compile, run, open or
import nothing (its own audit events say so). ``FUZZ=1000000`` in the environment tries so many.
"""

from __future__ import annotations

import os
import re
import sys
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.formula import FormulaError, parse_formula
from backprop_studio.core.formula.evaluate import evaluate, evaluate_array
from backprop_studio.core.formula.symbolic import MAX_NODES, symbolic_derivative
from backprop_studio.core.formula.text import formula_text
from backprop_studio.core.formula.tree import nodes
from tests.core.formula.trees import trees
from tests.core.specs import QUICK

NAMES = ("x", "y", "w", "w_1")
POINTS = {name: np.array([-1.5, 0.0, 0.75]) + k for k, name in enumerate(NAMES)}
TENSORS = {name: torch.tensor(values) for name, values in POINTS.items()}
MANY = settings(QUICK, max_examples=int(os.environ.get("FUZZ", "400")))

PIECES = [
    *NAMES, "pi", "e", "sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh", "sigmoid", "relu",
    "softplus", "min", "max", "sign", "step", "(", ")", "(", ")", ",", "+", "-", "*", "/", "^",
    "**", "×", "·", "÷", "−", " ", "0", "1", "2", "3", "0.5", ".5", "1e3", "9", "1e308", "1e-300",
    "1e400", "4.9e-324", "z", "3x", "=", ".", "\n", "（", "²", "⁻¹", "х", "π", "σ", "√", "|", "ln",
    "\\frac", "\\sin", "{", "}", "$", "np.", ".pow(2)", "–", "½", ".^",
]  # fmt: skip

SEEDS = [
    "x^2", "1/w", "3*x^2 - 2*x*y + y^2", "-x^2", "2^3^2", "sin(x)*exp(-y^2/2)", "max(x, y, 0)",
    "(w*x + w_1 - y)^2", "sigmoid(w*x)*(1 - sigmoid(w*x))", "100*(y - x^2)^2 + (1 - x)^2",
    "log(softplus(x)/relu(y))", "sqrt(x^2 + y^2)", "10 + 30*exp(-(x^2 + y^2)/4)", "x^-2^-y",
    "tanh(abs(min(x, 1e-3)))", "e^(pi*x)", "tan(x/0)", "x − 2 × y ÷ 3",
]  # fmt: skip

HOSTILE = [
    "__import__('os').system('touch CANARY')", "open('CANARY','w').write('x')",
    "exec(\"open('CANARY','w')\")", "eval('open(\"CANARY\",\"w\")')",
    "().__class__.__bases__[0].__subclasses__()", "x.__class__.__mro__", "x.real",
    "f'{open(\"CANARY\",\"w\")}'", "f\"{x!r:{y}}\"", "lambda: open('CANARY','w')",
    "(lambda f: f(f))(lambda f: f(f))", "[x for x in open('CANARY','w')]",
    "{x: y}", "x if y else w", "x := 3", "x; import os", "import os", "yield x", "await x",
    "print(x)", "globals()", "getattr(x, 'y')", "sin.__globals__", "sin(x).__class__",
    "9**9**9", "9^9^9^9^9^9", "2**10**10", "x**y**w**9**9**9", "1e400", "1e999999999999999",
    "9" * 400, "0." + "0" * 400 + "1", "1/0", "0/0", "0^0", "0^-1", "log(-1)", "sqrt(-1)",
    "(-8)^(1/3)", "tan(pi/2)", "exp(exp(exp(exp(9))))", "1_000", "0x10", "0b1", "1j", "1e", "1e+",
    "\0", "x\0", "x + \0", "\x1b[31mx", "\u202ex", "\ufeffx", "x\u200b", "\ud800", "\udfff x",
    "х + у", "ｘ＋ｙ", "（x）", "𝑥²", "x²", "½", "٣ + ٤", "∞", "√x", "∑x",
    "👩\u200d👩\u200d👧\u200d👦", "🙂*2", "ß", "İ", "ﬃ",
    "%s%s%n", "{0.__class__}", "$(touch CANARY)", "`touch CANARY`", "; touch CANARY #",
    "../../../etc/passwd", "#read(\"/etc/passwd\")", "$ #eval(\"1\") $", "<script>", "\\input{x}",
    "x" * 499, "x+" * 249 + "x", "-" * 499 + "x", "-" * 50 + "x", "x^" * 49 + "x", "x^" * 99 + "x",
    "(" * 50 + "x" + ")" * 50, "(" * 51 + "x" + ")" * 51, "sin(" * 50 + "x" + ")" * 50,
    "min(" + "x," * 97 + "x)", "max(" * 40 + "x" + ",y)" * 40, "x/" * 99 + "x", "x*" * 99 + "x",
    "((3*x)^64)^64", "(x+y+w+1)^64", "sin1", "xx", "w1", "", " ", "\t\n",
]  # fmt: skip

UNITS = ["(", ")", "-", "x", "9", "x+", "sin(", "9**", "()", "🙂", "\0", " ", "["]
ANY = st.characters(exclude_categories=())


@st.composite
def mutants(draw):
    """Return a text with pieces put in and cut out."""
    text = draw(st.sampled_from(SEEDS + HOSTILE))
    for _ in range(draw(st.integers(1, 5))):
        place, size = draw(st.integers(0, len(text))), draw(st.integers(0, 3))
        text = text[:place] + draw(st.sampled_from(PIECES + SEEDS) | ANY) + text[place + size :]
    return text


TEXTS = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
    st.text(ANY, max_size=30),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    mutants(),
    trees().map(formula_text),
    st.builds(str.__mul__, st.sampled_from(UNITS), st.sampled_from([100, 1000, 100_000])),
)


class Watch:
    """Notes what Python is asked to compile, run, open or import while it is on."""

    WORDS = ("compile", "exec", "open", "import", "os.", "subprocess.", "ctypes.", "socket.")

    def __init__(self):
        self.on = False
        self.events: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event, arguments):
        if self.on and event.startswith(self.WORDS):
            self.events.append(f"{event} {arguments!r}"[:200])


@pytest.fixture(scope="module")
def watch():
    evaluate(parse_formula("x^y", NAMES), TENSORS)  # what torch loads when it is first used
    return Watch()


def formula_of(text, watch):
    """Return the formula that a text is, or None if it is refused as it should be."""
    formula = error = None
    watch.on = True
    try:
        formula = parse_formula(text, NAMES)
    except FormulaError as refusal:
        error = refusal
    if formula is not None:
        again = parse_formula(formula.text, NAMES)
        values = evaluate_array(formula, POINTS), evaluate(formula, TENSORS)
        markup = formula.typst
    watch.on = False
    assert not watch.events
    if error is not None:
        said = str(error)
        assert error.exit_code == 2
        assert 1 <= error.column <= len(text) + 1
        assert said.isprintable()
        assert re.search(r'^The formula ".*[^.?!][.?]$', said), said
        assert len(said.encode()) < 1000
        return None
    assert again == formula, (text, formula.text)
    assert hash(again) == hash(formula)
    assert markup.isprintable()
    assert [it.shape for it in values] == [(3,), (3,)]
    return formula


@MANY
@given(TEXTS)
def test_any_text_is_a_formula_or_refused_in_one_sentence(watch, text):
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        formula_of(text, watch)


LARGE = ("(x+y+w+1)^64", "((3*x)^64)^64")
"""What takes seconds to be differentiated, and comes to no more than other powers do."""

EVERY = [
    pytest.param(text, id=str(number), marks=pytest.mark.slow if text in LARGE else ())
    for number, text in enumerate(SEEDS + HOSTILE)
]


@pytest.mark.parametrize("text", EVERY)
def test_hostile_texts_do_nothing_and_have_a_derivative_of_some_length(text, watch, tmp_path):
    formula = formula_of(text.replace("CANARY", str(tmp_path / "canary")), watch)
    assert not list(tmp_path.iterdir())
    assert formula is not None or text not in SEEDS
    tree = symbolic_derivative(formula, "x").tree if formula is not None else None
    assert tree is None or sum(1 for _ in nodes(tree)) <= MAX_NODES


def test_watch_would_notice():
    watch = Watch()
    watch.on = True
    compile("1", "text", "eval")
    watch.on = False
    compile("2", "text", "eval")
    assert len(watch.events) == 1
    assert watch.events[0].startswith("compile")
