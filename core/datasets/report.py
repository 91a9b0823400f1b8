"""Report of a table: what was read of a user's file, how, and what looks suspicious."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, counted, listed
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.datasets.delimiter import NAMES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.datasets.columns import Column
    from backprop_studio.core.datasets.grid import Grid
    from backprop_studio.core.datasets.layout import Layout

MOST_LINES = 6
MOST_SKIPPED = 8
"""Rows left out that are named."""

MOST_COLUMNS = 4
"""Of which a line names range or classes."""


class ColumnReport(BaseModel):
    """Report of one column that was read.

    Attributes
    ----------
    number : int
        Counted from 1.
    name : str
    role : {"input", "target"}
    kind : {"numbers", "classes", "flags"}
        Flags are true and false, read as 1 and 0.
    low, high : float or None
        The range of numbers.
    classes : int or None
        How many there are.
    missing : int
        Cells without a value.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    name: str
    role: Literal["input", "target"]
    kind: Literal["numbers", "classes", "flags"]
    low: float | None = None
    high: float | None = None
    classes: int | None = None
    missing: int = 0

    def message(self) -> Message:
        """Return the column in a few words."""
        fields: dict[str, Any] = {"name": shown(self.name), "low": self.low, "high": self.high}
        if self.kind == "classes":
            text = N_("{name} ({count})")
            count = counted(self.classes or 0, N_("{number} class"), N_("{number} classes"))
            return Message.of("report.classes", text, name=fields["name"], count=count)
        if self.kind == "flags":
            text = N_("{name} (true is 1, false is 0)")
            return Message.of("report.flags", text, name=fields["name"])
        return Message.of("report.range", N_("{name} ({low} to {high})"), **fields)


