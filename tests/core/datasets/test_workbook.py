"""Excel workbooks, written here cell by cell as Excel writes them."""

from __future__ import annotations

import io
import zipfile

import pytest

from backprop_studio.core.datasets.table import TableOptions, read_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def cell(place, value):
    """Return a cell: a number, text, flag; or markup as it is, after its attributes."""
    if isinstance(value, tuple):
        attributes, inside = value
        return f'<c r="{place}" {attributes}>{inside}</c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    return "" if value is None else f'<c r="{place}"><v>{value!r}</v></c>'


def sheet_of(rows, left="A", top=1, more=""):
    body = "".join(
        f'<row r="{at}">'
        + "".join(cell(f"{chr(ord(left) + k)}{at}", value) for k, value in enumerate(row))
        + "</row>"
        for at, row in enumerate(rows, start=top)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{more}</worksheet>'


def workbook(hidden=(), **sheets):
    """Return the bytes of a workbook."""
    numbered = list(enumerate(sheets, start=1))
    types = "".join(
        f'<Override PartName="/xl/{part}" ContentType="application/vnd.openxmlformats-'
        f'officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in [("workbook.xml", "sheet.main"), ("styles.xml", "styles")]
        + [(f"worksheets/sheet{at}.xml", "worksheet") for at, _ in numbered]
    )
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"'
        + (' state="hidden"/>' if name in hidden else "/>")
        for at, name in numbered
    )
    relation = '<Relationship Id="{}" Type="' + OFFICE + '/{}" Target="{}"/>'
    relations = f'<Relationships xmlns="{PACKAGE}/relationships">{{}}</Relationships>'
    inside = [
        relation.format(f"r{at}", "worksheet", f"worksheets/sheet{at}.xml") for at, _ in numbered
    ]
    inside.append(relation.format("s", "styles", "styles.xml"))
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": relations.format(relation.format("w", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": relations.format("".join(inside)),
        "xl/styles.xml": STYLES,
    }
    files |= {f"xl/worksheets/sheet{at}.xml": sheets[name] for at, name in numbered}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return content.getvalue()


ROWS = [["Zeit", "Wert"], [0.1, 2], [1.5, 4.25]]
FORMULA = ("", "<f>A2+1</f><v>1.1</v>")
NO_VALUE = ("", "<f>A2+1</f>")
DAY = ('s="1"', "<v>45413</v>")
ERROR = ('t="e"', "<v>#DIV/0!</v>")
MERGED = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        (workbook(S=sheet_of(ROWS)), {}, ([[0.1], [1.5]], ("Zeit",), "S")),
        (workbook(S=sheet_of(ROWS, left="C", top=4)), {}, ([[0.1], [1.5]], ("Zeit",), "S")),
        (workbook(S=sheet_of([["x", "y"], [FORMULA, 2]])), {}, ([[1.1]], ("x",), "S")),
        (
            workbook(S=sheet_of([["x", "y"], ["1,5", 2], [3.25, 4]])),
            {},
            ([[1.5], [3.25]], ("x",), "S"),
        ),
        (
            workbook(S=sheet_of([["x", "k"], [1, True], [2, False]])),
            {},
            ([[1], [2]], ("x",), "S"),
        ),
        (workbook(A=sheet_of([]), B=sheet_of(ROWS)), {}, ([[0.1], [1.5]], ("Zeit",), "B")),
        (
            workbook(hidden=("A",), A=sheet_of([["u", "v"], [7, 8]]), B=sheet_of(ROWS)),
            {},
            ([[0.1], [1.5]], ("Zeit",), "B"),
        ),
        *(
            (
                workbook(A=sheet_of(ROWS), B=sheet_of([["u", "v"], [7, 8]])),
                {"sheet": wanted},
                ([[7]], ("u",), "B"),
            )
            for wanted in ("B", 2)
        ),
        (
            workbook(S=sheet_of([["x", "y"], [ERROR, 2], [3, 4]])),
            {"missing": "skip"},
            ([[3]], ("x",), "S"),
        ),
    ],
)
def test_what_is_read(content, options, expected, table):
    data = read_table(table(content), TableOptions(**options))
    assert (data.inputs.tolist(), data.feature_names, data.report.part) == expected


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            workbook(S=sheet_of([["x", "y"], [DAY, 2]])),
            ["row 2, column 1", 'the date "2024-05-01"'],
        ),
        (
            workbook(S=sheet_of([["x", "y"], [NO_VALUE, 2]])),
            ["the formula in A2 without", "save it"],
        ),
        (
            workbook(
                A=sheet_of([["x", "y"], [None, 2], [1, 2]]), B=sheet_of([["x", "y"], [NO_VALUE, 2]])
            ),
            ["row 2, column 1", "an empty cell"],
        ),
        (
            workbook(S=sheet_of([["x", "y"], [1, 2], [None, 3]], more=MERGED)),
            ["row 3, column 1", "merged cells A2 to A3"],
        ),
        (workbook(S=sheet_of([["x", "y"], [1, ERROR]])), ["the error #DIV/0! in B2"]),
        (workbook(S=sheet_of([])), ["has no cells"]),
        (workbook(S=sheet_of(ROWS))[:-60], ["damaged"]),
        (workbook(S="<worksheet><"), ["damaged"]),
        (workbook(S=sheet_of([["x"], [1]])), ["one column only"]),
        (
            workbook(S=sheet_of([["x", "y"], [1, 2]], top=1048575, left="Y")),
            ["row 1048576 and column 26", "Z1048576"],
        ),
    ],
)
def test_what_is_refused(content, words, table, says):
    says(lambda: read_table(table(content)), *words)


def test_a_sheet_that_is_not_there(table, says):
    options = TableOptions(sheet="Mesung")
    says(lambda: read_table(table(workbook(Messung=sheet_of(ROWS))), options), '"Messung"')


def test_what_unpacks_to_too_much_is_not_unpacked(table, says):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(300 * 2**20))
    says(lambda: read_table(table(content.getvalue())), "unpacks to 314572800 bytes")
