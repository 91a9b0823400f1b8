"""Reader of steps that a lecturer types, such as ``v = b*c; u = a + v; J = 3*u``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.formula import Formula, FormulaError, parse_formula
from backprop_studio.core.formula.errors import in_validator
from backprop_studio.core.formula.tokens import check_length, check_token_count, tokenise
from backprop_studio.core.formula.tree import is_name, variables
from backprop_studio.core.graphs.steps import Step, Steps, formula_steps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_END_OF_STEP = re.compile("[;\n]")


class _Part(NamedTuple):
    """A piece of the text between semicolons, and how many characters stand before it."""

    text: str
    before: int

    @property
    def column(self) -> int:
        """Column of the first letter."""
        return self.before + 1 + len(self.text) - len(self.text.lstrip())


def parse_steps(text: str, names: Iterable[str]) -> Steps:
    """Read assignments, or a formula alone.

    Parameters
    ----------
    text : str
        Assignments with ``;`` or a new line between them, each side as
        :func:`core.formula.parse_formula` reads it; or one formula.
    names : iterable of str
        The variables.

    Raises
    ------
    FormulaError
        With the column of the fault in the whole text. The limits of one formula, 500 characters
        and 200 tokens, hold for all steps together.
    ValueError
        If a declared name cannot be one: a fault of the caller.

    Examples
    --------
    >>> parse_steps("3*(a + b*c)", ["a", "b", "c"]).text
    'v = b*c; u = a + v; J = 3*u'
    >>> parse_steps("u = a + v; J = 3*u", ["a"])
    Traceback (most recent call last):
    ...
    backprop_studio.core.formula.errors.FormulaError: The formula "u = a + v; J = 3*u" is wrong \
at column 9: unknown name v; the variable here is a.
    """
    declared = tuple(dict.fromkeys(names))
    check_length(text)
    parts = _parts(text)
    if len(parts) == 1 and "=" not in parts[0].text:
        return formula_steps(_formula(text, parts[0], declared))
    steps = _used(text, parts, _steps(text, parts, declared))
    if len(steps) == 1:  # a formula with a name is the formula
        return formula_steps(Formula(steps[0].formula.tree, declared), steps[0].name)
    return Steps(declared, steps)


def check_steps(text: str, names: Iterable[str], field: str = "") -> str:
    """Return a text unchanged if it can be read: a validator for parameters.

    Raises
    ------
    ParameterError
        With column and reason.

    Examples
    --------
    >>> check_steps("u = a^2; J = u + a", ["a"])
    'u = a^2; J = u + a'
    """
    with in_validator(field):
        parse_steps(text, names)
    return text


def _parts(text: str) -> list[_Part]:
    """Cut a text at semicolons and line ends; what is empty at a line's end is left out."""
    found, start = [], 0
    for end in [*(cut.start() for cut in _END_OF_STEP.finditer(text)), len(text)]:
        found.append(_Part(text[start:end], start))
        start = end + 1
    filled = [part for part in found if part.text.strip()]
    return filled or found[:1]


def _formula(text: str, part: _Part, names: tuple[str, ...]) -> Formula:
    """Read a formula that is a piece of a text."""
    try:
        return parse_formula(part.text, names)
    except FormulaError as error:
        if part.text == text:
            raise
        raise FormulaError(text, part.before + error.column, error.reason) from error


def _steps(text: str, parts: list[_Part], declared: tuple[str, ...]) -> list[Step]:
    sides = [_sides(text, part) for part in parts]
    names = {name for name, _ in sides}
    steps: list[Step] = []
    tokens = 0
    for part, (name, right) in zip(parts, sides, strict=True):
        known = (*declared, *(step.name for step in steps))
        if name in known:
            raise FormulaError(text, part.column, _taken(name, is_variable=name in declared))
        _check_order(text, right, names - set(known))
        formula = _formula(text, right, known)
        steps.append(Step(name, Formula(formula.tree, variables(formula.tree), right.text.strip())))
        tokens += len(tokenise(right.text)) + 1  # with the name, and the end for the equals sign
        check_token_count(text, part.column, tokens)
    return steps


def _taken(name: str, *, is_variable: bool) -> Message:
    if is_variable:
        text = N_("{name} is a variable already; choose another name")
        return Message.of("steps.is_variable", text, name=name)
    return Message.of("steps.given", N_("{name} is given already; choose another name"), name=name)


def _no_name(found: str) -> Message:
    if not found:
        text = N_("expected a free name before the equals sign, as in u = a + b")
        return Message.of("steps.no_name", text)
    text = N_("expected a free name before the equals sign, as in u = a + b, found {name}")
    return Message.of("steps.wrong_name", text, name=found[:40])


def _sides(text: str, part: _Part) -> tuple[str, _Part]:
    """Return the name before the equals sign, and what is behind it."""
    left, sign, after = part.text.partition("=")
    name, right = left.strip(), _Part(after, part.before + len(left) + 1)
    if not sign:
        words = N_("expected a name and an equals sign, as in u = a + b")
        raise FormulaError(text, part.column, Message.of("steps.no_sign", words))
    if not is_name(name):
        raise FormulaError(text, part.column, _no_name(name))
    if "=" in after:
        _check_signs(text, _Part(after.partition("=")[0], right.before))
        column = right.before + 1 + after.index("=")
        words = N_("a second equals sign; put ; between two steps")
        raise FormulaError(text, column, Message.of("steps.two_signs", words))
    return name, right


def _check_signs(text: str, part: _Part) -> None:
    """Refuse a sign that no formula has, such as a full-width semicolon."""
    try:
        tokenise(part.text)
    except FormulaError as error:
        raise FormulaError(text, part.before + error.column, error.reason) from error


def _check_order(text: str, right: _Part, later: Collection[str]) -> None:
    """Refuse a name that is given only by this step or a later one."""
    try:
        tokens = tokenise(right.text)
    except FormulaError:
        return  # the parser says what is wrong, and where
    for token in tokens:
        if token.kind == "name" and token.text in later:
            words = N_("{name} is used before it is given; put its step first")
            reason = Message.of("steps.order", words, name=token.text)
            raise FormulaError(text, right.before + token.column, reason)


def _used(text: str, parts: list[_Part], steps: list[Step]) -> tuple[Step, ...]:
    """Refuse a step of which the result does not depend."""
    needed = {steps[-1].name}
    for step in reversed(steps):
        if step.name in needed:
            needed.update(step.formula.names)
    for part, step in zip(parts, steps, strict=True):
        if step.name not in needed:
            words = N_(
                "no later step uses {name}, and the result is {result}; leave it out or use it"
            )
            reason = Message.of("steps.unused", words, name=step.name, result=steps[-1].name)
            raise FormulaError(text, part.column, reason)
    return tuple(steps)