class DataReport(BaseModel):
    """Report of a table.

    Attributes
    ----------
    file : str
    form : {"text", "workbook", "array"}
    part : str or None
        Sheet or array that was taken.
    parts : int
        How many there are.
    rows : int
        That became samples.
    delimiter, encoding : str or None
        Of a text.
    decimal, thousands : str or None
        Marks in numbers; None where there is none.
    header : int or None
        Row with the names.
    above, units, empty_columns : int
        Rows of titles and comments, rows of units, and empty columns at the right: left out.
    skipped : tuple of int
        The first rows that were left out because a value is missing.
    skipped_count : int
    columns : tuple of ColumnReport
        That were read.
    marks : tuple of Message
        What looks suspicious, the gravest first.
    """

    model_config = ConfigDict(frozen=True)

    file: str
    form: Literal["text", "workbook", "array"]
    part: str | None = None
    parts: int = 0
    rows: int
    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    header: int | None = None
    above: int = 0
    units: int = 0
    empty_columns: int = 0
    skipped: tuple[int, ...] = ()
    skipped_count: int = 0
    columns: tuple[ColumnReport, ...]
    marks: tuple[Message, ...] = ()

    def lines(self) -> list[Message]:
        """Return the report in at most six lines."""
        lines = [self._how(), self._what()]
        if left := self._left_out():
            lines.append(Message.of("report.left_out", N_("left out: {parts}"), parts=listed(left)))
        room = MOST_LINES - len(lines)
        if len(self.marks) <= room:
            return [*lines, *self.marks]
        more = counted(
            len(self.marks) - room + 1,
            N_("{number} remark more of this kind"),
            N_("{number} remarks more of this kind"),
        )
        return [*lines, *self.marks[: room - 1], more]

    def _how(self) -> Message:
        parts: list[Message | str] = []
        if self.delimiter is not None:
            name = NAMES[self.delimiter]
            parts.append(Message.of("report.delimiter", N_("separated by {name}"), name=name))
        if self.part is not None:
            text = N_("sheet or array {name} of {count}") if self.parts > 1 else "{name}"
            fields = {"name": shown(self.part), "count": self.parts}
            code = "report.part" if self.parts > 1 else "report.only_part"
            parts.append(Message.of(code, text, **fields))
        if self.decimal == ",":
            parts.append(Message.of("report.comma", N_("decimal comma")))
        if self.thousands is not None:
            text = N_("thousands marked by {mark}")
            parts.append(Message.of("report.thousands", text, mark=shown(self.thousands)))
        if self.encoding is not None:
            parts.append(
                self.encoding.upper() if self.encoding != "windows-1252" else "Windows-1252"
            )
        if self.header is not None:
            parts.append(Message.of("report.header", N_("names in row {row}"), row=self.header))
        elif all(it.name == f"column {it.number}" for it in self.columns):
            parts.append(Message.of("report.no_header", N_("no names of columns")))
        parts.insert(0, counted(self.rows, N_("{number} row"), N_("{number} rows")))
        return Message.of("report.how", N_("{file}: {parts}"), file=self.file, parts=listed(parts))

    def _what(self) -> Message:
        inputs = [it for it in self.columns if it.role == "input"]
        told: list[Message | str] = [it.message() for it in inputs[:MOST_COLUMNS]]
        if len(inputs) > MOST_COLUMNS:
            text = N_("{number} more")
            told.append(Message.of("report.more", text, number=len(inputs) - MOST_COLUMNS))
        target = listed([it.message() for it in self.columns if it.role == "target"])
        text = N_("inputs: {inputs}; target: {target}")
        return Message.of("report.what", text, inputs=listed(told), target=target)

    def _left_out(self) -> list[Message]:
        found = []
        if self.skipped_count:
            rows = listed(
                [*map(str, self.skipped), *["…"] * (self.skipped_count > len(self.skipped))]
            )
            one = N_("{number} row with a missing value")
            count = counted(self.skipped_count, one, N_("{number} rows with a missing value"))
            text = N_("{count} ({rows})")
            found.append(Message.of("report.skipped", text, count=count, rows=rows))
        if self.above:
            one = N_("{number} row of title or comment")
            found.append(counted(self.above, one, N_("{number} rows of title or comment")))
        if self.units:
            found.append(
                counted(self.units, N_("{number} row of units"), N_("{number} rows of units"))
            )
        if self.empty_columns:
            one = N_("{number} empty column")
            found.append(counted(self.empty_columns, one, N_("{number} empty columns")))
        return found

    @classmethod
    def of(
        cls,
        file: str,
        grid: Grid,
        layout: Layout,
        columns: list[Column],
        values: Array,
        classes: tuple[str, ...],
        notation: tuple[str | None, str | None],
        skipped: npt.NDArray[np.int64],
        marks: list[Message],
    ) -> DataReport:
        """Return what was read of a table.

        Parameters
        ----------
        file : str
            Its name.
        grid, layout : Grid, Layout
            What it holds, and what stands where.
        columns : list of Column
            Those that were read, the target last.
        values : ndarray, shape (N, n)
            What stands in those that are numbers.
        classes : tuple of str
            Of the target, if it names some.
        notation : (str or None, str or None)
            Mark of decimals and of thousands.
        skipped : ndarray
            Rows that were left out.
        marks : list of Message
            What is suspicious.
        """
        told = []
        for k, column in enumerate(columns):
            role: Literal["input", "target"] = "target" if k == len(columns) - 1 else "input"
            common: dict[str, Any] = {"number": column.at + 1, "name": column.name, "role": role}
            common["missing"] = column.missing
            if k < values.shape[1]:
                ends = float(values[:, k].min()), float(values[:, k].max())
                kind: Any = "flags" if column.are_flags else "numbers"
                told.append(ColumnReport(**common, kind=kind, low=ends[0], high=ends[1]))
            else:
                told.append(ColumnReport(**common, kind="classes", classes=len(classes)))
        return cls(
            file=file,
            form=grid.form,
            part=grid.part,
            parts=len(grid.parts),
            rows=len(values),
            delimiter=grid.delimiter,
            encoding=grid.encoding,
            decimal=notation[0],
            thousands=notation[1],
            header=layout.header[0] if layout.header else None,
            above=layout.above,
            units=layout.units,
            empty_columns=layout.empty,
            skipped=tuple(skipped[:MOST_SKIPPED].tolist()),
            skipped_count=len(skipped),
            columns=tuple(told),
            marks=tuple(marks),
        )
