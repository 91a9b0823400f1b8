"""Pratt parser of formulas, with the precedence of mathematics.

From loose to tight: ``+ -``, then ``* /``, then the minus sign before an operand, then ``^``. So
``-x^2`` is ``-(x^2)``, and ``2^3^2`` is ``2^(3^2)``. A number before a name or bracket is a factor:
``3x^2`` is ``3*x^2``. Every other product has to be written, because ``x(y + 1)``, ``xy`` and
``1/2x`` could mean something else.

The method is V. R. Pratt's "Top down operator precedence" (1973).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, did_you_mean, listed
from backprop_studio.core.base.validation_messages import nearest_name
from backprop_studio.core.formula.errors import FormulaError, in_validator
from backprop_studio.core.formula.text import formula_text
from backprop_studio.core.formula.tokens import (
    Kind,
    Token,
    check_length,
    check_token_count,
    tokenise,
    write_instead,
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
    is_name,
)
from backprop_studio.core.formula.typst_math import formula_typst

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_DEPTH = 50
"""Of brackets, minus signs and powers inside each other."""

MAX_SHOWN = 40
"""Characters of a name or number in a message."""

_STRENGTHS = {"+": 10, "-": 10, "*": 20, "/": 20, "^": 40}
_MINUS_STRENGTH = 30

_OPERATORS: dict[str, Operator] = {operator: operator for operator in get_args(Operator)}

_NUMBER = Message.of("formula.a_number", N_("a number"))
_VARIABLE = Message.of("formula.a_variable", N_("a variable"))
_ONE_VALUE = Message.of("formula.one_value", N_("one value"))
_MANY_VALUES = Message.of("formula.many_values", N_("two or more values"))
_OTHER_NAMES = {
    "ln": Message.of("formula.ln", N_("the natural logarithm is log")),
    "lg": write_instead("log(x)/log(10)"),
    "log10": write_instead("log(x)/log(10)"),
    "log2": write_instead("log(x)/log(2)"),
    "pow": Message.of("formula.pow", N_("for a power write a^b")),
    "sec": write_instead("1/cos(x)"),
    "csc": write_instead("1/sin(x)"),
    "cot": write_instead("1/tan(x)"),
    "sinh": write_instead("(exp(x) - exp(-x))/2"),
    "cosh": write_instead("(exp(x) + exp(-x))/2"),
    "lambda": Message.of("formula.code", N_("a formula is only what is computed, such as x^2")),
}


@dataclass(frozen=True)
class Formula:
    """A formula that has been read.

    Attributes
    ----------
    tree : Node
        What is computed.
    names : tuple of str
        The declared variables, in their order; the tree may use fewer.
    source : str
        As typed; two formulas with the same tree and names are equal whatever was typed.

    Examples
    --------
    >>> formula = parse_formula("x × x − 1", ["x"])
    >>> formula.text, formula.typst
    ('x*x - 1', 'x x - 1')
    """

    tree: Node
    names: tuple[str, ...]
    source: str = field(default="", compare=False)

    @property
    def text(self) -> str:
        """The canonical text, which parses to an equal formula."""
        return formula_text(self.tree)

    @property
    def typst(self) -> str:
        """Typst mathematics, to be put between dollar signs."""
        return formula_typst(self.tree)


def parse_formula(text: str, names: Iterable[str]) -> Formula:
    """Read a formula.

    Parameters
    ----------
    text : str
        Numbers, declared names, ``+ - * / ^``, brackets, the functions sin cos tan exp log sqrt
        abs tanh sigmoid relu softplus min max, and pi and e. ``**`` means ``^``.
    names : iterable of str
        The variables.

    Raises
    ------
    FormulaError
        With the column of the fault and what was expected there.
    ValueError
        If a declared name cannot be one: a fault of the caller.

    Examples
    --------
    >>> parse_formula("-x^2 + 3*x", ["x"]).text
    '-x^2 + 3*x'
    >>> parse_formula("3x^2", ["x"]).text
    '3*x^2'
    >>> parse_formula("x 3", ["x"])
    Traceback (most recent call last):
    ...
    backprop_studio.core.formula.errors.FormulaError: The formula "x 3" is wrong at column 3: \
