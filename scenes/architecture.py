"""The architecture of a network: layers, their shapes, and how many parameters they have.

Afterwards the viewer can say: what one unit computes; which shapes W and b of a layer have and
why; how the data's shape changes on its way; and where a network's parameters are.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from manim import FadeIn

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import counts
from backprop_studio.core.network.architecture import architecture
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.scenes.boards.markup import activation_of, coloured
from backprop_studio.scenes.boards.step import layer_words
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.numbers import elided
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.lesson.torch_lines import forward_line, model_line
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.networks import layer_boxes
from backprop_studio.scenes.parts.networks.turned import COLUMN_TAG

NAME, DATA, WEIGHT, BIAS, COUNT = range(5)
"""The lines of a layer's box."""

HEADINGS = N_("layer"), N_("data"), N_("weights W"), N_("biases b"), N_("parameters")

BOXES_SHARE = 0.5
"""Of the stage's height; the nodes stand in the rest."""

NARROW = 0.75
"""Height over width of the stage from which boxes are rows below the nodes."""

INPUT_CODE = "x.shape  # torch.Size([{shape}])"
SAMPLES, INPUTS = N_("samples"), N_("inputs")
PARAMETERS, TRAINED = N_("parameters"), N_("trained")

COUNT_CODE = "sum(p.numel() for p in model.parameters())"


TOTAL = Sentences(
    "trained",
    counts.Trained,
    {
        "all": N_("All parameters together: a bar is a layer's share of them."),
        "weights": N_(
            "All parameters together; here training moves the weights and not the biases."
        ),
    },
)


class Params(NetworkGroup):
    """Parameters of the lesson."""


