"""Good tables: every number to the last bit, whatever the delimiter and the options."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.datasets.cells import Place, number
from backprop_studio.core.datasets.columns import plain_numbers
from backprop_studio.core.datasets.notation import NOTATIONS, Notation
from backprop_studio.core.datasets.table import TableOptions, read_table
from backprop_studio.core.json_ready import plain
from tests.core.specs import QUICK

SOME = settings(QUICK, max_examples=40)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
WORD = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20
).filter(lambda word: not word.startswith("=") and word.isprintable())


def read_back(rows, options=None, mark=",", end="\n", bom="", quoting=csv.QUOTE_ALL):
    """Return what is read of rows of cells that Python's own writer has written down."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=mark, lineterminator=end, quoting=quoting).writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        path.write_bytes((bom + text.getvalue()).encode())
        return read_table(path, options)


@SOME
@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(FINITE, min_size=width, max_size=width), min_size=1)
    ),
    st.booleans(),
    st.fixed_dictionaries(
        {
            "mark": st.sampled_from(",;\t"),
            "end": st.sampled_from(["\n", "\r\n", "\r"]),
            "bom": st.sampled_from(["", "\ufeff"]),
            "quoting": st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
        }
    ),
)
def test_round_trip_to_the_last_bit(rows, has_header, style):
    header = [[f"name {at}" for at in range(len(rows[0]))]] if has_header else []
    data = read_back(header + [[repr(value) for value in row] for row in rows], **style)
    expected = np.array(rows)
    assert data.inputs.tobytes() == expected[:, :-1].tobytes()
    assert data.targets.tobytes() == expected[:, -1:].tobytes()


@SOME
@given(st.lists(st.tuples(FINITE, WORD), min_size=2, max_size=20), st.sampled_from(",;\t"))
def test_round_trip_of_classes(rows, mark):
    words = [word for _, word in rows]
    assume(len(set(words)) > 1)
    options = TableOptions(header=False, target_kind="classes", delimiter=mark)
    data = read_back([[repr(x), word] for x, word in rows], options, mark)
    assert [data.class_names[at] for at in data.targets.tolist()] == words
    assert data.inputs[:, 0].tolist() == [x for x, _ in rows]


@SOME
@given(st.text(st.sampled_from("0123456789+-.eE _naif１,x"), max_size=8))
def test_the_quick_way_reads_nothing_that_the_careful_one_refuses(cell):
    quick = plain_numbers([cell])
    try:
        careful = [number(Place(Path("a.csv"), 1, 1, "x"), cell, Notation())]
    except InputError:
        careful = None
    assert quick is None or quick.tolist() == careful


