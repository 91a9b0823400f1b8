"""A fuzz target for formulas: random and hostile texts, none of which may do anything.

``python -m tests.core.formula.fuzz_formulas --count 1000000 --seed 1`` reads so many texts, and for
each that is a formula prints it, reads it back, writes it as Typst and computes it with numpy and
torch; every hundredth of those is differentiated too. Fails if anything but a FormulaError comes
out, if a formula does not come back as itself, if reading or computing one makes Python compile,
run, open or import anything (its own audit events say so), or if a canary file appears. Times are
reported, not judged.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from backprop_studio.core.formula import FormulaError, parse_formula
from backprop_studio.core.formula.evaluate import evaluate, evaluate_array
from backprop_studio.core.formula.symbolic import symbolic_derivative

NAMES = ("x", "y", "w", "w_1")
POINTS = {name: np.array([-1.5, 0.0, 0.75]) + k for k, name in enumerate(NAMES)}
TENSORS = {name: torch.tensor(values) for name, values in POINTS.items()}

LIMIT = 0.050
"""Seconds, as promised for any input."""

PIECES = [
    *NAMES, "pi", "e", "sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh", "sigmoid", "relu",
    "softplus", "min", "max", "sign", "step", "(", ")", "(", ")", ",", "+", "-", "*", "/", "^",
    "**", "×", "·", "÷", "−", " ", "0", "1", "2", "3", "0.5", ".5", "1e3", "9", "1e308", "1e-300",
    "1e400", "4.9e-324", "z", "3x", "=", ".", "\n", "（", "²", "х", "π",
]  # fmt: skip

SEEDS = [
    "x^2", "1/w", "3*x^2 - 2*x*y + y^2", "-x^2", "2^3^2", "sin(x)*exp(-y^2/2)", "max(x, y, 0)",
    "(w*x + w_1 - y)^2", "sigmoid(w*x)*(1 - sigmoid(w*x))", "100*(y - x^2)^2 + (1 - x)^2",
    "log(softplus(x)/relu(y))", "sqrt(x^2 + y^2)", "10 + 30*exp(-(x^2 + y^2)/4)", "x^-2^-y",
    "tanh(abs(min(x, 1e-3)))", "e^(pi*x)", "tan(x/0)", "x − 2 × y ÷ 3",
]  # fmt: skip

HOSTILE = [
    "__import__('os').system('touch CANARY')",
    "open('CANARY','w').write('x')",
    "exec(\"open('CANARY','w')\")",
    "eval('open(\"CANARY\",\"w\")')",
    "().__class__.__bases__[0].__subclasses__()",
    "x.__class__.__mro__",
    "x.real",
    "f'{open(\"CANARY\",\"w\")}'",
    "f\"{x!r:{y}}\"",
    "lambda: open('CANARY','w')",
    "(lambda f: f(f))(lambda f: f(f))",
    "[x for x in open('CANARY','w')]",
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


@dataclass
class Report:
    """What a run found."""

    count: int = 0
    formulas: int = 0
    derived: int = 0
    underived: int = 0
    slowest: float = 0.0
    slowest_text: str = ""
    slowest_at_first: float = 0.0
    measured_again: int = 0
    over_limit: int = 0
    slowest_derivative: float = 0.0
    slowest_derivative_text: str = ""
    seconds: float = 0.0
    refusals: Counter[str] = field(default_factory=Counter)


class Watch:
    """Notes what Python is asked to compile, run, open or import while it is on."""

    WORDS = ("compile", "exec", "open", "import", "os.", "subprocess.", "ctypes.", "socket.")

    def __init__(self) -> None:
        self.on = False
        self.events: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: object) -> None:
        if self.on and event.startswith(self.WORDS):
            self.events.append(f"{event} {arguments!r}"[:200])


def texts(seed: int, canary: Path):
    """Yield random texts for ever; every kind comes up again and again."""
    chance = random.Random(seed)
    hostile = [text.replace("CANARY", str(canary)) for text in HOSTILE]
    kinds = (_soup, _pieces, _mutant, _unicode, _nested, _long)
    weights = (10, 25, 30, 10, 24.9, 0.1)
    yield from hostile
    yield from SEEDS
    while True:
        kind = chance.choices(kinds, weights)[0]
        yield kind(chance, hostile)


def _soup(chance: random.Random, _hostile: list[str]) -> str:
    return "".join(chr(chance.randrange(32, 127)) for _ in range(chance.randrange(40)))


def _pieces(chance: random.Random, _hostile: list[str]) -> str:
    return "".join(chance.choices(PIECES, k=chance.randrange(1, 25)))


def _mutant(chance: random.Random, hostile: list[str]) -> str:
    text = chance.choice(hostile if chance.random() < 0.3 else SEEDS)
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(text) + 1)
        other = chance.randrange(len(text) + 1)
        action = chance.randrange(5)
        if action == 0:
            text = text[:place] + text[place + 1 :]
        elif action == 1:
            text = text[:place] + chance.choice(PIECES) + text[place:]
        elif action == 2:
            text = text[:place] + text[min(place, other) : max(place, other)] + text[place:]
        elif action == 3:
            text = text[:place] + chance.choice(SEEDS) + text[place:]
        else:
            text = text[:place] + chr(chance.randrange(0x110000)) + text[place + 1 :]
    return text


def _unicode(chance: random.Random, _hostile: list[str]) -> str:
    top = chance.choice((0x80, 0x500, 0x3100, 0x10000, 0x110000))
    return "".join(chr(chance.randrange(top)) for _ in range(chance.randrange(1, 30)))


def _nested(chance: random.Random, _hostile: list[str], depth: int = 5) -> str:
    """Return what is nearly always a formula."""
    if depth == 0 or chance.random() < 0.2:
        return chance.choice((*NAMES, "2", "0.5", "3", "pi", "e", "10", "1e-3"))
    kind = chance.randrange(8)
    inner = _nested(chance, [], depth - 1)
    if kind == 0:
        return f"-{inner}"
    if kind == 1:
        return f"({inner})"
    if kind == 2:
        functions = ("sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh", "sigmoid", "relu")
        return f"{chance.choice(functions)}({inner})"
    other = _nested(chance, [], depth - 1)
    if kind == 3:
        return f"{chance.choice(('min', 'max'))}({inner}, {other})"
    return f"({inner}){chance.choice('+-*/^')}({other})"


def _long(chance: random.Random, _hostile: list[str]) -> str:
    unit = chance.choice(["(", ")", "-", "x", "9", "x+", "sin(", "9**", "()", "🙂", "\0", " ", "["])
    return unit * chance.choice((100, 1000, 10_000, 100_000))


def examine(text: str, report: Report, watch: Watch) -> None:
    """Do with a text whatever a lesson would do."""
    watch.on = True
    formula, seconds = _measured(text, report)
    watch.on = False
    report.count += 1
    report.slowest_at_first = max(report.slowest_at_first, seconds)
    if seconds > LIMIT:
        # The machine has other work: a text is as slow as it is at its best.
        seconds = min(_measured(text, Report())[1] for _ in range(3))
        report.measured_again += 1
    report.over_limit += seconds > LIMIT
    if seconds > report.slowest:
        report.slowest, report.slowest_text = seconds, text[:200]
    if formula is not None:
        report.formulas += 1
        if report.formulas % 100 == 1:
            _differentiate(formula, report)


def _measured(text: str, report: Report):
    """Return the formula, or None, and the seconds of this thread."""
    start = time.thread_time()
    formula = error = None
    try:
        formula = parse_formula(text, NAMES)
    except FormulaError as caught:
        error = caught
    if error is not None:
        assert 1 <= error.column <= len(text) + 1
        assert str(error).isprintable()
        str(error).encode()
        report.refusals[" ".join(it.code for it in error.reason.every())] += 1
    if formula is not None:
        again = parse_formula(formula.text, NAMES)
        assert again == formula, (text, formula.text)
        assert hash(again) == hash(formula)
        assert formula.typst.isprintable()
        for values in (evaluate_array(formula, POINTS), evaluate(formula, TENSORS)):
            assert values.shape == (3,)
    return formula, time.thread_time() - start


def _differentiate(formula, report: Report) -> None:
    start = time.thread_time()
    found = symbolic_derivative(formula, "x")
    taken = time.thread_time() - start
    report.derived += 1
    report.underived += found.tree is None
    if taken > report.slowest_derivative:
        report.slowest_derivative = taken
        report.slowest_derivative_text = formula.text[:500]


def run(count: int, seed: int) -> Report:
    """Examine so many texts.

    Raises
    ------
    AssertionError
        If a text did something; an exception of any kind is a crash.
    """
    report, watch = Report(), Watch()
    evaluate(parse_formula("x^y", NAMES), TENSORS)  # what torch loads when it is first used
    symbolic_derivative(parse_formula("x/(1 + x)", NAMES), "x")
    gc.collect()
    gc.freeze()  # or a sweep over all of torch and sympy counts as the time of one text
    with tempfile.TemporaryDirectory() as folder:
        canary = Path(folder) / "canary"
        start = time.perf_counter()
        with np.errstate(all="raise"):
            for text, _ in zip(texts(seed, canary), range(count), strict=False):
                try:
                    examine(text, report, watch)
                except BaseException:
                    watch.on = False
                    print(f"failed on {text[:300]!r} of {len(text)} characters", file=sys.stderr)
                    raise
        report.seconds = time.perf_counter() - start
        assert not canary.exists()
        assert not list(Path(folder).iterdir())
    assert not watch.events, watch.events[:5]
    return report


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    report = run(arguments.count, arguments.seed)
    shown = {
        **vars(report),
        "refusals": dict(report.refusals.most_common(40)),
        "texts_per_second": math.floor(report.count / report.seconds),
    }
    print(json.dumps(shown, indent=2))


if __name__ == "__main__":
    main()
