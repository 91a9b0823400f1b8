"""The backward pass of a vector: it needs a gradient, and returns its product with the Jacobian.

Afterwards the viewer can say: why backward() alone is an error where the output is a vector; what a
row of the Jacobian is; and that backward never returns the matrix, only a vector times it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import FadeIn, VGroup

from backprop_studio.core.autograd.params import JacobianGroup
from backprop_studio.core.autograd.vectors import vector_jacobian
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import counts
from backprop_studio.core.formula.torch_text import tracked_torch
from backprop_studio.core.formula.typst_math import formula_typst
from backprop_studio.scenes.boards.graph.fitting import is_readable
from backprop_studio.scenes.boards.markup import coloured, entries_of, matrix_of
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.numbers import code_text
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.lesson.type_block import formula_block
from backprop_studio.scenes.lesson.writer import quoted
from backprop_studio.scenes.paint.style import SIZES
from backprop_studio.scenes.parts.charts.heat_matrix import CELL_MOST, NAME_LINE, HeatMatrix

ROWS_TOLD = 3
"""Rows of the Jacobian with a beat of their own; of more, the rest comes at once."""

MOST_WRITTEN = 4
"""A longer vector is colours without numbers."""

APART = 0.8
"""Between two columns, in cells."""

CODE_ENTRIES = 4
"""Of a vector in a line of code."""


ALONE = Sentences(
    "many",
    counts.Many,
    {
        "one": N_("With one entry, y is a single number: backward() works."),
        "many": N_("backward() alone is an error: it does not know which y to follow."),
    },
)


class Params(JacobianGroup):
    """Parameters of the lesson."""


class VectorJacobian(BoardLesson):
    """From an error to a vector times a matrix."""

    title = N_("The gradient of a vector: a vector times the Jacobian")
    summary = N_("backward() of a vector needs a gradient v, and returns v times the Jacobian.")
    chapter = N_("Autograd")
    place = (6, 2)
    thumbnail = "product"
    subject = "formula"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Run the backward passes: of v, and of one row of the Jacobian after the other."""
        self.record = vector_jacobian(self.params)
        return self.records_sheet(vjp=self.record)

    def tell(self) -> None:
        """Tell the error, the rows, the whole matrix, and the product."""
        self.show_values()
        self.show_error()
        for row in range(min(self.size, ROWS_TOLD)):
            self.show_row(row)
        if self.size > 1:
            self.show_jacobian()
        self.show_product()
        self.show_shortcut()

    @property
    def size(self) -> int:
        """How many entries x has."""
        return len(self.record.x)

    # The stage

    def set_stage(self) -> None:
        """Lay out x, y, v and the Jacobian in one line, what backward returns below, the board.

        Row i of all of them belongs together, and what is returned stands below the columns of the
        Jacobian that it is added up from.
        """
        record, count = self.record, self.size
        self.cell = self.cell_size()
        self.x = self.block(np.asarray(record.x)[:, None], ["$x$"], limit=self.limit(record.x))
        self.y = self.block(np.asarray(record.y)[:, None], ["$y$"], limit=self.limit(record.y))
        largest = max(1.0, self.limit(record.v))
        self.v = self.block(np.full((count, 1), np.nan), ["$v$"], limit=largest)
        self.rows = np.full((count, count), np.nan)
        names = [f"$partial x_{k + 1}$" for k in range(count)]
        limit = max(self.limit(record.jacobian), self.limit(record.product))
        self.matrix = self.block(self.rows, names, limit=limit)
        blank = np.full((1, count), np.nan)
        self.product = HeatMatrix(blank, (count * self.cell, self.cell), *self.look, limit=limit)
        self.x.set_values(np.asarray(record.x)[:, None], self.upright("vjp.x"))
        self.y.set_values(np.asarray(record.y)[:, None], self.upright("vjp.y"))
        columns = VGroup(self.x, self.y, self.v, self.matrix)
        columns.arrange(direction=(1, 0, 0), buff=APART * self.cell)
        below = SIZES.gap / 2 + self.cell
        columns.move_to((*self.layout.stage_centre, 0)).shift((0, below / 2, 0))
        self.product.next_to(self.matrix, (0, -1, 0), buff=SIZES.gap / 2)
        self.answer = formula_block("$v J$", (self.cell, self.cell), self.theme.muted)
        self.answer.move_to((self.v.get_center()[0], self.product.get_center()[1], 0))

    def cell_size(self) -> float:
        """Return how large a cell is, so that everything fits the stage."""
        width, height = self.layout.stage
        across = self.size + 3 + 3 * APART
        return min(
            CELL_MOST, width / across, (height - NAME_LINE - SIZES.gap / 2) / (self.size + 1)
        )

    def block(self, values: Any, names: list[str], *, limit: float) -> HeatMatrix:
        """Return columns with names above, if there is room for these."""
        rows, columns = values.shape
        named = self.size <= MOST_WRITTEN
        box = (columns * self.cell, rows * self.cell + (NAME_LINE if named else 0.0))
        shown = names if named else ()
        return HeatMatrix(values, box, *self.look, column_names=shown, limit=limit)

    def upright(self, name: str) -> list[list[str]]:
        """Return the printed entries of a column."""
        return [[text] for text in self.cells(name)]

    @staticmethod
    def limit(values: Any) -> float:
        """Return the size that has the full colour."""
        return float(np.abs(values).max(initial=0.0))

    def cells(self, name: str) -> list[str]:
        """Return the printed entries of a vector, or blanks where it is too long."""
        if self.size > MOST_WRITTEN:
            return [""] * self.size
        return [f"${self.short(f'{name}.{k}')}$" for k in range(self.size)]

    def entries(self, name: str) -> str:
        """Return a vector of the sheet in one line, as mathematics."""
        return entries_of(self.short, name, self.size)

    def tensor(self, name: str) -> str:
        """Return a vector of the sheet as a line of code makes it, or nothing if it is long."""
        if self.size > CODE_ENTRIES:
            return ""
        numbers = (self.exact(f"{name}.{k}") for k in range(self.size))
        return f"torch.tensor([{', '.join(code_text(it, is_real=True) for it in numbers)}])"

    @staticmethod
    def pulled(v: str) -> str:
        """Return the line that goes back from y anew, with a gradient of its own."""
        return f"x.grad = None; f(x).backward({v}); x.grad"

    @staticmethod
    def returned(v: str, answer: str) -> str:
        """Return what backward takes and what it returns, as a formula."""
        return f"$ v = {v} quad -> quad v J = {answer} $"

    # The beats

    def show_values(self) -> None:
        """A function of each entry."""
        tree = self.record.formula.tree
        self.beat("values", N_("A function is taken of each entry: y is a vector like x."))
        self.show(
            f"def f(x): return {tracked_torch(tree, 'x')}",
            f"$ y = {formula_typst(tree)} wide x = {self.entries('vjp.x')} quad -> quad "
            f"y = {self.entries('vjp.y')} $",
            FadeIn(self.x),
            FadeIn(self.y),
        )

    def show_error(self) -> None:
        """What torch says to a backward pass without a gradient."""
        said, text = self.record.error, ALONE(counts.many(self.size), "vjp.x")
        if not said:
            self.beat("alone", text)
            self.write("y = f(x); y.backward()", "$ y in RR^1 $")
        else:
            self.beat("error", text)
            self.write("y = f(x); y.backward()", f'$ upright("RuntimeError:") \\ {quoted(said)} $')

    def show_row(self, row: int) -> None:
        """A one in one place picks out one row."""
        text = N_("A one in place {place} follows that y alone: row {place} of the Jacobian.")
        self.beat(f"row_{row + 1}", text, place=row + 1)
        self.rows = self.rows.copy()
        self.rows[row] = self.record.jacobian[row]
        filled = self.matrix.animate.set_values(self.rows, self.texts(row + 1)).highlight(row=row)
        one_hot, got = f"vjp.one_hot.{row}", f"vjp.jacobian.{row}"
        given = self.v.animate.set_values(self.record.one_hot[row][:, None], self.upright(one_hot))
        product = self.product.animate.set_values(
            self.record.jacobian[row][None, :], [self.cells(got)]
        )
        parts = (self.matrix, self.v, self.product, self.answer)
        first = [FadeIn(part) for part in parts]
        code = self.pulled(self.tensor(one_hot) or f"torch.eye({self.size})[{row}]")
        answer = coloured(self.entries(got), self.theme.gradient)
        formula = self.returned(self.entries(one_hot), answer)
        if row == 0:
            self.write(code, formula, *first)
            self.move(given, filled, product)
        else:
            self.write(code, formula, given, filled, product)

    def texts(self, count: int) -> list[list[str]]:
        """Return the printed rows of the Jacobian, the first so many of them."""
        blank = [""] * self.size
        return [
            self.cells(f"vjp.jacobian.{row}") if row < count else blank for row in range(self.size)
        ]

    def show_jacobian(self) -> None:
        """All rows."""
        text = N_("All rows together: each y depends on its own x alone, so the rest is zero.")
        self.beat("jacobian", text)
        whole = matrix_of(self.short, "vjp.jacobian", self.size, self.size)
        self.show(
            "torch.autograd.functional.jacobian(f, x)",
            f"$ J = (partial y_i) / (partial x_j) = {whole} $",
            self.matrix.animate.set_values(self.record.jacobian, self.texts(self.size)).highlight(),
        )

    def show_product(self) -> None:
        """Any gradient: the rows are added with its weights."""
        self.beat("product", N_("Any other v weighs the rows: backward returns v times J."))

        def formula() -> str:
            v, whole = (
                self.entries("vjp.v"),
                matrix_of(self.short, "vjp.jacobian", *[self.size] * 2),
            )
            answer = coloured(self.entries("vjp.product"), self.theme.gradient)
            line = f"$ v J = {v} {whole} = {answer} $"
            # What is too large for the board is in the picture already.
            return line if is_readable(line, self.board) else self.returned(v, answer)

        self.show(
            self.pulled(self.tensor("vjp.v") or "v"),
            formula,
            self.matrix.animate.set_values(self.record.jacobian, self.texts(self.size)).highlight(),
            self.v.animate.set_values(self.record.v[:, None], self.upright("vjp.v")),
            self.product.animate.set_values(
                self.record.product[None, :], [self.cells("vjp.product")]
            ),
        )

    def show_shortcut(self) -> None:
        """What torch does instead of building the matrix."""
        self.beat("shortcut", N_("torch never builds J: it multiplies v by each slope on the way."))
        derivative = self.record.derivative.typst or "(upright(d) y) / (upright(d) x)"
        self.show(
            "x.grad",
            f"$ y' = {derivative} wide (v J)_i = v_i dot y'(x_i) wide v J = "
            f"{coloured(self.entries('vjp.product'), self.theme.gradient)} $",
            self.product.animate.highlight(row=0),
        )
