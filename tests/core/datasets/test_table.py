"""Good tables: every number to the last bit, whatever the delimiter and the options."""

from __future__ import annotations

import csv
import io
import math
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.datasets.cells import number, plain_numbers
from backprop_studio.core.datasets.table import TableOptions, read_table

# The machine may be busy; what is tested is not time.
BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FINITE = st.floats(allow_nan=False, allow_infinity=False)
WORD = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20
).filter(lambda word: not word.startswith("=") and word.isprintable())

FLOWERS = "length,width,kind\n1.5,2,rose\n3,4,aster\n5,6,rose\n"


def written(rows: list[list[str]], delimiter: str, end: str, *, quoted: bool) -> str:
    text = io.StringIO(newline="")
    csv.writer(
        text,
        delimiter=delimiter,
        lineterminator=end,
        quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL,
    ).writerows(rows)
    return text.getvalue()


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[float]], str]:
    width = draw(st.integers(2, 5))
    rows = draw(st.lists(st.lists(FINITE, min_size=width, max_size=width), min_size=1, max_size=8))
    cells = [[repr(number) for number in row] for row in rows]
    if draw(st.booleans()):
        cells.insert(0, [f"name {at}" for at in range(width)])
    mark, end = draw(st.sampled_from(",;\t")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    bom = draw(st.sampled_from(["", "\ufeff"]))
    return rows, bom + written(cells, mark, end, quoted=draw(st.booleans()))


@given(tables())
@BUSY
def test_round_trip_to_the_last_bit(table: tuple[list[list[float]], str]) -> None:
    rows, text = table
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        path.write_bytes(text.encode())
        data = read_table(path)
    expected = np.array(rows)
    assert data.inputs.tobytes() == expected[:, :-1].tobytes()
    assert data.targets.tobytes() == expected[:, -1:].tobytes()


@given(st.lists(st.tuples(FINITE, WORD), min_size=2, max_size=20), st.sampled_from(",;\t"))
@BUSY
def test_round_trip_of_classes(rows: list[tuple[float, str]], mark: str) -> None:
    words = [word for _, word in rows]
    if len(set(words)) < 2:
        return
    text = written([[repr(x), word] for x, word in rows], mark, "\n", quoted=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        path.write_bytes(text.encode())
        data = read_table(path, TableOptions(header=False, kind="classes", delimiter=mark))  # type: ignore[arg-type]
    assert [data.class_names[at] for at in data.targets.astype(int)] == words
    assert data.inputs[:, 0].tolist() == [x for x, _ in rows]


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


Table = Callable[[str | bytes], Path]


def test_header_columns_and_classes(table: Table) -> None:
    data = read_table(table(FLOWERS))
    assert data.name == "table"
    assert data.feature_names == ("length", "width")
    assert data.target_names == ("kind",)
    assert data.class_names == ("aster", "rose")
    assert data.targets.tolist() == [1, 0, 1]
    assert data.mean is None


def test_inputs_by_name_and_number_in_the_order_asked_for(table: Table) -> None:
    options = TableOptions(inputs=("width", 1), target="kind")
    data = read_table(table(FLOWERS), options)
    assert data.feature_names == ("width", "length")
    assert data.inputs.tolist() == [[2.0, 1.5], [4.0, 3.0], [6.0, 5.0]]


def test_a_column_that_is_not_asked_for_may_hold_anything(table: Table) -> None:
    text = "id,x,y\n=cmd(),1,2\nnan,3,4\n"
    data = read_table(table(text), TableOptions(inputs=("x",)))
    assert data.inputs.tolist() == [[1.0], [3.0]]
    assert data.targets.tolist() == [[2.0], [4.0]]


def test_without_a_header_columns_are_numbered(table: Table) -> None:
    data = read_table(table("1,2,a\n3,4,b\n"))
    assert data.feature_names == ("column 1", "column 2")
    assert data.class_names == ("a", "b")
    asked = read_table(table("1,2,3\n4,5,6\n"), TableOptions(header=True))
    assert asked.feature_names == ("1", "2")
    assert asked.inputs.tolist() == [[4.0, 5.0]]


def test_classes_written_as_numbers_are_sorted_by_size(table: Table) -> None:
    path = table("x,y\n1,10\n2,9\n3,10\n")
    assert read_table(path).targets.tolist() == [[10.0], [9.0], [10.0]]
    data = read_table(path, TableOptions(kind="classes"))
    assert data.class_names == ("9", "10")
    assert data.targets.tolist() == [1, 0, 1]


def test_classes_that_only_look_like_numbers_are_texts(table: Table) -> None:
    path = table("x;y\n1;b\n2;1,5\n3;nan\n4;b\n5;b\n6;7\n7;b\n")
    assert read_table(path).class_names == ("7", "1,5", "b", "nan")


def test_standardised_with_the_training_rows(table: Table) -> None:
    text = "x,y\n" + "".join(f"{n * n},{n}\n" for n in range(20))
    options = TableOptions(standardise=True, hold_out=5, seed=3)
    data, again = read_table(table(text), options), read_table(table(text), options)
    assert data.inputs.tobytes() == again.inputs.tobytes()
    assert data.test.tobytes() == again.test.tobytes()
    known = [n * n for n in data.train.tolist()]
    mean = math.fsum(known) / 15
    std = math.sqrt(math.fsum((x - mean) ** 2 for x in known) / 15)
    np.testing.assert_allclose(data.inputs[:, 0], [(n * n - mean) / std for n in range(20)])
    assert len(data.test) == 5


@pytest.mark.parametrize(
    "content",
    [
        "x;y\n1;2\n3;4\n",
        "x\ty\n1\t2\n3\t4\n",
        '"x","y"\r\n"1","2"\r\n\r\n" 3 ","4"\r\n\r\n',
        b"\xef\xbb\xbfx,y\n1,2\n3,4",
        "x,y\r1,2\r3,4\r",
        "x;a, b\n1;2\n3;4\n",
        "x,y\n+1.0e0,2.\n.3e1,4\n",
    ],
)
def test_ways_to_write_the_same_table(table: Table, content: str | bytes) -> None:
    data = read_table(table(content))
    assert data.inputs.tolist() == [[1.0], [3.0]]
    assert data.targets.tolist() == [[2.0], [4.0]]


@given(st.text(st.sampled_from("0123456789+-.eE _naif１,x"), max_size=8))
@BUSY
def test_the_quick_way_reads_nothing_that_the_careful_one_refuses(cell: str) -> None:
    quick = plain_numbers([cell])
    try:
        careful = [number(Path("a.csv"), 1, 1, "x", cell)]
    except InputError:
        careful = None
    assert quick is None or quick == careful


def test_encodings_that_are_asked_for(table: Table) -> None:
    text = "长度,种类\n1,玫瑰\n2,紫菀\n"
    for encoding, name in (("utf-16", "utf-16"), ("utf-16", "utf-16-le"), ("gbk", "gbk")):
        data = read_table(table(text.encode(name)), TableOptions(encoding=encoding))  # type: ignore[arg-type]
        assert data.feature_names == ("长度",)
        assert set(data.class_names) == {"玫瑰", "紫菀"}


def test_quoted_cells_may_hold_line_breaks_and_rows_count_as_in_a_spreadsheet(
    table: Table,
) -> None:
    text = 'note,x,y\n"a\nb",1,2\n"c",3,4\n'
    assert read_table(table(text), TableOptions(inputs=("x",))).size == 2
