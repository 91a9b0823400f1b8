"""The batch a network is shown: a data set, explicit rows, the preset's own, or a drawn example."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.datasets.choice import DatasetChoice, load_dataset
from backprop_studio.core.datasets.params import DataParams
from backprop_studio.core.network.presets import PRESETS, Preset

if TYPE_CHECKING:
    from backprop_studio.core.datasets.params import Rows
    from backprop_studio.core.datasets.record import Dataset, Indices
    from backprop_studio.core.network.spec import NetworkSpec

__all__ = ["Batch", "DataParams", "resolve_data", "resolve_dataset", "resolve_held_out"]

MAX_SAMPLES = 1024
EXAMPLE_SAMPLES = 3


@dataclass(frozen=True)
class Batch:
    """Samples and what the network should answer; the arrays are read-only.

    Attributes
    ----------
    inputs : (N, n) float64 array
        One sample per row.
    targets : (N, n_out) float64 array, or (N,) int64 array of class indices
        The latter for cross-entropy.

    Examples
    --------
    >>> Batch(np.array([[1.0, 2.0]]), np.array([0])).size
    1
    """

    inputs: Array
    targets: Array | npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        for name in ("inputs", "targets"):
            array = getattr(self, name)
            # What cannot change is not copied: a large data set is a batch as it is.
            if not _never_changes(array):
                object.__setattr__(self, name, frozen(array, array.dtype))

    @property
    def size(self) -> int:
        """Number of samples."""
        return len(self.inputs)


def _never_changes(array: npt.NDArray[Any]) -> bool:
    base = array if array.base is None else array.base
    if not isinstance(base, np.ndarray) or base.base is not None:
        return False
    return not (array.flags.writeable or base.flags.writeable)


def resolve_dataset(
    data: DataParams, preset: str | None, network: NetworkSpec | None = None
) -> Dataset | None:
    """Return the data set that was chosen, or that the preset brings; None if neither is.

    Parameters
    ----------
    data : DataParams
        Options without a name or file change those of the preset's set.
    preset : str or None
        As in :class:`core.network.spec.NetworkParams`.
    network : NetworkSpec, optional
        What the set has to fit. A preset's set that does not fit the loss that the user chose
        steps back: nobody asked for it.

    Raises
    ------
    ValueError
        If an option does not go with the set, or is out of its range, or the set does not fit.
    InputError
        If a file is wrong.
    MissingComponentError
        If the set comes with scikit-learn and that is not installed.

    Examples
    --------
    >>> iris = resolve_dataset(DataParams(held_out=30), "iris")
    >>> iris.name, len(iris.train), len(iris.test)
    ('iris', 120, 30)
    >>> resolve_dataset(DataParams(), "notes") is None
    True
    """
    choice = data.choice()
    options = choice.options()
    wanted = choice != DatasetChoice()
    if choice.name is None and choice.file is None:
        own = PRESETS[preset].data if preset is not None else None
        if own is None:
            if options:
                raise ValueError(f"data.{next(iter(options))}: give data.name or data.file too")
            return None
        choice = replace(own, **options)
    found = _loaded(choice)
    fault = None if network is None else _fault(found, network)
    if fault is not None and wanted:
        raise ValueError(f"data.{'name' if choice.file is None else 'file'}: {fault}")
    return found if fault is None else None


def _loaded(choice: DatasetChoice) -> Dataset:
    """Return a data set; what is wrong with an option becomes a sentence about its field."""
    try:
        return load_dataset(choice)
    except InputError as error:
        if str(error).startswith("The "):  # it names a file
            raise
        option, _, fault = str(error).rstrip(".").partition(": ")
        raise ValueError(f"data.{_FIELDS.get(option, option)}: {fault}") from error


_FIELDS = {
    "arms": "classes",
    "spread": "noise",
    "hold_out": "held_out",
    "train": "limit",
    "test": "held_out",
}
"""From the names that core.datasets uses in its messages to those of the parameters."""


def resolve_data(data: DataParams, network: NetworkSpec, preset: str | None) -> Batch:
    """Return the batch that a network is to be shown: of a data set, the training rows.

    Targets suit the loss: class indices for cross-entropy, else rows of numbers, in which two
    classes are 0 and 1 for one output, and classes are one-hot for an output each.

    Raises
    ------
    ValueError
        If the data do not fit the network; the message says what was expected and found.
    InputError
        If a file is wrong.

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkParams, resolve_network
    >>> network = resolve_network(NetworkParams(sizes=(2, 3, 1)))
    >>> resolve_data(DataParams(name="xor"), network, None).targets.tolist()
    [[0.0], [1.0], [1.0], [0.0]]
    """
    if data.inputs is not None and data.targets is not None:
        return _checked(data.inputs, data.targets, network)
    chosen = resolve_dataset(data, preset, network)
    if chosen is not None:
        return _part(chosen, "train", network.loss, network.sizes[-1])
    own = PRESETS[preset] if preset is not None else None
    if own is not None and _suits(own, network):
        return _checked(own.inputs, own.targets, network)
    return _example(network)


def resolve_held_out(data: DataParams, network: NetworkSpec, preset: str | None) -> Batch | None:
    """Return the rows of the data set that are held out, or None if there are none.

    Raises
    ------
    ValueError, InputError
        As :func:`resolve_data` does.

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkParams, resolve_network
    >>> network = resolve_network(NetworkParams(preset="iris"))
    >>> resolve_held_out(DataParams(), network, "iris").size
    20
    """
    if data.inputs is not None:
        return None
    chosen = resolve_dataset(data, preset, network)
    if chosen is None or not len(chosen.test):
        return None
    return _part(chosen, "test", network.loss, network.sizes[-1])


def _fault(data: Dataset, network: NetworkSpec) -> str | None:
    """Say what of a data set does not fit the network, and what to do."""
    name, sizes, loss = data.name, list(network.sizes), network.loss
    columns, classes = data.inputs.shape[1], len(data.class_names)
    if columns != sizes[0]:
        return (
            f"{name} has {_counted(columns, 'input')}, the network takes {sizes[0]}; "
            f"set network.sizes to {[columns, *sizes[1:]]}"
        )
    if loss == "cross_entropy" and not classes:
        return f"{name} has numbers as targets, cross_entropy takes classes; choose another loss"
    width = classes or len(data.target_names)
    # Where losses compare numbers, two classes may be one number or two.
    widths = {1, 2} if classes == 2 and loss != "cross_entropy" else {width}
    if sizes[-1] not in widths:
        what = f"{classes} classes" if classes else _counted(width, "target")
        return (
            f"{name} has {what}, the network gives {_counted(sizes[-1], 'output')}; "
            f"set network.sizes to {[*sizes[:-1], min(widths)]}"
        )
    values = data.target_rows()
    if loss == "binary_cross_entropy" and not _are_shares(values):
        wrong = values[(values < 0) | (values > 1)][0]
        return f"binary_cross_entropy takes targets from 0 to 1, {name} has {wrong:g}"
    return None


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


@lru_cache(maxsize=8)
def _part(data: Dataset, part: Literal["train", "test"], loss: str, width: int) -> Batch:
    """Return the training or the held-out rows; made once, as parameters are checked often."""
    rows = data.train if part == "train" else data.test
    chosen: Indices | slice = rows
    if rows[-1] - rows[0] == len(rows) - 1:  # in one piece: a view is enough
        chosen = slice(int(rows[0]), int(rows[-1]) + 1)
    return Batch(data.inputs[chosen], _targets(data, loss, width)[chosen])


def _targets(data: Dataset, loss: str, width: int) -> Array | Indices:
    if loss == "cross_entropy":
        return data.targets
    if len(data.class_names) == 2 and width == 2:
        return frozen(data.targets[:, None] == np.arange(2))
    return data.target_rows()


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
