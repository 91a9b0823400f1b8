"""The batch a network is shown: a data set, explicit rows, the preset's own, or a drawn example."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, counted
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.datasets.choice import DatasetChoice, load_dataset
from backprop_studio.core.network.presets import PRESETS, Preset

if TYPE_CHECKING:
    from backprop_studio.core.datasets.params import DataParams, Rows
    from backprop_studio.core.datasets.record import Dataset, Indices
    from backprop_studio.core.network.spec import NetworkSpec

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
    ParameterError
        If an option does not go with the set, or is out of its range, or the set does not fit.
    InputError
        If a file is wrong.
    MissingComponentError
        If the set comes with scikit-learn and that is not installed.

    Examples
    --------
    >>> from backprop_studio.core.datasets.params import DataParams
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
                field = f"data.{next(iter(options))}"
                text = N_("{field}: give {other} or a file too")
                raise ParameterError("data.no_set", text, field=field, other="data.name")
            return None
        choice = replace(own, **options)
    found = _loaded(choice)
    fault = None if network is None else _fault(found, network)
    if fault is not None and wanted:
        field = "data.name" if choice.file is None else "data.file"
        raise ParameterError("data.misfit", N_("{field}: {problem}"), field=field, problem=fault)
    return found if fault is None else None


def _loaded(choice: DatasetChoice) -> Dataset:
    """Return a data set; what is wrong with an option is said of the parameter."""
    try:
        return load_dataset(choice)
    except InputError as error:
        option = error.message.fields.get("field")
        if option is None:  # it is about a file
            raise
        field = f"data.{_FIELDS.get(str(option), option)}"
        raise ParameterError(error.message.with_fields(field=field)) from error


_FIELDS = {"arms": "classes", "spread": "noise"}
"""From the names that core.datasets uses in its messages to those of the parameters."""


def resolve_data(data: DataParams, network: NetworkSpec, preset: str | None) -> Batch:
    """Return the batch that a network is to be shown: of a data set, the training rows.

    Targets suit the loss: class indices for cross-entropy, else rows of numbers, in which two
    classes are 0 and 1 for one output, and classes are one-hot for an output each.

    Raises
    ------
    ParameterError
        If the data do not fit the network; the message says what was expected and found.
    InputError
        If a file is wrong.

    Examples
    --------
    >>> from backprop_studio.core.datasets.params import DataParams
    >>> from backprop_studio.core.network.spec import NetworkParams, resolve_network
    >>> network = resolve_network(NetworkParams(sizes=(2, 3, 1)))
    >>> resolve_data(DataParams(name="xor"), network, None).targets.tolist()
    [[0.0], [1.0], [1.0], [0.0]]
    """
    if data.inputs is not None and data.targets is not None:
        return _checked(data.inputs, data.targets, network)
    chosen = resolve_dataset(data, preset, network)
    if chosen is not None:
        return data_part(chosen, "train", network.loss, network.sizes[-1])
    own = PRESETS[preset] if preset is not None else None
    if own is not None and _suits(own, network):
        return _checked(own.inputs, own.targets, network)
    return _example(network)


def resolve_held_out(data: DataParams, network: NetworkSpec, preset: str | None) -> Batch | None:
    """Return the rows of the data set that are held out, or None if there are none.

    Raises
    ------
    ParameterError, InputError
        As :func:`resolve_data` does.

    Examples
    --------
    >>> from backprop_studio.core.datasets.params import DataParams
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
    return data_part(chosen, "test", network.loss, network.sizes[-1])


