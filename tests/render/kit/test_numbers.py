"""Numbers as files: the answer sheet, and its table."""

from __future__ import annotations

import csv
import io
import json

from backprop_studio.render.kit.numbers import numbers_table
from backprop_studio.render.messages.results import BeatMark


def test_the_sheet_and_its_table_say_the_same(make):
    files = make("numbers")
    sheet = json.loads(files["01-tiny.en.numbers.json"].read_text(encoding="utf-8"))
    assert sheet["values"] == [1.5, -0.25]
    (row,) = csv.DictReader(io.StringIO(read(files["01-tiny.en.numbers.csv"])))
    (shown,) = sheet["shown"]
    assert row == {
        "beat": "first",
        "caption": "The first",
        "name": "values.0",
        "shown": shown["text"],
        "value": "1.5",
    }


def read(path):
    return path.read_bytes().decode("utf-8-sig")


def test_whatever_is_in_a_cell_comes_out_as_it_was():
    words = ["a,b", 'say "no"', "two\nlines", "=1+1", "; # \\ $x$", "<&>", "\u4e8c", "  ", "'"]
    beats = [BeatMark(name=f"b{k}", caption=it, start=0, end=1) for k, it in enumerate(words)]
    values = [0.1 + 0.2, -1e-300, None, 3.0, 1e22, 5e-324, 0.1, -0.0, 1 / 3]
    shown = [
        {"beat": f"b{k}", "name": it, "text": it, "value": value}
        for k, (it, value) in enumerate(zip(words, values, strict=True))
    ]
    table = numbers_table(shown, beats, "zh")
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline="")))[1:]
    assert [[it.removeprefix("\t") for it in row[1:4]] for row in rows] == [
        [it] * 3 for it in words
    ]
    found = [float(row[4]) if row[4] else None for row in rows]
    assert found == values


RUN_BY_NOBODY = ["=1+1", "+2", "-2+3", "@SUM(A1)", '=HYPERLINK("a")', "=cmd|' /C calc'!A0", "-2"]


def table_of(words):
    beats = [BeatMark(name=f"b{k}", caption=it, start=0, end=1) for k, it in enumerate(words)]
    shown = [{"beat": it.name, "name": "a", "text": "-2.50", "value": -2.5} for it in beats]
    return numbers_table(shown, beats, "en")


def test_a_caption_is_no_formula_and_a_number_stays_one():
    rows = list(csv.reader(io.StringIO(table_of(RUN_BY_NOBODY)[1:])))[1:]
    assert all(row[1][0] not in "=+-@" for row in rows)
    assert [row[1].strip() for row in rows] == RUN_BY_NOBODY
    assert {tuple(row[3:]) for row in rows} == {("-2.50", "-2.5")}
