"""The batch a network is shown: explicit rows, the preset's own, or an example drawn by seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.i18n import N_
from core.network import NetworkSpec
from core.presets import PRESETS

__all__ = ["Batch", "DataParams", "resolve_data"]

MAX_SAMPLES = 1024
EXAMPLE_SAMPLES = 3

Finite = Annotated[float, Field(allow_inf_nan=False)]
Rows = tuple[tuple[Finite, ...], ...]


class DataParams(BaseModel):
    """The batch, given row by row; without it the network's own example is used."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Data"))

    inputs: Rows | None = Field(
        None,
        title=N_("Inputs"),
        description=N_("N rows with one number per input, for example [[1, 2, 1.5]]."),
        json_schema_extra={"x-level": "advanced"},
    )
    targets: tuple[int, ...] | Rows | None = Field(
        None,
        title=N_("Targets"),
        description=N_("N rows with one number per output; class indices for cross-entropy."),
        json_schema_extra={"x-level": "advanced"},
    )

    @model_validator(mode="after")
    def _both_or_neither(self) -> DataParams:
        if (self.inputs is None) != (self.targets is None):
            raise ValueError("give inputs and targets together")
        return self


@dataclass(frozen=True)
class Batch:
    """Samples and what the network should answer.

    Attributes
    ----------
    inputs : (N, n) float64 array
        One sample per row.
    targets : (N, n_out) float64 array, or (N,) int64 array of class indices
        The latter for cross-entropy.
    """

    inputs: npt.NDArray[np.float64]
    targets: npt.NDArray[np.float64] | npt.NDArray[np.int64]

    @property
    def size(self) -> int:
        """Number of samples."""
        return len(self.inputs)


def resolve_data(data: DataParams, network: NetworkSpec, preset: str | None) -> Batch:
    """Return the batch that a network is to be shown.

    Raises
    ------
    ValueError
        If the rows do not fit the network; the message says what was expected and found.
    """
    if data.inputs is not None and data.targets is not None:
        return _checked(data.inputs, data.targets, network)
    if preset is not None and PRESETS[preset].inputs:
        own = PRESETS[preset]
        if (own.loss == "cross_entropy") == (network.loss == "cross_entropy"):
            return _checked(own.inputs, own.targets, network)
    return _example(network)


def _checked(inputs: Rows, targets: tuple[int, ...] | Rows, network: NetworkSpec) -> Batch:
    n_in, n_out = network.sizes[0], network.sizes[-1]
    if not 1 <= len(inputs) <= MAX_SAMPLES:
        raise ValueError(f"inputs: found {len(inputs)} rows; allowed are 1 to {MAX_SAMPLES}")
    _check_rows("inputs", inputs, n_in)
    if len(targets) != len(inputs):
        raise ValueError(f"targets: expected {len(inputs)} of them, found {len(targets)}")
    array = np.array(inputs, dtype=np.float64)
    if network.loss == "cross_entropy":
        return Batch(array, _class_indices(targets, n_out))
    rows = [row if isinstance(row, tuple) else (row,) for row in targets]
    _check_rows("targets", tuple(rows), n_out)
    values = np.array(rows, dtype=np.float64)
    if network.loss == "binary_cross_entropy" and ((values < 0) | (values > 1)).any():
        raise ValueError("targets: binary_cross_entropy needs values from 0 to 1")
    return Batch(array, values)


def _check_rows(name: str, rows: Rows, expected: int) -> None:
    for number, row in enumerate(rows, start=1):
        if len(row) != expected:
            raise ValueError(f"{name}: row {number} has {len(row)} numbers, expected {expected}")


def _class_indices(targets: tuple[int, ...] | Rows, n_out: int) -> npt.NDArray[np.int64]:
    for target in targets:
        if isinstance(target, tuple) or not 0 <= target < n_out:
            shown = list(target) if isinstance(target, tuple) else target
            raise ValueError(
                f"targets: cross_entropy needs class indices 0 to {n_out - 1}, found {shown}"
            )
    return np.array(targets, dtype=np.int64)


def _example(network: NetworkSpec) -> Batch:
    """Draw a small batch by the network's seed, rounded so that it can be written on a board."""
    generator = np.random.default_rng(network.seed)
    inputs = generator.uniform(-2.0, 2.0, (EXAMPLE_SAMPLES, network.sizes[0])).round(1)
    n_out = network.sizes[-1]
    if network.loss == "cross_entropy":
        return Batch(inputs, np.arange(EXAMPLE_SAMPLES, dtype=np.int64) % n_out)
    low = 0.0 if network.loss == "binary_cross_entropy" else -1.0
    return Batch(inputs, generator.choice([low, 1.0], (EXAMPLE_SAMPLES, n_out)))
