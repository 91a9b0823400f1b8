"""How numbers and formulas of exercises are written: for Typst, and as plain text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backprop_studio.core.answer_sheet import EXACT, look_up
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.tree import Binary, Call, Negative, Node, Number, Variable
from backprop_studio.core.formula.typst_math import formula_typst
from backprop_studio.render.drawing.seen import plain_text
from backprop_studio.render.kit.exercises.subject import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.render.kit.exercises.subject import Sheet

_PLACE = re.compile(r"\{([\w.]+)\}")
_BEGINS = ("", "=", "(", ",", ";")
"""Behind these a minus sign needs no brackets."""


def is_short(value: float) -> bool:
    """Return whether a number has at most three decimals.

    Examples
    --------
    >>> is_short(0.1 + 0.2), is_short(1 / 3), is_short(0.0625)
    (True, False, False)
    """
    return abs(round(value, DECIMALS) - value) <= EXACT * max(1.0, abs(value))


def short(value: float) -> str:
    """Return a number with as many decimals as it needs, three at most.

    Examples
    --------
    >>> short(-0.3), short(2.0), short(1 / 3), short(-1e-9)
    ('-0.3', '2', '0.333', '0')
    """
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def with_numbers(markup: str, sheet: Sheet) -> str:
    """Return mathematics with the numbers of an answer sheet in their places.

    Examples
    --------
    >>> with_numbers("{w} dot {x} - {x}^2", {"w": 2.0, "x": -0.5})
    '2 dot (-0.5) - (-0.5)^2'
    """

    def number(found: re.Match[str]) -> str:
        text = short(look_up(sheet, found[1]))
        before, after = markup[: found.start()].rstrip(), markup[found.end() :].lstrip()
        is_alone = before.endswith(_BEGINS[1:]) or not before
        needs_none = not text.startswith("-") or (is_alone and not after.startswith("^"))
        return text if needs_none else f"({text})"

    return _PLACE.sub(number, markup)


def plain(markup: str) -> str:
    """Return mathematics as plain text.

    Examples
    --------
    >>> plain("(partial L)/(partial w) = 2 dot (-1.5)")
    '∂L/∂w = 2 · (−1.5)'
    """
    text = plain_text(f"${markup}$")
    return re.sub(r"\s*/\s*(?=∂)", "/", text).replace("(-", "(−")


def formula_with_numbers(text: str, values: Mapping[str, float]) -> str:
    """Return a formula with numbers for its variables, as Typst mathematics.

    Examples
    --------
    >>> formula_with_numbers("w^2 + 2*b", {"w": -3, "b": 0.5})
    '(-3)^(2) + 2 dot 0.5'
    """
    return formula_typst(_filled(parse_formula(text, list(values)).tree, values))


def _filled(node: Node, values: Mapping[str, float]) -> Node:
    if isinstance(node, Variable):
        value = round(values[node.name], DECIMALS)
        return Negative(Number(-value)) if value < 0 else Number(abs(value))
    if isinstance(node, Negative):
        return Negative(_filled(node.operand, values))
    if isinstance(node, Binary):
        return Binary(node.operator, _filled(node.left, values), _filled(node.right, values))
    if isinstance(node, Call):
        return Call(node.function, tuple(_filled(it, values) for it in node.arguments))
    return node


def slope(of: str, by: str) -> str:
    """Return a partial derivative as Typst mathematics.

    Examples
    --------
    >>> slope("L", "w")
    '(partial L)/(partial w)'
    """
    return f"(partial {of})/(partial {by})"
