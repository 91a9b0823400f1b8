"""What a form asks about fitting a line: the points, or a table of them, and how it descends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.base.validation_messages import one_line, shown
from backprop_studio.core.datasets.choice import DatasetChoice, load_dataset
from backprop_studio.core.datasets.delimiter import Delimiter
from backprop_studio.core.datasets.encoding import Encoding
from backprop_studio.core.datasets.params import DataParams
from backprop_studio.core.datasets.split import standardise
from backprop_studio.core.datasets.synthetic import line

if TYPE_CHECKING:
    from pydantic.config import JsonDict

    from backprop_studio.core.datasets.record import Dataset
    from backprop_studio.core.line_fit.record import LineFitRecord

__all__ = ["LineData", "LineDataParams", "LineFitGroup"]

MOST_POINTS = 1000
"""Rows that are fitted; of a longer table so many are drawn by the seed."""

MOST_STEPS = 5000

_OF_DATA = DataParams.model_fields
_ADVANCED: JsonDict = {"x-level": "advanced"}
_DRAWN: JsonDict = {"x-when": {"file": [None]}}


@dataclass(frozen=True)
class LineData:
    """Points (x, y).

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
    """

    x: Array
    y: Array
    x_name: str
    y_name: str
    rows: int
    is_drawn: bool


class LineDataParams(BaseModel):
    """The points that a line is fitted to.

    Examples
    --------
    >>> data = LineDataParams(points=3).points_of()
    >>> bool((data.y == 3 * data.x + 0.8).all()), data.rows
    (True, 3)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Data"))

    points: int = Field(
        50,
        ge=2,
        le=MOST_POINTS,
        title=N_("Points"),
        description=N_("How many points are drawn; their x is uniform from 0 to 1."),
        json_schema_extra=_DRAWN,
    )
    noise: float = Field(
        0.0,
        ge=0,
        le=100,
        allow_inf_nan=False,
        title=N_("Noise"),
        description=N_("Standard deviation of what chance adds to drawn points."),
        json_schema_extra={**_DRAWN, "x-range": [0.0, 1.0]},
    )
    slope: float = Field(
        3.0,
        ge=-1e6,
        le=1e6,
        allow_inf_nan=False,
        title=N_("True slope"),
        description=N_("Of the line that the drawn points come from."),
        json_schema_extra={**_DRAWN, "x-range": [-5.0, 5.0]},
    )
    intercept: float = Field(
        0.8,
        ge=-1e6,
        le=1e6,
        allow_inf_nan=False,
        title=N_("True intercept"),
        description=N_("Height at x = 0 of the line that the drawn points come from."),
        json_schema_extra={**_DRAWN, "x-range": [-5.0, 5.0]},
    )
    seed: int = Field(
        0,
        ge=0,
        le=2**32 - 1,
        title=N_("Seed of the data"),
        description=N_("The same seed draws the same points, or the same rows of a long table."),
        json_schema_extra=_ADVANCED,
    )
    file: str | None = Field(
        None,
        title=N_("CSV file"),
        description=N_("A table with one point per row: a column x and a column y."),
        json_schema_extra={"x-widget": "file", "x-filter": "*.csv *.tsv *.txt"},
    )
    x_column: str | int | None = Field(
        None,
        title=N_("Column of x"),
        description=N_("Its name or number; needed if the table has more than two columns."),
        json_schema_extra={**_ADVANCED, "x-when": {"file": True}},
    )
    y_column: str | int | None = Field(
        None,
        title=N_("Column of y"),
        description=N_("Its name or number; the last one if left open."),
        json_schema_extra={**_ADVANCED, "x-when": {"file": True}},
    )
    standardise: bool = Field(
        False,
        title=N_("Standardise"),
        description=N_("Bring x to mean 0 and standard deviation 1, so that the bowl is round."),
    )
    header: bool | None = Field(
        None,
        title=_OF_DATA["header"].title,
        description=_OF_DATA["header"].description,
        json_schema_extra=_OF_DATA["header"].json_schema_extra,
    )
    delimiter: Delimiter | None = Field(
        None,
        title=_OF_DATA["delimiter"].title,
        description=_OF_DATA["delimiter"].description,
        json_schema_extra=_OF_DATA["delimiter"].json_schema_extra,
    )
    encoding: Encoding | None = Field(
        None,
        title=_OF_DATA["encoding"].title,
        description=_OF_DATA["encoding"].description,
        json_schema_extra=_OF_DATA["encoding"].json_schema_extra,
    )

    @model_validator(mode="after")
    def _options_of_a_table(self) -> LineDataParams:
        for name in ("x_column", "y_column", "header", "delimiter", "encoding"):
            if self.file is None and getattr(self, name) is not None:
                raise ValueError(f"{name} is of a table; give file too")
        return self

    def points_of(self) -> LineData:
        """Return the points.

        Raises
        ------
        InputError
            If the file is wrong, or its columns are not two of numbers.
        """
        if self.file is None:
            data = line(
                self.points, slope=self.slope, intercept=self.intercept, noise=self.noise,
                seed=self.seed,
            )  # fmt: skip
        else:
            data = _table(self)
        rows = data.size
        if rows > MOST_POINTS:
            data = _drawn_from(data, self.seed)
        if self.standardise:
            try:
                data = standardise(data)
            except InputError as error:
                raise InputError(f"data.{error}") from error
        x_name, y_name = data.feature_names[0], data.target_names[0]
        return LineData(
            frozen(data.inputs[:, 0]), frozen(data.targets[:, 0]), x_name, y_name, rows,
            self.file is None,
        )  # fmt: skip


