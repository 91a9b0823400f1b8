"""Columns of a table: cells become numbers as they come, and what they look like is counted."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, did_you_mean, listed
from backprop_studio.core.base.validation_messages import nearest_name, shown
from backprop_studio.core.datasets.cells import FLAGS, class_name, is_missing, kind_of, written
from backprop_studio.core.datasets.notation import MAX_DIGITS, Notation, is_like_number, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import Any

    import numpy.typing as npt

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.datasets.cells import Cell, Place

MAX_CLASSES = 100
MOST_NAMED = 8

ColumnKey = str | int
"""The name of a column, or its number counted from 1."""

_NOT_PLAIN = re.compile(r"[^0-9+.eE \n-]")
_THREE_DECIMALS = re.compile(r"^ *[+-]?[1-9][0-9]{0,2}\.[0-9]{3} *$", re.MULTILINE)


@dataclass
class Column:
    """A column that is read, block by block.

    Attributes
    ----------
    at : int
        Which, counted from 0.
    name : str
    keeps_text : bool
        Whether cells are kept as they stand, because they may be classes.
    parts : list
        An array of each block of plain numbers, else its cells.
    shapes : Counter
        How many cells look like a number of each shape.
    count, numbers, missing, flags : int
        Cells, and how many of them are what.
    """

    at: int
    name: str
    keeps_text: bool = False
    parts: list[Array | list[Cell]] = field(default_factory=list)
    shapes: Counter[str] = field(default_factory=Counter)
    count: int = 0
    numbers: int = 0
    missing: int = 0
    flags: int = 0
    example: dict[str, tuple[int, str]] = field(default_factory=dict)
    """The first cell of each shape, and which of the column it is."""

    def add(self, cells: Sequence[Cell]) -> None:
        """Take the next cells of the column."""
        plain = None if self.keeps_text else plain_numbers(cells)
        if plain is None:
            self._look_at(cells)
            self.parts.append(list(cells))
        else:
            self.numbers += len(cells)
            # What is plain has no decimals that could be thousands: one shape stands for all.
            is_written = bool(cells) and isinstance(cells[0], str)
            points = "".join(cells).count(".") if is_written else 0  # type: ignore[arg-type]
            self.shapes.update({"1.1": points, "1": len(cells) - points})
            self.parts.append(plain)
        self.count += len(cells)

    def _look_at(self, cells: Sequence[Cell]) -> None:
        """Count what cells look like; those of one shape are alike, and looked at once."""
        texts = [cell if isinstance(cell, str) else "1" for cell in cells]
        shapes = _shapes(texts)
        for shape, count in Counter(shapes).items():
            text = shape.strip()
            if is_like_number(text):
                self.numbers += count
                self.shapes[text] += count
                if text not in self.example:
                    at = shapes.index(shape)
                    self.example[text] = (self.count + at, texts[at])
            elif is_missing(text):
                self.missing += count
            elif text.lower() in FLAGS:
                self.flags += count
            elif kind_of(text) == "number":  # infinite
                self.numbers += count

    @property
    def are_flags(self) -> bool:
        """Whether it holds true and false only."""
        return self.flags > 0 and self.flags + self.missing == self.count

    @property
    def kind(self) -> Literal["numbers", "classes"]:
        """What it most likely holds."""
        return "numbers" if self.are_numbers else "classes"

    @property
    def are_numbers(self) -> bool:
        """Whether at least half of its cells are numbers; the others then are complained about."""
        return 2 * self.numbers >= self.count - self.missing

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in any of its cells."""
        return self.missing == self.count and not any(map(written, self.cells()))

    def cells(self) -> list[Cell]:
        """Return the cells as they stand, as far as they were kept."""
        return [cell for part in self.parts for cell in part]

    def values(self, notation: Notation) -> tuple[Array, int | None]:
        """Return the numbers, with NaN for what is missing, and the first cell that is none.

        Parameters
        ----------
        notation : Notation
            Of the whole table.

        Returns
        -------
        values : (N,) float64 array
        wrong : int or None
            Which cell is neither a finite number nor missing.
        """
        found: list[Array] = []
        wrong, at = None, 0
        for part in self.parts:
            if isinstance(part, np.ndarray):
                found.append(part)
            else:
                values = self._values(part, notation)
                bad = next((k for k, it in enumerate(values) if it == math.inf), None)
                if wrong is None and bad is not None:
                    wrong = at + bad
                found.append(np.array(values))
            at += len(part)
        return np.concatenate(found), wrong

    def _values(self, part: list[Cell], notation: Notation) -> list[float]:
        if self.count == sum(it for shape, it in self.shapes.items() if notation.takes(shape)):
            plain = [notation.plain(cell) if isinstance(cell, str) else cell for cell in part]
            values = list(map(float, plain))
            return [value if math.isfinite(value) else math.inf for value in values]
        return [self._value(cell, notation) for cell in part]

    def _value(self, cell: Cell, notation: Notation) -> float:
        """Return a number, NaN if it is missing, infinity if it is wrong."""
        if not isinstance(cell, str):
            return cell
        if self.are_flags and cell.strip().lower() in FLAGS:
            return FLAGS[cell.strip().lower()]
        value = notation.value(cell)
        if value is None:
            return math.nan if is_missing(cell) else math.inf
        return value if math.isfinite(value) else math.inf


