"""Classification: a network learns to tell iris flowers, digits, clothes or the user's rows apart.

Afterwards the viewer can say: what training sees and what is held out, how loss and accuracy move
over the epochs, what a decision region is, and how often the network is really right.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from manim import FadeIn, FadeOut, Mobject

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims.answers import Learned, learned
from backprop_studio.core.claims.counts import Many, many
from backprop_studio.core.claims.flow import Spread, spread
from backprop_studio.core.classification.params import ClassificationGroup
from backprop_studio.core.classification.run import classify
from backprop_studio.scenes.boards.classification import ClassificationFormulas
from backprop_studio.scenes.families.classification.plots import Pictures
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.lesson.torch_lines import model_line
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.heat_matrix import HeatMatrix
from backprop_studio.scenes.parts.charts.table import Table

EXAMPLES = 4
"""Samples whose numbers are written out."""

MOST_COLUMNS = 4
PIXELS = {"digits": "x = digits.data / 16"}
UPDATES = "for x, t in {}: opt.zero_grad(); loss_fn(model(x), t).backward(); opt.step()"
"""``loss_fn`` is ``F.cross_entropy``, which has no room."""


SAMPLE = Sentences(
    "learned",
    Learned,
    {
        "still_wrong": N_("The same sample after training: it is still taken for another class."),
        "lost": N_("The same sample after training: now it is taken for another class."),
        "learned": N_("The same sample after training: its class has become the likeliest."),
        "known": N_("The same sample after training: its class is the likeliest, as before."),
    },
)
WRONG = Sentences(
    "many",
    Many,
    {
        "one": N_("One it still gets wrong: what it is, and below what it is taken for."),
        "many": N_("Some it still gets wrong: what they are, and below what it takes them for."),
    },
)
GRADIENTS = Sentences(
    "spread",
    Spread,
    {
        "shrink": N_("The gradients of each layer: they shrink as there is less left to learn."),
        "grow": N_("The gradients of each layer: the largest grow in the course of the run."),
        "mixed": N_("The gradients of each layer: some do not shrink in the course of the run."),
        "same": N_("The gradients of each layer: the largest stay what they are."),
        "breaks": N_("The gradients of each layer: they grow until they leave float64."),
    },
)


class Params(ClassificationGroup):
    """Parameters of the lesson."""


class Classification(BoardLesson):
    """A real training run, its curves, its regions or pictures, and its counted answers."""

    title = N_("Classification: learning from examples")
    summary = N_("A network learns from labelled examples, and is judged on ones it never saw.")
    chapter = N_("Training")
    place: ClassVar[tuple[int, int] | None] = (5, 3)
    thumbnail = "training"
    Params = Params

    main: Any

    def compute(self) -> dict[str, Any]:
        """Train the network."""
        self.settings = self.params.settings()
        self.record = record = classify(self.settings)
        data = record.data
        self.example_rows = self.chosen_examples()
        rows = self.example_rows
        raw: Any = [] if data.image_shape else record.raw.inputs[rows]
        told = {
            name: getattr(record, name)
            for name in ("facts", "course", "spreads", "followed", "answers")
        }
        return self.records_sheet(
            **told, examples={"rows": rows, "raw": raw}, class_names=data.class_names
        )

    def chosen_examples(self) -> list[int]:
        """Return the followed sample and the first ones of the other classes."""
        data, followed = self.record.data, self.record.followed
        firsts = [int(np.argmax(data.targets == k)) for k in range(len(data.class_names))]
        rows = [row for row in firsts if data.targets[row] != followed.target]
        rows += [int(row) for row in data.train[:EXAMPLES] if row not in {*rows, followed.row}]
        return [followed.row, *rows][:EXAMPLES]

    def tell(self) -> None:
        """Tell it from the data to the counted answers."""
        self.show_data()
        self.show_network()
        if self.record.plane is not None:
            self.show_plane()
        self.show_training()
        self.show_gradients()
        self.show_sample()
        if self.record.plane is None and len(self.record.answers.wrong):
            self.show_wrong()
        self.show_answers()

    # The stage

    def set_stage(self) -> None:
        """Lay out the samples and the board."""
        record = self.record
        self.pictures = Pictures(record, self.layout, self.look, self.tr)
        self.formulas = ClassificationFormulas(self, record, self.pictures.names)
        self.beside: list[Mobject] = []
        if record.plane is not None:
            self.main = self.pictures.plane(record.plane)
        else:
            self.main = self.pictures.grid(self.pictures.judged_rows())
            self.rows = self.pictures.pictured
        self.add(self.main)

    def noun(self) -> str:
        """Return what the samples are."""
        if self.record.data.image_shape is not None:
            return self.tr("pictures")
        return self.tr("flowers") if self.record.data.name == "iris" else self.tr("examples")

    def say(self, text: str, **more: object) -> str:
        """Return a sentence with the counts of the data put in."""
        facts = self.record.facts
        counts = {it: getattr(facts, it) for it in ("count", "train", "held_out", "classes")}
        return self.tr(text).format(noun=self.noun(), **counts, **more)

    def change_beside(self, *parts: Mobject) -> list[Any]:
        """Return the animations that bring other pictures beside the main one."""
        old, self.beside = self.beside, list(parts)
        if old:
            self.move(*map(FadeOut, old), seconds=TIMES.fade)
        return [FadeIn(part) for part in parts]

    # The beats

    def show_data(self) -> None:
        """What there is to learn from."""
        record, facts = self.record, self.record.facts
        drawn = facts.count if record.plane is None else len(self.pictures.drawn_rows())
        if drawn < facts.count:
            text = N_(
                "{count} {noun}: {train} to learn from, {held_out} held out; {drawn} are drawn."
            )
        elif facts.held_out:
            text = N_(
                "{count} {noun} in {classes} classes: {train} to learn from, {held_out} held out."
            )
        else:
            text = N_("{count} {noun} in {classes} classes, all of them to learn from.")
        self.beat("data", self.say(text, drawn=drawn))
        shape = record.data.image_shape
        if shape is not None:
            self.show(
                PIXELS.get(record.data.name, "x = images.flatten(1) / 255"),
                self.formulas.pixels(*shape),
                *self.change_beside(self.pixels()),
                self.main.animate.follow(0),
            )
            return
        assert record.plane is not None
        line = "x = (x - x_train.mean(0)) / x_train.std(0, correction=0)"
        self.show(
            line if record.data.mean is not None else "x, t = data[k]",
            self.formulas.input(record.plane.features[0]),
            *self.change_beside(self.table()),
            self.main.animate.follow(0),
        )

    def pixels(self) -> HeatMatrix:
        """Return the followed picture, with its numbers if there is room for them."""
        return self.pictures.pixels(lambda k: f"${self.number(f'followed.raw.{k}', 2)}$")

    def table(self) -> Table:
        """Return some samples as they were measured."""
        record, (box, centre) = self.record, self.pictures.places.beside
        data = record.raw
        columns = list(range(data.inputs.shape[1]))
        if len(columns) > MOST_COLUMNS:
            chosen = [*self.record.plane.features, *columns] if self.record.plane else columns
            columns = sorted(dict.fromkeys(chosen), key=chosen.index)[:MOST_COLUMNS]
            columns.sort()
        heads = [f"$x_({k + 1})$" for k in columns]
        table = Table([*heads, escape(self.tr("class"))], len(self.example_rows), box, *self.look)
        for at, row in enumerate(self.example_rows):
            numbers = [self.formulas.measured(f"examples.raw.{at}.{k}") for k in columns]
            name = self.pictures.names[int(data.targets[row])]
            table.set_row(at, [*(f"${text}$" for text in numbers), escape(name)])
        table.highlight(0)
        return table.move_to((*centre, 0))

    def show_network(self) -> None:
        """The network, and what it says of one sample before it has learned."""
        sizes = "-".join(map(str, self.record.facts.sizes))
        text = N_("Untrained, a {sizes} network guesses: a probability for each class.")
        self.beat("network", text, sizes=sizes)
        self.bars = self.pictures.bars()
        coming = self.change_beside(self.bars)
        self.write(model_line(self.settings.network), self.formulas.network(), *coming)
        self.move(self.bars.animate.set_values(*self.shares(0)))

    def shares(self, k: int) -> tuple[np.ndarray, list[str]]:
        """Return the followed sample's probabilities at a moment told, and their texts."""
        found, chosen = self.record.followed.probabilities[k], self.pictures.barred()
        return found[chosen], [
            f"${self.number(f'followed.probabilities.{k}.{at}')}$" for at in chosen
        ]

    def show_plane(self) -> None:
        """What the network would say at every place of the plane."""
        assert self.record.plane is not None
        text, held = N_("Colour: the likeliest class at each place."), self.record.plane.held
        if held:
            text = N_("Colour: the likeliest class, with the other {held} inputs at their mean.")
        self.beat("plane", text, held=held)
        self.show(
            "model(plane).softmax(1).argmax(1)",
            self.formulas.moment(0),
            self.main.animate.set_regions(*self.pictures.regions(0)),
        )

    def show_training(self) -> None:
        """The run, at the epochs told."""
        course = self.record.course
        epochs = ", ".join(f"{course.moments[k].epoch:g}" for k in course.told[1:])
        text = N_("Training: the picture stops after these epochs: {epochs}.")
        if course.divergence is not None:
            text = N_("It diverges: after update {step} the numbers leave float64.")
        self.beat("training", text, step=course.moments[-1].step, epochs=epochs)
        is_whole = self.record.facts.updates_per_epoch == 1
        line = UPDATES.format(f"{self.record.facts.epochs} * data" if is_whole else "batches")
        loss, accuracy = self.pictures.curves()
        self.curves = (loss, accuracy)
        coming = self.change_beside(loss, accuracy)
        for plot in self.curves:
            plot.grow(0.0)
        self.write(line, self.formulas.moment(0), *coming, *self.answered(0), seconds=TIMES.change)
        for k in range(1, len(course.told)):
            progress = self.pictures.progress(k)
            self.show(
                line,
                self.formulas.moment(k),
                *self.answered(k),
                *(plot.animate.grow(progress) for plot in self.curves),
            )

    def answered(self, k: int) -> list[Any]:
        """Return the animations that bring the main picture to a moment told."""
        if self.record.plane is not None:
            return [self.main.animate.set_regions(*self.pictures.regions(k))] if k else []
        return [self.main.animate.answer(*self.pictures.answers(k, self.rows))]

    def show_sample(self) -> None:
        """The followed sample once more."""
        followed, last = self.record.followed, len(self.record.course.told) - 1
        is_right = self.record.predicted[last][followed.row] == followed.target
        was_right = self.record.predicted[0][followed.row] == followed.target
        verdict = learned(was_right=bool(was_right), is_right=bool(is_right))
        self.beat("sample", SAMPLE(verdict, "followed"))
        self.exchange(self.beside, self.bars, self.main)
        self.beside = [self.bars]
        self.write("model(x).softmax(1)", self.formulas.sample())
        self.move(self.bars.animate.set_values(*self.shares(last)))

    def show_wrong(self) -> None:
        """Pictures that are taken for something else."""
        answers, last = self.record.answers, len(self.record.course.told) - 1
        wrong = self.pictures.grid(answers.wrong)
        rows = self.pictures.pictured
        self.beat("wrong", WRONG(many(len(answers.wrong)), "answers.wrong"))
        wrong.answer(*self.pictures.answers(last, rows))
        self.write(
            "x[model(x).argmax(1) != t]",
            self.formulas.wrong(),
            FadeOut(self.main),
            FadeIn(wrong),
            *self.change_beside(*self.curves),
        )
        self.main = wrong

    def show_answers(self) -> None:
        """Who was taken for whom, counted."""
        answers = self.record.answers
        text = N_("Right answers: {right} of {of} {noun}, but it learned from all of them.")
        if answers.is_held_out:
            text = N_("Right answers: {right} of the {of} held-out {noun}.")
        self.beat("answers", self.say(text, right=answers.tally.right, of=answers.tally.count))
        matrix = self.pictures.confusion(self.count_of)
        self.main, old = matrix, self.main
        sides = self.tr("rows: truth, columns: answer")
        coming = [] if self.beside == list(self.curves) else self.change_beside(*self.curves)
        self.exchange([old], matrix)
        line = f"(model(x).argmax(1) == t).double().mean()  # {sides}"
        self.show(line, self.formulas.answers(), *coming)

    def count_of(self, row: int, column: int) -> str:
        """Return how many of a class were taken for another one, printed."""
        return f"${self.formulas.whole(f'answers.confusion.{row}.{column}')}$"

    def show_gradients(self) -> None:
        """How the gradients spread, early and late."""
        spreads = self.record.spreads
        early, late = (
            np.array([getattr(it, f"largest_{when}") for it in spreads.layers])
            for when in ("early", "late")
        )
        breaks = self.record.course.divergence is not None
        self.beat("gradients", GRADIENTS(spread(early, late, breaks=breaks), "spreads"))
        histograms = self.pictures.histograms()
        self.exchange([*self.beside, self.main], *histograms)
        self.beside = [*histograms]
        line = "[p.grad for p in model.parameters()]"
        self.show(line, self.formulas.gradients("early"))
        self.show(
            line,
            self.formulas.gradients("late"),
            *(
                view.animate.set_counts(spread.late)
                for view, spread in zip(histograms, spreads.layers, strict=True)
            ),
        )