expected an operator, found 3; for a product write x*3.
    """
    declared = tuple(dict.fromkeys(names))
    for name in declared:
        if not is_name(name):
            raise ValueError(f"a variable of a formula cannot be called {name!r}")
    return Formula(_Parser(text, declared).formula(), declared, text)


def check_formula(text: str, names: Iterable[str], field: str = "") -> str:
    """Return a formula's text unchanged if it can be read: a validator for parameters.

    Raises
    ------
    ParameterError
        With column and reason.

    Examples
    --------
    >>> check_formula("w^2", ["w"])
    'w^2'
    """
    with in_validator(field):
        parse_formula(text, names)
    return text


class _Parser:
    """One run through the tokens."""

    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        self._text, self._names = text, names
        self._tokens = _with_products(text, tokenise(text))
        self._place = 0
        self._depth = 0

    def formula(self) -> Node:
        if self._is("end"):
            words = N_("expected a formula, for example 2*pi, found nothing")
            raise self._error(self._here, Message.of("formula.nothing", words))
        tree = self._expression(0)
        if not self._is("end"):
            raise self._error(self._here, self._no_operator())
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
        left = self._operand()
        while self._is("operator") and _STRENGTHS[self._here.text] > floor:
            sign = self._take()
            strength = _STRENGTHS[sign.text]
            # One less lets a further ^ go into the exponent.
            is_power = sign.text == "^"
            right = self._deeper(sign, strength - 1) if is_power else self._expression(strength)
            left = Binary(_OPERATORS[sign.text], left, right)
        return left

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
            inner = self._deeper(token, 0)
            self._close(token)
            return inner
        if token.text == "-":
            return Negative(self._deeper(token, _MINUS_STRENGTH))
        raise self._error(token, self._no_operand(token))

    def _named(self, token: Token) -> Node:
        name = token.text
        if name in FUNCTIONS or name in RESULT_FUNCTIONS:
            return self._call(token)
        if name not in self._names and name not in CONSTANTS:
            words = N_("unknown name {name}; {hint}")
            fields = {"name": _short(name), "hint": self._meant(name)}
            raise self._error(token, Message.of("formula.unknown", words, **fields))
        if self._is("open"):
            what = _VARIABLE if name in self._names else _NUMBER
            words = N_("{name} is {what} and no function; for a product write {name}*(...)")
            reason = Message.of("formula.no_function", words, name=name, what=what)
            raise self._error(self._here, reason)
        return Variable(name) if name in self._names else Constant(name)

    def _call(self, token: Token) -> Call:
        name = token.text
        fewest, most = (FUNCTIONS | RESULT_FUNCTIONS)[name]
        if not self._is("open"):
            value = _short(self._here.text) if self._here.kind in {"name", "number"} else "..."
            example = f"{name}({value if most == 1 else f'{value}, ...'})"
            words = N_("{name} needs brackets, as in {example}")
            reason = Message.of("formula.brackets", words, name=name, example=example)
            raise self._error(self._here, reason)
        opening = self._take()
        arguments = [self._deeper(opening, 0)]
        while self._is("comma"):
            self._take()
            arguments.append(self._deeper(opening, 0))
        self._close(opening)
        if not fewest <= len(arguments) <= most:
            words = N_("{name} takes {values}, found {found}")
            values = _MANY_VALUES if most == MANY else _ONE_VALUE
            fields = {"name": name, "values": values, "found": len(arguments)}
            raise self._error(token, Message.of("formula.values", words, **fields))
        return Call(name, tuple(arguments))

    def _close(self, opening: Token) -> None:
        if self._is("close"):
            self._take()
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
        token = self._here
        if token.kind == "close":
            return Message.of("formula.closed", N_("this bracket was never opened"))
        if token.kind == "comma":
            words = N_(
                "a comma stands only between the values of min and max; write 0.5 with a point"
            )
            return Message.of("formula.commas", words)
        before, found = _short(self._tokens[self._place - 1].text), _short(token.text)
        left = "(...)" if before == ")" else before
        right = "(...)" if token.kind == "open" else found
        words = N_("expected an operator, found {found}; for a product write {product}")
        product = f"{left}*{right}"
        return Message.of("formula.no_operator", words, found=found, product=product)

    def _no_operand(self, token: Token) -> Message:
        if token.kind == "end":
            words = N_("expected a number, a name or a bracket, but the formula ends here")
            return Message.of("formula.ends", words)
        if token.text == "+":
            words = N_(
                "expected a number, a name or a bracket, found +; "
                "a plus sign stands only between two of them"
            )
            return Message.of("formula.plus", words)
        words = N_("expected a number, a name or a bracket, found {found}")
        return Message.of("formula.no_operand", words, found=_short(token.text))

    def _meant(self, name: str) -> Message:
        """Return what may be meant by a name that is unknown."""
        if name in _OTHER_NAMES:
            return _OTHER_NAMES[name]
        for function in FUNCTIONS:
            value = name.removeprefix(function)
            if value != name and (value in self._names or value.isdecimal()):
                return write_instead(f"{function}({_short(value)})")
        product = _split(name, (*self._names, *CONSTANTS))
        if product:
            words = N_("for a product write {product}")
            return Message.of("formula.product", words, product=_short("*".join(product)))
        near = nearest_name(name, [*self._names, *FUNCTIONS, *CONSTANTS])
        if near:
            return did_you_mean(near)
        words = N_("variables here are {names}, functions {functions}")
        names = listed(self._names) if self._names else Message.of("formula.none", N_("none"))
        return Message.of("formula.known", words, names=names, functions=listed(FUNCTIONS))


def _with_products(text: str, tokens: list[Token]) -> list[Token]:
    """Return the tokens with a sign between a number and the name or bracket that it multiplies.

    2e is rather the beginning of 2e3.
    """
    found: list[Token] = []
    for at, token in enumerate(tokens):
        if token.kind in {"name", "open"} and token.text != "e" and _multiplies(tokens[:at]):
            found.append(Token("operator", "*", token.column))
            check_token_count(text, token.column, len(found) + 1)
        found.append(token)
    # The canonical text has those signs, and has to be short enough to be read again.
    check_length(text.ljust(len(text) + len(found) - len(tokens)))
    return found


def _multiplies(before: list[Token]) -> bool:
    """Whether a number ends there that can only be a factor: 1/2x and 2^3x mean two things each."""
    if not before or before[-1].kind != "number":
        return False
    signs = [token for token in before[:-1] if token.text != "-"]
    return not signs or signs[-1].text not in {"/", "^"}


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def _split(word: str, names: tuple[str, ...]) -> list[str]:
    """Cut a word into known names and a number at its end, or return nothing."""
    parts: list[str] = []
    rest = word
    while rest and not rest.isdecimal():
        part = max((name for name in names if rest.startswith(name)), key=len, default="")
        if not part:
            return []
        parts.append(part)
        rest = rest[len(part) :]
    return [*parts, rest] if rest else parts
