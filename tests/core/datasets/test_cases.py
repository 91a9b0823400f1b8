"""Tables as people really have them, each with the right answer; the files are in ``cases``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.messages import sentence
from backprop_studio.core.datasets.table import TableOptions, read_table

CASES = Path(__file__).parent / "cases"

HALVES = [0.5 * k for k in range(20)]
WERT = [1 + 1.5 * k for k in range(20)]
TENS = list(range(10))
MELONS = {"input_columns": ("密度",), "target_column": 9}
READ = {
    "b1_csv2.csv": ({}, HALVES, WERT, "separated by semicolon, decimal comma"),
    "b1_nohdr.csv": ({}, HALVES, WERT, "decimal comma, UTF-8, no names of columns"),
    "b1_quoted.csv": ({}, HALVES, WERT, "separated by comma, decimal comma"),
    "b2_thou.csv": ({"thousands": ","}, range(2000, 2020), range(12500, 32500, 1000), 'by ","'),
    "b2_thou_dot.csv": ({"thousands": "."}, range(2000, 2020), range(12500, 32500, 1000), '"."'),
    "b4.tsv": ({}, TENS, [2 * k + 1 for k in TENS], "separated by tab"),
    "b4_pipe.csv": ({}, TENS, [2 * k + 1 for k in TENS], "vertical bar, UTF-8, names in row 1"),
    "b4_space.txt": ({}, TENS, [2 * k + 1 for k in TENS], "separated by blanks"),
    "comment.csv": ({}, [1, 2, 3], [2, 4, 6], "1 row of title or comment"),
    "b8_unitrow.csv": ({}, TENS, [9.81 * k for k in TENS], "1 row of units"),
    "b8_title.csv": ({}, TENS, [9.81 * k for k in TENS], "2 rows of title or comment"),
    "b11_trailing.csv": ({}, TENS, [k * k for k in TENS], "1 empty column"),
    "b11_dup.csv": ({"input_columns": (1,)}, TENS, [3 * k for k in TENS], "names in row 1"),
    "pandas_num.csv": (
        {"input_columns": ("0",)}, range(10, 22), [3 * k for k in range(12)], "names in row 1",
    ),
    "b5.npy": ({}, [2 * k for k in TENS], [2 * k + 1 for k in TENS], "no names of columns"),
    "b5.npz": ({}, TENS, TENS, '"x" (0 to 9); target: "y"'),
    "西瓜.csv": (MELONS, None, None, "GBK"),
    "西瓜_utf8bom.csv": (MELONS, None, None, "UTF-8"),
    "西瓜_全角.csv": (MELONS, None, None, "full-width comma"),
    **{
        f"b9_{name}.csv": (
            {"missing": "skip", "input_columns": ("b",)},
            [2 * k for k in TENS if k != 3],
            [3 * k for k in TENS if k != 3],
            "left out: 1 row with a missing value (5)",
        )
        for name in ("NA", "empty", "q")
    },
}  # fmt: skip

REFUSED = {
    "b1_comma.csv": ["row 2 is 0 | 00 | 1 | 00 or 0,00 | 1,00", "data.delimiter"],
    "b2_thou.csv": ['row 2, column 2 ("price") "12,500"', "12.5 or 12500", "data.thousands"],
    "b2_thou_dot.csv": ['row 2, column 2 ("price") "12.500"', "12.5 or 12500", "data.decimal"],
    "b8_inline.csv": ['row 2, column 1 ("t")', '"0 s"'],
    "b9_NA.csv": ['row 5, column 2 ("b")', '"NA"', "data.missing"],
    "b9_empty.csv": ['row 5, column 2 ("b")', "an empty cell", "data.missing"],
    "b9_q.csv": ['row 5, column 2 ("b")', '"?"', "data.missing"],
    "temp_bom.csv": ['row 2, column 1 ("Datum")', "the date"],
    "temp_sep.csv": ['row 3, column 1 ("Datum")', "the date"],
    "temp_sep_bom.csv": ['row 3, column 1 ("Datum")', "the date"],
    "air_quality.csv": ['row 2, column 1 ("Date")', "the date", "data.input_columns"],
    "b5.json": ["JSON", "as CSV"],
}


def said(data):
    return " ".join(sentence(line) for line in data.report.lines())


@pytest.mark.parametrize("name", READ)
def test_what_is_read(name):
    options, x, y, words = READ[name]
    data = read_table(CASES / name, TableOptions(**options))
    if x is None:
        x, y = np.loadtxt(CASES / "melons.txt").T
    assert data.inputs[:, 0].tolist() == pytest.approx(list(x), rel=1e-15)
    assert data.targets[:, 0].tolist() == pytest.approx(list(y), rel=1e-15)
    assert words in said(data).replace("Left out", "left out")
    assert len(data.report.lines()) <= 6


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name):
    with pytest.raises(InputError) as caught:
        read_table(CASES / name)
    for words in REFUSED[name]:
        assert words in str(caught.value)


def test_columns_of_the_air_that_can_be_used(tmp_path):
    path = CASES / "air_quality.csv"
    options = {"input_columns": ("T", "RH"), "target_column": "CO(GT)"}
    data = read_table(path, TableOptions(**options))
    assert data.inputs[0].tolist() == [20.8, 24.7]
    assert "2 empty columns" in said(data)
    assert "Column 3 holds -200 7 times: a mark for missing?" in said(data)
    kept = read_table(path, TableOptions(**options, missing_number=-200))
    assert (data.size - kept.size, kept.targets.min() >= 0) == (7, True)
    assert kept.report.skipped[0] == 3


def test_a_column_that_counts_the_rows_is_asked_about():
    data = read_table(CASES / "Iris.csv")
    (mark,) = data.report.marks
    assert 'column 1 ("Id") counts the rows; leave it out?' in mark.words()
    assert mark.fields["value"] == "[2, 3, 4, 5]"
    kept = read_table(CASES / "Iris.csv", TableOptions(input_columns=(2, 3, 4, 5)))
    assert (kept.inputs.shape, kept.report.marks) == ((150, 4), ())
