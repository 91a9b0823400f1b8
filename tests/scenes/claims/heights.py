"""Formulas by Python's own arithmetic, and descents on them with slopes from differences."""

from __future__ import annotations

import math
import re

NEAR = 1e-6


def relu(x):
    """Return what is above 0."""
    return max(x, 0.0)


def sigmoid(x):
    """Return 1 / (1 + e^-x)."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


_NAMES = {
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "exp", "log", "sqrt", "tanh")},
    **{"relu": relu, "sigmoid": sigmoid, "abs": abs, "max": max, "min": min, "pi": math.pi},
}


def height(text):
    """Return a formula of ours as a function of its variables; nan where it has no value."""
    code = compile(re.sub(r"\^", "**", text), "formula", "eval")

    def value(**at):
        try:
            return float(eval(code, {"__builtins__": {}}, {**_NAMES, **at}))
        except (ArithmeticError, ValueError, TypeError):
            return math.nan

    return value


def slopes(value, at):
    """Return the slopes of a function at a place, by central differences."""
    found = []
    for name, x in at.items():
        h = NEAR * max(1.0, abs(x))
        ends = [value(**{**at, name: x + side * h}) for side in (1, -1)]
        found.append((ends[0] - ends[1]) / (2 * h))
    return found


def sides(value, at, name, h=1e-5):
    """Return the slopes to the right and to the left along one variable."""
    h *= max(1.0, abs(at[name]))
    here, x = value(**at), at[name]
    return [(value(**{**at, name: x + side * h}) - here) / (side * h) for side in (1, -1)]


def goes_on(value, at, rate, steps):
    """Return how far plain descent leads away from a place at most."""
    here, farthest = dict(at), 0.0
    for _ in range(steps):
        found = slopes(value, here)
        here = {
            name: x - rate * slope for (name, x), slope in zip(here.items(), found, strict=True)
        }
        away = (
            math.dist(here.values(), at.values())
            if all(map(math.isfinite, here.values()))
            else math.inf
        )
        farthest = max(farthest, away)
        if math.isinf(away):
            break
    return farthest
