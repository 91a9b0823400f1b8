"""Pratt parser of formulas, with the precedence of mathematics.

From loose to tight: ``+ -``, then ``* /``, then the minus sign before an operand, then ``^``. So
``-x^2`` is ``-(x^2)``, and ``2^3^2`` is ``2^(3^2)``. What stands side by side is multiplied, as on
a blackboard: ``3x^2``, ``x(y + 1)``, ``2 sin x``. Where that has two readings, as in ``1/2x``,
``x^2y`` and ``sin x^2``, both are named, and none is taken.

The method is V. R. Pratt's "Top down operator precedence" (1973).
"""

from __future__ import annotations

from typing import get_args

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.formula.advice import meant_by, no_operand, no_operator, short
from backprop_studio.core.formula.errors import FormulaError
from backprop_studio.core.formula.text import formula_text
from backprop_studio.core.formula.tokens import (
    Kind,
    Token,
    check_length,
    check_token_count,
    tokenise,
)
from backprop_studio.core.formula.tree import (
    CONSTANTS,
    FUNCTIONS,
    MANY,
    RESULT_FUNCTIONS,
    Binary,
    Call,
    Constant,
    Negative,
    Node,
    Number,
    Operator,
    Variable,
)

MAX_DEPTH = 50
"""Of brackets, minus signs and powers inside each other."""

_STRENGTHS = {"+": 10, "-": 10, "*": 20, "/": 20, "^": 40}
_MINUS_STRENGTH = 30

_OPERATORS: dict[str, Operator] = {operator: operator for operator in get_args(Operator)}

_ONE_VALUE = Message.of("formula.one_value", N_("one value"))
_MANY_VALUES = Message.of("formula.many_values", N_("two or more values"))
_ALIASES = {"ln": "log", "sigma": "sigmoid"}
"""Other names of the same functions, where nobody has declared them."""


