"""Bad tables: each ends in one sentence with file, place, what was expected and found."""

from __future__ import annotations

import gzip

import pytest

from backprop_studio.core.datasets.table import TableOptions, read_table

HEAD = "length,width,kind\n"
ROWS = "1,2,rose\n3,4,aster\n"

BAD = {
    "ragged, short": (HEAD + ROWS + "5,6\n", ["row 4", "expected 3 columns, found 2"]),
    "empty": (b"", ["is empty"]),
    "delimiters only": (",,\n,,\n", ["holds no cells"]),
    "header only": (HEAD, ["header only", "expected rows of data"]),
    "text": (HEAD + ROWS + "5,six,rose\n", ['row 4, column 2 ("width"): expected a number']),
    "empty cell": (HEAD + ROWS + "5,,rose\n", ["row 4, column 2", "found an empty cell"]),
    "nan": (HEAD + ROWS + "5,NaN,rose\n", ["row 4, column 2", "a finite number", '"NaN"']),
    "overflow": (HEAD + ROWS + "1e999,6,rose\n", ["row 4, column 1", "below 1.8e308"]),
    "one class": (HEAD + "1,2,rose\n3,4,rose\n", ["column 3", "one class only", '"rose"']),
    "other delimiter": ("x|y\n1|2\n", ["one column only", "comma, semicolon or tab", '"x|y"']),
    "two delimiters": ("a,b;c\nd,e;f\n", ["comma as well as semicolon"]),
    "decimal comma": ("x;y\n1,5;2,5\n", ["decimal point, as 1.5", '"1,5" with a comma']),
    "decimal comma between commas": ("x,y\n1,5,2,5\n", ["row 2", "found 4", "1.5 for 1,5"]),
    "UTF-16 without mark": ((HEAD + ROWS).encode("utf-16-le"), ["UTF-16", "expected UTF-8"]),
    "UTF-32": ((HEAD + ROWS).encode("utf-32"), ["UTF-32", "expected UTF-8"]),
    "GBK": ("长度,种类\n1,玫瑰\n2,紫菀\n".encode("gbk"), ["GBK", "expected UTF-8"]),
    "Latin-1": (b"x,y\n1,caf\xe9\n", ["UTF-8", "line 2", "0xe9"]),
    "NUL": ("x,y\n1,2\n3,\x004\n", ["line 3", "NUL"]),
    "unclosed quote": (HEAD + '1,2,"rose\n3,4,aster\n', ["row 2", "closing quote"]),
    "unclosed quote, long": (HEAD + '1,2,"rose\n' + ROWS * 20_000, ["row 2", "quote", "131072"]),
    "text behind a quote": (HEAD + '1,2,"rose"s\n', ["row 2", "closing quote"]),
    "formula": (HEAD + ROWS + "=cmd(),6,rose\n", ['"=cmd()"', "not evaluated"]),
    "formula as name": ("=cmd(),y\n1,2\n", ["row 1, column 1", "not evaluated"]),
    "full-width digits": (HEAD + ROWS + "１,6,rose\n", ["row 4, column 1", '"１"']),
    "many digits": ("x,y\n" + ("9" * 100_000 + "x,1\n") * 9, ["column 1", "expected a number"]),
    "name twice": ("x,x\n1,2\n", ["row 1, column 2", "as in column 1"]),
    "101 classes": (
        "x,y\n" + "".join(f"{n},c{n}\n" for n in range(101)),
        ["column 2", "too many classes", "at most 100", "row 102"],
    ),
    "a long line": (b"1,2\n" + b"1," * 600_000, ["line 2", "at most 1048576", "found 1200000"]),
    "1001 columns": (b"1," * 1000 + b"1\n", ["line 1", "at most 1000, found 1001"]),
    "1001 quoted columns": (b'"1",' * 1000 + b"1\n", ["at most 1000, found 1001"]),
    "too many rows": (b"1,2\n" * 200_002, ["too many rows", "at most 200000"]),
    "workbook": (b"PK\x03\x04" + b"x" * 100, ["Excel workbook", "exported as CSV"]),
    "packed": (gzip.compress(b"x,y\n1,2\n"), ["gzip"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_table(case, table, says):
    content, words = BAD[case]
    path = table(content)
    says(lambda: read_table(path), str(path), *words)


def test_two_gigabytes_are_refused_unread(tmp_path, says):
    path = tmp_path / "table.csv"
    with path.open("wb") as file:
        file.truncate(2**31)
    says(lambda: read_table(path), "at most 33554432 bytes, found 2147483648")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"target_column": "kinds"}, ['no column "kinds"', 'did you mean "kind"']),
        ({"target_column": 4}, ["no column 4: expected 1 to 3"]),
        ({"target_column": 0}, ["no column 0"]),
        ({"input_columns": ()}, ["one or more columns"]),
        ({"input_columns": ("kind",)}, ["none the target"]),
        ({"input_columns": ("width", 2)}, ["each once"]),
        ({"target_kind": "numbers"}, ["row 2, column 3", "expected a number", '"rose"']),
        ({"delimiter": ";"}, ["one column only", "semicolon", "length,width,kind"]),
        ({"delimiter": "|"}, ["delimiter", "comma, semicolon or tab"]),
        ({"encoding": "utf-16"}, ["UTF-16"]),
        ({"encoding": "latin-1"}, ["encoding"]),
        ({"header": False}, ["row 1, column 1", '"length"']),
    ],
)
def test_options_that_do_not_fit(options, words, table, says):
    path = table(HEAD + ROWS)
    says(lambda: read_table(path, TableOptions(**options)), *words)
