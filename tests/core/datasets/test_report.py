"""The report of a table: six lines at most, whatever is strange, and the same after a journey."""

from __future__ import annotations

import json

import pytest

from backprop_studio.core.base.messages import sentence
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.classification.params import ClassificationGroup
from backprop_studio.core.datasets.report import DataReport
from backprop_studio.core.datasets.table import TableOptions, read_table
from backprop_studio.core.line_fit.params import LineFitGroup
from backprop_studio.core.network.params import NetworkGroup

STRANGE = "Diary\nid;a;b;c;d;k;\nno;m;s;kg;m;;\n" + "".join(
    f"{k};{(-99, k)[k % 3 == 0]};{(1.5 * k, '')[k % 3 == 0]};-999;{k};{'?uv'[k % 4 % 3]};\n"
    if k % 2
    else f"{k};{k};2.5;{k};-9999;{'uv'[k % 4 // 2]};\n"
    for k in range(1, 25)
)


def test_what_is_strange_is_said_in_six_lines(table):
    report = read_table(table(STRANGE), TableOptions(missing="skip")).report
    lines = [sentence(line) for line in report.lines()]
    assert len(report.marks) > 3
    assert len(lines) == 6
    assert "names in row 2" in lines[0]
    assert lines[2].startswith("Left out: ")
    for words in ("1 row of title", "1 row of units", "1 empty column", "rows with a missing"):
        assert words in lines[2]
    assert "more of this kind" in lines[5]


def test_columns_are_told_by_kind_range_and_what_is_missing(table):
    path = table("x,flag,k\n1.5,true,a\n,false,b\n-2,true,b\n4,false,a\n")
    report = read_table(path, TableOptions(missing="skip")).report
    x, flag, k = report.columns
    assert (x.number, x.role, x.kind, x.low, x.high, x.missing) == (1, "input", "numbers", -2, 4, 1)
    assert (flag.kind, k.kind, k.role, k.classes) == ("flags", "classes", "target", 2)
    assert (report.rows, report.skipped, report.skipped_count) == (3, (3,), 1)
    assert (report.delimiter, report.encoding, report.header) == (",", "utf-8", 1)
    again = DataReport.model_validate(json.loads(json.dumps(report.model_dump(mode="json"))))
    assert again == report


@pytest.mark.parametrize(
    ("group", "more"),
    [
        (LineFitGroup, {}),
        (NetworkGroup, {"network": {"sizes": [1, 1], "loss": "mse"}}),
        (ClassificationGroup, {"epochs": 1}),
    ],
)
def test_every_lesson_with_a_table_has_its_report_and_shows_how_it_was_read(group, more, table):
    path = table("x;y\n" + "".join(f"{k},5;{k % 2}\n" for k in range(20)))
    params = validate_params(group, {"data": {"file": str(path)}, **more})
    report = params.data_report()
    assert (report.rows, report.decimal, report.columns[0].high) == (20, ",", 19.5)
    found = params.resolved()
    assert (found["data.decimal"], found["data.delimiter"], found["data.header"]) == (
        ",",
        ";",
        True,
    )
    assert validate_params(group, {}).data_report() is None


def test_a_line_names_its_own_parameter_in_advice(table, says):
    path = table("t,x,y\na,1,2\nb,2,3\n")
    params = validate_params(LineFitGroup, {"data": {"file": str(path)}})
    says(params.data_report, "name the columns that are numbers in data.x_column")


def test_bytes_that_are_korean_as_well_are_said_and_utf_8_is_read(table):
    korean = "꽃받침길이,꽃잎너비,붓꽃\n" + "".join(
        f"{k},{2 * k},{'가나'[k % 2]}\n" for k in range(6)
    )
    marks = {
        code: [it.code for it in read_table(table(korean.encode(code))).report.marks]
        for code in ("euc-kr", "utf-8")
    }
    assert "table.korean" in marks["euc-kr"]
    assert "table.korean" not in marks["utf-8"]