class Parser:
    """One run through the tokens."""

    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        self._text, self._names = text, names
        self._tokens = _apart(tokenise(text), names)
        self._place = 0
        self._depth = 0
        self._opened: list[Kind] = []

    def formula(self) -> Node:
        """Return the tree of the whole text."""
        if self._is("end"):
            words = N_("expected a formula, for example 2*pi, found nothing")
            raise self._error(self._here, Message.of("formula.nothing", words))
        tree = self._expression(0)
        if not self._is("end"):
            raise self._error(self._here, self._no_operator())
        # The canonical text has signs that were not typed, and has to be short enough to be read.
        canonical = formula_text(tree)
        check_length(canonical)
        check_token_count(self._text, self._here.column, len(tokenise(canonical)) - 1)
        return tree

    @property
    def _here(self) -> Token:
        return self._tokens[self._place]

    def _is(self, kind: Kind) -> bool:
        return self._here.kind == kind

    def _take(self) -> Token:
        token = self._tokens[self._place]
        self._place += 1
        return token

    def _expression(self, floor: int) -> Node:
        """Read as far as operators bind more tightly than the floor."""
        left, last = self._operand(), ""
        while True:
            if self._is("operator") and _STRENGTHS[self._here.text] > floor:
                sign = self._take()
                last, strength = sign.text, _STRENGTHS[sign.text]
                # One less lets a further ^ go into the exponent.
                is_power = last == "^"
                right = self._deeper(sign, strength - 1) if is_power else self._expression(strength)
                left = Binary(_OPERATORS[last], left, right)
            elif self._is_factor() and _STRENGTHS["*"] > floor:
                left, last = self._product(left, last), "*"
            else:
                return left

    def _is_factor(self) -> bool:
        """Whether what comes multiplies what was read; 2e is rather the beginning of 2e3."""
        before, here = self._tokens[self._place - 1], self._here
        if here.text == "e" and before.kind == "number":
            return self._tokens[self._place + 1].text == "^"
        if here.kind == "bar":
            return self._opened[-1:] != ["bar"]
        return here.kind in {"name", "open", "root"}

    def _product(self, left: Node, last: str) -> Node:
        """Read a factor beside what stands before it, if only one reading is possible."""
        before, here = self._tokens[self._place - 1], self._here
        if before.text == "e" and here.kind == "open":
            e = Message.of("formula.e", N_("write exp(...), or e*(...) for a product"))
            raise self._error(here, e)
        right = self._expression(_STRENGTHS["*"])
        product = Binary("*", left, right)
        if isinstance(left, Binary) and (last == "/" or (last == "^" and _clings(before, here))):
            inner = Binary(left.operator, left.left, Binary("*", left.right, right))
            raise self._either(here, inner, product)
        return product

    def _either(self, token: Token, one: Node, other: Node) -> FormulaError:
        """Return the question which of two readings is meant."""
        words = N_("this can be {one} or {other}; write the one that is meant")
        fields = {"one": formula_text(one), "other": formula_text(other)}
        return self._error(token, Message.of("formula.which", words, **fields))

    def _deeper(self, opening: Token, floor: int) -> Node:
        """Read an expression inside another one."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            words = N_("allowed are {most} levels of nesting, found more")
            raise self._error(opening, Message.of("formula.depth", words, most=MAX_DEPTH))
        tree = self._expression(floor)
        self._depth -= 1
        return tree

    def _operand(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Number(token.value)
        if token.kind == "name":
            return self._named(token)
        if token.kind == "open":
            inner = self._inside(token)
            self._close(token)
            return inner
        if token.kind == "bar":
            inner = self._inside(token)
            self._close(token)
            return Call("abs", (inner,))
        if token.kind == "root":
            return self._root(token)
        if token.text == "-":
            return Negative(self._deeper(token, _MINUS_STRENGTH))
        raise self._error(token, no_operand(token))

    def _named(self, token: Token) -> Node:
        name = token.text if token.text in self._names else _ALIASES.get(token.text, token.text)
        if name in FUNCTIONS or name in RESULT_FUNCTIONS:
            return self._called(token, name)
        if name not in self._names and name not in CONSTANTS:
            words = N_("unknown name {name}; {hint}")
            fields = {
                "name": short(name),
                "hint": meant_by(name, self._names, is_called=self._is("open")),
            }
            raise self._error(token, Message.of("formula.unknown", words, **fields))
        return Variable(name) if name in self._names else Constant(name)

    def _called(self, token: Token, name: str) -> Node:
        """Read what a function is of, and the power that may stand at its name: sin² x."""
        if self._here.text != "^":
            return self._call(token, name)
        self._take()
        if not self._is("number"):
            words = N_("a power stands behind the brackets, as in {example}")
            example = f"{name}(...)^2"
            raise self._error(self._here, Message.of("formula.raised", words, example=example))
        power = Number(self._take().value)
        return Binary("^", self._call(token, name), power)

    def _call(self, token: Token, name: str) -> Call:
        fewest, most = (FUNCTIONS | RESULT_FUNCTIONS)[name]
        if not self._is("open"):
            if most == 1 and (self._here.kind in {"name", "number", "bar", "root"}):
                return self._bare(token, name)
            value = short(self._here.text) if self._here.kind in {"name", "number"} else "..."
            example = f"{name}({value if most == 1 else f'{value}, ...'})"
            words = N_("{name} needs brackets, as in {example}")
            reason = Message.of("formula.brackets", words, name=name, example=example)
            raise self._error(self._here, reason)
        opening = self._take()
        arguments = [self._inside(opening)]
        while self._is("comma"):
            self._take()
            arguments.append(self._inside(opening))
        self._close(opening)
        if not fewest <= len(arguments) <= most:
            words = N_("{name} takes {values}, found {found}")
            values = _MANY_VALUES if most == MANY else _ONE_VALUE
            fields = {"name": name, "values": values, "found": len(arguments)}
            raise self._error(token, Message.of("formula.values", words, **fields))
        return Call(name, tuple(arguments))

    def _bare(self, token: Token, name: str) -> Call:
        """Read what a function without brackets is of: a number and a name, or one of both."""
        self._depth += 1
        value = self._deeper(token, _STRENGTHS["^"])
        before = self._tokens[self._place - 1]
        if before.kind == "number" and self._is("name") and self._is_factor():
            value = Binary("*", value, self._deeper(token, _STRENGTHS["^"]))
        self._depth -= 1
        call, here = Call(name, (value,)), self._here
        if here.text in {"^", "/"}:
            sign, start = _OPERATORS[here.text], self._take()
            if sign == "^":
                right = self._deeper(start, _STRENGTHS["^"] - 1)
            else:
                right = self._expression(_STRENGTHS["*"])
            inner = Call(name, (Binary(sign, value, right),))
            raise self._either(here, inner, Binary(sign, call, right))
        if self._is_factor() and not self._is_function():
            right = self._expression(_STRENGTHS["*"])
            inner = Call(name, (Binary("*", value, right),))
            raise self._either(here, inner, Binary("*", call, right))
        return call

    def _root(self, token: Token) -> Call:
        """Read what a root is of: one thing, as far as its bar is sure to reach."""
        first = self._here
        value = self._deeper(token, _STRENGTHS["^"])
        root, here = Call("sqrt", (value,)), self._here
        is_long = first.kind in {"number", "name"} and not isinstance(value, Call)
        if not is_long or not (here.text == "^" or self._is_factor()):
            return root
        if here.text == "^":
            right = self._deeper(self._take(), _STRENGTHS["^"] - 1)
            sign: Operator = "^"
        else:
            right, sign = self._expression(_STRENGTHS["*"]), "*"
        inner = Call("sqrt", (Binary(sign, value, right),))
        raise self._either(here, inner, Binary(sign, root, right))

    def _is_function(self) -> bool:
        """Whether the name of a function comes."""
        name = self._here.text
        is_known = _ALIASES.get(name, name) in FUNCTIONS | RESULT_FUNCTIONS
        return self._is("name") and is_known and name not in self._names

    def _inside(self, opening: Token) -> Node:
        """Read what stands between brackets or bars."""
        self._opened.append(opening.kind)
        inner = self._deeper(opening, 0)
        self._opened.pop()
        return inner

    def _close(self, opening: Token) -> None:
        if self._is("bar" if opening.kind == "bar" else "close"):
            self._take()
        elif self._is("end") and opening.kind == "bar":
            words = N_("expected | for the one opened at column {column}")
            reason = Message.of("formula.bar", words, column=opening.column)
            raise self._error(self._here, reason)
        elif self._is("end"):
            words = N_("expected ) for the bracket opened at column {column}")
            reason = Message.of("formula.open", words, column=opening.column)
            raise self._error(self._here, reason)
        else:
            raise self._error(self._here, self._no_operator())

    # What to say

    def _error(self, token: Token, reason: Message) -> FormulaError:
        return FormulaError(self._text, token.column, reason)

    def _no_operator(self) -> Message:
        """Return why an expression cannot go on like this."""
        before, *after = self._tokens[self._place - 1 : self._place + 2]
        return no_operator(before, after[0], after[1] if len(after) > 1 else None)


def _apart(tokens: list[Token], names: tuple[str, ...]) -> list[Token]:
    """Return the tokens with words cut up that are nothing but variables: xy."""
    found: list[Token] = []
    for token in tokens:
        word = token.text
        known = word in {*names, *FUNCTIONS, *RESULT_FUNCTIONS, *CONSTANTS, *_ALIASES}
        letters = {*word}
        is_product = token.kind == "name" and not known and letters <= {*names}
        if is_product and len(letters) == len(word):
            found += [Token("name", it, token.column + k) for k, it in enumerate(word)]
        else:
            found.append(token)
    return found


def _clings(before: Token, here: Token) -> bool:
    """Whether a power may go on without a sign, as in 2^3x; x^2 y and x²y have ended."""
    is_close = here.column == before.column + len(before.text)
    return is_close and not before.raised and before.kind != "close" and here.kind == "name"
