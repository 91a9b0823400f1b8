"""The stage of a training step: a network whose units light up, and the panel of its loss."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from manim import FadeIn, FadeOut, Mobject
from manim.utils.rate_functions import smooth, squish_rate_func

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.datasets.record import Dataset
from backprop_studio.core.network.record import StepRecord
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.network.trained.masks import trained_masks
from backprop_studio.scenes.boards.step import StepFormulas, class_word, layer_words
from backprop_studio.scenes.families.training_step.places import Places, middle, places_for
from backprop_studio.scenes.lesson.lesson import Beat
from backprop_studio.scenes.lesson.numbers import elided, in_sentence, markup_of, short_text
from backprop_studio.scenes.lesson.sentences import Sentence
from backprop_studio.scenes.paint.named_glyphs import names_of
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.parts.networks.layered_network import ON_EDGE, LayeredNetwork
from backprop_studio.scenes.parts.networks.loss_panel import LOSS_SIZE, LossPanel
from backprop_studio.scenes.parts.networks.network_drawing import network_view
from backprop_studio.scenes.parts.networks.network_view import shown_units
from backprop_studio.scenes.stage.directed_lesson import DirectedLesson
from backprop_studio.scenes.stage.formula import LEGIBLE, Spot
from backprop_studio.scenes.stage.rooms import Rooms
from backprop_studio.scenes.stage.strip import SIZE, Strip

LEGIBLE_LINE = 0.92
"""Of small type: a line of torch that has to be set smaller is left out."""


class TrainingStepLesson(DirectedLesson):
    """Base of the lesson that tells training steps on a drawn network.

    Attributes
    ----------
    records : tuple of StepRecord
        One per step; ``record`` is the first, which is told in detail.
    sample : int
        Row of the followed sample.
    outputs : list of int
        Output units that the panel shows.
    """

    records: tuple[StepRecord, ...]
    record: StepRecord
    sample: int
    outputs: list[int]
    network: LayeredNetwork
    places: Places
    leaving: list[Any]
    """What goes when the next beat begins."""
    stays_small: bool = False
    """The picture keeps its size from a large board to the next one."""

    # The stage

    def set_stage(self) -> None:
        """Lay out network and loss panel, and get the boards ready."""
        self.leaving = []
        self.places = places_for(self.rooms, *self.home)
        self.network = self.make_network().reveal().move_to(middle(self.places.network))
        self.panel = self.make_panel()
        self.panel.move_to(middle(self.places.panel))
        if self.network.downward:  # the answers stand beside the last layer
            self.panel.align_to((0, self.places.panel[1], 0), (0, -1, 0))
        self.formulas = StepFormulas(self, self.record, self.sample, self.class_names())
        self.add(self.network, self.panel)

    def open_beat(self, beat: Beat) -> None:
        """Name what the beat is about; what the last one has left goes with its first sentence."""
        super().open_beat(beat)
        self._turning += [*self.strip.leave(), *self.leaving]
        self.leaving = []
        self.strip = Strip(self.rooms.board, *self.look)
        small = self.stays_small and self.camera.frame.width > self.home[0]
        if self.camera.frame.width != self.home[0] and not small:
            self.camera.room = None
            frame: Any = self.camera.frame.animate.set(width=self.home[0]).move_to((0, 0, 0))
            self._turning.append(frame)

    def instead(self, leaving: Iterable[Mobject], *coming: Mobject) -> list[Any]:
        """Return the animations that put one picture in place of another, never an empty frame."""
        out, into = (squish_rate_func(smooth, *part) for part in ((0, 0.65), (0.35, 1)))
        return [
            *(FadeOut(it, rate_func=out) for it in leaving),
            *(FadeIn(it, rate_func=into) for it in coming),
        ]

    def run_line(self, code: str, *animations: Any) -> None:
        """Show the line that torch runs, if there is room for it beside the heading."""
        fits = code and self._line_of(code).drawn_size() >= LEGIBLE_LINE * SIZES.small
        super().run_line(code if fits else "", *animations)

    def take_board(self, *formulas: Callable[[], str], least: float = LEGIBLE * SIZE) -> None:
        """Choose how high the board is that comes next; one of another height goes first.

        Parameters
        ----------
        *formulas
            What will stand on it: only what asks for a high board gets one.
        least : float
            Em at which they are large enough.
        """
        large = not all(self.suits(it, least) for it in formulas)
        room = self.places.large if large else self.rooms.board
        if self.strip.room != room:
            self.clear_board()
            self.strip = Strip(room, *self.look)
            if large:
                self.camera.room = None  # what shrinks is not cut off on its way
                self.move(self.fitted(), seconds=TIMES.change)
                self.camera.room = self.places.above

    def suits(self, write: Callable[[], str], least: float) -> bool:
        """Whether a formula is large enough on the usual board; it is not shown yet."""
        shown, usual = dict(self.notes.shown), Strip(self.rooms.board, *self.look)
        text = self.worked_out(write, lambda it: usual.blank(it).em_of(it) >= SIZES.small)
        self.notes.shown = shown
        return usual.blank(text).em_of(text) >= least

    def spots(self, layer: int, letter: str) -> dict[str, Spot]:
        """Return where the numbers of a layer's drawn units stand, by the names of their parts."""
        size = self.record.network.sizes[layer]
        found = {f"{letter}{k}": self.unit_spot(layer, k) for k in elided(size) if k is not None}
        return {name: spot for name, spot in found.items() if spot is not None}

    def unit_spot(self, layer: int, unit: int) -> Spot | None:
        """Return where a unit's number is seen on the frame, if it is drawn and numbered."""
        at = self.network.unit_at(layer, unit)
        return None if at is None else self.on_frame(Spot(*at))

    def edge_spot(self, gap: int, row: int, column: int, along: float = ON_EDGE) -> Spot | None:
        """Return where a weight is seen on the frame, if it is drawn."""
        at = self.network.edge_at(gap, row, column, along)
        return None if at is None else self.on_frame(Spot(*at))

    def send(self, spots: Mapping[str, Spot], *animations: Any) -> None:
        """Let parts of the formula travel to where they live, those that it has.

        What they become there is seen when they arrive, not twice.
        """
        there = names_of(self.board.source)
        ways = [self.way_home(name, spot) for name, spot in spots.items() if name in there]
        self.arrive(ways, *animations)

    def panel_spot(self, output: int) -> Spot | None:
        """Return where the panel's number of an output is seen on the frame, if it is shown."""
        if output not in self.outputs:
            return None
        at = self.panel.in_scene(*self.panel.number_at(self.outputs.index(output)))
        return self.on_frame(Spot(*at, SIZES.label))

    def loss_spot(self, text: str) -> Spot:
        """Return where the panel's loss is seen on the frame, as it is printed."""
        return self.on_frame(Spot(*self.panel.in_scene(*self.panel.loss_at(text)), LOSS_SIZE))

    def look_at(self, *layers: int) -> Any:
        """Return the animation that zooms to some neighbouring layers."""
        network, reach = self.network, self.network.pitch_between() / 2
        along = [float(network.centres[layer][0][0]) for layer in layers]
        left, bottom, right, top = self.places.network
        ends = min(along) - reach, max(along) + reach
        if network.downward:
            bottom, top = (network.in_scene(*network.drawn_at(it, 0.0))[1] for it in ends[::-1])
        else:
            left, right = (network.in_scene(it, 0.0)[0] for it in ends)
        return self.zoomed((left, bottom, right, top))

    def fitted(self) -> Any:
        """Return the animation that brings the whole picture above the board that is chosen."""
        room = self.rooms.picture if self.strip.room == self.rooms.board else self.places.above
        box, high = self.places.picture, Rooms.size(room)[1]
        share = Rooms.size(box)[1] / high
        (x, y), (room_x, room_y) = middle(box)[:2], middle(room)[:2]
        centre = (x - room_x * share, y - room_y * share, 0)
        return self.camera.frame.animate.set(width=self.home[0] * share).move_to(centre)

    def make_network(self) -> LayeredNetwork:
        """Return the network, dark."""
        layers, sizes = self.record.layers, self.record.network.sizes
        names = layer_words(len(sizes), self.tr, is_logits=self.classifies)
        weights, gradients = [it.weight for it in layers], [it.dL_dW for it in layers]
        # Arrows of one sample come before those of the batch, and stand on the same scale.
        gradients += [it.dL_dW_of(self.sample) for it in layers]
        drawing, look = self.params.network_drawing, (Rooms.size(self.places.network), *self.look)
        chosen = self.dataset()
        shape = chosen.image_shape if chosen is not None else None
        downward = self.home[1] > self.home[0]
        numbers = (sizes, names, weights, gradients)
        return network_view(drawing, *numbers, *look, image_shape=shape, downward=downward)

    def dataset(self) -> Dataset | None:
        """Return the data set that the samples are of; rows that the user wrote are of none."""
        return self.params.dataset() if self.params.data.inputs is None else None

    def make_panel(self) -> LossPanel:
        """Return the panel with one row per output that is drawn."""
        self.outputs = drawn_units(self.record.network.sizes[-1])
        if self.record.before.probabilities is not None:  # what it says and should say, in any case
            said = int(self.record.before.probabilities[self.sample].argmax())
            told = {said, int(self.record.batch.targets[self.sample])}
            self.outputs = sorted({*self.outputs, *told})
        target, reach = None, round_reach([it for it in self.residuals() if np.isfinite(it)])
        words = self.tr("output − target, to ±{reach}")
        heading = words.format(reach=in_sentence(short_text(reach)))
        names = [self.tr("output {number}").format(number=k + 1) for k in self.outputs]
        if self.classifies:
            heading, target = self.tr("how sure"), int(self.record.batch.targets[self.sample])
            names = [class_word(k, self.class_names(), self.tr) for k in self.outputs]
        marks = [k == target for k in self.outputs]
        losses = (self.tr("loss L"), self.tr("loss after"))
        ends = None if self.classifies else reach
        width = Rooms.size(self.places.panel)[0]
        known = [self.record.loss, self.record.loss_after]
        most = max((it for it in known if np.isfinite(it)), default=1.0)
        look = (width, *self.look)
        return LossPanel(heading, names, marks, losses, *look, reach=ends, most_loss=most)

    @property
    def share_heading(self) -> str:
        """What the panel's bars are called once it has been told how they are made."""
        return self.tr("probability p")

    def residuals(self) -> list[float]:
        """Return all differences from the target that the panel will show: of the first step."""
        forwards = [self.record.before, self.record.after]
        return [
            float(it.residuals[self.sample, k])
            for it in forwards
            if it.residuals is not None
            for k in self.outputs
        ]

    @property
    def classifies(self) -> bool:
        """Whether outputs are logits of classes."""
        return self.record.before.probabilities is not None

    def class_names(self) -> tuple[str, ...]:
        """Return what the data set calls its classes; rows that the user wrote have no names."""
        chosen = self.dataset()
        return chosen.class_names if chosen is not None else ()

    def lit_one(self, layer: int, unit: int, value: float, text: str, tag: str) -> Any:
        """Return the animation that puts a printed number into one unit of a layer."""
        units, numbered = self.network.units[layer], self.network.numbered[layer]
        shown = [value if k == unit else 0.0 for k in units]
        texts = [markup_of(text) if k == unit and numbered else "" for k in units]
        return self.network.animate.light(layer, shown, texts, f"${tag}$")

    def lit(
        self,
        layer: int,
        values: Any,
        name: str,
        tag: str,
        *,
        number: Callable[[str], str] | None = None,
        gradient: bool = False,
        on: Any = None,
    ) -> Any:
        """Return the animation that puts values, printed from the answer sheet, into a layer."""
        units, numbered = self.network.units[layer], self.network.numbered[layer]
        decimals = self.network.decimals(values)
        read = number or (lambda path: self.number(path, decimals))
        shown = [0.0 if k is None else float(values[k]) for k in units]
        texts = ["" if k is None or not numbered else markup_of(read(f"{name}.{k}")) for k in units]
        animated = self.network.animate if on is None else on
        return animated.light(layer, shown, texts, f"${tag}$", gradient=gradient)

    def answers(self, suffix: str, number: int = 0) -> tuple[list[float], list[str]]:
        """Return bars and printed numbers of the panel, before or after a step."""
        record, prefix = self.records[number], step_prefix(number)
        forward = record.after if suffix else record.before
        name = "probabilities" if self.classifies else "residuals"
        values = getattr(forward, name)[self.sample]
        path = f"{prefix}{name}{suffix}.{self.sample}"
        texts = [markup_of(self.number(f"{path}.{k}")) for k in self.outputs]
        return [float(values[k]) for k in self.outputs], texts

    def gradient_lit(self, layer: int, on: Any = None) -> Any:
        """Return the animation that puts dL/dz into a layer's nodes."""
        values = self.record.layers[layer - 1].dL_dz[self.sample]
        name = f"layers.{layer - 1}.dL_dz.{self.sample}"
        tag = f"partial L slash partial z_{layer}"
        return self.lit(layer, values, name, tag, gradient=True, on=on)

    def moved(self, number: int) -> list[Any]:
        """Return the animation that gives all weights their values after a step."""
        moved = self.network.animate.drop_arrows()
        for index, update in enumerate(self.records[number].updated):
            moved = moved.set_weights(index, update.weight).darken(index + 1)
        return [moved]

    def lit_after(self, number: int, layer: int, on: Any) -> Any:
        """Return an animation that puts a layer's values after a step into its units."""
        record = self.records[number]
        values = record.after.activations[layer - 1][self.sample]
        name = f"{step_prefix(number)}a_after.{layer - 1}.{self.sample}"
        letter = "z" if record.layers[layer - 1].activation == "identity" else "a"
        return self.lit(layer, values, name, f"{letter}_{layer}", on=on)


