"""Formulas with their numbers put in, as Typst markup built from printed numbers.

Every function takes ``number``, which turns a path in the answer sheet into printed text (and notes
that it is shown), so that nothing can be written here that core did not compute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from backprop_studio.scenes.lesson.numbers import elided, sum_of
from backprop_studio.scenes.paint.style import Rgb, hex_of

Number = Callable[[str], str]

_ACTIVATION_SYMBOLS = {
    "relu": '"relu"',
    "leaky_relu": '"leaky relu"',
    "sigmoid": "sigma",
    "tanh": "tanh",
    "gelu": '"gelu"',
    "softplus": '"softplus"',
}


def coloured(source: str, colour: Rgb) -> str:
    """Return mathematics in a colour."""
    return f'#text(fill: rgb("{hex_of(colour)}"))[${source}$]'


def few(entry: Callable[[int], str], size: int, dots: str, always: int | None = None) -> list[str]:
    """Return the printed entries of a row or column that are written, with dots for the others.

    Parameters
    ----------
    always : int, optional
        One that is written in any case.

    Examples
    --------
    >>> few(str, 9, "dots")
    ['0', '1', 'dots', '8']
    >>> few(str, 6, "dots.v", always=2)
    ['0', '1', '2', 'dots.v', '5']
    """
    found = elided(size, always)
    if dots == "dots.v":  # above each other, dots for one entry would save nothing
        found = [_alone(found, at) if k is None else k for at, k in enumerate(found)]
    return [dots if k is None else entry(k) for k in found]


def _alone(found: list[int | None], at: int) -> int | None:
    """Return the entry for which dots stand, if it is one alone."""
    before, after = found[at - 1], found[at + 1]
    assert before is not None
    assert after is not None
    return before + 1 if after - before == 2 else None


def matrix(rows: Sequence[Sequence[str]]) -> str:
    """Return a matrix of printed entries; none is ``[]``."""
    # The blank before the semicolon matters: after a coloured entry Typst would swallow it.
    return f"mat({' ; '.join(', '.join(row) for row in rows)})"


def vector(entries: Sequence[str]) -> str:
    """Return a column of printed entries."""
    return matrix([[entry] for entry in entries])


def vector_of(number: Number, name: str, size: int) -> str:
    """Return a vector of the answer sheet, such as ``layers.0.z.0``.

    Examples
    --------
    >>> vector_of(str, "z.0", 2)
    'mat(z.0.0 ; z.0.1)'
    """
    return vector(few(lambda k: number(f"{name}.{k}"), size, "dots.v"))


def entries_of(number: Number, name: str, size: int) -> str:
    """Return a vector of the answer sheet in one line, as torch prints it."""
    return f"({', '.join(few(lambda k: number(f'{name}.{k}'), size, 'dots'))})"


def matrix_of(
    number: Number, name: str, rows: int, columns: int, *, transposed: bool = False
) -> str:
    """Return a matrix of the answer sheet, such as ``layers.0.weight``.

    Parameters
    ----------
    rows, columns : int
        Shape as it stands in the sheet.
    transposed : bool
        Show its transpose.
    """
    row_indices, column_indices = elided(rows), elided(columns)
    if transposed:
        row_indices, column_indices = column_indices, row_indices

    def entry(row: int | None, column: int | None) -> str:
        if row is None or column is None:
            return "dots.down" if row is column else ("dots.v" if row is None else "dots.h")
        return number(f"{name}.{column}.{row}" if transposed else f"{name}.{row}.{column}")

    return matrix([[entry(row, column) for column in column_indices] for row in row_indices])


def mean_of(number: Number, name: str, count: int) -> str:
    """Return the mean of a list of the answer sheet, written out.

    Examples
    --------
    >>> mean_of(str, "l", 3), mean_of(str, "l", 1)
    ('(l.0 + l.1 + l.2) / 3', 'l.0')
    """
    terms = few(lambda k: number(f"{name}.{k}"), count, "dots.c")
    return f"({sum_of(terms)}) / {count}" if count > 1 else terms[0]


def total_of(number: Number, name: str, count: int) -> str:
    """Return the sum of a list of the answer sheet, none of it negative, written out.

    Examples
    --------
    >>> total_of(str, "l", 2)
    'l.0 + l.1'
    """
    return " + ".join(few(lambda k: number(f"{name}.{k}"), count, "dots.c"))


def over(above: str, below: str) -> str:
    """Return the partial derivative of one quantity by another."""
    return f"(partial {above}) / (partial {below})"


def activation_of(activation: str, argument: str, *, derivative: bool = False) -> str:
    """Return f(z), or f'(z), with the activation's own symbol.

    Examples
    --------
    >>> activation_of("sigmoid", "z_1"), activation_of("identity", "z_1")
    ('sigma(z_1)', 'z_1')
    >>> print(activation_of("relu", "z_1", derivative=True))
    "relu"'(z_1)
    >>> activation_of("identity", "z_1", derivative=True)
    '1'
    """
    if activation == "identity":
        return "1" if derivative else argument
    return f"{_ACTIVATION_SYMBOLS[activation]}{chr(39) if derivative else ''}({argument})"
