"""Conversion of formulas to sympy's expressions, and back.

Every function is opaque to sympy and brings its own derivative rule. What could grow without bound
stays outside: see :class:`ExpressionMaker`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Any

import sympy  # type: ignore[import-untyped]

from backprop_studio.core.formula.tree import (
    FUNCTIONS,
    RESULT_FUNCTIONS,
    Binary,
    Call,
    Constant,
    Negative,
    Node,
    Number,
    Variable,
    variables,
)

if TYPE_CHECKING:
    from collections.abc import Callable

LARGE = 1_000_000_000_000
"""A constant with more digits is a symbol to sympy."""

MAX_BITS = 160
"""Of a number that sympy may come to by raising a base with its coefficients to a power."""

MAX_NUMBER = 10**300
"""float64 ends a little above."""


class NotExpressibleError(Exception):
    """There is no expression, such as for 1/(x - x), or its numbers are too large."""


# Opaque functions: sympy knows nothing of them but what their rules say.


class _Opaque(sympy.Function):  # type: ignore[misc]
    """A function with a rule for its derivative."""

    def fdiff(self, argindex: int = 1) -> Any:
        """Return the derivative after one argument, counted from 1, when sympy asks for it."""
        rule = _RULES[type(self)]
        return rule(self, *self.args) if len(self.args) == 1 else rule(self, *self.args, argindex)


def _opaque(name: str) -> Any:
    # The names decide over the order in which sympy writes terms.
    make: Any = type(_Opaque)  # sympy's metaclass
    return make(f"_Opaque{name}", (_Opaque,), {})


_PowerOfE, _Power = _opaque("PowerOfE"), _opaque("Power")
_OnePlusSign = _opaque("OnePlusSign")  # so that sympy leaves (1 + sign(x - y))/2 in one piece
_OPAQUE = {name: _opaque(name.title()) for name in (*FUNCTIONS, *RESULT_FUNCTIONS)}
_NAMES = {function: name for name, function in _OPAQUE.items()}


def _share(first: Any, second: Any, argument: int) -> Any:
    """Return the slope after one of two values: half of both where they are equal, as in torch."""
    return _OnePlusSign(first - second if argument == 1 else second - first) / 2


def _power_rule(power: Any, base: Any, exponent: Any, argument: int) -> Any:
    if argument == 2:
        return power * _OPAQUE["log"](base)
    return power if base == exponent else exponent * _Power(base, exponent - 1)


_RULES: dict[Any, Callable[..., Any]] = {
    _OPAQUE["sin"]: lambda _, x: _OPAQUE["cos"](x),
    _OPAQUE["cos"]: lambda _, x: -_OPAQUE["sin"](x),
    _OPAQUE["tan"]: lambda tan, _: 1 + tan**2,
    _OPAQUE["exp"]: lambda exp, _: exp,
    _OPAQUE["log"]: lambda _, x: 1 / x,
    _OPAQUE["sqrt"]: lambda root, _: 1 / (2 * root),
    _OPAQUE["abs"]: lambda _, x: _OPAQUE["sign"](x),
    _OPAQUE["tanh"]: lambda tanh, _: 1 - tanh**2,
    _OPAQUE["sigmoid"]: lambda sigmoid, _: sigmoid * (1 - sigmoid),
    _OPAQUE["relu"]: lambda _, x: _OPAQUE["step"](x),
    _OPAQUE["softplus"]: lambda _, x: _OPAQUE["sigmoid"](x),
    _OPAQUE["sign"]: lambda *_: sympy.Integer(0),
    _OPAQUE["step"]: lambda *_: sympy.Integer(0),
    _OPAQUE["max"]: lambda _, a, b, argument: _share(a, b, argument),
    _OPAQUE["min"]: lambda _, a, b, argument: _share(b, a, argument),
    _OnePlusSign: lambda *_: sympy.Integer(0),
    _PowerOfE: lambda power, _: power,
    _Power: _power_rule,
}


class ExpressionMaker:
    """From a tree to a sympy expression, by constructors.

    Attributes
    ----------
    constants : dict
        What stands for a symbol that is no variable: pi and e, constants with a function or a
        power in them, long numbers, and exponents that would make coefficients long.
    has_decimals : bool
        Whether a number of the tree has digits behind the point.
    """

    def __init__(self) -> None:
        self.constants: dict[Any, Node] = {}
        self.has_decimals = False

    def expression(self, node: Node) -> Any:
        """Return the expression.

        Raises
        ------
        NotExpressibleError
            If it divides by zero.
        """
        if isinstance(node, Variable):
            return sympy.Symbol(node.name)
        if isinstance(node, Number):
            return self._number(node)
        if isinstance(node, Constant):
            return self._symbol(node)
        if isinstance(node, Negative):
            return -self.expression(node.operand)
        if isinstance(node, Call):
            return self._call(node)
        return self._binary(node)

    def _symbol(self, node: Node) -> Any:
        # No variable has a blank in its name, and equal constants are one symbol in every run.
        symbol = sympy.Symbol(f"constant {node!r}")
        self.constants[symbol] = node
        return symbol

    def _number(self, node: Number) -> Any:
        value = Fraction(repr(node.value))
        self.has_decimals |= value.denominator != 1
        if max(value.numerator, value.denominator) >= LARGE:
            return self._symbol(node)
        return sympy.Rational(value.numerator, value.denominator)

    def _call(self, node: Call) -> Any:
        if not variables(node):
            return self._symbol(node)
        arguments = [self.expression(argument) for argument in node.arguments]
        if len(arguments) == 1:
            return _OPAQUE[node.function](arguments[0])
        return reduce(_OPAQUE[node.function], arguments)

    def _binary(self, node: Binary) -> Any:
        if node.operator == "^":
            return self._power(node)
        left, right = self.expression(node.left), self.expression(node.right)
        if node.operator == "/":
            if right == 0:
                raise NotExpressibleError
            return left / right
        if node.operator == "*":
            return left * right
        return left + right if node.operator == "+" else left - right

    def _power(self, node: Binary) -> Any:
        if variables(node.right):
            exponent = self.expression(node.right)
            if isinstance(node.left, Constant) and node.left.name == "e":
                return _PowerOfE(exponent)
            return _Power(self.expression(node.left), exponent)
        base, exponent = self.expression(node.left), self.expression(node.right)
        if base == 0:
            raise NotExpressibleError
        if not exponent.is_Rational or _bits(base) * abs(exponent) > MAX_BITS:
            exponent = self._symbol(node.right)
        is_constant = not variables(node.left)
        if is_constant and not (base.is_Rational and exponent.is_Integer):
            return self._symbol(node)
        return base**exponent


def _bits(expression: Any) -> float:
    """Return how many bits the numbers of an expression have together."""
    return sum(
        int(abs(number.p * number.q)).bit_length()
        for number in expression.atoms(sympy.Rational)
        if abs(number) != 1
    )


class TreeMaker:
    """From a sympy expression to a tree.

    Parameters
    ----------
    constants : dict
        As :class:`ExpressionMaker` noted them.
    decimal : bool
        Write fractions as decimals where those are short: for formulas that have decimals.
    """

    def __init__(self, constants: dict[Any, Node], *, decimal: bool) -> None:
        self._constants, self._decimal = constants, decimal

    def tree(self, expression: Any) -> Node:
        """Return the tree.

        Raises
        ------
        NotExpressibleError
            If the expression is infinite, or has a number that float64 cannot hold.
        """
        if expression.is_Rational:
            return self._rational(Fraction(int(expression.p), int(expression.q)))
        if expression.is_Symbol:
            return self._constants.get(expression) or Variable(expression.name)
        if expression.is_Add:
            return self._sum(expression)
        if expression.is_Mul:
            return self._product(expression)
        if expression.is_Pow:
            if _is_negative(expression.exp):
                return self._product(expression)
            return Binary("^", self.tree(expression.base), self.tree(expression.exp))
        if isinstance(expression, _Opaque):
            return self._call(expression)
        raise NotExpressibleError  # zoo, nan

    def _call(self, expression: Any) -> Node:
        arguments = tuple(self.tree(argument) for argument in expression.args)
        if isinstance(expression, _Power):
            return Binary("^", *arguments)
        if isinstance(expression, _PowerOfE):
            return Binary("^", Constant("e"), *arguments)
        if isinstance(expression, _OnePlusSign):
            return Binary("+", Number(1.0), Call("sign", arguments))
        return Call(_NAMES[type(expression)], arguments)

    def _sum(self, expression: Any) -> Node:
        terms = expression.as_ordered_terms()
        # x - w^2 rather than -w^2 + x
        first = next((term for term in terms if not _is_negative(term)), terms[0])
        tree = self.tree(first)
        for term in (it for it in terms if it is not first):
            is_less = _is_negative(term)
            tree = Binary("-" if is_less else "+", tree, self.tree(-term if is_less else term))
        return tree

    def _product(self, expression: Any) -> Node:
        coefficient, rest = expression.as_coeff_Mul()
        above: list[Node] = []
        below: list[Node] = []
        for factor in rest.as_ordered_factors():
            base, exponent = factor.as_base_exp() if factor.is_Pow else (factor, 1)
            if factor.is_Pow and _is_negative(exponent):
                below.append(self.tree(base**-exponent))
            elif factor != 1:
                above.append(self.tree(factor))
        above.sort(key=_rank)
        below.sort(key=_rank)
        return self._fraction(Fraction(int(coefficient.p), int(coefficient.q)), above, below)

    def _fraction(self, coefficient: Fraction, above: list[Node], below: list[Node]) -> Node:
        size = abs(coefficient)
        if self._decimal and _is_short_decimal(size):
            numbers = [] if size == 1 else [self._rational(size)]
        else:
            numbers = [] if size.numerator == 1 else [_number(size.numerator)]
            if size.denominator != 1:
                below = [_number(size.denominator), *below]
        factors = [*numbers, *above] or [Number(1.0)]
        if coefficient < 0:
            factors[0] = Negative(factors[0])
        top = _product_of(factors)
        return Binary("/", top, _product_of(below)) if below else top

    def _rational(self, value: Fraction) -> Node:
        is_short = self._decimal and _is_short_decimal(value)
        if value < 0 and (is_short or value.denominator == 1):
            return Negative(self._rational(-value))
        if value.denominator == 1:
            return _number(value.numerator)
        if is_short:
            return Number(float(value))
        top: Node = _number(abs(value.numerator))
        return Binary("/", Negative(top) if value < 0 else top, _number(value.denominator))


def _rank(factor: Node) -> int:
    """Return where a factor of a product stands: names, functions, sums."""
    while isinstance(factor, Binary) and factor.operator == "^":
        factor = factor.left
    if isinstance(factor, Binary):
        return 2
    return 1 if isinstance(factor, Call) else 0


def _is_negative(expression: Any) -> bool:
    """Whether an expression begins with a minus sign."""
    if expression.is_Add:
        return False
    return bool(expression.as_coeff_Mul()[0] < 0)


def _is_short_decimal(value: Fraction) -> bool:
    return abs(value.numerator) < LARGE and LARGE % value.denominator == 0


def _number(value: int) -> Number:
    if value > MAX_NUMBER:
        raise NotExpressibleError
    return Number(float(value))


def _product_of(factors: list[Node]) -> Node:
    return reduce(lambda left, right: Binary("*", left, right), factors)
