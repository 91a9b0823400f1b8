"""Formulas by Python's own arithmetic, and descents on them with slopes from differences."""

from __future__ import annotations

import math
import re

NEAR, NEARER = 1e-5, 1e-7
SAME = 0.02
ROUNDED = 1e-15
"""Of a height: what two differences of it may be off by rounding alone."""


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


def sides(value, at, name, h=NEAR):
    """Return the slopes to the right and to the left along one variable."""
    h *= max(1.0, abs(at[name]))
    here, x = value(**at), at[name]
    return [(value(**{**at, name: x + side * h}) - here) / (side * h) for side in (1, -1)]


def is_corner(value, at, name):
    """Return whether the slopes to both sides differ, however near to the place they are taken."""
    gaps, here = [], value(**at)
    for h in (NEAR, NEARER):
        right, left = sides(value, at, name, h)
        size = max(1.0, abs(right), abs(left))
        noise = ROUNDED * abs(here) / (h * max(1.0, abs(at[name])))
        gaps.append(max(abs(right - left) - noise, 0.0) / (size if math.isfinite(size) else 1.0))
    return not gaps[0] <= SAME and not gaps[1] <= 0.3 * gaps[0]


def slope_at(value, at, name):
    """Return the slope along one variable; at a corner with nothing below it on one side, 0.

    That is where a descent may rest: torch gives relu and abs the slope 0 there.
    """
    right, left = sides(value, at, name)
    is_rest = is_corner(value, at, name) and right >= 0 >= left
    return 0.0 if is_rest else (right + left) / 2


def goes_on(value, at, rate, steps):
    """Return how far plain descent leads away from a place at most."""
    here, farthest = dict(at), 0.0
    for _ in range(steps):
        found = {name: slope_at(value, here, name) for name in here}
        here = {name: x - rate * found[name] for name, x in here.items()}
        away = (
            math.dist(here.values(), at.values())
            if all(map(math.isfinite, here.values()))
            else math.inf
        )
        farthest = max(farthest, away)
        if math.isinf(away):
            break
    return farthest
