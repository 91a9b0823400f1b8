"""numpy's own files: what is no table of numbers is named for what it is; no pickle is opened."""

from __future__ import annotations

import io

import numpy as np
import pytest

from backprop_studio.core.datasets.table import TableOptions, read_table

GRID = np.arange(6.0).reshape(3, 2)
RECORDS = np.array([(1, 2.5, b"a"), (3, 4.5, b"b")], dtype=[("i", "i4"), ("f", "f8"), ("k", "S3")])


def npy(array, **more):
    file = io.BytesIO()
    np.save(file, array, **more)
    return file.getvalue()


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.mark.parametrize(
    "array",
    [
        GRID,
        np.asfortranarray(GRID),
        GRID.astype(">f4"),
        GRID.astype(np.int8),
        GRID.astype("U3"),
        np.rec.fromarrays(GRID.T, names="a,b"),
    ],
    ids=["plain", "Fortran", "big-endian", "int8", "text", "fields"],
)
def test_numbers_of_any_kind(array, table):
    data = read_table(table(npy(array)))
    assert data.inputs.tolist() == GRID[:, :1].tolist()
    assert data.targets.tolist() == GRID[:, 1:].tolist()


def test_flags_records_and_missing_values(table):
    data = read_table(table(npy(np.array([[True, False], [False, True]]))))
    assert data.inputs.tolist() == [[1], [0]]
    data = read_table(table(npy(RECORDS)))
    assert (data.feature_names, data.class_names) == (("i", "f"), ("a", "b"))
    assert data.inputs.tolist() == [[1, 2.5], [3, 4.5]]
    path = table(npy(np.array([[1, np.nan], [2, 3]])))
    assert read_table(path, TableOptions(missing="skip")).inputs.tolist() == [[2]]


def test_arrays_that_stand_side_by_side_or_are_chosen(table):
    data = read_table(table(npz(y=np.arange(3.0), X=GRID)))
    assert (data.feature_names, data.target_names) == (("X 1", "X 2"), ("y",))
    assert data.targets[:, 0].tolist() == [0, 1, 2]
    path = table(npz(train=GRID, test=GRID[:2]))
    for wanted in ("test", 2):
        data = read_table(path, TableOptions(sheet=wanted))
        assert (data.size, data.report.part) == (2, "test")


HUGE = npy(GRID).replace(b"(3, 2), }   ", b"(3, 2**40), }")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (npy(np.array([[1, "a"]], dtype=object), allow_pickle=True), ["pickle", "numpy.save"]),
        (npz(a=GRID, b=GRID[:2]), ["a 3 x 2, b 2 x 2", "data.sheet"]),
        (npy(np.arange(3.0)), ["one column only"]),
        (npy(np.float64(3)), ["reshape"]),
        (npy(np.zeros((2, 3, 4))), ["2 x 3 x 4", "reshape"]),
        (npy(np.zeros((0, 3))), ["no cells"]),
        (npy(np.zeros((2, 2), complex)), ["complex"]),
        (npy(np.array([["2024-01-01", "2024-01-02"]], dtype="M8[D]")), ["row 1, column 1", "date"]),
        (npy(np.array([[1, np.inf]])), ["row 1, column 2", "a finite number"]),
        (npy(np.array([[1, np.nan]])), ["row 1, column 2", "data.missing"]),
        (npy(GRID)[:-8], ["damaged"]),
        (npy(GRID).replace(b"(3, 2)", b"(3, 9)"), ["damaged"]),
        (npy(GRID).replace(b"{", b"("), ["damaged"]),
        (HUGE, ["damaged"]),
    ],
)
def test_what_is_no_table(content, words, table, says):
    says(lambda: read_table(table(content)), *words)


def test_an_array_that_is_not_there(table, says):
    options = TableOptions(sheet="tarin")
    says(lambda: read_table(table(npz(train=GRID)), options), '"tarin"', '"train"')