class LineFitGroup(LessonParams):
    """A line, and how it descends."""

    data: LineDataParams = Field(default_factory=lambda: LineDataParams(), title=N_("Data"))
    learning_rate: float = Field(
        0.01,
        gt=0,
        le=1e9,
        allow_inf_nan=False,
        title=N_("Learning rate"),
        description=N_("How far one step goes against the gradient (eta)."),
        json_schema_extra={"x-widget": "log_slider", "x-range": [1e-4, 10.0]},
    )
    steps: int = Field(
        3000,
        ge=1,
        le=MOST_STEPS,
        title=N_("Steps"),
        description=N_("How many updates w and b get."),
        json_schema_extra={"x-range": [100, 5000]},
    )
    slower: int = Field(
        10,
        ge=2,
        le=10,
        title=N_("Times slower"),
        description=N_("How many times smaller the second rate is, with as many times the steps."),
        json_schema_extra=_ADVANCED,
    )
    w: float = Field(
        0.0,
        ge=-1e6,
        le=1e6,
        allow_inf_nan=False,
        title=N_("Weight"),
        description=N_("The slope w that the line starts with."),
        json_schema_extra={"x-range": [-5.0, 5.0]},
    )
    b: float = Field(
        0.0,
        ge=-1e6,
        le=1e6,
        allow_inf_nan=False,
        title=N_("Bias"),
        description=N_("The height b at x = 0 that the line starts with."),
        json_schema_extra={"x-range": [-5.0, 5.0]},
    )

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
        bits = data.x.tobytes(), data.y.tobytes()
        return data, _fit(*bits, self.w, self.b, self.learning_rate, self.steps, self.slower)


@lru_cache(maxsize=16)
def _fit(
    x: bytes, y: bytes, w: float, b: float, learning_rate: float, steps: int, slower: int
) -> LineFitRecord:
    from backprop_studio.core.line_fit.fit import fit_line

    return fit_line(
        np.frombuffer(x), np.frombuffer(y), w=w, b=b, learning_rate=learning_rate, steps=steps,
        slower=slower,
    )  # fmt: skip


def _check_points(data: LineData, asked: LineDataParams) -> None:
    """Refuse points through which no one line goes best, in words of the file."""
    if asked.file is None:
        return
    if data.rows < 2:
        raise InputError(
            f"data.file: {shown(asked.file)} has one row of data; a line needs at least two."
        )
    if np.ptp(data.x) == 0:
        raise InputError(
            one_line(
                f"data.file: the column {shown(data.x_name)} of {shown(asked.file)} holds one "
                f"number in all rows, {data.x[0]:g}; a line needs at least two different x."
            )
        )


def _table(asked: LineDataParams) -> Dataset:
    x_column = asked.x_column
    data = load_dataset(
        DatasetChoice(
            file=asked.file, target_kind="numbers", target_column=asked.y_column,
            input_columns=None if x_column is None else (x_column,), header=asked.header,
            delimiter=asked.delimiter, encoding=asked.encoding,
        )
    )  # fmt: skip
    if data.inputs.shape[1] > 1:
        names = ", ".join(map(shown, data.feature_names[:6]))
        raise InputError(
            one_line(
                f"data.x_column: {shown(asked.file)} has {data.inputs.shape[1]} columns beside y; "
                f"expected the name or number of one of {names}."
            )
        )
    return data


@lru_cache(maxsize=4)
def _drawn_from(data: Dataset, seed: int) -> Dataset:
    """Return as many rows of a long table as are fitted, drawn by seed, in their order."""
    rows = np.sort(np.random.default_rng(seed).choice(data.size, MOST_POINTS, replace=False))
    return replace(
        data, inputs=data.inputs[rows], targets=data.targets[rows], train=np.arange(MOST_POINTS),
        test=np.arange(0),
    )  # fmt: skip
