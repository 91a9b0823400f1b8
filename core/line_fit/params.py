"""Parameters of a fitted line: the points, or a table of them, and how it descends."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.fields import Coordinate, Finite, Seed, param, suited_rate
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import listed
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.datasets.choice import DatasetChoice, load_dataset
from backprop_studio.core.datasets.params import (
    TABLE_FILES,
    Header,
    TableDecimal,
    TableDelimiter,
    TableEncoding,
    TableMissing,
    TableMissingNumber,
    TableSheet,
    TableThousands,
    read_as,
)
from backprop_studio.core.datasets.split import standardise
from backprop_studio.core.datasets.synthetic import line

if TYPE_CHECKING:
    from backprop_studio.core.datasets.record import Dataset
    from backprop_studio.core.datasets.report import DataReport
    from backprop_studio.core.line_fit.record import LineFitRecord

MOST_POINTS = 1000
"""Rows that are fitted; of a longer table so many are drawn by the seed."""

MOST_STEPS = 5000

USUAL_RATE = 0.01
NAMES_TOLD = 6

_HOW_READ = (
    *("header", "delimiter", "encoding", "decimal", "thousands"),
    *("missing", "missing_number", "sheet"),
)
"""Options of a table that say how it is read."""


def _of_drawn(default: Any, title: str, description: str, **given: Any) -> Any:
    """Return a field of points that are drawn."""
    return param(default, title, description, when={"file": [None]}, **given)


def _of_table(title: str, description: str, **given: Any) -> Any:
    """Return a field of points that are read."""
    return param(None, title, description, level="advanced", when={"file": True}, **given)


@dataclass(frozen=True)
class LineData:
    """The points (x, y) that a line is fitted to.

    Attributes
    ----------
    x, y : (N,) float64
        At most 1000 points.
    x_name, y_name : str
        What the table calls them; "x" and "y" of drawn points.
    rows : int
        How many there are in all; more than N where the points were drawn from a long table.
    is_drawn : bool
        Whether the points were made, and not read from a file.
    report : DataReport or None
        How they were read.
    """

    x: Array
    y: Array
    x_name: str
    y_name: str
    rows: int
    is_drawn: bool
    report: DataReport | None = None


class LineDataParams(BaseModel):
    """Parameters of the points that a line is fitted to.

    Examples
    --------
    >>> data = LineDataParams(points=3).points_of()
    >>> bool((data.y == 3 * data.x + 0.8).all()), data.rows
    (True, 3)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Data"))

    points: int = _of_drawn(
        50,
        N_("Points"),
        N_("How many points are drawn; their x is uniform from 0 to 1."),
        ge=2,
        le=MOST_POINTS,
    )
    noise: Finite = _of_drawn(
        0.0,
        N_("Noise"),
        N_("Standard deviation of what chance adds to drawn points."),
        ge=0,
        le=100,
        range=[0.0, 1.0],
    )
    slope: Coordinate = _of_drawn(
        3.0, N_("True slope"), N_("Of the line that the drawn points come from."), range=[-5.0, 5.0]
    )
    intercept: Coordinate = _of_drawn(
        0.8,
        N_("True intercept"),
        N_("Height at x = 0 of the line that the drawn points come from."),
        range=[-5.0, 5.0],
    )
    seed: Seed = param(
        0,
        N_("Seed of the data"),
        N_("The same seed draws the same points, or the same rows of a long table."),
        level="advanced",
    )
    file: str | None = param(
        None,
        N_("Table"),
        N_("A file with one point per row (CSV, Excel, .npy): a column x and a column y."),
        widget="file",
        filter=TABLE_FILES,
    )
    x_column: str | int | None = _of_table(
        N_("Column of x"), N_("Its name or number; needed if the table has more than two columns.")
    )
    y_column: str | int | None = _of_table(
        N_("Column of y"), N_("Its name or number; the last one if left open.")
    )
    standardise: bool = param(
        False,
        N_("Standardise"),
        N_("Bring x to mean 0 and standard deviation 1, so that the bowl is round."),
    )
    header: Header = None
    delimiter: TableDelimiter = None
    encoding: TableEncoding = None
    decimal: TableDecimal = None
    thousands: TableThousands = None
    missing: TableMissing = None
    missing_number: TableMissingNumber = None
    sheet: TableSheet = None

    @model_validator(mode="after")
    def _options_of_a_table(self) -> LineDataParams:
        for name in ("x_column", "y_column", *_HOW_READ):
            if self.file is None and getattr(self, name) is not None:
                text = N_("{field} is of a table; give file too")
                raise ParameterError("data.no_table", text, field=name)
        return self

    def points_of(self) -> LineData:
        """Return the points.

        Raises
        ------
        InputError
            If the file is wrong, or its columns are not two of numbers.
        """
        if self.file is None:
            truth = {"slope": self.slope, "intercept": self.intercept}
            data = line(self.points, **truth, noise=self.noise, seed=self.seed)
        else:
            data = _table(self)
        rows = data.size
        if rows > MOST_POINTS:
            data = _drawn_from(data, self.seed)
        if self.standardise:
            try:
                data = standardise(data)
            except InputError as error:
                raise InputError(error.message.with_fields(field="data.standardise")) from error
        return LineData(
            x=frozen(data.inputs[:, 0]),
            y=frozen(data.targets[:, 0]),
            x_name=data.feature_names[0],
            y_name=data.target_names[0],
            rows=rows,
            is_drawn=self.file is None,
            report=data.report,
        )


