"""MNIST and Fashion-MNIST from local IDX files, packed with gzip or not.

The format is described at the foot of Y. LeCun's page on MNIST: two zero bytes, the type of the
numbers (8: unsigned bytes), the number of dimensions, each size as four bytes with the highest
first, then the numbers. Nothing is downloaded, and nothing is allocated on a header's word alone.

MNIST: handwritten digits, Y. LeCun, C. Cortes and C. J. C. Burges, yann.lecun.com/exdb/mnist;
CC BY-SA 3.0. Fashion-MNIST: pictures of clothes, H. Xiao, K. Rasul and R. Vollgraf, Zalando SE,
arXiv:1708.07747; MIT.
"""

from __future__ import annotations

import gzip
import math
import zlib
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from backprop_studio.core.base.arrays import frozen
from backprop_studio.core.base.errors import InputError, message_of
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.base.user_files import open_bounded
from backprop_studio.core.datasets.record import Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_BYTES = 64 * 2**20
"""Of a file and of its numbers; the largest of MNIST has 47 040 016."""

CLASSES = 10
"""Of either set."""

CHUNK = 2**16
UNSIGNED_BYTE = 8
GZIP = b"\x1f\x8b"

PicturesName = Literal["fashion_mnist", "mnist"]

Bytes = npt.NDArray[np.uint8]


_CLOTHES: tuple[str, ...] = ("T-shirt/top", "trouser", "pullover", "dress", "coat")
_CLOTHES += ("sandal", "shirt", "sneaker", "bag", "ankle boot")
_CLASS_NAMES: dict[PicturesName, tuple[str, ...]] = {
    "mnist": tuple("0123456789"),
    "fashion_mnist": _CLOTHES,
}


def image_dataset(
    folder: Path, name: PicturesName, *, train: int | None = None, test: int | None = None
) -> Dataset:
    """Read the four files of MNIST or Fashion-MNIST from a folder.

    Parameters
    ----------
    folder : Path
        Holds ``train-images-idx3-ubyte``, ``train-labels-idx1-ubyte`` and the same two with
        ``t10k``, each with or without ``.gz``; a dot before ``idx`` is read as well.
    name : {"mnist", "fashion_mnist"}
        Gives the names of the classes.
    train, test : int, optional
        How many pictures, from the first on; all if not given. All of both take 439 MB.

    Returns
    -------
    Dataset
        inputs (N, rows x columns) from 0 (background) to 1, targets (N,) class indices; the
        training pictures come first.

    Raises
    ------
    InputError
        If a file is missing or wrong, or labels and pictures do not fit together.

    Examples
    --------
    >>> from pathlib import Path
    >>> image_dataset(Path("nowhere"), "mnist")
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: The folder nowhere has no file \
train-images-idx3-ubyte.
    """
    parts = [_pair(folder, part, limit) for part, limit in (("train", train), ("t10k", test))]
    shapes = [images.shape[1:] for images, _ in parts]
    if shapes[0] != shapes[1]:
        text = N_(
            "the folder {file} has training pictures of {train} and test pictures of {test} pixels"
        )
        sizes = {"train": _size(shapes[0]), "test": _size(shapes[1])}
        raise InputError("idx.sizes", text, file=folder, **sizes)
    rows, columns = shapes[0]
    counts = [len(labels) for _, labels in parts]
    pixels = np.concatenate([images for images, _ in parts]).reshape(sum(counts), rows * columns)
    inputs = pixels / 255.0
    inputs.setflags(write=False)  # or a copy would be kept of what is large
    return Dataset(
        name=name,
        inputs=inputs,
        targets=np.concatenate([labels for _, labels in parts]).astype(np.int64),
        feature_names=tuple(f"pixel {r},{c}" for r in range(rows) for c in range(columns)),
        target_names=("class",),
        class_names=_CLASS_NAMES[name],
        test=np.arange(counts[0], sum(counts)),
        image_shape=(rows, columns),
    )


