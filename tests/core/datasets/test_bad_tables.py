"""Bad tables: each ends in one sentence with file, place, what was expected and found."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import pickle
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import InputError
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
    "nan": (
        HEAD + ROWS + "5,NaN,rose\n",
        ["row 4, column 2", '"NaN"', 'set data.missing to "skip"'],
    ),
    "overflow": (HEAD + ROWS + "1e999,6,rose\n", ["row 4, column 1", "below 1.8e308"]),
    "one class": (HEAD + "1,2,rose\n3,4,rose\n", ["column 3", "one class only", '"rose"']),
    "infinite": (HEAD + ROWS + "inf,6,rose\n", ["row 4, column 1", "a finite number", '"inf"']),
    "one column": ("x\n1\n2\n", ["one column only", "comma, semicolon, tab, vertical bar or bl"]),
    "a sentence": ("some words\nand more\n", ["one column only"]),
    "two delimiters": ("a,b;c\nd,e;f\n", ["comma as well as semicolon"]),
    "decimal comma between points": ("x;y\n1.5;2\n1,5;3\n2.5;3", ["row 3", '"1,5" with a comma']),
    "decimal comma between commas": ("x,y\n1,5,2,5\n", ["row 2", "1 | 5 | 2 | 5 or 1,5 | 2,5"]),
    "the same, without names": ("0,05,1,50\n0,10,2,00\n", ["row 1", "0 | 05 | 1 | 50 or 0,05 | "]),
    "thousands between tabs": ("x\ty\n12.345\t1\n1.500\t3\n", ["12.345 or 12345", "data.decimal"]),
    "Cyrillic letters": ("рост,вес\n1,2\n".encode("cp1251"), ["UTF-8", "line 1", "0xf0"]),
    "Polish letters": ("długość,żółć\n1,2\n".encode("iso-8859-2"), ["UTF-8", "0xb3", "save it"]),
    "letters of an old Mac": ("größe,maß\n1,2\n".encode("mac-roman"), ["UTF-8", "0x9a"]),
    "Japanese letters": ("身長,体重\n1,2\n".encode("shift-jis"), ["save it as UTF-8"]),
    "percent": (HEAD + "1,2,a\n12%,2,b\n", ["row 3, column 1", '"12%"', "the number alone"]),
    "currency": (HEAD + "$5,2,a\n$7,2,b\n", ["row 2, column 1", '"$5"', "the number alone"]),
    "a unit": ("t;y\n5 s;2\n7 s;3\n", ["row 2, column 1", '"5 s"', "the number alone"]),
    "dates": (
        "t,y\n2024-05-01,2\n2024-05-02,2\n",
        ["row 2, column 1", "the date", "input_columns"],
    ),
    "true between numbers": ("x,y\nTRUE,2\n7,2\n8,3\n", ["row 2, column 1", "1 for true"]),
    "Chinese numerals": ("数,值\n一,1\n二,2\n", ["row 2, column 1", '"一"']),
    "years as names": ("land,2000,2001\nA,1,2\nB,3,4\n", ["row 1", "set data.header to true"]),
    "only missing": ("x,y\n1,NA\n2,NA\n", ["row 2, column 2", '"NA"']),
    "NUL": ("x,y\n1,2\n3,\x004\n", ["line 3", "NUL"]),
    "unclosed quote": (HEAD + '1,2,"rose\n3,4,aster\n', ["row 2", "closing quote"]),
    "unclosed quote, long": (HEAD + '1,2,"rose\n' + ROWS * 20_000, ["row 2", "quote", "131072"]),
    "text behind a quote": (HEAD + '1,2,"rose"s\n', ["row 2", "closing quote"]),
    "formula": (HEAD + ROWS + "=cmd(),6,rose\n", ['"=cmd()"', "not evaluated"]),
    "formula as name": ("=cmd(),y\n1,2\n", ["row 1, column 1", "not evaluated"]),
    "many digits": ("x,y\n" + ("9" * 100_000 + "x,1\n") * 9, ["column 1", "expected a number"]),
    "name too long": ("x" * 61 + ",y\n1,2\n", ["row 1, column 1", "at most 60"]),
    "101 classes": (
        "x,y\n" + "".join(f"{n},c{n}\n" for n in range(101)),
        ["column 2", "too many classes", "at most 100", "row 102"],
    ),
    "a long line": (b"1,2\n" + b"1," * 600_000, ["line 2", "at most 1048576", "found 1200000"]),
    "1001 columns": (b"1," * 1000 + b"1\n", ["line 1", "at most 1000, found 1001"]),
    "1001 quoted columns": (b'"1",' * 1000 + b"1\n", ["at most 1000, found 1001"]),
    "too many rows": (b"1,2\n" * 200_002, ["too many rows", "at most 200000"]),
    "workbook": (b"PK\x03\x04" + b"x" * 100, ["damaged"]),
    "old workbook": (
        b"\xd0\xcf\x11\xe0" + b"x" * 100,
        ["an old Excel workbook, or one"],
    ),
    "packed": (gzip.compress(b"x,y\n1,2\n"), ["gzip"]),
    "packed by bzip2": (bz2.compress(b"x,y\n1,2\n"), ["bzip2"]),
    "packed by xz": (lzma.compress(b"x,y\n1,2\n"), ["xz"]),
    "ARFF": ("@relation flowers\n@data\n1,2\n", ["ARFF"]),
    "a total": ("x,y\n1,2\n3,4\nTotal,6\n", ["row 4, column 1", "write a number, or nothing"]),
    "a note between": ("x,y\n1,2\nautumn\n3,4\n", ["ragged in row 3"]),
    "classes in front": ("M,1.5,2\nB,2.5,3\n", ["row 1, column 1", "set data.target_column to 1"]),
    "nothing but names": ("x,y,z\n1,,\n2,,\n", ["one column only"]),
    "JSON": ('[{"x": 1, "y": 2}]', ["JSON", "as CSV"]),
    "HTML": ("<!DOCTYPE html>", ["HTML"]),
    "pickle": (pickle.dumps([[1, 2]]), ["a pickle, which could run code"]),
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
        ({"target_column": "KIND"}, ['did you mean "kind"']),
        ({"target_column": "wi"}, ['did you mean "width"']),
        ({"target_column": "x"}, ['its columns are "length", "width", "kind"']),
        ({"target_kind": "numbers"}, ["name a column that is numbers in data.target_column"]),
        ({"target_column": 4}, ["no column 4: expected 1 to 3"]),
        ({"target_column": 0}, ["no column 0"]),
        ({"input_columns": ()}, ["one or more columns"]),
        ({"input_columns": ("kind",)}, ["none the target"]),
        ({"input_columns": ("width", 2)}, ["each once"]),
        ({"target_kind": "numbers"}, ["row 2, column 3", "expected a number", '"rose"']),
        ({"delimiter": ";"}, ["one column only", "semicolon", "length,width,kind"]),
        ({"delimiter": "#"}, ["delimiter", "comma, semicolon, tab"]),
        ({"encoding": "utf-16"}, ["UTF-16"]),
        ({"encoding": "gbk", "sheet": 3, "decimal": ",", "thousands": ","}, ["thousands: ", '","']),
        ({"encoding": "latin-1"}, ["encoding"]),
        ({"header": False}, ["row 1, column 1", '"length"']),
    ],
)
def test_options_that_do_not_fit(options, words, table, says):
    path = table(HEAD + ROWS)
    says(lambda: read_table(path, TableOptions(**options)), *words)


def test_what_is_no_regular_file(tmp_path, says):
    os.mkfifo(tmp_path / "pipe")
    says(lambda: read_table(tmp_path), "is a folder")
    says(lambda: read_table(tmp_path / "pipe"), "not a regular file")
    says(lambda: read_table(Path("/dev/zero")), "not a regular file")


def test_a_missing_file_is_said_with_the_nearest_name(tmp_path, says):
    (tmp_path / "Flowers_2024.csv").touch()
    says(lambda: read_table(tmp_path / "flowers_2042.csv"), "did you mean Flowers_2024.csv?")
    says(lambda: read_table(tmp_path / "stones.csv"), "stones.csv does not exist.")


ADVICE = {
    "x,y\n1,2\nNA,3\n": {"missing": "skip"},
    "x,y\n1,\n4,3\n": {"missing": "skip"},
    "x,k\n1,\n4,a\n5,b\n": {"missing": "skip"},
    "land,2000,2001\nA,1,2\nB,3,4\n": {"header": True, "input_columns": (2,)},
    'x,y\n"12,500",1\n': {"thousands": ",", "decimal": ","},
    "x;y\n12.500;1\n": {"thousands": ".", "decimal": "."},
    "0,05,1,50\n0,10,2,00\n": {"delimiter": ","},
    "when,x,y\n2024-05-01,1,2\n2024-05-02,2,3\n": {"input_columns": (2,)},
    "a,b,y\n0,5,3\n1,6,2\n2,5,2\n3,1,2\n4,2,5\n": {"input_columns": (2,)},
    "a,y\n0,5\n-999,6\n2,5\n": {"missing_number": -999},
    "0,1,2\n10,5,3\n11,6,4\n": {"header": True},
    "M,1.5,2\nB,2.5,3\nM,3,5\n": {"target_column": 1, "input_columns": (2,)},
    "x,y\n1,2\n3,\n4,6\n": {"missing": "skip"},
    "0.1,0.2,kind\n1,2,a\n3,4,a\n5,6,b\n7,8,b\n": {"header": True},
}
"""From a table to what is advised about it."""


@pytest.mark.parametrize("content", ADVICE)
def test_what_is_advised_works(content, table):
    path = table(content)
    try:
        told = read_table(path).report.marks
    except InputError as error:
        told = [error.message]
    advised = ADVICE[content]
    named = {it.fields["other"] for one in told for it in one.every() if "other" in it.fields}
    assert named <= {f"data.{option}" for option in advised}
    ways = [{it: value} for it, value in advised.items()] if len(named) > 1 else [advised]
    for options in ways:
        assert not read_table(path, TableOptions(**options)).report.marks
