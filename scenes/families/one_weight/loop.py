"""The second half of one weight's lesson: the samples take turns."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import one_weight
from backprop_studio.core.training.data_loop import DataLoopRecord
from backprop_studio.core.training.one_weight_params import DataLoopGroup
from backprop_studio.scenes.families.one_weight.lines import LinesTold
from backprop_studio.scenes.families.one_weight.plots import loss_plot, weight_plot
from backprop_studio.scenes.families.one_weight.words import LOOP_STARTS, TRAINED
from backprop_studio.scenes.lesson.sentences import Sentence
from backprop_studio.scenes.paint.brush import middle_of
from backprop_studio.scenes.paint.named_glyphs import names_of
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.stage.rooms import Rooms, halves

INSET = 0.15
"""Between the heading and a diagram's name."""


Finite = Annotated[float, Field(allow_inf_nan=False)]

_FIELDS: dict[str, Any] = {**DataLoopGroup.model_fields}


class LoopParams(BaseModel):
    """The second half: the samples take turns."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Loop over data"))

    learning_rate: float = _FIELDS["learning_rate"]
    xs: tuple[Finite, ...] = _FIELDS["xs"]
    ys: tuple[Finite, ...] = _FIELDS["ys"]
    w: float = _FIELDS["w"]
    epochs: int = _FIELDS["epochs"]
    test_x: float = _FIELDS["test_x"]

    @model_validator(mode="after")
    def _fit_together(self) -> LoopParams:
        DataLoopGroup(**self.model_dump())
        return self


class LoopTold(LinesTold):
    """Tells how one weight is trained over samples.

    Attributes
    ----------
    loop : DataLoopRecord
        ``loop`` in the sheet.
    plot, losses : Plot
        The weight over the updates, and the mean loss over the epochs.
    whole_course : (float, float)
        From the first to the last update.
    """

    loop: DataLoopRecord
    plot: Plot
    losses: Plot
    whole_course: tuple[float, float]

    def show_loop(self) -> None:
        """The weight over all updates."""
        loop, count = self.loop, len(self.loop.x)
        self.beat("loop", N_("Training: the samples take turns"))
        text = N_("Now {count} samples take turns.")
        if loop.factor is not None:
            text = N_("Now {count} samples take turns; each target is {factor} times its input.")
        if count == 1:
            text = N_("Now one sample, again and again.")
        factor = "" if loop.factor is None else self.words("loop.factor")
        with self.say(text, count=count, factor=factor):
            self.run_line("", *self.first_again())
            self.work_out(lambda: self.formulas.samples(loop))
        fields = {"w": self.words("loop.w.0"), "rate": self.words("loop.learning_rate")}
        with self.say(self.started(), **fields):
            self.lay_out_loop()
        if len(loop.w) > 1:
            self.update_once()
        self.take_turns()
        with self.say(N_("And so on. On the right: the mean loss after each epoch.")):
            seen = self.plot.animate.look(x=self.whole_course).grow(1.0, "w")
            growing = seen, self.losses.animate.grow(1.0, "loss"), self.board.animate.light()
            self.move(*growing, seconds=4 * TIMES.travel)
        names = {"x": "test_x", "before": "before", "after": "after"}
        fields = {key: self.words(f"loop.{name}") for key, name in names.items()}
        with self.say(self.trained(), **fields, count=len(loop.w) - 1):
            last = self.formulas.last_weight(loop)
            self.plot.add_mark("end", float(loop.w[-1]), way="y", label=f"${last}$")
            self.plot.hide("end")
            self.work_out(lambda: self.formulas.answer(loop), None, self.plot.animate.reveal("end"))

    def update_once(self) -> None:
        """The first update, worked out."""
        fields = {"w": self.words("loop.w.0"), "after": self.words("loop.w.1")}
        with self.say(N_("The first one worked out: w goes from {w} to {after}."), **fields):
            self.work_out(lambda: self.formulas.first_update(self.loop), last=["after"])
            self.move(self.plot.animate.grow(1 / (len(self.loop.w) - 1), "w"))

    def take_turns(self) -> None:
        """The first epoch, one update after the other, each with its sample."""
        loop, count = self.loop, len(self.loop.x)
        updates = min(count, len(loop.w) - 1)
        text = N_("One update each, with its own input and target; {count} of them are an epoch.")
        if count == 1:
            text = N_("Each update is an epoch: there is but one sample.")
        with self.say(text, count=count):
            self.work_out(lambda: self.formulas.samples(loop))
            for update in range(1, updates + 1):
                sample = f"sample{update - 1}"
                if sample not in names_of(self.board.source):
                    continue
                lit = self.board.animate.light(sample)
                step = self.plot.animate.grow(update / (len(loop.w) - 1), "w")
                self.move(lit, step, seconds=TIMES.travel)

    def lay_out_loop(self) -> None:
        """Put two diagrams in place of the lines, which grow in step."""
        left, bottom, right, top = self.rooms.picture
        boxes = halves((left, bottom, right, top - INSET), is_tall=self.home[1] > self.home[0])
        update, epoch, mean = (escape(self.tr(it)) for it in ("update", "epoch", "mean loss"))
        self.plot = weight_plot(self.loop, update, Rooms.size(boxes[0]), *self.look)
        self.losses = loss_plot(self.loop, (epoch, mean), Rooms.size(boxes[1]), *self.look)
        for plot, box in zip((self.plot, self.losses), boxes, strict=True):
            plot.move_to((*middle_of(box), 0))
        self.whole_course = tuple(self.plot.state["window"][:2].tolist())
        self.plot.look(x=(0, max(len(self.loop.x), 1)))
        self.exchange(self.lines_and_links(), self.plot, self.losses)

    def first_again(self) -> list[Any]:
        """Return the animations that bring the weight back, if the loop starts where it was."""
        if self.loop.w[0] != self.record.steps[0].w:
            return []
        lines = [it.animate for it in self.lines]
        return self.begin_again(lines, self.chain.links.animate, self.square.animate)

    def started(self) -> Sentence:
        """Return how the loop begins, with places for numbers."""
        loop, was = self.loop, self.params
        weights = self.record.steps[0].w, float(loop.w[0])
        rates = was.learning_rate, loop.learning_rate
        return LOOP_STARTS(one_weight.loop_start(weights, rates, was.x, loop.x), "loop")

    def trained(self) -> Sentence:
        """Return what became of the prediction, with places for numbers."""
        loop = self.loop
        verdict = one_weight.loop_end(
            loop.epoch_losses,
            1 - 2 * loop.learning_rate * loop.x**2,
            is_known=loop.test_x in loop.x,
            breaks=loop.divergence is not None,
        )
        return TRAINED(verdict, "loop")
