"""Formulas: what was typed, its tree, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.formula import notations
from backprop_studio.core.formula.errors import FormulaError, in_validator
from backprop_studio.core.formula.parser import Parser
from backprop_studio.core.formula.text import formula_text
from backprop_studio.core.formula.tokens import check_length
from backprop_studio.core.formula.tree import Node, is_name
from backprop_studio.core.formula.typst_math import formula_typst

if TYPE_CHECKING:
    from collections.abc import Iterable


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
    _check_notation(text, declared)
    return Formula(Parser(text, declared).formula(), declared, text)


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


def _check_notation(text: str, names: tuple[str, ...]) -> None:
    """Refuse LaTeX and Python with what to write instead, if that is known."""
    check_length(text)
    if found := notations.LATEX.search(text):
        code, words = "formula.latex", N_("this is LaTeX; write {text}")
        plain = notations.from_latex(text)
    elif found := notations.PYTHON.search(text):
        code, words = "formula.python", N_("this is Python; write {text}")
        plain = notations.from_python(text)
    else:
        return
    column = found.start() + 1
    try:
        Parser(plain, names).formula()
    except FormulaError as error:
        if code == "formula.python":
            raise FormulaError(text, column, error.reason) from error
        if "\\" not in text:
            return  # what is wrong with it is not its brackets
        words = N_("this is LaTeX; write it as on a keyboard, such as x^2/2")
        raise FormulaError(text, column, Message.of("formula.keyboard", words)) from error
    raise FormulaError(text, column, Message.of(code, words, text=plain))
