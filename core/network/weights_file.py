"""Weights and biases from a safetensors file: one tensor per matrix and vector, never code.

The names are those of a PyTorch state dict: ``0.weight`` and ``0.bias`` as nn.Sequential writes
them, ``layers.0.weight``, ``fc1.weight``, or plain ``weight`` for a single nn.Linear. The format
is described at huggingface.co/docs/safetensors: eight bytes with the length of a JSON header, the
header, then the numbers. The library that reads it here loads no torch.
"""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, deserialize

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.fingerprint import Fingerprint, file_fingerprint
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.limits import MAX_LAYERS, MAX_PARAMETERS, MAX_UNITS, parameter_count
from backprop_studio.core.base.messages import Message, either, listed
from backprop_studio.core.base.user_files import kind_of_file, read_bounded
from backprop_studio.core.base.validation_messages import shown

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 64 * 2**20
MAX_HEADER = 2**20
"""Bytes of JSON; a network of the largest size needs some hundreds."""

HEADER_START = 8

DTYPES = ("F64", "F32", "F16", "BF16")

_NUMPY = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}
_OTHER_FILES = {
    b"PK\x03\x04": N_("a ZIP archive, as torch.save writes"),
    b"\x80": N_("a pickle"),
    b"\x1f\x8b": N_("packed with gzip"),
    b"\x89HDF": N_("an HDF5 file"),
    b"\x93NUMPY": N_("a file of numpy"),
}
_NUMBER = re.compile("([0-9]+)")

Entry = dict[str, Any]


@dataclass(frozen=True)
class FileWeights:
    """Weights and biases of a file, from the first layer that computes to the last.

    Attributes
    ----------
    weights : tuple of (n_out, n_in) float64 arrays
        Read-only; narrower floats are widened, which changes no value.
    biases : tuple of (n_out,) float64 arrays
        Zero where the file has none.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units per layer, the input first."""
        return (self.weights[0].shape[1], *(len(matrix) for matrix in self.weights))


def read_weights(path: Path) -> FileWeights:
    """Read the layers of a network from a safetensors file.

    Layers are taken in the order of the numbers in their names. Names that differ in more than
    numbers are taken in the one order in which each layer takes what the one before gives.

    Parameters
    ----------
    path : Path
        Of a regular file of at most 64 MiB.

    Raises
    ------
    InputError
        If the file cannot be read, is of another kind, or does not hold a network; the message
        names the file, the tensor, what was expected and what was found.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from safetensors.numpy import save_file
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "small.safetensors")
    ...     save_file({"0.weight": np.ones((2, 3), dtype=np.float32)}, path)
    ...     found = read_weights(path)
    >>> found.sizes, found.biases[0].tolist()
    ((3, 2), [0.0, 0.0])
    """
    return _read(path, file_fingerprint(path))


@lru_cache(maxsize=8)
def _read(path: Path, fingerprint: Fingerprint | None) -> FileWeights:
    """Read a file once; a changed fingerprint reads it again."""
    layers = _layers(path, _tensors(path, read_bounded(path, MAX_BYTES)))
    _check_chain(path, layers)
    weights = tuple(_numbers(path, f"{name}weight", layers[name][0]) for name in layers)
    biases = tuple(
        frozen(np.zeros(len(weight))) if bias is None else _numbers(path, f"{name}bias", bias)
        for weight, (name, (_, bias)) in zip(weights, layers.items(), strict=True)
    )
    return FileWeights(weights, biases)


def _tensors(path: Path, content: bytes) -> dict[str, Entry]:
    """Return the tensors by name, each with dtype, shape and bytes."""
    for start, kind in _OTHER_FILES.items():
        # The length of a header may begin like a pickle; then the header follows.
        if content.startswith(start) and content[HEADER_START : HEADER_START + 1] != b"{":
            text = N_("the file {file} is {kind}: expected a safetensors file")
            raise InputError("weights.other_kind", text, file=path, kind=kind_of_file(kind))
    length = int.from_bytes(content[:HEADER_START], "little")
    rest = len(content) - HEADER_START
    if rest < 0:
        text = N_(
            "the file {file} is no safetensors file: expected {expected} bytes or more, "
            "found {found}"
        )
        counts = {"expected": HEADER_START, "found": len(content)}
        raise InputError("weights.too_short", text, file=path, **counts)
    if length > MAX_HEADER:
        text = N_(
            "the file {file} is no safetensors file: expected a header of at most {most} bytes, "
            "found one that claims {found}"
        )
        raise InputError("weights.header_size", text, file=path, most=MAX_HEADER, found=length)
    if length > rest:
        text = N_("the file {file} is cut off: expected {expected} bytes of header, found {found}")
        raise InputError("weights.header_cut", text, file=path, expected=length, found=rest)
    try:
        return dict(deserialize(content))  # type: ignore[no-untyped-call]
    except SafetensorError as error:
        raise _invalid(path, content, HEADER_START + length) from error


