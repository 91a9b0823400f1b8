"""Seven optimizers race down one surface.

Afterwards the viewer can say: that all start at one point with one gradient, what each rule makes
of it (a velocity that remembers, a step divided by the size of past gradients, both), why that
helps in a ravine, and which was lowest after the same number of torch.optim's steps.
"""

from __future__ import annotations

from typing import Any, get_args

from manim import FadeIn, FadeOut
from manim.utils.rate_functions import linear
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.network.optimizers import (
    OPTIMIZERS,
    OptimizerName,
    OptimizerParams,
    OptimizerSpec,
    resolve_optimizer,
)
from backprop_studio.core.surfaces.comparison_params import ComparisonGroup
from backprop_studio.core.surfaces.descent import DescentRecord, Ranking, compare, rank
from backprop_studio.core.surfaces.sheet import descent_sheet
from backprop_studio.scenes.boards.optimizers import FAMILIES, NAMES, OptimizerFormulas
from backprop_studio.scenes.families.landscape import LandscapeLesson, close_up, drawn
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.surfaces.contour_map import ContourMap

RUN_SECONDS = 3 * TIMES.travel
RACE_SECONDS = 6 * TIMES.travel


class RunnerParams(BaseModel):
    """One optimizer of the race, with a learning rate of its own if it has one."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Runner"))

    optimizer: OptimizerParams = Field(
        default_factory=lambda: OptimizerParams(), title=N_("Optimizer")
    )
    learning_rate: float | None = Field(
        None,
        gt=0,
        le=1000,
        allow_inf_nan=False,
        title=N_("Learning rate"),
        description=N_("Its own; if left out, the one that all share."),
    )

    def spec(self, shared: float) -> OptimizerSpec:
        """Return the complete optimizer."""
        rate = shared if self.learning_rate is None else self.learning_rate
        return resolve_optimizer(self.optimizer, rate)


class Params(ComparisonGroup):
    """Parameters of the lesson."""

    runners: tuple[RunnerParams, ...] | None = Field(
        None,
        min_length=1,
        title=N_("Who runs"),
        description=N_("Optimizers, each once, with numbers of their own; if left out, all seven."),
        json_schema_extra={"x-level": "advanced"},
    )

    @model_validator(mode="after")
    def _is_a_race(self) -> Params:
        names = [it.name for it in self.specs()]
        twice = next((it for it in names if names.count(it) > 1), None)
        if twice:
            raise ParameterError(
                "runners.twice",
                N_("runners: {name} runs twice; each optimizer can run once"),
                name=twice,
            )
        return self

    def specs(self) -> list[OptimizerSpec]:
        """Return the runners, in the order in which they are shown everywhere."""
        if self.runners is None:
            return [OptimizerSpec(name, self.learning_rate) for name in get_args(OptimizerName)]
        specs = [it.spec(self.learning_rate) for it in self.runners]
        return sorted(specs, key=lambda it: OPTIMIZERS.index(it.name))


class Optimizers(LandscapeLesson):
    """The rules in three families first, then the race."""

    title = N_("Optimizers race down one surface")
    summary = N_("SGD, momentum, Nesterov, Adagrad, RMSprop, Adam and AdamW from one start.")
    chapter = N_("Descent")
    place = (4, 5)
    thumbnail = "race"
    Params = Params

    records: tuple[DescentRecord, ...]
    ranking: Ranking
    map: ContourMap
    losses: Plot

    def compute(self) -> dict[str, Any]:
        """Let every optimizer run."""
        params = self.params
        landscape, specs, start = params.surface.landscape(), params.specs(), params.start_point()
        self.records = compare(landscape, specs, [start], params.steps)
        self.ranking = rank(self.records)
        if not self.ranking.outside and not params.surface.has_own_range:
            # Where all stay in a corner, only that corner is shown.
            landscape = close_up(landscape, [it.paths[0].points for it in self.records])
        self.sample(landscape)
        sheet = descent_sheet(
            "optimizers", params.model_dump(mode="json"), self.landscape, self.records
        )
        return {**sheet, "constants": self.constants()}

    def tell(self) -> None:
        """Tell it from the common start to the end of the race."""
        self.set_stage()
        self.show_surface()
        self.show_first()
        self.show_velocity()
        self.show_squares()
        self.show_moments()
        self.show_race()
        self.show_finish()

    # The stage

    def set_stage(self) -> None:
        """Lay out map, loss curves and board."""
        self.set_board()
        self.formulas = OptimizerFormulas(self, self.records)
        self.names = [it.optimizer.name for it in self.records]
        words = [self.tr(NAMES[it]) for it in self.names]
        paths = [it.paths[0] for it in self.records]
        series = [
            drawn(path, self.landscape.ranges, word)
            for path, word in zip(paths, words, strict=True)
        ]
        self.map = self.map_of(series, self.layout.picture)
        self.map.move_to((*self.layout.picture_centre, 0)).choose(0)
        self.losses = self.loss_plot(paths, self.names, self.params.steps, self.layout.side)
        self.losses.move_to((*self.layout.side_centre, 0))

    # The beats: the common start

    def show_surface(self) -> None:
        """One point for all."""
        self.beat("surface", N_("One surface, one start: all optimizers see the same gradient."))
        self.show(
            self.torch_rule(), self.formulas.start(self.rule(), self.axis_names), FadeIn(self.map)
        )

    def show_first(self) -> None:
        """What each makes of the same gradient."""
        self.beat("first", N_("After one step they are in different places already."))
        self.first = self.side_table([escape(self.tr("method")), "$bold(w)_1$"], len(self.records))
        self.add(self.first)
        self.write(
            "opt.zero_grad(); loss.backward(); opt.step()",
            self.formulas.first(),
            self.map.animate.choose(*range(len(self.records))).advance_to(1),
        )
        for k, record in enumerate(self.records):
            path = record.paths[0]
            cell = self.after_one_step(path, k)
            self.move(
                self.first.animate.set_row(k, [escape(self.tr(NAMES[self.names[k]])), cell]),
                seconds=TIMES.fade,
            )
        self.hold()

    def after_one_step(self, path: Any, k: int) -> str:
        """Return the place after one step, as markup."""
        if len(path.points) < 2:
            return self.fate(path, f"descents.{k}.paths.0")
        return f"${self.pair(f'descents.{k}.paths.0.points.1')}$"

    # The beats: three families

    def show_velocity(self) -> None:
        """SGD, and what remembers its way."""
        self.show_family(
            "velocity", self.tr("Momentum adds up past gradients, so it gathers speed.")
        )

    def show_squares(self) -> None:
        """What divides by the size of past gradients."""
        self.show_family(
            "squares",
            self.tr("Adagrad and RMSprop divide each coordinate by the size of its gradients."),
        )

    def show_moments(self) -> None:
        """Both together."""
        self.show_family("moments", self.tr("Adam does both, and AdamW also shrinks the weights."))

    def show_family(self, name: str, caption: str) -> None:
        """Some of them run alone, with their rules."""
        chosen = [k for k, it in enumerate(self.names) if it in FAMILIES[name]]
        if not chosen:
            return
        self.beat(name, caption)
        self.move(self.map.animate.fade_points(0), seconds=TIMES.fade)
        self.bring_losses()
        self.map.advance_to(0).choose(*chosen)
        self.losses.grow(0.0).hide(*self.names).reveal(*(self.names[k] for k in chosen))
        self.write(
            self.formulas.code(name), self.formulas.rules(name), self.map.animate.fade_points(1)
        )
        self.run(RUN_SECONDS)
        self.hold()

    def bring_losses(self) -> None:
        """Put the loss curves where the table was."""
        if self.losses not in self.mobjects:
            self.move(FadeOut(self.first), seconds=TIMES.fade)
            self.move(FadeIn(self.losses.hide(*self.names)), seconds=TIMES.fade)

    def run(self, seconds: float) -> None:
        """Let those who are shown run; the map and the curves keep step."""
        self.move(
            self.map.animate(rate_func=linear).advance_to(self.params.steps),
            self.losses.animate(rate_func=linear).grow(1.0),
            seconds=seconds,
        )

    # The beats: the race

    def show_race(self) -> None:
        """All at once."""
        self.beat("race", N_("Now all together: same start, same number of steps."))
        self.move(self.map.animate.fade_points(0), seconds=TIMES.fade)
        self.map.advance_to(0).choose(*range(len(self.records)))
        self.losses.grow(0.0).reveal(*self.names)
        self.write(
            "for w, opt in runners: opt.zero_grad(); f(w).backward(); opt.step()",
            self.formulas.race(),
            self.map.animate.fade_points(1),
        )
        self.run(RACE_SECONDS)
        self.hold()

    def show_finish(self) -> None:
        """Who is where, and how low."""
        self.beat("finish", self.verdict())
        table = self.side_table([escape(self.tr("method")), "$bold(w)$", "$L$"], len(self.records))
        self.move(FadeOut(self.losses), seconds=TIMES.fade)
        self.add(table)
        self.write("w.tolist(), loss.item()", self.formulas.finish(self.ranking))
        for k in (*self.ranking.inside, *self.ranking.outside):
            self.move(table.animate.set_row(k, self.result(k)), seconds=TIMES.fade)
        if self.ranking.inside and not self.ranking.is_tie:
            self.move(table.animate.highlight(self.ranking.inside[0]), seconds=TIMES.fade)
        self.hold()

    def result(self, k: int) -> list[str]:
        """Return a runner's row."""
        path, name = self.records[k].paths[0], f"descents.{k}.paths.0"
        loss = (
            "" if k in self.ranking.outside else self.loss(f"{name}.values.{len(path.values) - 1}")
        )
        return [escape(self.tr(NAMES[self.names[k]])), self.fate(path, name), loss]

    def loss(self, name: str) -> str:
        """Return a loss with three digits, as markup."""
        return f"${self.scientific(name, 3)}$"

    def verdict(self) -> str:
        """Return who won, in a sentence."""
        inside, outside = self.ranking.inside, self.ranking.outside
        if not inside:
            return self.tr("None of them ends in the picture.")
        best = self.tr(NAMES[self.names[inside[0]]])
        if outside:
            return self.tr("Some left the picture; {name} is the lowest of the others.").format(
                name=best
            )
        if self.ranking.is_tie:
            return self.tr("All end equally low.")
        return self.tr(
            "{name} is the lowest here; another surface or rate has another winner."
        ).format(name=best)
