"""Tensors in a file: safetensors, or JSON with lists of numbers. Never code.

The format is described at huggingface.co/docs/safetensors: eight bytes with the length of a JSON
header, the header, then the numbers. The library that reads it here loads no torch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, deserialize

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, either
from backprop_studio.core.base.user_files import kind_of_file, read_bounded
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.network.weights.lists import tensors_of_json

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 64 * 2**20
MAX_HEADER = 2**20
"""Bytes of JSON; a network of the largest size needs some hundreds."""

HEADER_START = 8

DTYPES = ("F64", "F32", "F16", "BF16")

_NUMPY = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}

FROM_TORCH = (
    "from safetensors.torch import save_file; "
    "save_file(torch.load({file}, weights_only=True), {target})"
)
"""Makes a file that can be read of one that torch.save has written."""

FROM_KERAS = 'json.dump([it.tolist() for it in model.get_weights()], open({target}, "w"))'

_OTHER_FILES = {
    b"PK\x03\x04": (N_("a ZIP archive, as torch.save writes"), FROM_TORCH),
    b"\x80": (N_("a pickle"), FROM_TORCH),
    b"\x1f\x8b": (N_("packed with gzip"), ""),
    b"\x89HDF": (N_("an HDF5 file"), FROM_KERAS),
    b"\x93NUMPY": (N_("a file of numpy"), ""),
}
_KERAS_ARCHIVE = (N_("an archive of Keras"), FROM_KERAS)


@dataclass(frozen=True)
class Tensor:
    """One tensor of a file.

    Attributes
    ----------
    name : str
        As the file has it.
    dtype : str
        As safetensors writes it.
    shape : list of int
    content : bytes or array
        Its numbers.
    """

    name: str
    dtype: str
    shape: list[int]
    content: Any


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a file by their names.

    Parameters
    ----------
    path : Path
        Of a regular file of at most 64 MiB.

    Raises
    ------
    InputError
        If the file cannot be read, or is of another kind.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "keras.json")
    ...     _ = path.write_text("[[[1, 2]], [0, 0]]")
    ...     {name: tensor.shape for name, tensor in read_tensors(path).items()}
    {'0.kernel': [1, 2], '0.bias': [2]}
    """
    content = read_bounded(path, MAX_BYTES)
    if path.suffix.lower() == ".json":
        found = tensors_of_json(path, content)
        return {name: Tensor(name, "F64", list(it.shape), it) for name, it in found.items()}
    return {name: Tensor(name, **entry) for name, entry in _entries(path, content).items()}


def _entries(path: Path, content: bytes) -> dict[str, dict[str, Any]]:
    """Return what the header says of each tensor, and its bytes as ``content``."""
    for start, other in _OTHER_FILES.items():
        # The length of a header may begin like a pickle; then the header follows.
        if content.startswith(start) and content[HEADER_START : HEADER_START + 1] != b"{":
            raise _other_kind(path, *other)
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
        found = deserialize(content)  # type: ignore[no-untyped-call]
    except SafetensorError as error:
        raise _invalid(path, content, HEADER_START + length) from error
    return {name: {"content": entry.pop("data"), **entry} for name, entry in found}


def _other_kind(path: Path, kind: str, line: str) -> InputError:
    """Return what a file is instead, with the line of Python that makes a right one of it."""
    if line == FROM_TORCH and path.suffix == ".keras":
        kind, line = _KERAS_ARCHIVE
    fields: dict[str, Any] = {"file": path, "kind": kind_of_file(kind)}
    if not line:
        text = N_("the file {file} is {kind}: expected a safetensors file")
        return InputError("weights.other_kind", text, **fields)
    ending = ".safetensors" if line == FROM_TORCH else ".json"
    target = path.with_suffix(ending)
    if target == path:
        target = path.with_suffix(f".weights{ending}")
    names = {"file": path.name, "target": target.name}
    line = line.format(**{name: json.dumps(it, ensure_ascii=False) for name, it in names.items()})
    text = N_("the file {file} is {kind}: expected a safetensors file; this makes one: {line}")
    if line.startswith("json"):
        text = N_("the file {file} is {kind}: expected safetensors or JSON; this makes one: {line}")
    return InputError("weights.convert", text, **fields, line=line)


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
            return wrong_tensor(path, name, either(DTYPES), shown(dtype))
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


def numbers_of(path: Path, tensor: Tensor) -> Array:
    """Return a tensor's numbers, widened to float64 without a change of value.

    Raises
    ------
    InputError
        If one of them is not finite.

    Examples
    --------
    >>> from pathlib import Path
    >>> numbers_of(Path("x"), Tensor("w", "F16", [1, 1], bytes([0, 60]))).tolist()
    [[1.0]]
    """
    if tensor.dtype == "BF16":
        # A bfloat16 is the upper half of a float32.
        upper = np.frombuffer(tensor.content, dtype="<u2").astype(np.uint32) << 16
        values: npt.NDArray[Any] = upper.view(np.float32)
    else:
        values = np.frombuffer(tensor.content, dtype=_NUMPY[tensor.dtype])
    values = values.reshape(tensor.shape)
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        position = wrong[0].tolist()
        fields = {"value": str(values[tuple(position)]), "position": shown(position)}
        found = Message.of("weights.value", N_("{value} at {position}"), **fields)
        expected = Message.of("weights.finite", N_("finite numbers"))
        raise wrong_tensor(path, tensor.name, expected, found)
    return frozen(values)


def shape_message(shape: list[int]) -> Message:
    """Return a shape in words.

    Examples
    --------
    >>> shape_message([2, 3]).words()
    'shape [2, 3]'
    """
    return Message.of("tensor.shape", N_("shape {shape}"), shape=shown(shape))


def wrong_tensor(path: Path, name: str, expected: Message, found: Message | str) -> InputError:
    """Return the error of a file with one wrong tensor.

    Examples
    --------
    >>> from pathlib import Path
    >>> wrong_tensor(Path("x"), "0.bias", shape_message([2]), shape_message([3])).message.words()
    'the file x is wrong in tensor "0.bias": expected shape [2], found shape [3]'
    """
    text = N_("the file {file} is wrong in tensor {tensor}: expected {expected}, found {found}")
    fields = {"tensor": shown(name), "expected": expected, "found": found}
    return InputError("weights.tensor", text, file=path, **fields)