def read_idx(path: Path, dimensions: int) -> Bytes:
    """Read an IDX file of unsigned bytes.

    Parameters
    ----------
    path : Path
        Packed with gzip or not; told by its first bytes, not by its name.
    dimensions : int
        1 for labels, 3 for pictures.

    Returns
    -------
    uint8 array
        Read-only, of the shape that the file gives.

    Raises
    ------
    InputError
        If the file cannot be read, is of another kind, or has more or fewer bytes than it claims.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "labels")
    ...     _ = path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]))
    ...     read_idx(path, 1).tolist()
    [7, 9]
    """
    file, size = open_bounded(path, MAX_BYTES)
    head = 4 + 4 * dimensions
    with file:
        try:
            packed = file.read(2) == GZIP
            file.seek(0)
            source = gzip.GzipFile(fileobj=file) if packed else file
            shape = _shape(path, source.read(head), dimensions)
            count = math.prod(shape)
            if not packed and size != head + count:
                raise _wrong_length(path, count, size - head)
            content = bytearray()
            # One more than is due: so much is read of what unpacks to more, and no further.
            while piece := source.read(min(CHUNK, count + 1 - len(content))):
                content += piece
        except EOFError as error:
            reason = Message.of("idx.packed_end", N_("the packed data end too early"))
            raise _unreadable(path, reason) from error
        except (OSError, zlib.error) as error:
            raise _unreadable(path, message_of(error)) from error
    if len(content) != count:
        raise _wrong_length(path, count, len(content))
    return frozen(np.frombuffer(content, dtype=np.uint8).reshape(shape), np.uint8)


def _shape(path: Path, header: bytes, dimensions: int) -> tuple[int, ...]:
    magic = bytes([0, 0, UNSIGNED_BYTE, dimensions])
    if header[:4] != magic:
        text = N_(
            "the file {file} is not an IDX file of pictures: "
            "expected the first bytes {expected}, found {found}"
        )
        code = "idx.pictures"
        if dimensions == 1:
            text = N_(
                "the file {file} is not an IDX file of labels: "
                "expected the first bytes {expected}, found {found}"
            )
            code = "idx.labels"
        first = {"expected": magic.hex(" "), "found": header[:4].hex(" ")}
        raise InputError(code, text, file=path, **first)
    if len(header) < 4 + 4 * dimensions:
        text = N_("the file {file} is cut off: expected {expected} bytes of header, found {found}")
        counts = {"expected": 4 + 4 * dimensions, "found": len(header)}
        raise InputError("idx.header", text, file=path, **counts)
    shape = tuple(int(size) for size in np.frombuffer(header[4:], dtype=">u4"))
    if not 1 <= math.prod(shape) <= MAX_BYTES:
        text = N_("the file {file} claims {found} bytes of data: expected 1 to {most} in all")
        raise InputError("idx.claims", text, file=path, found=_size(shape), most=MAX_BYTES)
    return shape


def _wrong_length(path: Path, expected: int, found: int) -> InputError:
    if found < expected:
        text = N_("the file {file} is cut off: expected {expected} bytes of data, found {found}")
        return InputError("idx.cut", text, file=path, expected=expected, found=found)
    text = N_("the file {file} is longer than it claims: expected {expected} bytes of data")
    return InputError("idx.longer", text, file=path, expected=expected)


def _unreadable(path: Path, reason: Message) -> InputError:
    text = N_("the file {file} cannot be read: {reason}")
    return InputError("idx.unreadable", text, file=path, reason=reason)


def _size(shape: Sequence[int]) -> str:
    return " x ".join(map(str, shape))


def _pair(folder: Path, part: str, limit: int | None) -> tuple[Bytes, Bytes]:
    """Return the pictures and labels of one part, cut to the limit."""
    image_path = _found(folder, f"{part}-images-idx3-ubyte")
    label_path = _found(folder, f"{part}-labels-idx1-ubyte")
    images, labels = read_idx(image_path, 3), read_idx(label_path, 1)
    if len(images) != len(labels):
        text = N_(
            "the file {file} does not fit {pictures}: expected {expected} labels, found {found}"
        )
        counts = {"expected": len(images), "found": len(labels)}
        raise InputError("idx.count", text, file=label_path, pictures=image_path.name, **counts)
    if labels.max() >= CLASSES:
        at = int(np.argmax(labels >= CLASSES))
        text = N_(
            "the file {file} has a wrong label at number {number}: expected 0 to {most}, "
            "found {found}"
        )
        fields = {"number": at + 1, "most": CLASSES - 1, "found": int(labels[at])}
        raise InputError("idx.label", text, file=label_path, **fields)
    if limit is not None and not 1 <= limit <= len(images):
        text = N_("{field}: expected a number of pictures from 1 to {most}, found {found}")
        field = "limit" if part == "train" else "held_out"
        raise InputError("idx.limit", text, field=field, most=len(images), found=limit)
    return images[:limit], labels[:limit]


def _found(folder: Path, name: str) -> Path:
    for stem in (name, name.replace("-idx", ".idx")):
        for ending in ("", ".gz"):
            path = folder / (stem + ending)
            if path.exists():
                return path
    text = N_("the folder {folder} has no file {file}")
    raise InputError("idx.missing", text, folder=folder, file=name)
