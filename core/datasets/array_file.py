"""Rows of numpy's own files, .npy and .npz: numbers and texts only, never a pickle."""

from __future__ import annotations

import io
import itertools
import math
from tokenize import TokenError
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import listed
from backprop_studio.core.base.validation_messages import nearest_name, shown
from backprop_studio.core.datasets.cells import as_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from backprop_studio.core.datasets.cells import Cell

    Numbered = Iterator[tuple[int, list[Cell]]]

_BROKEN = (ValueError, EOFError, OSError, SyntaxError, TypeError, TokenError)
"""What numpy raises of a header that nobody wrote; it reads one as Python's own literals."""

_TARGETS = ("y", "t", "target", "targets", "label", "labels", "y_train", "train_y")
"""Names of arrays that come last, because the last column is the target."""


def npy_rows(path: Path, content: bytes) -> tuple[Numbered, Literal["array"], tuple[str, ...]]:
    """Return the rows of an .npy file, what it is, and the names of its columns.

    Raises
    ------
    InputError
        If it is a pickle, of another shape than a table, or damaged.

    Examples
    --------
    >>> from pathlib import Path
    >>> file = io.BytesIO()
    >>> np.save(file, np.array([[1, 2], [3, 4]]))
    >>> rows, _, names = npy_rows(Path("a.npy"), file.getvalue())
    >>> list(rows), names
    ([(1, [1.0, 2.0]), (2, [3.0, 4.0])], ())
    """
    array = _array(path, content)
    table, names = _columns(path, array, "")
    if array.ndim == 1 and not names:
        text = N_(
            "the file {file} has one column only, {found} numbers in a row: expected an array of "
            "rows and columns, with two columns or more"
        )
        raise InputError("array.one_column", text, file=path, found=len(array))
    return _rows([table]), "array", names


def npz_rows(
    path: Path, arrays: Mapping[str, bytes], wanted: str | int | None
) -> tuple[Numbered, Literal["array"], tuple[str, ...], str | None]:
    """Return the rows of an .npz file, what it is, its columns' names, and the array taken.

    Arrays with as many rows each stand side by side, those that are called y, target or label
    last; of others one has to be chosen.

    Raises
    ------
    InputError
        As :func:`npy_rows` does, or if it is open which array is meant.

    Examples
    --------
    >>> from pathlib import Path
    >>> files = [io.BytesIO(), io.BytesIO()]
    >>> for file in files:
    ...     np.save(file, np.array([1.5, 2.5]))
    >>> rows, *_ = npz_rows(Path("a.npz"), dict(zip("xy", [it.getvalue() for it in files])), None)
    >>> list(rows)
    [(1, [1.5, 1.5]), (2, [2.5, 2.5])]
    """
    if wanted is not None:
        name = chosen_part(path, wanted, tuple(arrays))
        rows, form, names = npy_rows(path, arrays[name])
        return rows, form, names, name
    order = sorted(arrays, key=lambda name: name.lower() in _TARGETS)
    read = {name: _array(path, arrays[name]) for name in order}
    if len({len(it) if it.ndim else 0 for it in read.values()}) > 1:
        shapes = listed(f"{name} {_size(array)}" for name, array in read.items())
        text = N_(
            "the file {file} has arrays of different lengths, {shapes}: "
            "set {other} to the name of one"
        )
        raise InputError("array.which", text, file=path, shapes=shapes, other="data.sheet")
    tables, names = zip(*(_columns(path, it, name) for name, it in read.items()), strict=True)
    return _rows(list(tables)), "array", tuple(itertools.chain(*names)), None


def chosen_part(path: Path, wanted: str | int, names: tuple[str, ...]) -> str:
    """Return the name of a sheet or array that is given by its name, or its number from 1.

    Raises
    ------
    InputError
        If there is none; the message says which there are.

    Examples
    --------
    >>> from pathlib import Path
    >>> chosen_part(Path("a.xlsx"), 2, ("Notes", "Data"))
    'Data'
    """
    if isinstance(wanted, int) and 1 <= wanted <= len(names):
        return names[wanted - 1]
    if str(wanted) in names:
        return str(wanted)
    near = nearest_name(str(wanted), names)
    first = [near, *(it for it in names if it != near)] if near else names
    text = N_("the file {file} has no sheet or array {wanted}; it has {names}")
    told = listed(map(shown, first[:6]))
    raise InputError("table.no_part", text, file=path, wanted=shown(wanted), names=told)


def _array(path: Path, content: bytes) -> npt.NDArray[Any]:
    """Return an array that its header does not make larger than its file."""
    file = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0
        shape, _, dtype = (read if version == (1, 0) else np.lib.format.read_array_header_2_0)(file)
        if dtype.hasobject:
            text = N_(
                "the file {file} holds Python objects as a pickle, which could run code: "
                "save numbers, as by numpy.save of an array of floats"
            )
            raise InputError("array.pickle", text, file=path)
        if math.prod(shape) * dtype.itemsize != len(content) - file.tell():
            raise EOFError
        file.seek(0)
        return np.load(file, allow_pickle=False)  # type: ignore[no-any-return]
    except _BROKEN as error:
        text = N_("the file {file} is damaged: its header and its length do not fit together")
        raise InputError("array.damaged", text, file=path) from error


def _columns(
    path: Path, array: npt.NDArray[Any], name: str
) -> tuple[list[list[Cell]], tuple[str, ...]]:
    """Return the rows of an array, and what its columns are called if anything says so."""
    fields = array.dtype.names
    if fields and array.ndim == 1:
        parts = [_columns(path, np.atleast_1d(array[field]), field) for field in fields]
        records = [row for _, row in _rows([it for it, _ in parts])]
        return records, tuple(itertools.chain(*(names for _, names in parts)))
    if fields or array.ndim not in {1, 2}:
        text = N_(
            "the file {file} holds an array of shape {found}: expected rows and columns; "
            "reshape it to two dimensions"
        )
        raise InputError("array.shape", text, file=path, found=_size(array))
    if not array.size:
        raise InputError("table.no_cells", N_("the file {file} holds no cells"), file=path)
    if array.dtype.kind == "c":
        text = N_("the file {file} holds complex numbers: expected real ones")
        raise InputError("array.complex", text, file=path)
    table = array.reshape(len(array), -1)
    values = table.astype(np.float64).tolist() if table.dtype.kind in "fiub" else table.tolist()
    is_finite = table.dtype.kind in "iub" or (table.dtype.kind == "f" and np.isfinite(table).all())
    rows: Any = values if is_finite else [[as_cell(it) for it in row] for row in values]
    width = table.shape[1]
    names = (name,) if width == 1 else tuple(f"{name} {at}" for at in range(1, width + 1))
    return rows, names if name else ()


def _rows(tables: list[list[list[Cell]]]) -> Numbered:
    """Yield the rows of tables side by side, with their numbers."""
    for at, parts in enumerate(zip(*tables, strict=True), start=1):
        yield at, [cell for part in parts for cell in part]


def _size(array: npt.NDArray[Any]) -> str:
    return " x ".join(map(str, array.shape)) or "1"
