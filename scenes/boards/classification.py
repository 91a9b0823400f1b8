"""The formulas of the lesson on classification with their numbers put in, as Typst markup."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.core.classification.record import ClassificationRecord
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.lesson.numbers import bracketed, is_plain
from backprop_studio.scenes.lesson.writer import Writer, quoted
from backprop_studio.scenes.paint.style import DECIMALS

MOST_TERMS = 5
SURE = 1e-8
"""A loss below it belongs to a probability that is printed as 1."""


class ClassificationFormulas(Formulas):
    """Writes the board of each beat.

    Parameters
    ----------
    names : sequence of str
        Of the classes.
    """

    def __init__(self, writer: Writer, record: ClassificationRecord, names: Sequence[str]) -> None:
        super().__init__(writer)
        self.record, self.names = record, names

    def measured(self, path: str) -> str:
        """Return a number as short as it was measured."""
        return self.given(path) if is_plain(look_up(self.sheet, path)) else self.short(path)

    # The beats

    @true_digits
    def input(self, feature: int) -> str:
        """Return how one number of the followed sample is standardised, or what it is."""
        followed = self.record.followed
        raw = self.measured(f"followed.raw.{feature}")
        sign = f"x_({feature + 1})"
        if followed.mean is None or followed.std is None:
            return f"$ {sign} = {raw} $"
        names = ("mean", "std", "inputs")
        mean, std, z = (self.alike(f"followed.{name}.{feature}") for name in names)
        return f"$ ({sign} - mu) / sigma = ({raw} - {bracketed(mean)}) / {bracketed(std)} = {z} $"

    @true_digits
    def pixels(self, rows: int, columns: int) -> str:
        """Return how many numbers a picture is."""
        return f"$ x in [0, 1]^({rows} times {columns}) = [0, 1]^({self.whole('facts.features')}) $"

    @true_digits
    def network(self) -> str:
        """Return how many parameters there are, and the followed sample's first loss."""
        sizes = [self.whole(f"facts.sizes.{k}") for k in range(len(self.record.facts.sizes))]
        terms = [f"({n_in} + 1) dot {n_out}" for n_in, n_out in itertools.pairwise(sizes)]
        count = f"{' + '.join(terms)} = {self.whole('facts.parameters')}"
        return f"$ {count} wide {self.sample_loss(0)} $"

    def sample_loss(self, k: int) -> str:
        """Return the followed sample's loss at a moment told, made of its probability."""
        followed = self.record.followed
        target, size = followed.target, float(followed.losses[k])
        loss = self.as_loss(self.alike(f"followed.losses.{k}"))
        name = quoted(self.names[target])
        # A probability of 0 has no logarithm; the loss was made of the logits.
        if not followed.probabilities[k, target]:
            return f"-ln p_({name}) = {loss}"
        path = f"followed.probabilities.{k}.{target}"
        decimals = 2 - math.floor(math.log10(size)) if SURE < size < 1e-1 else 0
        p = self.number(path, decimals) if decimals else self.alike(path)
        return f"-ln p_({name}) = -ln ({p}) = {loss}"

    @true_digits
    def moment(self, k: int) -> str:
        """Return loss and counted answers at a moment told."""
        course = self.record.course
        place = course.told[k]
        path, moment = f"course.moments.{place}", course.moments[place]
        epoch = self.epoch(f"{path}.epoch")
        loss = self.as_loss(self.alike(f"{path}.train.loss"))
        parts = [f"{self.word('epoch')} {epoch}: quad L = {loss}"]
        for name, word in (("train", "training"), ("held_out", "held out")):
            if getattr(moment, name) is not None:
                parts.append(f"{self.word(word)}: {self.share(f'{path}.{name}')}")
        return f"$ {' wide '.join(parts)} $"

    def share(self, path: str) -> str:
        """Return right answers out of all, and the accuracy."""
        right, count = self.whole(f"{path}.right"), self.whole(f"{path}.count")
        return f"{right} / {count} = {self.number(f'{path}.accuracy')}"

    @true_digits
    def gradients(self, which: str) -> str:
        """Return the largest gradient of each layer in the ``early`` or the ``late`` window."""
        parts = [self.window(which)]
        for k in range(len(self.record.spreads.layers)):
            text = self.alike(f"spreads.layers.{k}.largest_{which}")
            symbol = f"max abs(partial L slash partial W_{k + 1})"
            parts.append(f"{symbol} = {self.as_gradient(text)}")
        return f"$ {' wide '.join(parts)} $"

    def window(self, which: str) -> str:
        """Return the epochs of a window."""
        ends = ("spreads.early_from", "spreads.early_until")
        if which == "late":
            ends = ("spreads.late_from", "spreads.late_until")
        first, last = map(self.epoch, ends)
        span = first if first == last else f"{first} dots {last}"
        return f"{self.word('epoch')} {span}:"

    def epoch(self, path: str) -> str:
        """Return an epoch, whole but where a run ended within one."""
        return self.number(path, DECIMALS - 1 if look_up(self.sheet, path) % 1 else 0)

    @true_digits
    def sample(self) -> str:
        """Return the followed sample's loss before and after."""
        last = len(self.record.course.told) - 1
        return f"$ {self.sample_loss(0)} quad -> #h(1em) {self.sample_loss(last)} $"

    @true_digits
    def wrong(self) -> str:
        """Return how many of the judged samples are wrong."""
        names = ("right", "count", "wrong")
        right, count, wrong = (self.whole(f"answers.tally.{name}") for name in names)
        return f"$ {count} - {right} = {wrong} $"

    @true_digits
    def answers(self) -> str:
        """Return the accuracy as the diagonal's sum over all."""
        classes, name = len(self.names), self.word("accuracy")
        share = self.share("answers.tally")
        if classes > MOST_TERMS:
            return f"$ {name} = {share} $"
        terms = " + ".join(self.whole(f"answers.confusion.{k}.{k}") for k in range(classes))
        return f"$ {name} = ({terms}) / {self.whole('answers.tally.count')} = {share} $"
