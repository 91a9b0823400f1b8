"""Delimiter of a table: one of a fixed list, or an error that asks for it."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Literal, get_args

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, either
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.datasets.notation import is_like_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Delimiter = Literal[",", ";", "\t", "|", " ", "，", "；"]

NAMES: dict[str, Message] = {
    ",": Message.of("delimiter.comma", N_("comma")),
    ";": Message.of("delimiter.semicolon", N_("semicolon")),
    "\t": Message.of("delimiter.tab", N_("tab")),
    "|": Message.of("delimiter.bar", N_("vertical bar")),
    " ": Message.of("delimiter.blanks", N_("blanks")),
    "，": Message.of("delimiter.wide_comma", N_("full-width comma")),
    "；": Message.of("delimiter.wide_semicolon", N_("full-width semicolon")),
}

SAMPLED_ROWS = 50
SAMPLED_CHARACTERS = 2**16

_DECLARED = re.compile(r'"?sep=(.)"?[ \t]*(?=[\r\n])', re.IGNORECASE)
"""The first line with which Excel is told the delimiter, and which it does not show."""

_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)


def rows_of(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    r"""Yield the rows of a table with their number, counted from 1; blank ones are left out.

    Parameters
    ----------
    path : Path
        For the message.
    text : str
        The whole table.
    delimiter : Delimiter
        Between two cells; cells may be quoted with ``"``. Of blanks and tabs any number is one.

    Raises
    ------
    InputError
        If a quote is not closed, or something follows a closed one.

    Examples
    --------
    >>> from pathlib import Path
    >>> list(rows_of(Path("a.csv"), 'x;y\n\n"1;2";3', ";"))
    [(1, ['x', 'y']), (3, ['1;2', '3'])]
    >>> list(rows_of(Path("a.txt"), " 1   2\n3\t4 \n", " "))
    [(1, ['1', '2']), (2, ['3', '4'])]
    """
    # Without newline translation: the csv reader wants to see line breaks as they are.
    reader = _reader(io.StringIO(text, newline=""), delimiter)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if any(map(str.strip, row)):
                yield number, row
    except csv.Error as error:
        raise _quote_error(path, number + 1, text, delimiter) from error


def _reader(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    by_blanks = delimiter == " "
    if by_blanks:
        lines = (line.replace("\t", " ").strip() + "\n" for line in lines)
    # A blank behind a delimiter would make a quote a letter: 1, "2".
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)


def _broken_row(text: str, delimiter: str) -> tuple[int, bool]:
    """Return the length of the first row that cannot be read, and whether the text ends in it."""
    taken, are_over = 0, False

    def lines() -> Iterator[str]:
        nonlocal taken, are_over
        for line in io.StringIO(text, newline=""):
            taken += len(line)
            yield line
        are_over = True

    with contextlib.suppress(csv.Error):
        for _ in _reader(lines(), delimiter):
            taken = 0
    return taken, are_over


def _quote_error(path: Path, row: int, content: str, delimiter: str) -> InputError:
    """Return what is wrong with quotes in the first row that cannot be read."""
    limit = csv.field_size_limit()
    taken, are_over = _broken_row(content, delimiter)
    if are_over:
        text = N_(
            'the file {file} is wrong in row {row}: expected a closing quote ", '
            "found the end of the file"
        )
        return InputError("table.open_quote", text, file=path, row=row)
    if taken > limit:
        text = N_(
            "the file {file} is wrong in row {row}: expected cells of at most {most} characters, "
            'found a longer one, as when a quote " is not closed'
        )
        return InputError("table.long_cell", text, file=path, row=row, most=limit)
    text = N_(
        'the file {file} is wrong in row {row}: expected a delimiter after a closing quote ", '
        "found something else"
    )
    return InputError("table.behind_quote", text, file=path, row=row)


def declared_delimiter(text: str) -> tuple[str | None, str]:
    r"""Return the delimiter that the first line declares, and the text without that line.

    The line is left blank, so that the rows keep their numbers.

    Examples
    --------
    >>> declared_delimiter("sep=;\nx;y\n")
    (';', '\nx;y\n')
    >>> declared_delimiter("x;y\n")
    (None, 'x;y\n')
    """
    found = _DECLARED.match(text)
    return (found[1], text[found.end() :]) if found else (None, text)


def find_delimiter(path: Path, text: str) -> Delimiter:
    r"""Return the one delimiter that makes a table of a text.

    That one is taken with which most of the first rows have the same number of cells, two or
    more, and then that with which more cells are numbers, be it with a decimal comma. Blanks are
    taken only if no other makes columns: they stand within cells, too.

    Raises
    ------
    InputError
        If none of them makes columns, or two do so equally well.

    Examples
    --------
    >>> from pathlib import Path
    >>> find_delimiter(Path("a.csv"), "1,5;2,5\n3,5;4,5")
    ';'
    """
    sample = text[:SAMPLED_CHARACTERS]
    if len(sample) < len(text):
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r"))]  # only whole rows
    without = _COMMENT.sub("", sample)
    sample = without if without.strip() else sample
    marks = [mark for mark in get_args(Delimiter) if mark in sample and mark != " "]
    scores = {mark: _score(path, sample, mark) for mark in marks}
    best = max(scores.values(), default=(0.0, 0.0))
    is_open = best == (0.0, 0.0)
    if is_open or (best[0] < 1 and scores.get("\t") == best):  # tabs and blanks may be mixed
        share, numbers = _score(path, sample, " ")
        if share > max(best[0], 0.5) and numbers > 0.3:
            return " "
    if is_open:
        raise _one_column(path, text)
    found: list[Delimiter] = [mark for mark in marks if scores[mark] == best]
    if len(found) > 1:
        words = N_("the file {file} may be separated by {delimiters}: say which delimiter is meant")
        either_way = N_("{others} as well as {last}")
        delimiters = NAMES[found[0]]
        for mark in found[1:]:
            fields = {"others": delimiters, "last": NAMES[mark]}
            delimiters = Message.of("delimiter.and", either_way, **fields)
        raise InputError("table.delimiters", words, file=path, delimiters=delimiters)
    return found[0]


def _one_column(path: Path, text: str) -> InputError:
    first = next((line for line in text.splitlines() if line.strip(" ,;|\t，；")), None)
    if first is None:
        words = N_("the file {file} holds no cells: expected rows of data, found delimiters only")
        return InputError("table.only_delimiters", words, file=path)
    words = N_(
        "the file {file} has one column only: expected cells separated by {delimiters}, "
        "found the row {row}"
    )
    named = either(NAMES[mark] for mark in (",", ";", "\t", "|", " "))
    return InputError("table.no_delimiter", words, file=path, delimiters=named, row=shown(first))


def _score(path: Path, text: str, mark: str) -> tuple[float, float]:
    """How regular a table is with a delimiter, and which share of its cells are numbers."""
    rows: list[list[str]] = []
    # What is wrong with quotes is told when the rows are read with the delimiter that is taken.
    with contextlib.suppress(InputError):
        rows.extend(row for _, row in itertools.islice(rows_of(path, text, mark), SAMPLED_ROWS))
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0, 0.0
    cells = [cell for row in rows for cell in row]
    numbers = sum(is_like_number(cell) for cell in cells)
    return max(widths.values()) / len(rows), numbers / len(cells)
