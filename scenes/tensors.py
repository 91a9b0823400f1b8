"""Tensors from rank 0 to 4: a scalar, a vector, a matrix, an image and a video.

Afterwards the viewer can say: that the rank is the number of axes, and so of the indices that an
entry needs; what each axis of an image and of a video is; that the shape gives the size of every
axis, and the product of these sizes how many numbers there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_studio.core.answer_sheet import printed
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import counts
from backprop_studio.core.network.tensor_params import TensorsGroup
from backprop_studio.core.network.tensor_ranks import TensorExample, tensor_ranks
from backprop_studio.scenes.boards.markup import coloured
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.fades import one_after_the_other
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.paint.palette import channel_colours
from backprop_studio.scenes.paint.style import SIZES, TIMES, Rgb
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.table import Table
from backprop_studio.scenes.parts.networks.network_view import shown_units
from backprop_studio.scenes.parts.networks.tensor_blocks import MOST_SHOWN, TensorBlocks

ENTRY_DECIMALS = 2
"""A cell has no room for more."""

MOST_PRINTED = 2
"""Rank of the tensors whose cells hold their numbers; in others they would be too small."""

COLOURED = 3
"""Rank from which there are channels, each in a colour of its own."""

SPREADING = {3: 2, 4: 0}
"""By rank, the axis of which more than one lie on top of each other at first."""

FIRST_ENTRIES = {0: (), 1: (2,), 2: (1, 2), 3: (1, 2, 0), 4: (1, 1, 2, 0)}
"""The entry that is pointed at, as far as a tensor is large enough: one that is always drawn."""

TOLD = ("title", "rank", "shape", "axes", "count")
"""What is said of a tensor, without its numbers."""

NAMES = ("s", "v", "M", "image", "video")
"""Of the tensors in the code."""

SYMBOLS = ("s", "v", "M", "I", "V")
"""Of the tensors in formulas."""

LABELS = {
    "entry": N_("entries: {size}"),
    "row": N_("rows: {size}"),
    "column": N_("columns: {size}"),
    "time": N_("time: {size}"),
    "height": N_("height: {size}"),
    "width": N_("width: {size}"),
    "channel": N_("channels: {size}"),
}
"""What stands along an axis."""

RANKS = Sentences(
    "axes",
    counts.Axes,
    {
        "none": N_("A scalar is one number; it has no axis, and its shape is empty."),
        "one": N_("A vector has one axis, so one index picks an entry; torch counts from 0."),
        "two": N_("A matrix has two axes: the first index is the row, the second the column."),
        "three": N_("An image has three axes: height, width, and a channel for each colour."),
        "four": N_("A video has four axes: time comes first, then those of an image."),
    },
)


class Params(TensorsGroup):
    """Parameters of the lesson."""


@dataclass(frozen=True)
class PickedEntry:
    """An entry that is pointed at, by its index."""

    index: tuple[int, ...]
    value: float


class Tensors(BoardLesson):
    """Five tensors, one axis more each time, and what all of them have in common."""

    title = N_("Tensors: rank, shape and axes")
    summary = N_("From a single number to a video: each axis more takes one index more.")
    chapter = N_("Computation graphs")
    place = (2, 1)
    thumbnail = "image"
    Params = Params

    block: TensorBlocks | None = None

    def compute(self) -> dict[str, Any]:
        """Draw the numbers; the sheet has those that can be seen, and not all of a video."""
        self.record = tensor_ranks(self.params)
        examples = self.record.examples
        self.entries = tuple(picked_entry(it) for it in examples)
        told = [{name: getattr(it, name) for name in TOLD} for it in examples]
        values = [it.values for it in examples if it.rank <= MOST_PRINTED]
        return self.records_sheet(tensors=told, values=values, entries=self.entries)

    def tell(self) -> None:
        """Tell of one tensor after the other, and put their shapes together."""
        for example in self.record.examples:
            self.show_tensor(example)
        self.show_all()

    # The beats

    def show_tensor(self, example: TensorExample) -> None:
        """A tensor appears, then its axes, then one entry with its indices."""
        rank = example.rank
        verdict = counts.axes(example.shape)
        self.beat(example.title, RANKS(verdict, f"tensors.{rank}.shape"))
        old, self.block = self.block, self.make_block(example)
        fades = one_after_the_other(old, self.block)
        self.write(self.making_code(rank), self.shape_formula(rank), *fades)
        self.note_cells(example)
        for axis in range(rank):
            lit = self.block.animate.show_axis(axis)
            # Layers, or frames, come apart when their own axis is spoken of.
            comes_apart = axis == SPREADING.get(rank)
            self.move(lit.spread(1.0) if comes_apart else lit, seconds=TIMES.travel)
        self.hold(TIMES.look)
        self.show(
            self.entry_code(rank),
            self.entry_formula(rank),
            self.block.animate.highlight(*self.entries[rank].index),
        )

    def show_all(self) -> None:
        """Rank, shape and count of all five below each other."""
        text = N_("The rank counts the axes; the product of their sizes counts the numbers.")
        self.beat("summary", text)
        words = N_("tensor"), N_("rank"), N_("axes"), N_("shape"), N_("numbers")
        heads = [escape(self.tr(it)) for it in words]
        width, height = self.layout.stage
        table = Table(heads, len(NAMES), (width, height - SIZES.gap), *self.look)
        self.placed(table, "stage")
        self.move(*one_after_the_other(self.block, table))
        for example in self.record.examples:
            rank = example.rank
            row = table.animate.set_row(rank, self.row_of(example)).highlight(rank)
            self.write(self.shape_code(rank), self.shape_formula(rank), row)

    # The picture

    def make_block(self, example: TensorExample) -> TensorBlocks:
        """Return a tensor whose axes have no labels yet."""
        rank, path = example.rank, f"tensors.{example.rank}.shape"
        labels = [
            escape(self.tr(LABELS[name]).format(size=self.whole(f"{path}.{k}")))
            for k, name in enumerate(example.axes)
        ]
        texts = None
        if rank <= MOST_PRINTED:
            flat = [printed(float(value), ENTRY_DECIMALS) for value in example.values.ravel()]
            texts = np.array(flat, dtype=object).reshape(example.shape).tolist()
        colours = self.channel_colours(example.shape[-1]) if rank >= COLOURED else None
        width, height = self.layout.stage
        room = (width, height - SIZES.gap)
        cells: dict[str, Any] = {"texts": texts, "values": example.values}
        block = TensorBlocks(
            example.shape, labels, room, *self.look, **cells, layer_colours=colours
        )
        block.hide_axes().move_to((*self.layout.stage_centre, 0))
        # The outline appears where it belongs; it would run through numbers on its way.
        block.highlight(*self.entries[rank].index).release()
        return block.spread(0.0) if rank >= COLOURED else block

    def channel_colours(self, count: int) -> list[Rgb]:
        """Return a colour per channel; of three they are red, green and blue."""
        colours = channel_colours(self.theme)
        return [colours[k % len(colours)] for k in range(count)]

    def note_cells(self, example: TensorExample) -> None:
        """Note that the numbers in the cells are shown, where they are."""
        assert self.block is not None
        if not self.block.shows_entries:
            return
        for index in np.ndindex(*example.shape):
            places = zip(index, drawn_units(example.shape), strict=True)
            if all(k in units for k, units in places):
                path = ".".join(map(str, ("values", example.rank, *index)))
                self.number(path, ENTRY_DECIMALS)

    # The board

    def sizes(self, rank: int) -> list[str]:
        """Return the sizes of a tensor's axes."""
        return [self.whole(f"tensors.{rank}.shape.{k}") for k in range(rank)]

    def index(self, rank: int) -> str:
        """Return the indices of the entry that is pointed at."""
        picked = self.entries[rank].index
        return ", ".join(self.whole(f"entries.{rank}.index.{k}") for k in range(len(picked)))

    def making_code(self, rank: int) -> str:
        """Return the line that draws a tensor's numbers."""
        sizes = ", ".join(self.sizes(rank)) or "()"
        dtype = self.record.examples[rank].dtype
        line = f"{NAMES[rank]} = torch.rand({sizes}, dtype={dtype})"
        if rank == 0:
            return f"torch.manual_seed({self.whole('parameters.seed')}); {line}"
        return line

    def shape_code(self, rank: int) -> str:
        """Return the line that reads rank, shape and count."""
        name = NAMES[rank]
        return f"{name}.dim(), {name}.shape, {name}.numel()"

    def entry_code(self, rank: int) -> str:
        """Return the line that reads shape and one entry."""
        name = NAMES[rank]
        entry = f"{name}[{self.index(rank)}]" if rank else f"{name}.item()"
        return f"{name}.dim(), {name}.shape, {entry}"

    def shape_formula(self, rank: int) -> str:
        """Return rank, shape and how many numbers that makes."""
        sizes = self.sizes(rank)
        count = self.whole(f"tensors.{rank}.count")
        product = f"{' times '.join(sizes)} = {count}" if rank > 1 else count
        return (
            f"$ {self.word('rank')} {self.whole(f'tensors.{rank}.rank')} wide "
            f"{self.word('shape')} ({', '.join(sizes)}) wide "
            f"{self.word('numbers')} {product} $"
        )

    def entry_formula(self, rank: int) -> str:
        """Return rank and shape, and one entry with an index for each axis."""
        value = self.number(f"entries.{rank}.value", ENTRY_DECIMALS)
        subscript = f"_({self.index(rank)})" if rank else ""
        entry = coloured(f"{SYMBOLS[rank]}{subscript} = {value}", self.theme.focus)
        return (
            f"$ {self.word('rank')} {self.whole(f'tensors.{rank}.rank')} wide "
            f"{self.word('shape')} ({', '.join(self.sizes(rank))}) wide {entry} $"
        )

    def row_of(self, example: TensorExample) -> list[str]:
        """Return a tensor's row of the table."""
        rank = example.rank
        title, path = self.tr(example.title), f"tensors.{rank}"
        axes = " × ".join(self.tr(name) for name in example.axes) or "—"
        number, sizes = self.whole(f"{path}.rank"), f"({', '.join(self.sizes(rank))})"
        return [escape(it) for it in (title, number, axes, sizes, self.whole(f"{path}.count"))]


def picked_entry(example: TensorExample) -> PickedEntry:
    """Return the entry that is pointed at: the usual one, or the last along an axis too short."""
    usual = FIRST_ENTRIES[example.rank]
    index = tuple(min(k, size - 1) for k, size in zip(usual, example.shape, strict=True))
    return PickedEntry(index, float(example.values[index]))


def drawn_units(shape: tuple[int, ...]) -> list[list[int | None]]:
    """Return which entries along the axes of a scalar, vector or matrix are drawn."""
    most = MOST_SHOWN[3 - len(shape) : 3]
    return [shown_units(size, many) for size, many in zip(shape, most, strict=True)]