FLOWERS = "length,width,kind\n1.5,2,rose\n3,4,aster\n5,6,rose\n"
CHINESE = "长度,种类\n1,玫瑰\n2,紫菀\n"
PLANTS = {"feature_names": ["长度"], "class_names": ["玫瑰", "紫菀"]}
SORTED = "x,y\n1,10\n2,9\n3,10\n"
WAYS = [
    "x;y\n1;2\n3;4\n",
    "x\ty\n1\t2\n3\t4\n",
    '"x","y"\r\n"1","2"\r\n\r\n" 3 ","4"\r\n\r\n',
    b"\xef\xbb\xbfx,y\n1,2\n3,4",
    "x,y\r1,2\r3,4\r",
    "x;a, b\n1;2\n3;4\n",
    "x,y\n+1.0e0,2.\n.3e1,4\n",
    "x,y\n1,2\r\n3,4\r",
    "x|y\n1|2\n3|4\n",
    "x y\n1 2\n 3 \t 4 \n",
    "x \t y\n1\t 2\n 3  4\n",
    "x，y\n１，２\n３，４\n",
    "x；y\n1；2\n3；4\n",
    "sep=;\nx;y\n1;2\n3;4\n",
    '"SEP=\t"\nx\ty\n1\t2\n3\t4\n',
    "# t v\n1 2\n3 4\n",
    "#x,y\n1,2\n# a pause, long, and dull\n3,4\n",
    "x;y\n1,0;2,0\n3,0;4,0\n",
    "x,y\n١,٢\n٣٫٠,٤\n",
    "x,y,\n1,2\n3,4,,\n",
    '"x","y"\n"1","2"\n"3","4"\n',
    ("größe,y\n1,2\n3,4\n").encode("cp1252"),
    ("größe,y\n1,2\n3,4\n").encode("utf-32"),
    ("x,y\n1,2\n3,4\n").encode("utf-16-be"),
    "x,y\ns,m/s\n1,2\n3,4\n",
    "Monday,\nx,y\n1,2\n3,4\n",
    'x, y\n1, "2"\n3, "4"\n',
    "x,y\n1,2\n3,4\n\x1a",
    "x;y\n1\u200b;2\n\ufeff3;4\n",
    "x,y\n1,2\n3,4\n\nSource: a survey\n",
    "| x | y |\n|---|:---:|\n| 1 | 2 |\n| 3 | 4 |\n",
    "|1|2|\n|3|4|\n",
    " x | y \n---+---\n 1 | 2\n 3 | 4\n(2 rows)\n",
    ",x,y\n,1,2\n,3,4\n",
    "x,,y\n1,,2\n3,,4\n",
    "x,note,y,e\n1,,2,\n3,,4,\n",
]
"""The same numbers."""


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        (
            FLOWERS,
            {},
            {
                "name": "table",
                "feature_names": ["length", "width"],
                "target_names": ["kind"],
                "class_names": ["aster", "rose"],
                "targets": [1, 0, 1],
                "train": [0, 1, 2],
                "mean": None,
            },
        ),
        (
            FLOWERS,
            {"input_columns": ("width", 1), "target_column": "kind"},
            {"feature_names": ["width", "length"], "inputs": [[2, 1.5], [4, 3], [6, 5]]},
        ),
        # A column that is not asked for may hold anything.
        (
            "id,x,y\n=cmd(),1,2\nnan,3,4\n",
            {"input_columns": ("x",)},
            {"inputs": [[1], [3]], "targets": [[2], [4]]},
        ),
        (
            "1,2,a\n3,4,b\n",
            {},
            {"feature_names": ["column 1", "column 2"], "class_names": ["a", "b"]},
        ),
        # Classes that are written as numbers are asked for, and sorted by size.
        (SORTED, {}, {"targets": [[10], [9], [10]]}),
        (
            SORTED,
            {"target_kind": "classes"},
            {"class_names": ["9", "10"], "targets": [1, 0, 1]},
        ),
        (
            "x;y\n1;b\n2;1,5\n3;nan\n4;b\n5;b\n6;7\n7;b\n",
            {},
            {"class_names": ["7", "1,5", "b", "nan"]},
        ),
        ('note,x,y\n"a\nb",1,2\n"c",3,4\n', {"input_columns": ("x",)}, {"inputs": [[1], [3]]}),
        (CHINESE.encode("utf-16"), {"encoding": "utf-16"}, PLANTS),
        (CHINESE.encode("utf-16-le"), {"encoding": "utf-16"}, PLANTS),
        (CHINESE.encode("gbk"), {"encoding": "gbk"}, PLANTS),
        (CHINESE.encode("gbk"), {}, PLANTS),
        (CHINESE.encode("utf-16-le"), {}, PLANTS),
        ("x,k\n1,caf\xe9\n2,th\xe9\n".encode("latin-1"), {}, {"class_names": ["café", "thé"]}),
        ("x,y\n−1,2\n－３,4\n", {}, {"inputs": [[-1], [-3]]}),
        ("a,b,k\nTrue,1,u\nFALSE,2,v\n", {}, {"inputs": [[1, 1], [0, 2]]}),
        ('x,k\n1,"a ""b"""\n2,c\n', {}, {"class_names": ['a "b"', "c"]}),
        ('"a" "b"\n"u" 1 2\n"v" 4 5\n', {"input_columns": ("a",)}, {"targets": [[2], [5]]}),
        (",0,1\n0,10,5\n1,11,6\n", {}, {"feature_names": ["column 1", "0"], "targets": [[5], [6]]}),
        ("x,x,y\n1,2,3\n", {"input_columns": (2,)}, {"inputs": [[2]]}),
        ("x,x,y\n1,2,3\n", {}, {"feature_names": ["x", "x (column 2)"]}),
        ("x,,y\n1,2,3\n2,3,4\n", {}, {"feature_names": ["x", "column 2"], "target_names": ["y"]}),
        (
            "k,2000,1\na,5,6\nb,7,8\n",
            {"header": True, "input_columns": (2000,)},
            {"inputs": [[5], [7]]},
        ),
        ("x,k\n1,+\n2,-\n3,+\n", {"missing": "skip"}, {"class_names": ["+", "-"]}),
        ("#love,1\n#hate,2\n", {"input_columns": (2,), "target_column": 1}, {"inputs": [[1], [2]]}),
        ("x,y\n1,2\n?,3\n4,n/a\n5,6", {"missing": "skip"}, {"inputs": [[1], [5]]}),
        ("x,k\n1,a\n2,\n4,b\n", {"missing": "skip"}, {"class_names": ["a", "b"]}),
        ("x,y\n1,2\n-9,3\n", {"missing_number": -9.0}, {"inputs": [[1]]}),
        ('x,y\n"1,200",1\n', {"thousands": ","}, {"inputs": [[1200]]}),
        ('x,y\n"1,200",1\n', {"decimal": ","}, {"inputs": [[1.2]]}),
        ("x;y\n1.200;1\n", {"thousands": "."}, {"inputs": [[1200]]}),
        ("x;y\n1.200;1\n", {"decimal": "."}, {"inputs": [[1.2]]}),
        ("x;y\n1.200;1\n", {"decimal": ","}, {"inputs": [[1200]]}),
        ("x;y\n1'200;1\n", {}, {"inputs": [[1200]]}),
        ("x;y\n1\u202f200,5;1\n", {}, {"inputs": [[1200.5]]}),
        *((way, {}, {"inputs": [[1], [3]], "targets": [[2], [4]]}) for way in WAYS),
    ],
)
def test_what_is_read(table, content, options, expected):
    data = read_table(table(content), TableOptions(**options))
    assert {name: plain(getattr(data, name)) for name in expected} == expected