def _fault(data: Dataset, network: NetworkSpec) -> Message | None:
    """Return what of a data set does not fit the network, and what to do."""
    name, sizes, loss = data.name, list(network.sizes), network.loss
    columns, classes = data.inputs.shape[1], len(data.class_names)
    if columns != sizes[0]:
        text = N_("{set} has {found}, the network takes {expected}; set {other} to {sizes}")
        found = counted(columns, N_("{number} input"), N_("{number} inputs"))
        wanted = {"expected": sizes[0], "sizes": shown([columns, *sizes[1:]]), **_SIZES}
        return Message.of("data.inputs_misfit", text, set=name, found=found, **wanted)
    if loss == "cross_entropy" and not classes:
        text = N_("{set} has numbers as targets, cross-entropy takes classes; choose another loss")
        return Message.of("data.no_classes", text, set=name)
    width = classes or len(data.target_names)
    # Where losses compare numbers, two classes may be one number or two.
    widths = {1, 2} if classes == 2 and loss != "cross_entropy" else {width}
    if sizes[-1] not in widths:
        text = N_("{set} has {found}, the network gives {expected}; set {other} to {sizes}")
        targets = counted(width, N_("{number} target"), N_("{number} targets"))
        found = counted(classes, *_CLASSES) if classes else targets
        outputs = counted(sizes[-1], N_("{number} output"), N_("{number} outputs"))
        wanted = {"expected": outputs, "sizes": shown([*sizes[:-1], min(widths)]), **_SIZES}
        return Message.of("data.targets_misfit", text, set=name, found=found, **wanted)
    wrong = _no_share(data.target_rows()) if loss == "binary_cross_entropy" else None
    if wrong is None:
        return None
    text = N_("binary cross-entropy takes targets from 0 to 1, {set} has {found}")
    return Message.of("data.no_shares", text, set=name, found=wrong)


_CLASSES = (N_("{number} class"), N_("{number} classes"))
_SIZES = {"other": "network.sizes"}


@lru_cache(maxsize=8)
def data_part(data: Dataset, part: Literal["train", "test"], loss: str, width: int) -> Batch:
    """Return the training or the held-out rows; made once, as parameters are checked often.

    Parameters
    ----------
    data : Dataset
        Of which at least one row is in that part.
    part : {"train", "test"}
    loss : str
        What the targets are for.
    width : int
        Outputs of the network.

    Examples
    --------
    >>> from backprop_studio.core.datasets.params import DataParams
    >>> iris = resolve_dataset(DataParams(held_out=30), "iris")
    >>> data_part(iris, "test", "cross_entropy", 3).targets.shape
    (30,)
    """
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
    return network.loss != "binary_cross_entropy" or _no_share(np.array(preset.targets)) is None


def _no_share(values: Array) -> str | None:
    """Return the first number that is not from 0 to 1, None if there is none."""
    wrong = values[(values < 0) | (values > 1)]
    return f"{wrong[0]:g}" if len(wrong) else None


def _checked(inputs: Rows, targets: tuple[int, ...] | Rows, network: NetworkSpec) -> Batch:
    n_in, n_out = network.sizes[0], network.sizes[-1]
    if not 1 <= len(inputs) <= MAX_SAMPLES:
        text = N_("{field}: allowed are 1 to {most} rows, found {found}")
        fields = {"field": "data.inputs", "most": MAX_SAMPLES, "found": len(inputs)}
        raise ParameterError("data.rows", text, **fields)
    _check_rows("data.inputs", inputs, n_in)
    if len(targets) != len(inputs):
        text = N_("{field}: expected one per row of inputs, {expected}, found {found}")
        fields = {"field": "data.targets", "expected": len(inputs), "found": len(targets)}
        raise ParameterError("data.target_count", text, **fields)
    array = np.array(inputs, dtype=np.float64)
    if network.loss == "cross_entropy":
        return Batch(array, _class_indices(targets, n_out))
    rows = [row if isinstance(row, tuple) else (row,) for row in targets]
    _check_rows("data.targets", tuple(rows), n_out)
    values = np.array(rows, dtype=np.float64)
    wrong = _no_share(values) if network.loss == "binary_cross_entropy" else None
    if wrong is not None:
        text = N_("{field}: binary cross-entropy takes values from 0 to 1, found {found}")
        raise ParameterError("data.shares", text, field="data.targets", found=wrong)
    return Batch(array, values)


def _check_rows(name: str, rows: Rows, expected: int) -> None:
    for number, row in enumerate(rows, start=1):
        if len(row) != expected:
            text = N_("{field}: row {row}: expected {expected} numbers, found {found}")
            fields = {"field": name, "row": number, "expected": expected, "found": len(row)}
            raise ParameterError("data.row_length", text, **fields)


def _class_indices(targets: tuple[int, ...] | Rows, n_out: int) -> npt.NDArray[np.int64]:
    for target in targets:
        if isinstance(target, tuple) or not 0 <= target < n_out:
            text = N_("{field}: cross-entropy takes class indices 0 to {most}, found {found}")
            fields = {"field": "data.targets", "most": n_out - 1, "found": shown(target)}
            raise ParameterError("data.class_index", text, **fields)
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