def drawn_units(size: int) -> list[int]:
    """Return the units of a layer that are always drawn."""
    return [unit for unit in shown_units(size) if unit is not None]


def round_reach(values: Sequence[float]) -> float:
    """Return 1, 2 or 5 times a power of ten that no size of some values is above.

    Examples
    --------
    >>> round_reach([0.3, -1.699]), round_reach([0.02]), round_reach([])
    (2.0, 0.02, 1.0)
    """
    largest = max(map(abs, values), default=0.0) or 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    return next(it * power for it in (1, 2, 5, 10) if it * power >= largest)


def step_prefix(number: int) -> str:
    """Return where a step's values stand in the answer sheet; the first step's are at its top."""
    return "" if number == 0 else f"steps.{number - 1}."


def largest_gradient(record: StepRecord) -> tuple[int, int, int | None]:
    """Return layer, row and column of the weight with the largest |dL/dW| that is always drawn.

    It is one that is trained. Where all of these are 0, or none is, it is the bias with the largest
    gradient, if that is none.
    """
    best = -1.0
    place: tuple[int, int, int | None] = (0, 0, 0)
    masks = trained_masks(record.network)
    for gap, layer in enumerate(record.layers):
        rows, columns = map(drawn_units, layer.weight.shape)
        sizes = np.where(masks[gap][0], np.abs(layer.dL_dW), -1.0)[np.ix_(rows, columns)]
        row, column = np.unravel_index(int(np.argmax(sizes)), sizes.shape)
        if sizes[row, column] > best:
            best, place = float(sizes[row, column]), (gap, rows[row], columns[column])
    if best > 0:
        return place
    biases = [
        np.where(moved, np.abs(layer.dL_db), 0.0)[drawn_units(len(moved))]
        for layer, (_, moved) in zip(record.layers, masks, strict=True)
    ]
    gap = int(np.argmax([it.max() for it in biases]))
    if not biases[gap].any():
        return place
    return gap, drawn_units(len(record.layers[gap].dL_db))[int(np.argmax(biases[gap]))], None


def what_learns(network: NetworkSpec, all_learn: Sentence) -> tuple[str | Sentence, dict[str, int]]:
    """Return the sentence of an update and its numbers: all parameters move, or only named ones."""
    masks = [mask for layer in trained_masks(network) for mask in layer]
    named, count = sum(int(it.sum()) for it in masks), sum(it.size for it in masks)
    counts = {"named": named, "count": count}
    if network.train is None or named == count:
        return all_learn, counts
    if named == 1:
        only_one = N_("Only one of {count} parameters learns; the others stay as they are.")
        return only_one, counts
    return N_("Only {named} of {count} parameters learn; the others stay as they are."), counts