class Architecture(BoardLesson):
    """Layer by layer: what a unit computes, the shapes, the parameters; then their sum."""

    title = N_("Architecture: layers, shapes and parameters")
    summary = N_("What each layer computes, which shapes it has, and where the parameters are.")
    chapter = N_("Networks")
    place = (3, 1)
    thumbnail = "total"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Count; no weight has to be drawn for that."""
        self.spec = self.params.network_spec()
        self.record = architecture(self.spec, self.params.batch().size)
        return self.records_sheet(architecture=self.record)

    def tell(self) -> None:
        """Tell layer by layer, in the direction of the data."""
        self.show_layers()
        self.show_input()
        for number in range(1, len(self.record.sizes)):
            self.show_layer(number)
        self.show_total()

    # The stage

    def set_stage(self) -> None:
        """Lay out the nodes above, and the boxes of their layers below."""
        (width, height), (x, y) = self.layout.stage, self.layout.stage_centre
        sizes, headings = self.record.sizes, [escape(self.tr(it)) for it in HEADINGS]
        below = height > width * NARROW
        margin = 0.0 if below else layer_boxes.headings_width(headings, *self.look)
        zeros = [np.zeros((rows, columns)) for columns, rows in pairwise(sizes)]
        low = height * BOXES_SHARE
        tallest = height - 1.5 * SIZES.gap
        high = height - low
        # Nothing is written above and below the columns, so that nodes may take that room.
        room = (width - margin, high + 2 * COLUMN_TAG - 2 * SIZES.gap)
        self.network = layer_boxes.CountedNetwork(
            sizes, [""] * len(sizes), zeros, zeros, room, *self.look
        )
        self.network.move_to((x + margin / 2, y + tallest / 2 - high / 2, 0))
        places = [float(column[0][0]) + margin / 2 for column in self.network.centres]
        room = (width, low - SIZES.gap if below else tallest)
        at = None if below else places
        self.boxes = layer_boxes.LayerBoxes(
            headings, len(sizes), room, *self.look, places=at, headroom=0.0 if below else high
        )
        self.boxes.move_to((x, y - high / 2 if below else y, 0))

    # The beats

    def show_layers(self) -> None:
        """The layers, each a box."""
        text = N_("A column of nodes is a layer; each line from one to the next is a weight.")
        self.beat("layers", text)
        for k, name in enumerate(self.layer_names()):
            self.boxes.set_line(k, NAME, name)
        for layer, count in enumerate(self.network.counts()):
            if count:
                self.whole(f"sizes.{layer}")
        self.boxes.reveal()
        self.write(model_line(self.spec), self.sizes_formula(), FadeIn(self.boxes))
        self.add(self.network)
        self.move(self.network.animate.reveal())

    def show_input(self) -> None:
        """The data come in: samples x inputs."""
        text = N_("The data are a matrix: a row for each sample, a column for each input.")
        self.beat("input", text)
        samples, inputs = self.whole("samples"), self.whole("sizes.0")
        self.show(
            INPUT_CODE.format(shape=f"{samples}, {inputs}"),
            f"$ x : {samples} {self.word(SAMPLES)} times {inputs} {self.word(INPUTS)} $",
            self.boxes.animate.highlight(0).set_line(0, DATA, self.by(samples, inputs)),
        )

    def show_layer(self, number: int) -> None:
        """What each of its units computes; then its shapes and its parameters."""
        code, path = forward_line(self.spec, number), f"layers.{number - 1}"
        layer = self.record.layers[number - 1]
        text = N_("Layer {layer}: each unit weighs all inputs, adds a bias, applies {name}.")
        if layer.activation == "identity":
            text = N_("Layer {layer}: each unit weighs all its inputs and adds its bias.")
        self.beat(f"layer_{number}", text, layer=number, name=layer.activation)
        data = self.by(*(self.whole(f"{path}.output_shape.{k}") for k in (0, 1)))
        self.write(
            code,
            self.unit_formula(number),
            self.network.animate.send_light(number - 1),
            self.boxes.animate.highlight(number).set_line(number, DATA, data),
            seconds=TIMES.travel,
        )
        self.network.settle()
        self.hold(TIMES.look)
        weight = self.by(*(self.whole(f"{path}.weight_shape.{k}") for k in (0, 1)))
        lit = self.boxes.animate.set_line(number, WEIGHT, weight)
        lit = lit.set_line(number, BIAS, escape(self.whole(f"{path}.bias_shape.0")))
        lit = lit.set_line(number, COUNT, escape(self.whole(f"{path}.parameters")))
        self.show(code, self.count_formula(number), lit.set_share(number, layer.share))

    def show_total(self) -> None:
        """The parameters of all layers together."""
        verdict = counts.trained(self.record.trained, self.record.parameters)
        self.beat("total", TOTAL(verdict, "architecture"))
        self.show(COUNT_CODE, self.total_formula(), self.boxes.animate.highlight())

    def layer_names(self) -> list[str]:
        """Return what stands in the boxes: names, or numbers where names have no room."""
        count, is_logits = len(self.record.sizes), self.record.loss == "cross_entropy"
        names = [escape(it) for it in layer_words(count, self.tr, is_logits=is_logits)]
        widest = layer_boxes.headings_width(names, *self.look) - SIZES.gap
        if widest <= self.boxes.line_room():
            return names
        return [escape(str(k)) for k in range(count)]

    # The board

    def whole(self, name: str) -> str:
        """Return a whole number of the record."""
        return super().whole(f"architecture.{name}")

    def by(self, *sizes: str) -> str:
        """Return a shape as it stands in a box."""
        return escape("×".join(sizes))

    def sizes_formula(self) -> str:
        """Return how many units each layer has."""
        return f"$ {' -> '.join(self.whole(f'sizes.{k}') for k in range(len(self.record.sizes)))} $"

    def unit_formula(self, number: int) -> str:
        """Return what a unit of a layer computes, and the data's shape before and after."""
        path = f"layers.{number - 1}"
        layer = self.record.layers[number - 1]
        n_in, n_out = self.whole(f"{path}.n_in"), self.whole(f"{path}.n_out")
        before = "x_i" if number == 1 else f"a_({number - 1}, i)"
        z = f"z_({number}, j) = sum_(i=1)^{n_in} W_({number}, j i) {before} + b_({number}, j)"
        a = ""
        if layer.activation != "identity":
            a = f" wide a_({number}, j) = {activation_of(layer.activation, f'z_({number}, j)')}"
        return f"$ {z}{a} wide j = 1, ..., {n_out} $"

    def count_formula(self, number: int) -> str:
        """Return the shapes of W and b, and the parameters that this makes."""
        path = f"layers.{number - 1}"
        n_in, n_out = self.whole(f"{path}.n_in"), self.whole(f"{path}.n_out")
        counts = [self.whole(f"{path}.{name}") for name in ("weights", "biases", "parameters")]
        total = coloured(counts[2], self.theme.focus)
        return (
            f"$ W_{number} : {n_out} times {n_in} wide b_{number} : {n_out} wide "
            f"{n_out} dot {n_in} + {n_out} = {counts[0]} + {counts[1]} = {total} $"
        )

    def total_formula(self) -> str:
        """Return the sum over the layers, and how many of it training moves."""
        terms = [
            "dots.c" if k is None else self.whole(f"layers.{k}.parameters")
            for k in elided(len(self.record.layers))
        ]
        total = coloured(self.whole("parameters"), self.theme.focus)
        text = f"{' + '.join(terms)} = {total}" if len(terms) > 1 else total
        if self.record.trained < self.record.parameters:
            return f"$ {text} wide {self.word(TRAINED)} {self.whole('trained')} $"
        return f"$ {text} {self.word(PARAMETERS)} $"
