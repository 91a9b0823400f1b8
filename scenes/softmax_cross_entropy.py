"""Softmax and cross-entropy: from logits to a gradient, and how both survive large logits.

Afterwards the viewer can say: how logits become probabilities, why the loss is the logarithm of one
of them, why its gradient is p - t, why e^z of a large logit spoils everything, and that subtracting
the largest logit first changes nothing but the overflow.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from manim import FadeIn, FadeOut

from backprop_studio.core.base.arrays import Array
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import softmax as claims
from backprop_studio.core.network.softmax import SoftmaxRecord, float_range, softmax_cross_entropy
from backprop_studio.core.network.softmax_params import SoftmaxGroup
from backprop_studio.scenes.boards.softmax import SoftmaxFormulas
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.numbers import is_plain, short_text
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.paint.style import DECIMALS, hex_of
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.bar_columns import BarColumn, BarColumns

NAIVE = "p = torch.exp(z) / torch.exp(z).sum()"
SHIFTED = "e = torch.exp(z - z.max())"
LOSS = "loss = F.cross_entropy(z, t)"

LONG = 1.4
"""Share of a column whose numbers have a power of ten."""

USUAL_LENGTH = 7
"""Characters for which a column has room."""


POWERS = Sentences(
    "powers",
    claims.Powers,
    {
        "widens": N_("The exponential makes every one positive and widens their distances."),
        "ratios": N_("The exponential makes every one positive: equal distances, equal ratios."),
        "equal": N_("The exponential makes every one positive; equal logits stay equal."),
        "underflows": N_("The exponential is never negative; far below zero float64 has only 0."),
    },
)
PULL = Sentences(
    "pull",
    claims.Pull,
    {
        "pulls": N_("The gradient is p − t: descent raises the true logit and lowers the others."),
        "partly": N_("The gradient is p − t: where it is 0 to the last bit, a logit stays."),
        "nothing": N_("The gradient p − t is 0 to the last bit: nothing is left to learn."),
    },
)
NAIVE_WAY = Sentences(
    "naive",
    claims.Naive,
    {
        "holds": N_("These numbers are still small enough for the naive way."),
        "infinite": N_("The exponentials overflow: infinity divided by infinity is no number."),
        "sum": N_("The sum overflows: every probability becomes 0."),
        "zeros": N_("Every exponential becomes 0, and 0 divided by 0 is no number."),
        "true_zero": N_("The true class's probability becomes 0, and its logarithm infinite."),
        "gradient": N_("The probabilities still come out; on the way back the gradient does not."),
        "few_digits": N_("So close to 0, numbers have few digits left: the result is wrong."),
    },
)


def share_of(values: Array) -> float:
    """Return the share of a column that holds numbers like these.

    Examples
    --------
    >>> share_of(np.array([3.0, -1.0])), share_of(np.array([1e200, 1.0]))
    (1.0, 1.4)
    """
    finite = values[np.isfinite(values)]
    if len(finite) and not is_plain(float(abs(finite).max())):
        return LONG
    longest = max((len(short_text(it, decimals=DECIMALS)) for it in finite.tolist()), default=0)
    return min(max(1.0, longest / USUAL_LENGTH), LONG)


class Params(SoftmaxGroup):
    """Parameters of the lesson."""


class SoftmaxCrossEntropy(BoardLesson):
    """One sample's logits, in a table whose columns are the steps."""

    title = N_("Softmax and cross-entropy")
    summary = N_("Logits become probabilities, a loss and the gradient p - t, without overflow.")
    chapter = N_("Training")
    place = (5, 2)
    thumbnail = "gradient"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Compute the logits as given, and with the offset added."""
        params = self.params
        self.record, self.moved = (
            softmax_cross_entropy(logits, params.target - 1)
            for logits in (params.logits, params.moved_logits())
        )
        ranges = {name: float_range(getattr(torch, name)) for name in ("float32", "float64")}
        return self.records_sheet(softmax=self.record, moved=self.moved, ranges=ranges)

    def tell(self) -> None:
        """Tell it the naive way as far as that goes, then the way that always goes."""
        if self.record.naive_holds:
            self.tell_naively()
            self.take(self.moved, "moved")
            self.show_moved()
        else:
            # The logits themselves are too large: there is nothing to tell before the cure.
            self.take(self.record, "softmax")
            self.show_logits()
        self.show_fault()
        self.show_limits()
        self.show_shift()
        self.show_cured()
        if self.record.naive_holds:
            self.show_log_sum_exp()
            return
        self.show_target()
        self.show_log_sum_exp()
        self.show_gradient()

    def tell_naively(self) -> None:
        """Tell it from the logits to the gradient."""
        self.formulas = SoftmaxFormulas(self, self.record, "softmax")
        self.order = ["z", "power", "share", "truth", "pull"]
        self.table = self.table_of(self.record)
        self.show_logits()
        self.show_powers()
        self.show_shares()
        self.show_target()
        self.show_loss()
        self.show_gradient()

    # The stage

    def columns_of(self, record: SoftmaxRecord) -> dict[str, BarColumn]:
        """Return every column a table of a record may have."""
        theme = self.theme
        return {
            "z": BarColumn.of("$z$", record.logits, share=share_of(record.logits)),
            "power": self.power_column(record),
            "naive_share": BarColumn("$p$", scale="p"),
            "shifted": BarColumn.of("$z - m$", record.shifted, share=share_of(record.shifted)),
            "small_power": BarColumn("$e^(z - m)$"),
            "share": BarColumn("$p$", scale="p"),
            "truth": BarColumn("$t$", colour=theme.target, ink=theme.target, scale="p"),
            "pull": BarColumn.of("$p - t$", record.gradient, ink=theme.gradient, scale="p"),
        }

    def power_column(self, record: SoftmaxRecord) -> BarColumn:
        """Return the column of e^z; beside infinity every number is short."""
        heading, powers = "$e^z$", record.naive.exponentials
        share = share_of(powers)
        if np.isinf(powers).any():
            return BarColumn(heading, (0.0, float_range(torch.float64).largest), share=share)
        return BarColumn.of(heading, powers, share=share)

    def table_of(self, record: SoftmaxRecord) -> BarColumns:
        """Return an empty table with the columns that are in order."""
        every = self.columns_of(record)
        columns = [every[name] for name in self.order]
        table = BarColumns(self.names(), columns, self.layout.stage, *self.look)
        return self.placed(table, "stage")

    def names(self) -> list[str]:
        """Return the rows' names, the true class's in the target's colour."""
        target, word = self.record.target, self.tr("class {number}")
        words = [escape(word.format(number=k + 1)) for k in range(len(self.record.logits))]
        words[target] = f'#text(fill: rgb("{hex_of(self.theme.target)}"))[{words[target]}]'
        return words

    def take(self, record: SoftmaxRecord, path: str) -> None:
        """Bring a table for what goes wrong and its cure; an older one leaves."""
        self.formulas = SoftmaxFormulas(self, record, path)
        self.order = ["z", "power", "naive_share", "shifted", "small_power", "share"]
        self.old = self.table if self.record.naive_holds else None
        self.table = self.table_of(record)

    def exchange_table(self) -> None:
        """Exchange the table for one with target and gradient."""
        old, self.order = self.table, ["z", "share", "truth", "pull"]
        self.table = self.table_of(self.record)
        self.column("z", "share", table=self.table)
        self.move(FadeOut(old), FadeIn(self.table))

    def column(self, *names: str, table: Any = None) -> Any:
        """Return the animation by which columns appear."""
        record, formulas = self.formulas.record, self.formulas
        sources: dict[str, tuple[Any, Any]] = {
            "z": (record.logits, formulas.logit),
            "power": (record.naive.exponentials, formulas.power),
            "naive_share": (record.naive.probabilities, formulas.naive_share),
            "shifted": (record.shifted, formulas.shifted),
            "small_power": (record.exponentials, formulas.small_power),
            "share": (record.probabilities, formulas.share),
            "truth": (record.one_hot, formulas.truth),
            "pull": (record.gradient, formulas.pull),
        }
        moved = self.table.animate if table is None else table
        for name in names:
            values, entry = sources[name]
            moved = moved.set_column(self.order.index(name), values, formulas.cells(entry))
        return moved

    # The beats

    def show_logits(self) -> None:
        """What the network says."""
        text = N_("The last layer's outputs are logits: one number per class, of any sign.")
        self.beat("logits", text)
        self.column("z", table=self.table)
        self.show("z = model(x); z.retain_grad()", self.formulas.logits(), FadeIn(self.table))

    def show_powers(self) -> None:
        """The exponential of each."""
        record = self.formulas.record
        verdict = claims.powers(record.logits, record.naive.exponentials)
        self.beat("exponentials", POWERS(verdict, "softmax"))
        self.show("torch.exp(z)", self.formulas.powers(), self.column("power"))

    def show_shares(self) -> None:
        """Each as a share of the sum."""
        self.beat("probabilities", N_("Divided by their sum they are probabilities: softmax."))
        self.show(NAIVE, self.formulas.shares(), self.column("share"))

    def show_target(self) -> None:
        """The truth, as a vector."""
        self.beat("target", N_("The target is one-hot: 1 for the true class, else 0."))
        if "truth" not in self.order:
            self.exchange_table()
        count = len(self.record.logits)
        self.show(f"F.one_hot(t, {count})", self.formulas.one_hot(), self.column("truth"))

    def show_loss(self) -> None:
        """The cross-entropy."""
        text = N_("Cross-entropy looks at one probability only, that of the true class.")
        self.beat("loss", text)
        self.show(LOSS, self.formulas.loss(), self.table.animate.highlight(self.record.target))

    def show_gradient(self) -> None:
        """What each logit gets."""
        verdict = claims.pull(self.record.gradient, self.record.target)
        self.beat("gradient", PULL(verdict, "softmax"))
        self.show("loss.backward(); z.grad", self.formulas.gradient(), self.column("pull"))

    def show_moved(self) -> None:
        """The same differences, elsewhere."""
        offset = self.params.offset
        text = N_("A number added to all logits changes no probability.")
        if offset:
            text = N_("Add {offset} to all logits: by the formula no probability changes.")
        self.beat("moved", text, offset=self.given("parameters.offset"))
        self.column("z", table=self.table)
        self.exchange([self.old] if self.old else [], self.table)
        self.show(
            f"z = z {'-' if offset < 0 else '+'} {self.given('parameters.offset').lstrip('−')}",
            self.formulas.invariance(),
        )

    def show_fault(self) -> None:
        """What becomes of them the naive way."""
        record, naive = self.formulas.record, self.formulas.naive
        verdict = claims.naive(
            naive.probabilities,
            record.probabilities,
            naive.exponentials,
            record.target,
            holds=record.naive_holds,
        )
        path = "moved" if record is self.moved else "softmax"
        self.beat("naive", NAIVE_WAY(verdict, path))
        self.show(NAIVE, self.formulas.fault(), self.column("power", "naive_share"))

    def show_limits(self) -> None:
        """Where numbers end."""
        text = N_("torch computes in float32 unless told otherwise: there it ends even sooner.")
        self.beat("limits", text)
        self.show("torch.finfo(torch.float32).max", self.formulas.ranges())

    def show_shift(self) -> None:
        """The cure."""
        text = N_("The cure: subtract the largest logit, so that no exponent is above 0.")
        self.beat("shift", text)
        self.show(SHIFTED, self.formulas.shift(), self.column("shifted", "small_power"))

    def show_cured(self) -> None:
        """The probabilities, whole."""
        self.beat("cured", N_("The probabilities come out as they should."))
        self.show("p = e / e.sum()", self.formulas.cured_shares(), self.column("share"))

    def show_log_sum_exp(self) -> None:
        """The loss without the logarithm of a small number."""
        text = N_("Log-sum-exp gives the same loss and never needs the logarithm of 0.")
        self.beat("log_sum_exp", text)
        self.show(
            "loss = torch.logsumexp(z, 0) - z[t]  # F.cross_entropy(z, t)",
            self.formulas.log_sum_exp(),
            self.table.animate.highlight(self.record.target),
        )
