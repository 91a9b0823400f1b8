"""Parameters of the data: a named set, a file or rows, and the options of each."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import Finite, Seed, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.datasets.choice import DatasetChoice, DatasetName, default_of, sets_with
from backprop_studio.core.datasets.delimiter import Delimiter
from backprop_studio.core.datasets.encoding import Encoding
from backprop_studio.core.datasets.notation import Decimal, Thousands
from backprop_studio.core.datasets.synthetic import MAX_CLASSES, MAX_NOISE, MAX_POINTS

if TYPE_CHECKING:
    from pydantic.config import JsonDict, JsonValue

    from backprop_studio.core.datasets.record import Dataset
    from backprop_studio.core.datasets.report import DataReport

Rows = tuple[tuple[Finite, ...], ...]

SET_LABELS: JsonDict = {
    "double": N_("y = 2x, three points"),
    "line": N_("y = 3x + 0.8 with noise"),
    "xor": N_("Exclusive or"),
    "two_moons": N_("Two moons"),
    "spirals": N_("Spirals"),
    "blobs": N_("Clouds of points"),
    "iris": N_("Iris flowers"),
    "digits": N_("Handwritten digits, 8 × 8"),
    "fashion_mnist": N_("Fashion-MNIST, from a folder"),
    "mnist": N_("MNIST, from a folder"),
    "None": N_("The network's own"),
}
TABLE_FILES = "*.csv *.tsv *.txt *.dat *.data *.xlsx *.npy *.npz"
MAX_COUNT = 1_000_000
"""Of samples that are read or held out."""


def _option(title: str, description: str, **given: Any) -> Any:
    """Return a field that is left to the set unless the user gives it."""
    return param(None, title, description, level="advanced", **given)


_OF_A_TABLE: JsonDict = {"file": True}
_OTHER_SAMPLES = ["/sample", "/features"]
"""What is said of samples that other data do not have."""


def _of_sets(option: str, *, of_a_table: bool = False) -> list[JsonValue]:
    """Return when an option acts: with the sets that take it, given or the network's own."""
    sets: JsonDict = {"name": [*sets_with(option)], "file": [None], "inputs": [None]}
    return [sets, _OF_A_TABLE] if of_a_table else [sets]


Header = Annotated[
    bool | None,
    _option(N_("Header"), N_("Whether the first row of the table holds names."), when=_OF_A_TABLE),
]
TableDelimiter = Annotated[
    Delimiter | None,
    _option(
        N_("Delimiter"),
        N_("What separates the columns of the table."),
        when=_OF_A_TABLE,
        labels={
            ",": N_("Comma"),
            ";": N_("Semicolon"),
            "\t": N_("Tab"),
            "|": N_("Vertical bar"),
            " ": N_("Blanks"),
            "，": N_("Full-width comma"),
            "；": N_("Full-width semicolon"),
        },
    ),
]
TableEncoding = Annotated[
    Encoding | None,
    _option(
        N_("Encoding"),
        N_("How the table's characters are stored; recognised if left open."),
        when=_OF_A_TABLE,
        labels={
            "utf-8": "UTF-8",
            "utf-16": "UTF-16",
            "gbk": "GBK",
            "windows-1252": N_("Western (Windows-1252)"),
        },
    ),
]
TableDecimal = Annotated[
    Decimal | None,
    _option(
        N_("Decimal mark"),
        N_("What stands before decimals in the table's numbers."),
        when=_OF_A_TABLE,
        labels={".": N_("Point"), ",": N_("Comma")},
    ),
]
TableThousands = Annotated[
    Thousands | None,
    _option(
        N_("Thousands mark"),
        N_("What stands between groups of three digits in the table's numbers."),
        when=_OF_A_TABLE,
        labels={",": N_("Comma"), ".": N_("Point"), " ": N_("Blank"), "'": N_("Apostrophe")},
    ),
]
TableMissing = Annotated[
    Literal["skip"] | None,
    _option(
        N_("Missing values"),
        N_("What becomes of rows with an empty cell, NA, ? or the like."),
        when=_OF_A_TABLE,
        labels={"skip": N_("Leave the row out"), "None": N_("Refuse")},
    ),
]
TableMissingNumber = Annotated[
    Finite | None,
    _option(
        N_("Number for missing"),
        N_("Stands for a missing value, for example -999; rows with it are left out."),
        when=_OF_A_TABLE,
    ),
]
TableSheet = Annotated[
    str | int | None,
    _option(
        N_("Sheet"),
        N_("Of an Excel workbook or an .npz file: name or number; the first if left open."),
        when=_OF_A_TABLE,
    ),
]


