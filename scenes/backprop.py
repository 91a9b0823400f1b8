"""Backpropagation: who is to blame for a wrong answer, told on one training step.

The question: the network said one thing and should have said another; which of its numbers is to
blame, and how much?

The beats: ``question`` with the network, its answer and the target. ``input``, ``neuron`` (one in
full: products, sum, bias, activation), ``forward_1`` (its layer), ``forward_2`` and on (faster),
``loss``. Then one weight alone: ``nudge`` (changed a little, the network really run again) and
``factors`` (the links of its chain, of which the first is still missing). Then all of them at once:
``backward``, ``weights_K`` and ``back_K`` layer by layer, for one sample; ``blame``, where the
followed weight's gradient is added from what each sample sends back and all are ranked. ``update``
and ``after`` take the step and measure again, ``losses`` goes on training, ``answer`` ends where
the question was.

What stands in a unit is of one sample; beside what is of all samples the units are empty.

Afterwards the viewer can say: what a neuron computes, what the loss measures, that a weight's
gradient is a product of factors from the loss back to it, that one sweep back finds them all, and
that a step against them lowers the loss, if it is not too long.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import ConfigDict, model_validator

from backprop_studio.core.answer_sheet import step_sheet, step_values
from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import hints, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import backprop as claims
from backprop_studio.core.json_ready import plain
from backprop_studio.core.network.factors import ParameterFactors, parameter_factors
from backprop_studio.core.network.optimizers import OptimizerGroup
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.steps import numbers_of_step, run_steps
from backprop_studio.core.network.story.blame import blame
from backprop_studio.core.network.story.course import course_of
from backprop_studio.core.network.story.moved import moved_by_step
from backprop_studio.core.network.story.nudge import nudge
from backprop_studio.core.network.story.sample import told_sample
from backprop_studio.core.network.story.surprise import surprise_of
from backprop_studio.core.network.story.unit import unit_of
from backprop_studio.core.surfaces.params import ParameterChoice
from backprop_studio.scenes.boards.update import UpdateFormulas
from backprop_studio.scenes.families.training_step import script
from backprop_studio.scenes.families.training_step import stage as step
from backprop_studio.scenes.families.training_step.after import StepBeats
from backprop_studio.scenes.lesson.numbers import in_sentence, markup_of
from backprop_studio.scenes.parts.networks.network_drawing import Drawing

STEPS = 20
"""Of training, if nobody says how many: enough to see where the loss goes."""

MUCH = 300_000
"""Numbers in the records of so many steps; with more it is one step, if nobody says how many."""


class Params(NetworkGroup, OptimizerGroup):
    """Parameters of the lesson."""

    model_config = ConfigDict(
        json_schema_extra=hints(
            order=["learning_rate", "steps", "network", "data", "sample", "optimizer", "followed"]
        )
    )

    steps: int | None = param(
        None,
        N_("Steps"),
        N_("The first is told in detail, all as a curve; open: 20, or 1 of a large network."),
        ge=1,
        le=1000,
        range=[1, 50],
    )
    followed: ParameterChoice | None = param(
        None, N_("Followed weight"), N_("Left out, it is the weight with the largest gradient.")
    )
    network_drawing: Drawing = param(
        "auto",
        N_("Drawing of the network"),
        N_("How layers with many units are drawn."),
        labels={
            "auto": N_("By size"),
            "collapsed": N_("First two units, dots and the last, with numbers"),
            "whole": N_("All units and all weights"),
            "strongest": N_("All units and the strongest weights"),
        },
        level="advanced",
    )

    def steps_taken(self) -> int:
        """Return how many steps there are."""
        if self.steps is not None:
            return self.steps
        numbers = numbers_of_step(self.network_spec(), self.batch(), self.optimizer_spec())
        return STEPS if STEPS * numbers <= MUCH else 1

    @model_validator(mode="after")
    def _followed_is_there(self) -> Params:
        if self.followed is None:
            return self
        sizes, place = self.network_spec().sizes, self.followed
        if place.layer >= len(sizes):
            text = N_("{field}: allowed are 1 to {most}")
            most = len(sizes) - 1
            raise ParameterError("followed.layer", text, field="followed.layer", most=most)
        n_in, n_out = sizes[place.layer - 1 : place.layer + 1]
        if place.row > n_out:
            text = N_("{field}: layer {layer} has units 1 to {most}")
            fields = {"field": "followed.row", "layer": place.layer, "most": n_out}
            raise ParameterError("followed.row", text, **fields)
        if place.column is not None and place.column > n_in:
            text = N_("{field}: layer {layer} has inputs 1 to {most}")
            fields = {"field": "followed.column", "layer": place.layer, "most": n_in}
            raise ParameterError("followed.column", text, **fields)
        return self


class Backprop(StepBeats):
    """One step: forward, loss, backward, update, and the loss again."""

    title = N_("Backpropagation: one training step")
    summary = N_("Values flow forward, gradients flow back, and one step lowers the loss.")
    chapter = N_("Networks")
    place = (3, 2)
    thumbnail = "back_1"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Run the steps, and find out what is told of the first."""
        params = self.params
        network, optimizer = params.network_spec(), params.optimizer_spec()
        self.records = run_steps(network, params.batch(), optimizer, params.steps_taken())
        self.record = self.records[0]
        self.factors = parameter_factors(self.record, *self.followed_place())
        self.sample = told_sample(self.record, self.factors)
        if params.sample is not None:
            self.sample = params.sample - 1
        self.unit = unit_of(self.record, 0, self.told_neuron(), self.sample)
        self.nudged = nudge(self.record, self.factors, self.sample)
        self.blame = blame(self.record)
        self.surprise = surprise_of(self.record, self.sample)
        self.moved_once = moved_by_step(self.record, *self.followed_place())
        self.last, self.hidden = self.told_links()
        self.first = self.first_link()
        self.course = course_of(self.records, self.sample)
        sheet = step_sheet("backprop", params.model_dump(mode="json"), self.record)
        losses = [self.record.loss, *(record.loss_after for record in self.records)]
        return {
            **sheet,
            "unit": plain(self.unit),
            "nudge": plain(self.nudged),
            "factors": plain(self.factors),
            "last": plain(self.last),
            "hidden": plain(self.hidden),
            "first": plain(self.first),
            "blame": plain(self.blame),
            "moved": plain(self.moved_once),
            "course": plain(self.course),
            "steps": [step_values(record) for record in self.records[1:]],
            "losses": plain(losses),
        }

    def told_unit(self, layer: int) -> int:
        """Return the unit of a layer, counted from 1, that is told: on the followed weight's way.

        Of logits it is the one of the right class.
        """
        factors = self.factors
        on_way = {factors.layer + 1: factors.row, factors.layer: factors.column}
        if self.classifies:
            right = int(self.record.batch.targets[self.sample])
            on_way.setdefault(len(self.record.layers), right)
        row = on_way.get(layer) or 0
        return row if row in step.drawn_units(self.record.network.sizes[layer]) else 0

    def told_neuron(self) -> int:
        """Return the neuron of the first layer that is told in full: one that relu changes."""
        first = self.record.layers[0]
        if first.activation == "relu":
            drawn = step.drawn_units(self.record.network.sizes[1])
            cut = [unit for unit in drawn if first.z[self.sample, unit] < 0]
            if cut:
                return cut[0]
        return self.told_unit(1)

    def told_links(self) -> tuple[ParameterFactors, ParameterFactors]:
        """Return a weight of the last layer, and the unit of the one before that it comes from.

        That is the followed weight's unit, if it is there; otherwise they are the largest drawn.
        """
        last = len(self.record.layers) - 1
        columns = None
        if self.factors.layer == last - 1:
            columns = [self.factors.row]
        place = last, *self.largest_drawn(last, columns)
        unit = (last - 1, place[2], None) if last else place
        return parameter_factors(self.record, *place), parameter_factors(self.record, *unit)

    def first_link(self) -> ParameterFactors:
        """Return the weight of the first layer whose gradient is worked out."""
        return parameter_factors(self.record, 0, *self.largest_drawn(0))

    def largest_drawn(self, layer: int, columns: list[int] | None = None) -> tuple[int, int]:
        """Return row and column of a layer's drawn weight with the sample's largest gradient.

        Only some columns are looked at, if they are given and drawn.
        """
        gradients = np.abs(self.record.layers[layer].dL_dW_of(self.sample))
        rows, drawn = (step.drawn_units(size) for size in gradients.shape)
        columns = [it for it in columns or () if it in drawn] or drawn
        chosen = gradients[np.ix_(rows, columns)]
        row, column = np.unravel_index(int(chosen.argmax()), chosen.shape)
        return rows[int(row)], columns[int(column)]

    def followed_place(self) -> tuple[int, int, int | None]:
        """Return layer, row and column of the followed weight; of a bias, no column."""
        if self.params.followed is None:
            return step.largest_gradient(self.record)
        index = self.params.followed.index()
        return index.layer, index.row, index.column

    def resolved(self) -> dict[str, Any]:
        """Return what stands for parameters that are left open, and which weight is followed."""
        layer, row, column = self.followed_place()
        place = {"layer": layer + 1, "row": row + 1}
        if column is not None:
            place["column"] = column + 1
        followed = {f"followed.{name}": at for name, at in place.items()}
        rest = {"sample": self.sample + 1, "steps": self.params.steps_taken()}
        return super().resolved() | followed | rest

    def tell(self) -> None:
        """Tell the question, one neuron, one weight, all of them, the step, and the answer."""
        layers = range(1, len(self.record.layers) + 1)
        self.changes = UpdateFormulas(self, self.record, self.factors)
        self.last_changes = UpdateFormulas(self, self.record, self.last, "last")
        self.hidden_changes = UpdateFormulas(self, self.record, self.hidden, "hidden")
        self.first_changes = UpdateFormulas(self, self.record, self.first, "first")
        self.ask_the_question()
        self.show_input()
        self.show_neuron()
        for layer in layers:
            self.go_forward(layer)
        self.show_loss()
        self.nudge_one()
        self.multiply_links()
        self.start_backward()
        for layer in reversed(layers):
            self.show_weight_gradient(layer)
            if layer > 1:
                self.hand_back(layer)
        self.rank()
        self.update_weights()
        self.show_loss_after()
        if len(self.records) > 1:
            self.train_on()
        self.give_the_answer()

    def give_the_answer(self) -> None:
        """Blame is shared by the chain rule, and one sweep back finds all shares."""
        for gap, layer in enumerate(self.record.layers):
            self.network.set_weights(gap, layer.weight).grow_arrows(gap, layer.dL_dW)
            # What stands in a unit is of one sample, and the arrows are of all.
            if self.record.batch.size == 1:
                self.gradient_lit(gap + 1, self.network)
            else:
                self.network.darken(gap).darken(gap + 1)
        self.network.watch_all()
        self.mark_most()
        gone = [it for it in (self.curve, self.panel) if it in self.mobjects]
        self.leaving = self.instead(gone, self.network, self.bars)
        self.beat("answer", N_("The answer"))
        verdict = claims.most([it.gradient for it in self.blame.top])
        value = in_sentence(self.alike("blame.top.0.gradient"))
        whose = self.whose(self.blame.top[0])
        with self.say(script.FOUND(verdict, "blame"), whose=whose, value=value):
            self.run_line("")
        with self.say(N_("By the chain rule, one sweep back finds every share.")):
            self.take_board()
            self.work_out(self.changes.rule())

    def mark_most(self) -> None:
        """Mark the weight with the largest gradient, which has its number if there is room."""
        top = self.blame.top[0]
        if not top.gradient or top.column is None:
            return
        shown = dict(self.notes.shown)
        self.network.follow(top.layer, top.row, top.column)
        text = markup_of(self.alike("blame.top.0.gradient"))
        if self.network.has_room(top.layer, text):
            self.network.name_followed(text)
        else:
            self.notes.shown = shown  # it is not
