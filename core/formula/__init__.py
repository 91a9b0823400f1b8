"""Formulas that a lecturer types: read by our own parser, computed in float64, differentiated.

``parse_formula`` turns a text into a :class:`Formula`, an immutable tree of allow-listed nodes.
Nothing typed by a user is ever evaluated by Python or read by sympy. The heavier halves are
modules of their own, so that checking a formula loads neither torch nor sympy:
:mod:`core.formula.evaluate` (torch and numpy), :mod:`core.formula.curve` (samples and their gaps)
and :mod:`core.formula.symbolic` (the derivative as a formula).
"""

from __future__ import annotations

from backprop_studio.core.formula.errors import FormulaError
from backprop_studio.core.formula.parse import Formula, check_formula, parse_formula

__all__ = ["Formula", "FormulaError", "check_formula", "parse_formula"]
