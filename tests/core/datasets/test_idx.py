"""Pictures from local IDX files, and files that only claim to be some."""

from __future__ import annotations

import gzip
import struct
import tracemalloc

import numpy as np
import pytest

from backprop_studio.core.datasets.idx import image_dataset, read_idx

PICTURES = np.arange(5 * 4 * 3, dtype=np.uint8).reshape(5, 4, 3)
LABELS = np.array([9, 0, 3, 3, 1], dtype=np.uint8)


def packed(array):
    """Write an array down by the format's description."""
    head = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.tobytes()


def write_set(folder, ending="", dot="-"):
    for part, count in (("train", 5), ("t10k", 2)):
        for kind, array in (("images-idx3", PICTURES[:count]), ("labels-idx1", LABELS[:count])):
            content = packed(array)
            name = f"{part}-{kind}-ubyte{ending}".replace("-idx", f"{dot}idx")
            (folder / name).write_bytes(gzip.compress(content) if ending else content)


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("dot", ["-", "."])
@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_a_folder_of_four_files(tmp_path, ending, dot, name):
    write_set(tmp_path, ending, dot)
    data = image_dataset(tmp_path, name)
    assert data.inputs.shape == (7, 12)
    assert data.inputs.tolist()[0] == [value / 255.0 for value in range(12)]
    assert data.targets.tolist() == [9, 0, 3, 3, 1, 9, 0]
    assert (data.train.tolist(), data.test.tolist()) == ([0, 1, 2, 3, 4], [5, 6])
    assert data.image_shape == (4, 3)
    assert len(data.class_names) == 10
    assert not data.inputs.flags.writeable


def test_only_the_first_ones(tmp_path, says):
    write_set(tmp_path)
    data = image_dataset(tmp_path, "mnist", train=2, test=1)
    assert data.targets.tolist() == [9, 0, 9]
    says(lambda: image_dataset(tmp_path, "mnist", train=6), "from 1 to 5, found 6")
    says(lambda: image_dataset(tmp_path, "mnist", test=0), "from 1 to 2, found 0")


GOOD = packed(PICTURES)
BAD = {
    "empty": (b"", ["is empty"]),
    "cut in the header": (GOOD[:9], ["header", "expected 16 bytes", "found 9"]),
    "cut in the data": (GOOD[:-1], ["cut off", "expected 60 bytes", "found 59"]),
    "longer": (GOOD + b"x", ["longer", "expected 60 bytes"]),
    "labels": (packed(LABELS), ["pictures", "00 00 08 03", "found 00 00 08 01"]),
    "floats": (b"\0\0\x0d\x03" + GOOD[4:], ["00 00 08 03", "found 00 00 0d 03"]),
    "claims 50 GB": (
        b"\0\0\x08\x03" + struct.pack(">3I", 50_000, 1000, 1000),
        ["50000 x 1000 x 1000", "expected 1 to 67108864"],
    ),
    "claims what overflows 64 bits": (
        b"\0\0\x08\x03" + struct.pack(">3I", 2**32 - 1, 2**32 - 1, 2**32 - 1),
        ["4294967295 x 4294967295", "expected 1 to"],
    ),
    "none at all": (b"\0\0\x08\x03" + struct.pack(">3I", 0, 28, 28), ["0 x 28 x 28"]),
}


@pytest.mark.parametrize("gz", [False, True])
@pytest.mark.parametrize("case", BAD)
def test_bad_file(case, gz, tmp_path, says):
    content, words = BAD[case]
    path = tmp_path / "pictures"
    path.write_bytes(gzip.compress(content) if gz else content)
    if gz and not content:
        words = ["not an IDX file"]
    says(lambda: read_idx(path, 3), str(path), *words)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (gzip.compress(GOOD)[:-9], "end too early"),
        (gzip.compress(GOOD)[:-4], "end too early"),
        (gzip.compress(GOOD)[:12], "end too early"),
        (gzip.compress(GOOD)[:-8] + bytes(8), "check failed"),
        (gzip.compress(GOOD)[:12] + bytes(30), "cannot be read"),
        (b"\x1f\x8b" + b"nothing of the kind", "cannot be read"),
    ],
    ids=["before the end", "in the check", "at the start", "wrong check", "garbled", "no gzip"],
)
def test_bad_packing(content, words, tmp_path, says):
    path = tmp_path / "pictures"
    path.write_bytes(content)
    says(lambda: read_idx(path, 3), words)


@pytest.mark.parametrize(
    ("claimed", "content", "words"),
    [
        ((5, 4, 3), bytes(20_000_000), "longer than it claims"),
        ((50_000, 1000, 1000), bytes(20_000_000), "expected 1 to 67108864"),
        ((64, 1024, 1024), b"abc", "expected 67108864 bytes of data, found 3"),
    ],
)
def test_a_bomb_is_not_unpacked_and_a_claim_allocates_nothing(
    claimed, content, words, tmp_path, says
):
    head = b"\0\0\x08\x03" + struct.pack(">3I", *claimed)
    path = tmp_path / "pictures.gz"
    path.write_bytes(gzip.compress(head + content, compresslevel=1))
    tracemalloc.start()
    try:
        says(lambda: read_idx(path, 3), words)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


def test_labels_that_do_not_fit(tmp_path, says):
    write_set(tmp_path)
    labels = tmp_path / "train-labels-idx1-ubyte"
    labels.write_bytes(packed(LABELS[:4]))
    words = "train-images-idx3-ubyte: expected 5 labels, found 4"
    says(lambda: image_dataset(tmp_path, "mnist"), str(labels), words)
    labels.write_bytes(packed(np.array([0, 1, 10, 2, 3], dtype=np.uint8)))
    says(lambda: image_dataset(tmp_path, "mnist"), "number 3", "expected 0 to 9, found 10")


def test_parts_that_do_not_fit_or_are_missing_are_named(tmp_path, says):
    write_set(tmp_path)
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(packed(PICTURES[:2, :2]))
    says(lambda: image_dataset(tmp_path, "mnist"), "4 x 3", "2 x 3")
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    says(lambda: image_dataset(tmp_path, "mnist"), str(tmp_path), "t10k-labels-idx1-ubyte")