def _shapes(texts: list[str]) -> list[str]:
    """Return the shapes of cells, all in one go where no cell has a line break of its own."""
    joined = "\n".join(texts)
    if joined.count("\n") != len(texts) - 1 or len(joined) > MAX_DIGITS * len(texts):
        return [shape_of(text[: MAX_DIGITS + 1]) for text in texts]
    return shape_of(joined, strip=False).split("\n")


def plain_numbers(cells: Sequence[Cell]) -> Array | None:
    """Return cells that are all numbers in whatever notation, None if any needs a closer look.

    The quick path through a large table: of what float() takes and no notation does, nothing is
    left once letters, _ and other digits are ruled out.

    Examples
    --------
    >>> plain_numbers(["1", " 2.5"]), plain_numbers(["1", "nan"]), plain_numbers(["12.500"])
    (array([1. , 2.5]), None, None)
    """
    kinds = set(map(type, cells))
    if kinds != {str}:
        if str in kinds:
            return None
        return np.array(cells, dtype=np.float64)
    joined = "\n".join(cells)  # type: ignore[arg-type]
    if _NOT_PLAIN.search(joined) or _THREE_DECIMALS.search(joined):
        return None
    if max(map(len, cells)) > MAX_DIGITS:  # type: ignore[arg-type]
        return None
    try:
        values = np.array(list(map(float, cells)))
    except ValueError:
        return None
    return values if np.isfinite(values).all() else None


def distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names of which none stands twice: later ones say which column they are.

    Examples
    --------
    >>> distinct(("x", "x", "y"))
    ('x', 'x (column 2)', 'y')
    """
    seen = Counter(names)
    first = {name: names.index(name) for name in seen}
    return tuple(
        name if first[name] == at else f"{name} (column {at + 1})" for at, name in enumerate(names)
    )


def position_of(path: Path, names: tuple[str, ...], wanted: ColumnKey | None, default: int) -> int:
    """Return where a column is, counted from 0.

    Raises
    ------
    InputError
        If there is none, or several are called so.

    Examples
    --------
    >>> from pathlib import Path
    >>> position_of(Path("a.csv"), ("x", "y"), "y", 0), position_of(Path("a.csv"), ("x", "y"), 1, 1)
    (1, 0)
    """
    if wanted is None:
        return default
    if isinstance(wanted, int):
        if 1 <= wanted <= len(names):
            return wanted - 1
        if names.count(str(wanted)) == 1:  # as years are
            return names.index(str(wanted))
        words = N_("the file {file} has no column {column}: expected 1 to {most}")
        raise InputError("table.no_number", words, file=path, column=wanted, most=len(names))
    same = [at for at, name in enumerate(names) if name == wanted]
    same += [at for at, name in enumerate(names) if name == f"{wanted} (column {at + 1})"]
    if len(same) > 1:
        words = N_(
            "the file {file} has {count} columns called {name}: give the number of one, {numbers}"
        )
        numbers = listed(at + 1 for at in same)
        fields = {"count": len(same), "name": shown(wanted), "numbers": numbers}
        raise InputError("table.twice", words, file=path, **fields)
    if same:
        return same[0]
    near = _meant(wanted, names)
    few = listed([*map(shown, names[:MOST_NAMED]), *["…"] * (len(names) > MOST_NAMED)])
    every = Message.of("hint.columns", N_("its columns are {names}"), names=few)
    hint = did_you_mean(shown(near)) if near else every
    words = N_("the file {file} has no column {column}; {hint}")
    raise InputError("table.no_column", words, file=path, column=shown(wanted), hint=hint)


def _meant(wanted: str, names: Sequence[str]) -> str | None:
    """Return the column that most likely is meant: but for its case, its unit, or a few letters."""
    low = wanted.casefold()
    same = [name for name in names if name.casefold() == low]
    longer = [name for name in names if name.casefold().startswith(low)]
    few = next((found[0] for found in (same, longer) if len(found) == 1), None)
    return few or nearest_name(wanted, names)


def input_positions(
    path: Path, names: tuple[str, ...], wanted: tuple[ColumnKey, ...] | None, target: int
) -> list[int]:
    """Return where the inputs are; all columns but the target if none are named.

    Raises
    ------
    InputError
        If one is not there, stands twice, or is the target.

    Examples
    --------
    >>> from pathlib import Path
    >>> input_positions(Path("a.csv"), ("x", "y", "z"), None, 1)
    [0, 2]
    """
    if wanted is None:
        return [at for at in range(len(names)) if at != target]
    found = [position_of(path, names, column, 0) for column in wanted]
    if not found or len(set(found)) < len(found) or target in found:
        words = N_(
            "the file {file} cannot be read with the inputs {inputs}: expected one or more "
            "columns, each once and none the target {target}"
        )
        fields = {"inputs": shown(list(wanted)), "target": shown(names[target])}
        raise InputError("table.inputs", words, file=path, **fields)
    return found


def classes_of(
    target: Column, texts: Any, rows: npt.NDArray[np.int64], place: Callable[[int, Column], Place]
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Return the class of each row, and the names of the classes, sorted.

    Parameters
    ----------
    target : Column
    texts : (N,) array of str
        Its cells.
    rows : (N,) int64
        Their numbers in the file.
    place : callable
        Returns where a row has its cell of a column.

    Raises
    ------
    InputError
        If there are fewer than two or too many, or a name cannot be shown.

    Examples
    --------
    >>> from pathlib import Path
    >>> from backprop_studio.core.datasets.cells import Place
    >>> column, texts = Column(1, "kind"), np.array(["rose", "aster", "rose"])
    >>> place = lambda row, _: Place(Path("a.csv"), row, 2, "kind")
    >>> found, names = classes_of(column, texts, np.array([2, 3, 4]), place)
    >>> found.tolist(), names
    ([1, 0, 1], ('aster', 'rose'))
    """
    found: dict[str, int] = {}
    for row, cell in zip(rows.tolist(), texts, strict=True):
        if cell in found:
            continue
        here = place(row, target)
        found[class_name(here, cell)] = row
        if len(found) > MAX_CLASSES:
            words = N_(
                "the file {file} has too many classes in column {column} ({name}): expected at "
                "most {most}, and row {row} brings one more"
            )
            where = {"file": here.path, "column": target.at + 1, "name": shown(target.name)}
            raise InputError("table.classes", words, **where, most=MAX_CLASSES, row=row)
    if len(found) < 2:
        here = place(int(rows[0]), target)
        words = N_(
            "the file {file} has one class only in column {column} ({name}): expected two or more, "
            "found {found} in all rows"
        )
        where = {"file": here.path, "column": target.at + 1, "name": shown(target.name)}
        raise InputError("table.one_class", words, **where, found=shown(next(iter(found))))
    classes = tuple(sorted(found, key=_order))
    index = {text: k for k, text in enumerate(classes)}
    return np.array([index[cell] for cell in texts], dtype=np.int64), classes


def _order(name: str) -> tuple[bool, float, str]:
    """Sort classes that are numbers by size, before those that are texts."""
    value = Notation().value(name)
    return value is None, value or 0.0, name


def no_row_left(path: Path, column: Column, target: Column) -> InputError:
    """Return the error about a table of whose rows none is left.

    Parameters
    ----------
    path : Path
    column, target : Column
        The one that lacks most, and the one that is to be told.

    Examples
    --------
    >>> from pathlib import Path
    >>> column = Column(1, "y")
    >>> no_row_left(Path("a.csv"), column, column).message.fields["other"]
    'data.target_column'
    """
    text = N_(
        "the file {file} has a missing value in every row: no row is left; most are in column "
        "{column} ({name}): name other columns in {other}"
    )
    fields = {"column": column.at + 1, "name": shown(column.name)}
    fields["other"] = "data.target_column" if column is target else "data.input_columns"
    return InputError("table.no_rows_left", text, file=path, **fields)