def _invalid(path: Path, content: bytes, start: int) -> InputError:
    """Return what is wrong with a file that the library refuses; the numbers begin at start."""
    try:
        entries = json.loads(content[HEADER_START:start])
        entries.pop("__metadata__", None)
        claimed = max((int(entry["data_offsets"][1]) for entry in entries.values()), default=0)
        dtypes = {name: entry["dtype"] for name, entry in entries.items()}
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError):
        text = N_(
            "the file {file} is no valid safetensors file: expected a header in JSON with dtype, "
            "shape and data_offsets of each tensor, found something else"
        )
        return InputError("weights.header", text, file=path)
    counts = {"expected": claimed, "found": len(content) - start}
    if claimed > counts["found"]:
        text = N_("the file {file} is cut off: expected {expected} bytes of numbers, found {found}")
        return InputError("weights.cut", text, file=path, **counts)
    for name, dtype in dtypes.items():
        if dtype not in DTYPES:
            return _wrong(path, name, either(DTYPES), shown(dtype))
    if claimed < counts["found"]:
        text = N_(
            "the file {file} is longer than it claims: expected {expected} bytes of numbers, "
            "found {found}"
        )
        return InputError("weights.longer", text, file=path, **counts)
    text = N_(
        "the file {file} is no valid safetensors file: expected tensors that lie one behind the "
        "other and are as long as dtype and shape say, found others"
    )
    return InputError("weights.layout", text, file=path)


def _layers(path: Path, tensors: dict[str, Entry]) -> dict[str, tuple[Entry, Entry | None]]:
    """Return weight and bias by the beginning of their names, in the order of the layers."""
    parts: dict[str, dict[str, Entry]] = {}
    for name, entry in sorted(tensors.items()):
        beginning, dot, kind = name.rpartition(".")
        if kind not in {"weight", "bias"}:
            text = N_(
                "the file {file} holds the tensor {tensor}: expected names that end in .weight "
                "or .bias"
            )
            raise InputError("weights.name", text, file=path, tensor=shown(name))
        parts.setdefault(beginning + dot, {})[kind] = entry
    if not parts:
        text = N_("the file {file} holds no tensors: expected a weight per layer, as 0.weight")
        raise InputError("weights.none", text, file=path)
    if len(parts) >= MAX_LAYERS:
        text = N_(
            "the file {file} holds too many layers: expected {most} weights at most, found {found}"
        )
        counts = {"most": MAX_LAYERS - 1, "found": len(parts)}
        raise InputError("weights.layers", text, file=path, **counts)
    for name, kinds in parts.items():
        _check_layer(path, name, kinds)
    return {name: (parts[name]["weight"], parts[name].get("bias")) for name in _order(path, parts)}


def _check_layer(path: Path, name: str, kinds: dict[str, Entry]) -> None:
    """Refuse a tensor of a wrong type or shape, and a bias without a weight of its size."""
    if "weight" not in kinds:
        text = N_("the file {file} lacks the tensor {tensor}: expected it beside {other}")
        tensors = {"tensor": shown(f"{name}weight"), "other": shown(f"{name}bias")}
        raise InputError("weights.lacks", text, file=path, **tensors)
    for kind, entry in kinds.items():
        if entry["dtype"] not in DTYPES:
            raise _wrong(path, name + kind, either(DTYPES), shown(entry["dtype"]))
    shape = kinds["weight"]["shape"]
    if len(shape) != 2:
        expected = Message.of("weights.two_axes", N_("two dimensions, (n_out, n_in)"))
        raise _wrong(path, f"{name}weight", expected, _shape(shape))
    if not all(1 <= size <= MAX_UNITS for size in shape):
        text = N_("1 to {most} units per layer")
        expected = Message.of("weights.units", text, most=MAX_UNITS)
        raise _wrong(path, f"{name}weight", expected, _shape(shape))
    if "bias" in kinds and kinds["bias"]["shape"] != shape[:1]:
        text = N_("shape {shape}, as its weight has rows")
        expected = Message.of("weights.bias_shape", text, shape=shown(shape[:1]))
        raise _wrong(path, f"{name}bias", expected, _shape(kinds["bias"]["shape"]))