class LineFitGroup(LessonParams):
    """Parameters of a line, and of how it descends."""

    data: LineDataParams = Field(default_factory=lambda: LineDataParams(), title=N_("Data"))
    learning_rate: float | None = suited_rate(gt=0, le=1e9)
    steps: int = param(
        3000,
        N_("Steps"),
        N_("How many updates w and b get."),
        ge=1,
        le=MOST_STEPS,
        range=[100, 5000],
    )
    slower: int = param(
        10,
        N_("Times slower"),
        N_("How many times smaller the second rate is, with as many times the steps."),
        ge=2,
        le=10,
        level="advanced",
    )
    half: bool = param(
        False,
        N_("Half"),
        N_("Halves the mean of the squares: J = 1/(2m) of their sum, as many courses write it."),
        level="advanced",
    )
    w: Coordinate = param(0.0, N_("Weight"), N_("The slope w that the line starts with."))
    b: Coordinate = param(0.0, N_("Bias"), N_("The height b at x = 0 that the line starts with."))

    def resolved(self) -> dict[str, Any]:
        """Return what stands for fields that are left open, by their dotted paths."""
        data = self.data.points_of()
        columns = {} if data.is_drawn else {"x_column": data.x_name, "y_column": data.y_name}
        found = {**columns, **read_as(data.report)}
        rate = {} if self.learning_rate is not None else {"learning_rate": suited(data.x)}
        given = {f"data.{name}": value for name, value in found.items()}
        return {**super().resolved(), **rate, **given}

    def data_report(self) -> DataReport | None:
        """Return what was read of the user's table and how, or None if there is none."""
        return self.data.points_of().report

    def fit(self) -> tuple[LineData, LineFitRecord]:
        """Return the points and the descents on their loss; made once for the same parameters.

        Raises
        ------
        InputError
            If a file is wrong, or its numbers cannot be fitted.

        Examples
        --------
        >>> _, record = LineFitGroup().fit()
        >>> round(float(record.run.w[-1]), 3), round(float(record.run.b[-1]), 3)
        (2.962, 0.821)
        """
        data = self.data.points_of()
        _check_points(data, self.data)
        bits, rate = (data.x.tobytes(), data.y.tobytes()), self.learning_rate or suited(data.x)
        return data, _fit(*bits, self.w, self.b, rate, self.steps, self.slower, self.half)


def suited(x: Array) -> float:
    """Return a learning rate with which a line through points at these x does not diverge.

    The usual one; where x are so large that it would be more than half of the largest that
    converges, a round number below that half.

    Examples
    --------
    >>> suited(np.array([0.0, 1.0])), suited(np.array([0.0, 300.0]))
    (0.01, 1e-05)
    """
    mean, square = float(x.mean()), float((x**2).mean())
    # The larger of the loss's two curvatures.
    root = math.hypot(square - 1.0, 2.0 * mean)
    half = 1.0 / (square + 1.0 + root)
    if half >= USUAL_RATE or half == 0:
        return USUAL_RATE
    power = 10.0 ** math.floor(math.log10(half))
    return float(f"{math.floor(half / power) * power:.0e}")


@lru_cache(maxsize=16)
def _fit(
    x: bytes,
    y: bytes,
    w: float,
    b: float,
    learning_rate: float,
    steps: int,
    slower: int,
    half: bool,
) -> LineFitRecord:
    from backprop_studio.core.line_fit.fit import fit_line

    points = np.frombuffer(x), np.frombuffer(y)
    descent = {"learning_rate": learning_rate, "steps": steps, "slower": slower, "half": half}
    return fit_line(*points, w=w, b=b, **descent)  # type: ignore[arg-type]


def _check_points(data: LineData, asked: LineDataParams) -> None:
    """Refuse points through which no one line goes best, in words of the file."""
    if asked.file is None:
        return
    file = {"field": "data.file", "file": shown(asked.file)}
    if data.rows < 2:
        text = N_("{field}: {file} has one row of data; a line needs at least two")
        raise InputError("data.one_row", text, **file)
    if np.ptp(data.x) == 0:
        text = N_(
            "{field}: the column {column} of {file} holds one number in all rows, {value}; a line "
            "needs at least two different x"
        )
        column = shown(data.x_name)
        raise InputError("data.one_x", text, **file, column=column, value=f"{data.x[0]:g}")


def _table(asked: LineDataParams) -> Dataset:
    choice = DatasetChoice(
        file=asked.file,
        target_kind="numbers",
        target_column=asked.y_column,
        input_columns=None if asked.x_column is None else (asked.x_column,),
        **{name: getattr(asked, name) for name in _HOW_READ},
    )
    try:
        data = load_dataset(choice)
    except InputError as error:
        raise InputError(error.message.changed(_of_a_line)) from error
    if data.inputs.shape[1] > 1:
        text = N_(
            "{field}: {file} has {found} columns beside y; expected the name or number of one of "
            "{names}"
        )
        names = listed(map(shown, data.feature_names[:NAMES_TOLD]))
        fields = {"field": "data.x_column", "file": shown(asked.file), "names": names}
        raise InputError("data.many_columns", text, **fields, found=data.inputs.shape[1])
    return data


def _of_a_line(text: str) -> str:
    """Return a text of a message; the parameters that name columns have other names here."""
    names = {"data.input_columns": "data.x_column", "data.target_column": "data.y_column"}
    return names.get(text, text)


@lru_cache(maxsize=4)
def _drawn_from(data: Dataset, seed: int) -> Dataset:
    """Return as many rows of a long table as are fitted, drawn by seed, in their order."""
    rows = np.sort(np.random.default_rng(seed).choice(data.size, MOST_POINTS, replace=False))
    inputs, targets = data.inputs[rows], data.targets[rows]
    return replace(data, inputs=inputs, targets=targets, test=np.arange(0))
