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
from backprop_studio.core.base.data_files import file_error, open_bounded
from backprop_studio.core.base.fingerprint import Fingerprint, file_fingerprint
from backprop_studio.core.base.limits import MAX_LAYERS, MAX_PARAMETERS, MAX_UNITS, parameter_count
from backprop_studio.core.base.validation_messages import shown

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.core.base.errors import InputError

__all__ = ["FileWeights", "read_weights"]

MAX_BYTES = 64 * 2**20
MAX_HEADER = 2**20
"""Bytes of JSON; a network of the largest size needs some hundreds."""

HEADER_START = 8

DTYPES = ("F64", "F32", "F16", "BF16")
EXPECTED_DTYPES = "F64, F32, F16 or BF16"

_NUMPY = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}
_OTHER_FILES = {
    b"PK\x03\x04": "a ZIP archive, as torch.save writes",
    b"\x80": "a pickle",
    b"\x1f\x8b": "packed with gzip",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUMPY": "a file of numpy",
}
_NUMBER = re.compile("([0-9]+)")

Entry = dict[str, Any]


@dataclass(frozen=True)
class FileWeights:
    """What a weights file holds, from the first layer that computes to the last.

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
    layers = _layers(path, _tensors(path, _content(path)))
    _check_chain(path, layers)
    weights = tuple(_numbers(path, f"{name}weight", layers[name][0]) for name in layers)
    biases = tuple(
        frozen(np.zeros(len(weight))) if bias is None else _numbers(path, f"{name}bias", bias)
        for weight, (name, (_, bias)) in zip(weights, layers.items(), strict=True)
    )
    return FileWeights(weights, biases)


def _content(path: Path) -> bytes:
    file, size = open_bounded(path, MAX_BYTES)
    with file:
        try:
            return file.read(size)
        except OSError as error:
            raise file_error(path, f"cannot be read: {error.strerror}") from error


def _tensors(path: Path, content: bytes) -> dict[str, Entry]:
    """Return the tensors by name, each with dtype, shape and bytes."""
    for start, kind in _OTHER_FILES.items():
        # The length of a header may begin like a pickle; then the header follows.
        if content.startswith(start) and content[HEADER_START : HEADER_START + 1] != b"{":
            raise file_error(path, f"is {kind}: expected a safetensors file")
    length = int.from_bytes(content[:HEADER_START], "little")
    rest = len(content) - HEADER_START
    if rest < 0:
        raise file_error(
            path,
            f"is no safetensors file: expected {HEADER_START} bytes or more, found {len(content)}",
        )
    if length > MAX_HEADER:
        raise file_error(
            path,
            f"is no safetensors file: expected a header of at most {MAX_HEADER} bytes, "
            f"found one that claims {length}",
        )
    if length > rest:
        raise file_error(path, f"is cut off: expected {length} bytes of header, found {rest}")
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
        return file_error(
            path,
            "is no valid safetensors file: expected a header in JSON with dtype, shape and "
            "data_offsets of each tensor, found something else",
        )
    found = len(content) - start
    expected = f"expected {claimed} bytes of numbers, found {found}"
    if claimed > found:
        return file_error(path, f"is cut off: {expected}")
    for name, dtype in dtypes.items():
        if dtype not in DTYPES:
            return _wrong(path, name, EXPECTED_DTYPES, shown(dtype))
    if claimed < found:
        return file_error(path, f"is longer than it claims: {expected}")
    return file_error(
        path,
        "is no valid safetensors file: expected tensors that lie one behind the other and are as "
        "long as dtype and shape say, found others",
    )


def _layers(path: Path, tensors: dict[str, Entry]) -> dict[str, tuple[Entry, Entry | None]]:
    """Return weight and bias by the beginning of their names, in the order of the layers."""
    parts: dict[str, dict[str, Entry]] = {}
    for name, entry in sorted(tensors.items()):
        beginning, dot, kind = name.rpartition(".")
        if kind not in {"weight", "bias"}:
            raise file_error(
                path,
                f"holds the tensor {shown(name)}: expected names that end in .weight or .bias",
            )
        parts.setdefault(beginning + dot, {})[kind] = entry
    if not parts:
        raise file_error(path, "holds no tensors: expected a weight per layer, as 0.weight")
    if len(parts) >= MAX_LAYERS:
        raise file_error(
            path,
            f"holds too many layers: expected {MAX_LAYERS - 1} weights at most, found {len(parts)}",
        )
    for name, kinds in parts.items():
        _check_layer(path, name, kinds)
    return {name: (parts[name]["weight"], parts[name].get("bias")) for name in _order(path, parts)}


def _check_layer(path: Path, name: str, kinds: dict[str, Entry]) -> None:
    """Refuse a tensor of a wrong type or shape, and a bias without a weight of its size."""
    if "weight" not in kinds:
        raise file_error(
            path,
            f"lacks the tensor {shown(f'{name}weight')}: expected it beside {shown(f'{name}bias')}",
        )
    for kind, entry in kinds.items():
        if entry["dtype"] not in DTYPES:
            raise _wrong(path, name + kind, EXPECTED_DTYPES, shown(entry["dtype"]))
    shape = kinds["weight"]["shape"]
    if len(shape) != 2:
        raise _wrong(path, f"{name}weight", "two dimensions, (n_out, n_in)", f"shape {shape}")
    if not all(1 <= size <= MAX_UNITS for size in shape):
        raise _wrong(path, f"{name}weight", f"1 to {MAX_UNITS} units per layer", f"shape {shape}")
    if "bias" in kinds and kinds["bias"]["shape"] != shape[:1]:
        found = f"shape {kinds['bias']['shape']}"
        raise _wrong(path, f"{name}bias", f"shape {shape[:1]}, as its weight has rows", found)


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
        first, second = (", ".join(name.rstrip(".") for name in order) for order in orders[:2])
        raise file_error(
            path,
            f"does not say the order of its layers: expected names that differ by a number, as "
            f"0.weight and 2.weight, found {first} which may as well be {second}",
        )
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
            raise _wrong(
                path, name, f"{n_out} columns, as {shown(before)} has rows", f"{n_in} columns"
            )
    sizes = (shapes[0][1][1], *(shape[0] for _, shape in shapes))
    count = parameter_count(sizes)
    if count > MAX_PARAMETERS:
        raise file_error(
            path,
            f"holds too large a network: expected at most {MAX_PARAMETERS} weights and biases, "
            f"found {count}",
        )


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
        place = wrong[0].tolist()
        raise _wrong(path, name, "finite numbers", f"{values[tuple(place)]} at {place}")
    return frozen(values)


def _wrong(path: Path, name: str, expected: str, found: str) -> InputError:
    return file_error(path, f"is wrong in tensor {shown(name)}: expected {expected}, found {found}")