class DataParams(BaseModel):
    """The data: a named set, a file, or rows; without them the network's own are used."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Data"))

    name: DatasetName | None = param(
        None,
        N_("Data set"),
        N_("Samples to learn from; the network's layers have to fit them."),
        labels=SET_LABELS,
        clears=["/data", *_OTHER_SAMPLES],
    )
    file: str | None = _option(
        N_("Table"),
        N_("A file with one sample per row (CSV, Excel, .npy); the last column is the target."),
        widget="file",
        filter=TABLE_FILES,
        clears=["name", "inputs", "targets", *_OTHER_SAMPLES],
    )
    folder: str | None = _option(
        N_("Folder of pictures"),
        N_("Where the four IDX files of MNIST or Fashion-MNIST are."),
        when=_of_sets("folder"),
        widget="folder",
    )
    points: int | None = _option(
        N_("Points"),
        N_("How many points are drawn, in all classes together."),
        ge=2,
        le=MAX_POINTS,
        when=_of_sets("points"),
    )
    classes: int | None = _option(
        N_("Classes"),
        N_("How many spirals or clouds there are."),
        ge=2,
        le=MAX_CLASSES,
        when=_of_sets("classes"),
    )
    noise: Finite | None = _option(
        N_("Noise"),
        N_("Standard deviation of what chance adds to drawn points."),
        ge=0,
        le=MAX_NOISE,
        when=_of_sets("noise"),
    )
    seed: Seed | None = _option(
        N_("Seed of the data"),
        N_("The same seed draws the same points and holds out the same rows."),
        when=_of_sets("seed", of_a_table=True),
    )
    held_out: int | None = _option(
        N_("Held out"),
        N_("How many samples are only tested on, not learned from."),
        ge=0,
        le=MAX_COUNT,
        when=_of_sets("held_out", of_a_table=True),
    )
    standardise: bool | None = _option(
        N_("Standardise"),
        N_("Bring each input to mean 0 and standard deviation 1."),
        when=_of_sets("standardise", of_a_table=True),
    )
    limit: int | None = _option(
        N_("Training pictures"),
        N_("How many pictures are read, from the first on; all if left open."),
        ge=1,
        le=MAX_COUNT,
        when=_of_sets("limit"),
    )
    header: Header = None
    delimiter: TableDelimiter = None
    encoding: TableEncoding = None
    decimal: TableDecimal = None
    thousands: TableThousands = None
    missing: TableMissing = None
    missing_number: TableMissingNumber = None
    sheet: TableSheet = None
    input_columns: tuple[str | int, ...] | None = _option(
        N_("Input columns"),
        N_("Names or numbers, for example 1, 2; all but the target if left open."),
        when=_OF_A_TABLE,
        example="1, 2",
    )
    target_column: str | int | None = _option(
        N_("Target column"), N_("Its name or number; the last one if left open."), when=_OF_A_TABLE
    )
    target_kind: Literal["numbers", "classes"] | None = _option(
        N_("Kind of target"),
        N_("Whether the target column holds numbers or classes."),
        when=_OF_A_TABLE,
        labels={"numbers": N_("Numbers"), "classes": N_("Classes")},
    )
    inputs: Rows | None = _option(
        N_("Inputs"),
        N_("N rows with one number per input, for example 1 2 1.5; 3 4 2.3."),
        clears=["name", "file", *_OTHER_SAMPLES],
        together=["targets"],
        places=["row"],
        example="1 2 1.5; 3 4 2.3",
    )
    targets: tuple[int, ...] | Rows | None = _option(
        N_("Targets"),
        N_("N rows with one number per output; class indices for cross-entropy."),
        clears=["name", "file", *_OTHER_SAMPLES],
        together=["inputs"],
        places=["row"],
        example="0, 2",
    )

    @model_validator(mode="after")
    def _one_source(self) -> DataParams:
        sources = [name for name in ("name", "file", "inputs") if getattr(self, name) is not None]
        if len(sources) > 1:
            text = N_("{field} excludes {other}; give one of them")
            raise ParameterError("field.excludes", text, field=sources[0], other=sources[1])
        if (self.inputs is None) != (self.targets is None):
            text = N_("give {field} and {other} together")
            raise ParameterError("data.together", text, field="inputs", other="targets")
        options = self.choice().options()
        if self.inputs is not None and options:
            text = N_("{field} exclude {other}; rows are taken as they are")
            names = {"field": "inputs", "other": next(iter(options))}
            raise ParameterError("data.inputs_exclude", text, **names)
        return self

    def choice(self) -> DatasetChoice:
        """Return which data set is meant, and the options as given.

        Examples
        --------
        >>> DataParams(name="two_moons", noise=0.2).choice().options()
        {'noise': 0.2}
        """
        given = {part.name: getattr(self, part.name) for part in fields(DatasetChoice)}
        return DatasetChoice(**given)


def read_as(report: DataReport | None) -> dict[str, Any]:
    """Return how a table was read, under the names of the options that are left open.

    Examples
    --------
    >>> from backprop_studio.core.datasets.report import DataReport
    >>> read_as(DataReport(file="a.csv", form="text", rows=1, columns=(), decimal=","))
    {'header': False, 'decimal': ','}
    """
    if report is None:
        return {}
    marks = {"decimal": report.decimal, "thousands": report.thousands, "sheet": report.part}
    known = {"delimiter": report.delimiter, "encoding": report.encoding, **marks}
    found = {name: value for name, value in known.items() if value is not None}
    return found if report.form == "array" else {"header": report.header is not None, **found}


def resolved_data(data: Dataset, asked: DataParams) -> dict[str, Any]:
    """Return what stands for the fields of :class:`DataParams` that are left open.

    Parameters
    ----------
    data : Dataset
        What was made of them.

    Examples
    --------
    >>> from backprop_studio.core.datasets.choice import load_dataset
    >>> asked = DataParams(name="two_moons")
    >>> found = resolved_data(load_dataset(asked.choice()), asked)
    >>> found["points"], found["noise"], found["held_out"]
    (200, 0.1, 0)
    """
    found: dict[str, Any] = {"held_out": len(data.test), "seed": asked.seed or 0}
    found["standardise"] = data.mean is not None
    if asked.file is not None:
        kind = "classes" if data.class_names else "numbers"
        columns = {"input_columns": list(data.feature_names), "target_column": data.target_names[0]}
        return {**found, **columns, "target_kind": kind, **read_as(data.report)}
    drawn = {"name": data.name, "points": data.size, "limit": len(data.train)}
    drawn |= {"classes": len(data.class_names), "noise": default_of(data.name, "noise")}
    taken = {"name": [data.name], **{it: sets_with(it) for it in (*found, *drawn) if it != "name"}}
    return {it: value for it, value in {**found, **drawn}.items() if data.name in taken[it]}
