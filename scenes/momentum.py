"""Momentum: a descent that keeps a velocity.

Afterwards the viewer can say: that plain descent crawls where the floor of a ravine is nearly flat,
that v <- gamma v + eta g keeps most of the last velocity and adds the new gradient, how the two
vectors add up to each step, and what that does to the loss, with and without.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import FadeIn, FadeOut
from pydantic import ConfigDict

from backprop_studio.core.base.fields import Finite, hints, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import slopes
from backprop_studio.core.claims.change import Pair, pair
from backprop_studio.core.claims.descent import Crawl, crawls
from backprop_studio.core.json_ready import json_ready
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.surfaces.comparison_params import ComparisonGroup
from backprop_studio.core.surfaces.grid import sample_grid
from backprop_studio.core.surfaces.outcomes import SHOWN_DIGITS
from backprop_studio.core.surfaces.velocity import velocity_terms
from backprop_studio.scenes.boards.markup import vector
from backprop_studio.scenes.boards.momentum import MomentumFormulas
from backprop_studio.scenes.families.landscape import LandscapeLesson, close_up, drawn
from backprop_studio.scenes.lesson.numbers import short_text
from backprop_studio.scenes.lesson.sentences import Sentence, Sentences
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.charts.table import Table
from backprop_studio.scenes.parts.surfaces.vector_map import VectorMap

ADDED_UP = 2
"""First steps whose vectors are added one by one; a later one comes after them."""

CLOSEST = 1e-4
"""Of the whole picture: how near a close look at a step may be."""

HIGH_ROW = 0.78
"""Of the table, where vectors are columns."""

CRAWL_SECONDS = 3 * TIMES.travel
RACE_SECONDS = 6 * TIMES.travel
WITH, WITHOUT = 0, 1
"""Who is who in ``descents`` of the sheet."""

KEPT, ADDED = "$-gamma bold(v)$", "$-eta nabla L$"


CRAWL = Sentences(
    "crawl",
    Crawl,
    {
        "crawls": N_("Plain descent crawls where the floor of the ravine is nearly flat."),
        "plain": N_("Plain descent knows only the slope under it at each step."),
    },
)
FIRST = Sentences(
    "move",
    slopes.Move,
    {
        "moves": N_("The first step is plain descent's: there is no old velocity yet."),
        "stays": N_("The gradient is 0, and there is no old velocity: nothing moves."),
        "breaks": None,
    },
)
SECOND = Sentences(
    "move",
    slopes.Move,
    {
        "moves": N_("Then gamma of the old velocity stays, and the gradient is added."),
        "stays": N_("Gamma of a velocity of 0 is 0: still nothing moves."),
        "breaks": None,
    },
)
RACE = Sentences(
    "summed",
    slopes.Summed,
    {
        "cancels": N_("What keeps its direction adds up; what changes sign cancels."),
        "adds": N_("Here no part changes its sign: the velocity adds up all the way."),
        "stays": N_("With a gradient of 0 neither of them moves."),
    },
)
FINISH = Sentences(
    "pair",
    Pair,
    {
        "first": N_("With momentum the loss is lower after the same number of steps."),
        "second": N_("Here plain descent is lower after the same number of steps."),
        "uphill": N_("Here plain descent is lower: the velocity has carried the other one uphill."),
        "equal": N_("All end equally low."),
        "first_left": N_("With momentum it left the picture; plain descent did not."),
        "second_left": N_("Plain descent left the picture; with momentum it did not."),
        "both_left": N_("None of them ends in the picture."),
    },
)


class Params(ComparisonGroup):
    """Parameters of the lesson."""

    model_config = ConfigDict(
        json_schema_extra=hints(order=["learning_rate", "gamma", "steps", "surface", "start"])
    )

    gamma: Finite = param(
        0.9,
        N_("Momentum"),
        N_("Share of the velocity that stays from step to step (gamma)."),
        gt=0,
        le=1,
        range=[0.1, 0.99],
    )

    def specs(self) -> tuple[OptimizerSpec, OptimizerSpec]:
        """Return both runners, with and without."""
        return (
            OptimizerSpec("momentum", self.rate(), momentum=self.gamma),
            OptimizerSpec("sgd", self.rate()),
        )


class Momentum(LandscapeLesson):
    """Plain descent, the rule, its first steps, and the race."""

    title = N_("Momentum: a descent that keeps its speed")
    summary = N_("A velocity adds up past gradients: each step is the old one and a new slope.")
    chapter = N_("Descent")
    place = (4, 4)
    thumbnail = "second"
    subject = "surface"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Let both run, and take the velocities apart."""
        sheet = self.race(self.params.specs())
        self.terms = velocity_terms(self.records[WITH].optimizer, self.paths[WITH])
        return {**sheet, "terms": json_ready(self.terms, "terms", {})}

    def tell(self) -> None:
        """Tell it from plain descent to the race."""
        self.show_crawl()
        self.show_rule()
        for k in range(1, min(len(self.paths[WITH].points), ADDED_UP + 1)):
            self.show_step(k)
        self.show_turn()
        self.show_race()
        self.show_finish()

    # The stage

    def set_stage(self) -> None:
        """Lay out both maps, loss curves and board."""
        self.formulas = MomentumFormulas(self)
        self.words = [self.tr("with momentum"), self.tr("without")]
        self.short_words = [self.tr("with"), self.tr("without")]
        runners = zip(self.paths, self.words, strict=True)
        series = [drawn(path, self.landscape.ranges, word) for path, word in runners]
        centre = (*self.layout.picture_centre, 0)
        self.map = self.map_of(series, self.layout.picture).choose(WITHOUT).move_to(centre)
        self.close = self.close_map(0, ADDED_UP).move_to(centre)
        names, steps = ["with", "without"], self.params.steps
        losses = self.loss_plot(self.paths, names, steps, self.layout.side)
        self.losses = self.placed(losses.hide("with"), "side")

    def close_map(self, first: int, last: int) -> VectorMap:
        """Return the map of some steps from close, on which vectors are added.

        Its units are equal, as a gradient stands upright on the lines of equal height.
        """
        steps, ends = slice(first, last + 1), slice(first + 1, last + 1)
        path = self.paths[WITH]
        _, _, width, height = self.map.axes.plot
        held = [path.points[steps], self.terms.coasted[ends]]
        near = close_up(self.full, held, CLOSEST, width / height)
        grid = sample_grid(near)
        names = [f"${it}$" for it in self.axis_names]
        series = [drawn(path, near.ranges, self.words[WITH])]
        return VectorMap(
            grid.x,
            grid.y,
            grid.values,
            self.map.box,
            *self.look,
            scale=HeightScale(grid.scale.low, grid.scale.high, grid.scale.knee),
            series=series,
            names=(*names, "$L$"),
            bar=False,
        )

    # The beats: without

    def show_crawl(self) -> None:
        """Plain descent alone."""
        is_ravine = self.params.surface.name == "ravine" and WITHOUT not in self.ranking.outside
        pace: Crawl = "crawls" if is_ravine and crawls(self.paths[WITHOUT].points) else "plain"
        self.beat("crawl", CRAWL(pace, f"descents.{WITHOUT}.paths.0"))
        has_moved = len(self.paths[WITHOUT].points) > 1
        self.write(
            self.formulas.line(has_momentum=False),
            self.formulas.crawl(self.rule(), self.axis_names, has_moved=has_moved),
            FadeIn(self.map),
            FadeIn(self.losses),
        )
        self.run(CRAWL_SECONDS)

    # The beats: the velocity

    def show_rule(self) -> None:
        """The rule, and a close look at the start."""
        text = N_("Momentum keeps a velocity: gamma of the old one plus eta times the gradient.")
        self.beat("rule", text)
        self.table = self.empty_table()
        self.exchange([self.map, self.losses], self.close, self.table)
        self.show(self.formulas.line(has_momentum=True), self.formulas.rule())

    def empty_table(self) -> Table:
        """Return the table of steps, with higher rows where vectors are written as columns."""
        names, rows = ["$k$", "$bold(v)_k$", "$bold(w)_k$"], ADDED_UP + 1
        table, path = self.side_table(names, rows), self.paths[WITH]
        velocities = path.vectors.lecture_velocity
        assert velocities is not None
        told = [[short_text(it) for it in row] for row in (*velocities, *path.points)]
        texts = [f"$({', '.join(it)})$" for it in told]
        pairs = zip(texts[1:rows], texts[len(velocities) + 1 :], strict=False)
        self.has_columns = not all(table.fits(["$0$", *it]) for it in pairs)
        return self.side_table(names, rows, row_most=HIGH_ROW) if self.has_columns else table

    def show_step(self, k: int) -> None:
        """Two vectors add up to a step."""
        name, sentences = (("first", FIRST), ("second", SECOND))[k - 1]
        moved = slopes.move(self.paths[WITH].points[k - 1 :])
        self.beat(name, sentences(moved, f"descents.{WITH}.paths.0.points.{k}"))
        self.move(self.close.animate.clear_sum(), seconds=TIMES.fade)
        self.add_up(k, k - 1, f"{k}")

    def show_turn(self) -> None:
        """The gradient is against the velocity."""
        k = self.terms.opposed_at
        if k is None or not self.is_inside(k - 1):
            return
        self.beat("turn", N_("Where the gradient turns against the velocity, they partly cancel."))
        other = self.close_map(k - 1, k)
        other.advance_to(k - 1).move_to((*self.layout.picture_centre, 0))
        self.exchange([self.close], other)
        self.close = other
        self.add_up(k, ADDED_UP, self.short("terms.opposed_at"))

    def is_inside(self, k: int) -> bool:
        """Whether the descent with momentum is in the picture after a step."""
        low, high = np.array(self.full.ranges).T
        point = self.paths[WITH].points[k]
        return bool(((point >= low) & (point <= high)).all())

    def add_up(self, k: int, row: int, index: str) -> None:
        """Draw both vectors of a step, then make it."""
        point = self.paths[WITH].points[k - 1]
        self.close.add_up(point, -self.terms.kept[k], -self.terms.added[k], (KEPT, ADDED))
        summed = self.close.animate.show_sum()
        self.show(self.formulas.code(), self.formulas.step(k), summed)
        path = f"descents.{WITH}.paths.0"
        vectors = f"{path}.vectors.lecture_velocity.{k}", f"{path}.points.{k}"
        written = self.table.animate.set_row(row, [f"${index}$", *map(self.cell, vectors)])
        self.move(self.close.animate.advance_to(k), written)
        self.hold(TIMES.look)

    def cell(self, name: str) -> str:
        """Return a vector of the table, in one line or as a column."""
        if not self.has_columns:
            return f"${self.pair(name)}$"
        return f"$display({vector([self.short(f'{name}.{k}') for k in range(2)])})$"

    # The beats: the race

    def show_race(self) -> None:
        """Both from the same start."""
        summed = slopes.summed(self.paths[WITH].gradients)
        self.beat("race", RACE(summed, f"descents.{WITH}.paths.0.gradients"))
        self.map.advance_to(0).choose(WITH, WITHOUT)
        self.losses.grow(0.0).reveal("with")
        self.exchange([self.close, self.table], self.map, self.losses)
        self.write(self.race_line(), self.formulas.race())
        self.run(RACE_SECONDS)

    def show_finish(self) -> None:
        """Who is lower."""
        self.beat("finish", self.verdict())
        table = self.side_table(["", "$bold(w)$", "$L$"], len(self.records))
        self.move(FadeOut(self.losses), seconds=TIMES.fade)
        self.add(table)
        for k in (WITHOUT, WITH):
            row = self.result(self.short_words[k], self.paths[k], f"descents.{k}.paths.0")
            self.move(table.animate.set_row(k, row), seconds=TIMES.change)
        if self.ranking.verdict not in {"all", "none"}:
            self.move(table.animate.highlight(self.ranking.inside[0]), seconds=TIMES.fade)

    def verdict(self) -> Sentence:
        """Return who is lower, in a sentence."""
        losses = self.paths[WITH].values, self.paths[WITHOUT].values
        left = [k in self.ranking.outside for k in (WITH, WITHOUT)]
        return FINISH(pair(*losses, left, SHOWN_DIGITS), "descents")
