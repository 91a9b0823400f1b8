"""The batch a network is shown: explicit rows, the preset's own, or an example drawn by seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.arrays import Array, frozen
from core.i18n import N_
from core.presets import PRESETS, Preset

if TYPE_CHECKING:
    from core.network import NetworkSpec

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
    """Samples and what the network should answer; the arrays are read-only.

    Attributes
    ----------
    inputs : (N, n) float64 array
        One sample per row.
    targets : (N, n_out) float64 array, or (N,) int64 array of class indices
        The latter for cross-entropy.
    """

    inputs: Array
    targets: Array | npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        for name in ("inputs", "targets"):
            array = getattr(self, name)
            object.__setattr__(self, name, frozen(array, array.dtype))

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
    own = PRESETS[preset] if preset is not None else None
    if own is not None and _suits(own, network):
        return _checked(own.inputs, own.targets, network)
    return _example(network)


def _suits(preset: Preset, network: NetworkSpec) -> bool:
    """Whether a preset's own data can be used with the loss that the user chose."""
    if not preset.inputs:
        return False
    if "cross_entropy" in {preset.loss, network.loss}:
        return preset.loss == network.loss
    return network.loss != "binary_cross_entropy" or _are_shares(np.array(preset.targets))


def _are_shares(values: Array) -> bool:
    return bool(((values >= 0) & (values <= 1)).all())


def _checked(inputs: Rows, targets: tuple[int, ...] | Rows, network: NetworkSpec) -> Batch:
    n_in, n_out = network.sizes[0], network.sizes[-1]
    if not 1 <= len(inputs) <= MAX_SAMPLES:
        raise ValueError(f"data.inputs: allowed are 1 to {MAX_SAMPLES} rows, found {len(inputs)}")
    _check_rows("data.inputs", inputs, n_in)
    if len(targets) != len(inputs):
        raise ValueError(
            f"data.targets: expected one per row of inputs, {len(inputs)}, found {len(targets)}"
        )
    array = np.array(inputs, dtype=np.float64)
    if network.loss == "cross_entropy":
        return Batch(array, _class_indices(targets, n_out))
    rows = [row if isinstance(row, tuple) else (row,) for row in targets]
    _check_rows("data.targets", tuple(rows), n_out)
    values = np.array(rows, dtype=np.float64)
    if network.loss == "binary_cross_entropy" and not _are_shares(values):
        wrong = values[(values < 0) | (values > 1)][0]
        raise ValueError(
            f"data.targets: binary_cross_entropy takes values from 0 to 1, found {wrong:g}"
        )
    return Batch(array, values)


def _check_rows(name: str, rows: Rows, expected: int) -> None:
    for number, row in enumerate(rows, start=1):
        if len(row) != expected:
            raise ValueError(f"{name}: row {number}: expected {expected} numbers, found {len(row)}")


def _class_indices(targets: tuple[int, ...] | Rows, n_out: int) -> npt.NDArray[np.int64]:
    for target in targets:
        if isinstance(target, tuple) or not 0 <= target < n_out:
            shown = list(target) if isinstance(target, tuple) else target
            raise ValueError(
                f"data.targets: cross_entropy takes class indices 0 to {n_out - 1}, found {shown}"
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