@SOME
@given(
    st.lists(st.integers(-(10**9), 10**9).map(lambda it: it / 1000), min_size=1, max_size=8),
    st.sampled_from(NOTATIONS),
    st.sampled_from(";\t"),
)
def test_no_number_is_read_as_a_thousandth(numbers, notation, mark):
    """Whatever the notation is: a table is read right, or asks which of two readings is meant."""
    plain = [f"{it:,.3f}".replace(",", "T").replace(".", "D") for it in numbers]
    marks = str.maketrans({"T": notation.thousands or "", "D": notation.decimal})
    rows = [["a", "b"], *([it.translate(marks), "x"] for it in plain), ["1", "y"]]
    try:
        data = read_back(rows, TableOptions(target_kind="classes"), mark)
    except InputError as error:
        if error.message.code != "table.two_readings":
            raise
        options = TableOptions(target_kind="classes", decimal=notation.decimal)
        data = read_back(rows, options, mark)
    # Or it is said, with what to do for the other reading.
    if "mark.thousandth" not in {it.code for it in data.report.marks}:
        assert data.inputs[:-1, 0].tolist() == numbers


def test_a_name_that_stands_twice_is_asked_for_by_number(table, says):
    path = table("x,x,y\n1,2,3\n")
    says(lambda: read_table(path, TableOptions(input_columns=("x",))), "2 columns called", "1, 2")


MISSING = [
    "N.A.",
    "n.d.",
    "-nan",
    "nan(ind)",
    "1.#QNAN",
    "(null)",
    "\\N",
    "—",
    "–",
    "…",
    "/",
    "暂无",
]


@pytest.mark.parametrize("mark", MISSING)
def test_every_mark_of_a_missing_value_is_left_out_as_advised(mark, table, says):
    path = table(f"x,y\n1,2\n{mark},3\n4,5\n")
    says(lambda: read_table(path), "row 3, column 1", "set data.missing to")
    assert read_table(path, TableOptions(missing="skip")).inputs.tolist() == [[1], [4]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("x,k\n1,1\n2,1.0\n3,2\n", "mark.same_classes"),
        ("x,k\n1,yes\n2,Yes\n3,no\n", "mark.same_classes"),
        ("0.1,0.2,kind\n1,2,a\n3,4,a\n5,6,b\n7,8,b\n", "mark.first_class"),
        ("x,k\n1,a\n2,b\n3,a\n", None),
        ("1,c\n2,a\n3,b\n4,a\n", None),
    ],
)
def test_what_is_asked_about_classes(content, code, table):
    marks = read_table(table(content), TableOptions(target_kind="classes")).report.marks
    assert [it.code for it in marks] == [code] * (code is not None)
