"""What a user says about the data: a named set, a file or rows, and the options of each."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.datasets.choice import DatasetChoice, DatasetName, sets_with
from backprop_studio.core.datasets.delimiter import Delimiter
from backprop_studio.core.datasets.encoding import Encoding

if TYPE_CHECKING:
    from pydantic.config import JsonDict, JsonValue

__all__ = ["DataParams", "Rows"]

Finite = Annotated[float, Field(allow_inf_nan=False)]
Rows = tuple[tuple[Finite, ...], ...]

_SET_LABELS: JsonDict = {
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
_DELIMITER_LABELS: JsonDict = {
    ",": N_("Comma"),
    ";": N_("Semicolon"),
    "\t": N_("Tab"),
}
_KIND_LABELS: JsonDict = {"numbers": N_("Numbers"), "classes": N_("Classes")}
_ENCODING_LABELS: JsonDict = {"utf-8": "UTF-8", "utf-16": "UTF-16", "gbk": "GBK"}


def _advanced(**hints: JsonValue) -> JsonDict:
    return {"x-level": "advanced", **{f"x-{name}": hint for name, hint in hints.items()}}


def _of_sets(option: str, *, of_the_networks_own: bool = False) -> JsonDict:
    """Return the hint that an option is worth showing only with the sets that take it."""
    names: list[JsonValue] = [*sets_with(option), *([None] if of_the_networks_own else [])]
    return _advanced(when={"name": names})


def _of_a_table(**hints: JsonValue) -> JsonDict:
    return _advanced(when={"file": True}, **hints)


class DataParams(BaseModel):
    """The data: a named set, a file, or rows; without them the network's own are used."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Data"))

    name: DatasetName | None = Field(
        None,
        title=N_("Data set"),
        description=N_("Samples to learn from; the network's layers have to fit them."),
        json_schema_extra={"x-labels": _SET_LABELS},
    )
    file: str | None = Field(
        None,
        title=N_("CSV file"),
        description=N_("A table with one sample per row; the last column is the target."),
        json_schema_extra=_advanced(widget="file", filter="*.csv *.tsv *.txt"),
    )
    folder: str | None = Field(
        None,
        title=N_("Folder of pictures"),
        description=N_("Where the four IDX files of MNIST or Fashion-MNIST are."),
        json_schema_extra={**_of_sets("folder"), "x-widget": "folder"},
    )
    points: int | None = Field(
        None,
        ge=2,
        le=100_000,
        title=N_("Points"),
        description=N_("How many points are drawn, in all classes together."),
        json_schema_extra=_of_sets("points"),
    )
    classes: int | None = Field(
        None,
        ge=2,
        le=10,
        title=N_("Classes"),
        description=N_("How many spirals or clouds there are."),
        json_schema_extra=_of_sets("classes"),
    )
    noise: float | None = Field(
        None,
        ge=0,
        le=100,
        allow_inf_nan=False,
        title=N_("Noise"),
        description=N_("Standard deviation of what chance adds to drawn points."),
        json_schema_extra=_of_sets("noise"),
    )
    seed: int | None = Field(
        None,
        ge=0,
        le=2**32 - 1,
        title=N_("Seed of the data"),
        description=N_("The same seed draws the same points and holds out the same rows."),
        json_schema_extra=_of_sets("seed", of_the_networks_own=True),
    )
    held_out: int | None = Field(
        None,
        ge=0,
        le=1_000_000,
        title=N_("Held out"),
        description=N_("How many samples are only tested on, not learned from."),
        json_schema_extra=_advanced(),
    )
    standardise: bool | None = Field(
        None,
        title=N_("Standardise"),
        description=N_("Bring each input to mean 0 and standard deviation 1."),
        json_schema_extra=_of_sets("standardise", of_the_networks_own=True),
    )
    limit: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        title=N_("Training pictures"),
        description=N_("How many pictures are read, from the first on; all if left open."),
        json_schema_extra=_of_sets("limit"),
    )
    header: bool | None = Field(
        None,
        title=N_("Header"),
        description=N_("Whether the first row of the table holds names."),
        json_schema_extra=_of_a_table(),
    )
    delimiter: Delimiter | None = Field(
        None,
        title=N_("Delimiter"),
        description=N_("What separates the columns of the table."),
        json_schema_extra=_of_a_table(labels=_DELIMITER_LABELS),
    )
    encoding: Encoding | None = Field(
        None,
        title=N_("Encoding"),
        description=N_("How the table's characters are stored; UTF-8 if left open."),
        json_schema_extra=_of_a_table(labels=_ENCODING_LABELS),
    )
    input_columns: tuple[str | int, ...] | None = Field(
        None,
        title=N_("Input columns"),
        description=N_("Names or numbers, for example [1, 2]; all but the target if left open."),
        json_schema_extra=_of_a_table(),
    )
    target_column: str | int | None = Field(
        None,
        title=N_("Target column"),
        description=N_("Its name or number; the last one if left open."),
        json_schema_extra=_of_a_table(),
    )
    target_kind: Literal["numbers", "classes"] | None = Field(
        None,
        title=N_("Kind of target"),
        description=N_("Whether the target column holds numbers or classes."),
        json_schema_extra=_of_a_table(labels=_KIND_LABELS),
    )
    inputs: Rows | None = Field(
        None,
        title=N_("Inputs"),
        description=N_("N rows with one number per input, for example [[1, 2, 1.5]]."),
        json_schema_extra=_advanced(),
    )
    targets: tuple[int, ...] | Rows | None = Field(
        None,
        title=N_("Targets"),
        description=N_("N rows with one number per output; class indices for cross-entropy."),
        json_schema_extra=_advanced(),
    )

    @model_validator(mode="after")
    def _one_source(self) -> DataParams:
        sources = [name for name in ("name", "file", "inputs") if getattr(self, name) is not None]
        if len(sources) > 1:
            raise ValueError(f"{sources[0]} excludes {sources[1]}; give one of them")
        if (self.inputs is None) != (self.targets is None):
            raise ValueError("give inputs and targets together")
        options = self.choice().options()
        if self.inputs is not None and options:
            raise ValueError(f"inputs exclude {next(iter(options))}; rows are taken as they are")
        return self

    def choice(self) -> DatasetChoice:
        """Return which data set is meant, and the options as given.

        Examples
        --------
        >>> DataParams(name="two_moons", noise=0.2).choice().options()
        {'noise': 0.2}
        """
        return DatasetChoice(
            **{part.name: getattr(self, part.name) for part in fields(DatasetChoice)}
        )
