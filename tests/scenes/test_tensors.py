"""The lesson of tensors: ranks, shapes, what each axis is, and an index per axis."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from backprop_studio.scenes.parts.networks.tensor_blocks import TensorBlocks
from tests.scenes.lesson_runs import on_screen, part_at, run_lesson

ONES = {"length": 1, "rows": 1, "columns": 1, "height": 1, "width": 1, "channels": 1, "frames": 1}
LARGEST = dict.fromkeys(ONES, 64)

CASES: list[dict[str, Any]] = [
    ONES,
    LARGEST,
    {"length": 16, "rows": 6, "columns": 6, "channels": 1, "frames": 2, "seed": 7},
    {"height": 28, "width": 28, "channels": 4, "frames": 30},
    {"rows": 64, "columns": 2, "height": 64, "width": 1, "channels": 2},
]

STORIES = [({}, "scalar vector matrix image video summary")]
FITS = [(LARGEST,)]


@pytest.mark.parametrize(
    ("beat", "labels", "formula"),
    [
        ("scalar", [], '"rank" 0 wide "shape" () wide "numbers" 1'),
        ("vector", ["entries: 4"], '"rank" 1 wide "shape" (4) wide "numbers" 4'),
        ("matrix", ["rows: 3", "columns: 4"],
         '"rank" 2 wide "shape" (3, 4) wide "numbers" 3 times 4 = 12'),
        ("image", ["height: 4", "width: 6", "channels: 3"],
         '"rank" 3 wide "shape" (4, 6, 3) wide "numbers" 4 times 6 times 3 = 72'),
        ("video", ["time: 5", "height: 4", "width: 6", "channels: 3"],
         '"rank" 4 wide "shape" (5, 4, 6, 3) wide "numbers" 5 times 4 times 6 times 3 = 360'),
    ],
)  # fmt: skip
def test_shapes_and_what_each_axis_is(beat, labels, formula):
    run = run_lesson("tensors")
    texts = on_screen(run, beat)
    assert f"$ {formula} $" in texts
    assert all(f'#"{label}"' in texts for label in labels)
    assert part_at(run, beat, TensorBlocks).state["axis"].tolist() == [1.0] * len(labels)


def test_axes_are_named_one_by_one_and_layers_come_apart_with_that_of_channels():
    spreads = [
        (int(part.state["axis"].sum()), float(part.state["spread"]))
        for moment in run_lesson("tensors").moments
        if moment.beat == "image"
        for part in moment.parts
        if isinstance(part, TensorBlocks) and len(part.sizes) == 3
    ]
    assert list(dict.fromkeys(spreads)) == [(0, 0.0), (1, 0.0), (2, 0.0), (3, 1.0)]


@pytest.mark.parametrize(
    ("beat", "line"),
    [
        ("scalar", "torch.manual_seed(0); s = torch.rand((), dtype=torch.float64)"),
        ("matrix", "M = torch.rand(3, 4, dtype=torch.float64)"),
        ("matrix", "M.dim(), M.shape, M[1, 2]"),
        ("video", "video.dim(), video.shape, video[1, 1, 2, 0]"),
        ("summary", "video.dim(), video.shape, video.numel()"),
    ],
)
def test_the_torch_line(beat, line):
    assert line in on_screen(run_lesson("tensors"), beat)


def test_the_lines_of_torch_draw_the_numbers_that_are_shown():
    run = run_lesson("tensors", {"seed": 3})
    sheet = run.lesson.answer_sheet()
    shapes = ((), (4,), (3, 4), (4, 6, 3), (5, 4, 6, 3))
    with torch.random.fork_rng():
        torch.manual_seed(3)
        tensors = [torch.rand(shape, dtype=torch.float64) for shape in shapes]
    for tensor, entry in zip(tensors, sheet["entries"], strict=True):
        assert tensor[tuple(entry["index"])].item() == entry["value"]
    assert f"M_(1, 2) = {tensors[2][1, 2].item():.2f}" in on_screen(run, "matrix")


def test_the_entry_of_the_formula_is_outlined_and_holds_its_number():
    run = run_lesson("tensors")
    block = part_at(run, "matrix", TensorBlocks)
    assert block.state["mark"] == 1
    assert block.state["position"].tolist() == [0, 1, 2, 0]
    assert block.entries is not None
    assert f"M_(1, 2) = {block.entries[1 * 4 + 2]}" in on_screen(run, "matrix")


def test_the_summary_has_all_ranks_shapes_and_counts():
    texts = on_screen(run_lesson("tensors"), "summary")
    for shape in ("()", "(4)", "(3, 4)", "(4, 6, 3)", "(5, 4, 6, 3)"):
        assert f'#"{shape}"' in texts
    for count in (1, 4, 12, 72, 360):
        assert f'#"{count}"' in texts
    assert '#"time × height × width × channel"' in texts


def test_a_large_film_counts_all_numbers_and_writes_down_few():
    run = run_lesson("tensors", LARGEST)
    assert "= 16777216 $" in on_screen(run, "video")
    sheet = run.lesson.answer_sheet()
    assert math.prod(sheet["tensors"][4]["shape"]) == 64**4
    assert [np.size(values) for values in sheet["values"]] == [1, 64, 4096]
