"""The formulas of a line that learns, with their numbers put in."""

from __future__ import annotations

from backprop_studio.core.line_fit.record import LineFitRecord
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.boards.markup import coloured, over
from backprop_studio.scenes.lesson.numbers import bracketed
from backprop_studio.scenes.lesson.writer import Writer, quoted
from backprop_studio.scenes.paint.palette import readable, series_colour

RUNS = ("run", "slower")
"""The two runs by their names in the record, in the order of their colours."""

TINY = 1e-12
"""Of the first loss: a least loss below it is rounding, and not worth a number."""


class RegressionFormulas(Formulas):
    """Writes what happens to w and b.

    Parameters
    ----------
    record : LineFitRecord
        The fit; it stands in the sheet as ``fit``.
    words : (str, str)
        "least squares" and "steps" in the lesson's language.
    """

    def __init__(self, writer: Writer, record: LineFitRecord, words: tuple[str, str]) -> None:
        super().__init__(writer)
        self.record = record
        self.least_squares, self.steps = map(quoted, words)

    @true_digits
    def model(self, *, has_truth: bool) -> str:
        """Return the model, and the line that drawn points come from."""
        model = "hat(y) = w x + b"
        if not has_truth:
            return f"$ {model} $"
        names = ("slope", "intercept")
        slope, intercept = (bracketed(self.short(f"parameters.data.{it}")) for it in names)
        return f"$ y = {slope} x + {intercept} wide {model} $"

    @true_digits
    def loss(self) -> str:
        """Return the mean of the squared errors, the first ones written out."""
        count, first, second, more = self._errors()
        loss = self.as_loss(self._of("run", 0, "loss")[0])
        share = f"1 / (2 dot {count})" if self.record.half else f"1 / {count}"
        numbers = f"{share} ({first}^2 + {second}^2{more}) = {loss}"
        return f"$ L = {share} sum_i (hat(y)_i - y_i)^2 = {numbers} $"

    @true_digits
    def gradient(self) -> str:
        """Return both partial derivatives, the first terms written out."""
        count, first, second, more = self._errors()
        x = bracketed(self.short("fit.x.0"))
        slope, lift = map(self.as_gradient, self._of("run", 0, "dL_dw", "dL_db"))
        share = f"{1 if self.record.half else 2} / {count}"
        mean = f"{share} sum_i (hat(y)_i - y_i)"
        by_w = f"{mean} x_i = {share} ({first} dot {x} + dots.c) = {slope}"
        by_b = f"{mean} = {share} ({first} + {second}{more}) = {lift}"
        return f"$ {over('L', 'w')} = {by_w} wide {over('L', 'b')} = {by_b} $"

    def _errors(self) -> tuple[str, str, str, str]:
        """Return how many points there are, the first two errors, and dots for the others."""
        count = self.short("points.count")
        first, second = (bracketed(self.short(f"fit.errors.{k}")) for k in (0, 1))
        return count, first, second, " + dots.c" if len(self.record.x) > 2 else ""

    @true_digits
    def step(self) -> str:
        """Return the rule with the first step's numbers, and what it does to the loss."""
        rate = self.short("fit.run.learning_rate")
        parts = []
        for letter in ("w", "b"):
            before, slope = self._of("run", 0, letter, f"dL_d{letter}")
            (after,) = self._of("run", 1, letter)
            move = f"{bracketed(rate)} dot {self.as_gradient(bracketed(slope))}"
            parts.append(f"{_rule(letter)} = {bracketed(before)} - {move} = {after}")
        first, second = (self._of("run", k, "loss")[0] for k in (0, 1))
        loss = self.as_loss(second)
        return f"$ {' wide '.join(parts)} wide L: {first} -> {loss} $"

    def state(self, name: str, index: int, step: str) -> str:
        """Return rate, w, b and loss of a run after a step, without dollars.

        Parameters
        ----------
        step : str
            Printed.
        """
        w, b, loss = self._of(name, index, "w", "b", "loss")
        return f"w_({step}) = {w} quad b_({step}) = {b} quad L_({step}) = {self.as_loss(loss)}"

    @true_digits
    def rule(self, name: str) -> str:
        """Return what every step of a run does, with its rate."""
        return f"$ {_rule('w')} wide {_rule('b')} wide eta = {self._rate(name)} $"

    @true_digits
    def training(self, index: int, step: str) -> str:
        """Return where the first run is."""
        return f"$ {self.amount('run', step)} wide {self.state('run', index, step)} $"

    @true_digits
    def fit(self, index: int, step: str) -> str:
        """Return where the first run ends, and the line of least squares."""
        w, b = self.short("fit.best_w"), self.short("fit.best_b")
        best = f"{self.least_squares} quad w^* = {w} quad b^* = {b}"
        if self.record.best_loss > TINY * float(self.record.run.loss[0]):
            best += f" quad L^* = {self.short('fit.best_loss')}"
        return f"$ {self.state('run', index, step)} wide {best} $"

    @true_digits
    def race(self, index: int, step: str, amount: str) -> str:
        """Return where the second run is, and how far rate times steps can have led it."""
        product = f"{self.amount('slower', step)} = {self.short(amount)}"
        return f"$ {product} wide {self.state('slower', index, step)} $"

    def amount(self, name: str, step: str) -> str:
        """Return rate times steps with the rate in the colour of its run."""
        return f"eta dot {self.steps} = {self._rate(name)} dot {step}"

    @true_digits
    def limit(self) -> str:
        """Return the largest rate that converges, and the one that was asked for."""
        largest, curvature = self.short("fit.largest_rate"), self.short("fit.curvatures.1")
        bound = f"eta < 2 / lambda = 2 / {bracketed(curvature)} = {largest}"
        return f"$ {bound} wide eta = {self._rate('run')} > {largest} $"

    def _rate(self, name: str) -> str:
        """Return a run's rate in its colour."""
        colour = readable(series_colour(self.theme, RUNS.index(name)), self.theme)
        return coloured(self.short(f"fit.{name}.learning_rate"), colour)

    def _of(self, name: str, index: int, *what: str) -> list[str]:
        return [self.short(f"fit.{name}.{it}.{index}") for it in what]


def _rule(letter: str) -> str:
    return f"{letter} <- {letter} - eta thin partial L slash partial {letter}"
