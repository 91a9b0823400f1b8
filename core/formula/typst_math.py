"""Typst mathematics of a formula: fractions, roots, raised exponents, Greek names."""

from __future__ import annotations

import re

from backprop_studio.core.formula.text import number_text
from backprop_studio.core.formula.tree import Binary, Call, Negative, Node, Number

_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|omicron|pi|rho|sigma"
    "|tau|upsilon|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)

_FUNCTIONS = {
    "log": "ln",
    "sigmoid": "sigma",
    **{name: f'op("{name}")' for name in ("relu", "softplus", "sign", "step")},
}
"""What Typst calls differently; log is the natural logarithm, which mathematics writes ln."""

_SPOKEN = frozenset(("sin", "cos", "tan", "tanh", "log"))
"""Functions whose square is written sin^2(x)."""

_SUM, _PRODUCT, _NEGATIVE, _FRACTION, _POWER, _ATOM = 10, 20, 30, 35, 40, 50
_LEVELS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _FRACTION, "^": _POWER}
"""How tightly a node holds together as it is drawn: a fraction's bar is a bracket."""


def formula_typst(tree: Node) -> str:
    """Return a tree as Typst mathematics, to be put between dollar signs.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> formula_typst(parse_formula("-1/w^2 + 3*eps_1", ["w", "eps_1"]).tree)
    '-frac(1, w^(2)) + 3 "eps"_(1)'
    """
    if isinstance(tree, Number):
        return _number(tree.value)
    if isinstance(tree, Negative):
        return f"-{_after_sign(tree.operand, _PRODUCT)}"
    if isinstance(tree, Call):
        return _call(tree)
    return _binary(tree) if isinstance(tree, Binary) else name_typst(tree.name)


def name_typst(name: str) -> str:
    """Return a variable's name: Greek letters, and digits or what follows "_" as an index.

    Examples
    --------
    >>> name_typst("w1"), name_typst("theta"), name_typst("x_in"), name_typst("loss")
    ('w_(1)', 'theta', 'x_("in")', '"loss"')
    """
    base, low, index = name.partition("_")
    if not low:
        letters = re.match("[A-Za-z]+", name)
        base = letters[0] if letters else name
        index = name[len(base) :]
    base = base if len(base) == 1 or _GREEK.fullmatch(base) else f'"{base}"'
    if not index:
        return base
    plain = index.isdecimal() or (len(index) == 1 and index.isalpha())
    return f"{base}_({index})" if plain else f'{base}_("{index}")'


def _number(value: float) -> str:
    text = number_text(value)
    if "e" not in text:
        return text
    mantissa, _, exponent = text.partition("e")
    power = f"10^({int(exponent)})"
    return power if mantissa == "1" else f"{mantissa} dot {power}"


def _call(call: Call, exponent: str = "") -> str:
    values = [formula_typst(value) for value in call.arguments]
    if call.function in {"sqrt", "abs"}:
        return f"{call.function}({values[0]})"
    name = _FUNCTIONS.get(call.function, call.function) + exponent
    # A blank before the bracket, or Typst would call its own function of that name.
    return f"{name} ({', '.join(values)})"


def _binary(node: Binary) -> str:
    if node.operator == "/":
        return _fraction(node)
    if node.operator == "^":
        return _power(node)
    if node.operator == "*":
        return _product(node)
    return f"{formula_typst(node.left)} {node.operator} {_after_sign(node.right, _PRODUCT)}"


def _fraction(node: Binary) -> str:
    """Draw a minus sign of the numerator before the bar."""
    below = formula_typst(node.right)
    if isinstance(node.left, Negative):
        return f"-frac({formula_typst(node.left.operand)}, {below})"
    above = formula_typst(node.left)
    if above.startswith("-") and _level(node.left) > _SUM:
        return f"-frac({above[1:]}, {below})"
    return f"frac({above}, {below})"


def _power(node: Binary) -> str:
    exponent = f"^({formula_typst(node.right)})"
    if isinstance(node.left, Call) and node.left.function in _SPOKEN:
        if isinstance(node.right, Number):
            return _call(node.left, exponent)
        return f"({formula_typst(node.left)}){exponent}"
    return _inside(node.left, _ATOM) + exponent


def _product(node: Binary) -> str:
    left = _inside(node.left, _PRODUCT)
    right = _after_sign(node.right, _NEGATIVE)
    # Side by side only what cannot be misread: not 2 3, not the mixed number 2 1/2, not x (y + 1),
    # and not sin(x) y.
    is_number = left[-1].isdigit()
    beside = not (
        right[0].isdigit()
        or (right.startswith("(") and not is_number)
        or (right.startswith("frac") and is_number)
        or (_ends_with_call(node.left) and not _ends_with_call(node.right))
    )
    return f"{left} {right}" if beside else f"{left} dot {right}"


def _ends_with_call(node: Node) -> bool:
    """Whether the last factor is a function, alone or to a power."""
    while isinstance(node, Binary) and node.operator in "*^":
        node = node.right if node.operator == "*" else node.left
    return isinstance(node, Call) and node.function not in {"sqrt", "abs"}


def _level(node: Node) -> int:
    if isinstance(node, Binary):
        return _LEVELS[node.operator]
    if isinstance(node, Negative):
        return _NEGATIVE
    if isinstance(node, Number):
        return _PRODUCT if "e" in number_text(node.value) else _ATOM
    return _ATOM


def _inside(node: Node, level: int) -> str:
    text = formula_typst(node)
    return text if _level(node) >= level else f"({text})"


def _after_sign(node: Node, level: int) -> str:
    """Return an operand that follows a sign, so that no two signs meet."""
    text = _inside(node, level)
    return f"({text})" if text.startswith("-") else text