def _order(path: Path, parts: dict[str, dict[str, Entry]]) -> list[str]:
    """Return the names in the order of the layers.

    Where words and not only numbers differ, such as fc1 and out, the alphabet knows nothing of
    layers: then the shapes have to settle it.
    """
    names = sorted(parts, key=_natural)
    if len({_NUMBER.sub("0", name) for name in names}) == 1:
        return names
    shapes = {name: parts[name]["weight"]["shape"] for name in names}
    orders = [
        list(order)
        for order in itertools.permutations(names)
        if all(shapes[b][1] == shapes[a][0] for a, b in itertools.pairwise(order))
        and _keeps_numbers(order)
    ]
    if len(orders) > 1:
        first, second = (listed(name.rstrip(".") for name in order) for order in orders[:2])
        text = N_(
            "the file {file} does not say the order of its layers: expected names that differ by "
            "a number, as 0.weight and 2.weight, found {first} which may as well be {second}"
        )
        raise InputError("weights.order", text, file=path, first=first, second=second)
    return orders[0] if orders else names


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that puts 2 before 10; digits are compared as texts, however many there are."""
    parts = (part.lstrip("0") if k % 2 else part for k, part in enumerate(_NUMBER.split(name)))
    return [(len(part) if k % 2 else 0, part) for k, part in enumerate(parts)]


def _keeps_numbers(order: tuple[str, ...]) -> bool:
    """Whether names that differ only by a number stand in its order."""
    return all(
        _natural(a) < _natural(b)
        for a, b in itertools.combinations(order, 2)
        if _NUMBER.sub("0", a) == _NUMBER.sub("0", b)
    )


def _check_chain(path: Path, layers: dict[str, tuple[Entry, Entry | None]]) -> None:
    """Refuse layers of which one takes another number than the one before gives."""
    shapes = [(f"{name}weight", weight["shape"]) for name, (weight, _) in layers.items()]
    for (before, (n_out, _)), (name, (_, n_in)) in itertools.pairwise(shapes):
        if n_in != n_out:
            text = N_("{columns} columns, as {other} has rows")
            expected = Message.of("weights.chain", text, columns=n_out, other=shown(before))
            found = Message.of("weights.columns", N_("{columns} columns"), columns=n_in)
            raise _wrong(path, name, expected, found)
    sizes = (shapes[0][1][1], *(shape[0] for _, shape in shapes))
    count = parameter_count(sizes)
    if count > MAX_PARAMETERS:
        text = N_(
            "the file {file} holds too large a network: expected at most {most} weights and "
            "biases, found {found}"
        )
        counts = {"most": MAX_PARAMETERS, "found": count}
        raise InputError("weights.parameters", text, file=path, **counts)


def _numbers(path: Path, name: str, entry: Entry) -> Array:
    """Return a tensor's numbers, widened to float64 without a change of value."""
    if entry["dtype"] == "BF16":
        # A bfloat16 is the upper half of a float32.
        upper = np.frombuffer(entry["data"], dtype="<u2").astype(np.uint32) << 16
        values: npt.NDArray[Any] = upper.view(np.float32)
    else:
        values = np.frombuffer(entry["data"], dtype=_NUMPY[entry["dtype"]])
    values = values.reshape(entry["shape"])
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        position = wrong[0].tolist()
        fields = {"value": str(values[tuple(position)]), "position": shown(position)}
        found = Message.of("weights.value", N_("{value} at {position}"), **fields)
        expected = Message.of("weights.finite", N_("finite numbers"))
        raise _wrong(path, name, expected, found)
    return frozen(values)


def _shape(shape: list[int]) -> Message:
    return Message.of("tensor.shape", N_("shape {shape}"), shape=shown(shape))


def _wrong(path: Path, name: str, expected: Message, found: Message | str) -> InputError:
    text = N_("the file {file} is wrong in tensor {tensor}: expected {expected}, found {found}")
    fields = {"tensor": shown(name), "expected": expected, "found": found}
    return InputError("weights.tensor", text, file=path, **fields)
