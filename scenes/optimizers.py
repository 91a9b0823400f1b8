"""Seven optimizers race down one surface.

Afterwards the viewer can say: that all start at one point with one gradient, what each rule makes
of it (a velocity that remembers, a step divided by the size of past gradients, both), why that
helps in a ravine, and which was lowest after the same number of torch.optim's steps.
"""

from __future__ import annotations

from typing import Any, get_args

from manim import FadeIn, FadeOut
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import hints
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims.change import Lowest, Places, places
from backprop_studio.core.claims.race import Speed, Who, speed, who
from backprop_studio.core.network import optimizers as rules
from backprop_studio.core.surfaces.comparison_params import ComparisonGroup
from backprop_studio.scenes.boards.optimizers import FAMILIES, OptimizerFormulas
from backprop_studio.scenes.families.landscape import LandscapeLesson, drawn
from backprop_studio.scenes.lesson.sentences import Sentence, Sentences
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.paint.typeset import escape

VELOCITY = Sentences(
    "speed",
    Speed,
    {
        "gathers": N_("Momentum adds up past gradients, so it gathers speed."),
        "keeps": N_("Momentum adds up past gradients; plain descent knows only the present one."),
        "plain": N_("Plain descent goes by the present gradient alone."),
    },
)
SQUARES = Sentences(
    "who",
    Who,
    {
        "both": N_("Adagrad and RMSprop divide each coordinate by the size of its gradients."),
        "first": N_("Adagrad divides each coordinate by the size of its gradients so far."),
        "second": N_("RMSprop divides each coordinate by the size of its last gradients."),
    },
)
MOMENTS = Sentences(
    "who",
    Who,
    {
        "both": N_("Adam does both, and AdamW also shrinks the weights."),
        "first": N_("Adam remembers past gradients, and divides by their size."),
        "second": N_("AdamW remembers gradients, divides by their size, and shrinks the weights."),
    },
)
"""Who remembers the way, who divides by the size of past gradients, and who does both."""

RUN_SECONDS = 3 * TIMES.travel
RACE_SECONDS = 6 * TIMES.travel


FIRST = Sentences(
    "places",
    Places,
    {
        "different": N_("After one step they are in different places already."),
        "some": N_("After one step some have gone to places of their own already."),
        "same": N_("After one step all of them are still in one place."),
        "one": N_("This is where the first step leads."),
    },
)
FINISH = Sentences(
    "lowest",
    Lowest,
    {
        "one": N_("{name} is the lowest here; another surface or rate may have another winner."),
        "of_inside": N_("Some left the picture; {name} is the lowest of the others."),
        "several": N_("Several share the lowest loss of those in the picture."),
        "all": N_("All end equally low."),
        "alone": N_("Only {name} ends in the picture."),
        "only": N_("This is where {name} has come to."),
        "none": N_("None of them ends in the picture."),
    },
)


class RunnerParams(BaseModel):
    """One optimizer of the race, with a learning rate of its own if it has one."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Runner"))

    optimizer: rules.OptimizerParams = Field(
        default_factory=lambda: rules.OptimizerParams(), title=N_("Optimizer")
    )
    learning_rate: float | None = Field(
        None,
        gt=0,
        le=1000,
        allow_inf_nan=False,
        title=N_("Learning rate"),
        description=N_("Its own; if left out, the one that all share."),
    )

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, given: Any) -> Any:
        """Take the name of an optimizer for one with its usual numbers."""
        return {"optimizer": {"name": given}} if isinstance(given, str) else given

    def spec(self, shared: float) -> rules.OptimizerSpec:
        """Return the complete optimizer."""
        rate = shared if self.learning_rate is None else self.learning_rate
        return rules.resolve_optimizer(self.optimizer, rate)


class Params(ComparisonGroup):
    """Parameters of the lesson."""

    model_config = ConfigDict(
        json_schema_extra=hints(order=["learning_rate", "steps", "surface", "start"])
    )

    runners: tuple[RunnerParams, ...] | None = Field(
        None,
        min_length=1,
        max_length=len(rules.OPTIMIZERS),
        title=N_("Who runs"),
        description=N_(
            "Optimizers with numbers of their own, one also twice; if left out, all seven."
        ),
        json_schema_extra=hints(level="advanced", example="adam, sgd"),
    )

    @model_validator(mode="after")
    def _is_a_race(self) -> Params:
        specs = self.specs()
        twice = next((it for it in specs if specs.count(it) > 1), None)
        if twice:
            text = N_("{field}: {name} runs twice with the same numbers; they have to differ")
            raise ParameterError("runners.twice", text, field="runners", name=twice.name)
        return self

    def specs(self) -> list[rules.OptimizerSpec]:
        """Return the runners, in the order in which they are shown everywhere."""
        if self.runners is None:
            every = get_args(rules.OptimizerName)
            return [rules.OptimizerSpec(name, self.rate()) for name in every]
        specs = [it.spec(self.rate()) for it in self.runners]
        return sorted(specs, key=lambda it: rules.OPTIMIZERS.index(it.name))


class Optimizers(LandscapeLesson):
    """The rules in three families first, then the race."""

    title = N_("Optimizers race down one surface")
    summary = N_("SGD, momentum, Nesterov, Adagrad, RMSprop, Adam and AdamW from one start.")
    chapter = N_("Descent")
    place = (4, 5)
    thumbnail = "race"
    subject = "surface"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Let every optimizer run."""
        return self.race(self.params.specs())

    def tell(self) -> None:
        """Tell it from the common start to the end of the race."""
        self.show_surface()
        self.show_first()
        for name in FAMILIES:
            self.show_family(name)
        self.show_race()
        self.show_finish()

    # The stage

    def set_stage(self) -> None:
        """Lay out map, loss curves and board."""
        self.formulas = OptimizerFormulas(self, self.records)
        self.names: list[str] = [it.optimizer.name for it in self.records]
        self.words = self.formulas.words()
        self.curves = [str(k) for k in range(len(self.records))]
        runners = zip(self.paths, self.words, strict=True)
        series = [drawn(path, self.landscape.ranges, word) for path, word in runners]
        self.map = self.map_of(series, self.layout.picture)
        self.map.move_to((*self.layout.picture_centre, 0)).choose(0)
        self.losses = self.loss_plot(self.paths, self.curves, self.params.steps, self.layout.side)
        self.placed(self.losses, "side")

    # The beats: the common start

    def show_surface(self) -> None:
        """One point for all."""
        self.beat("surface", N_("One surface, one start: all optimizers see the same gradient."))
        self.show(
            self.torch_rule(), self.formulas.start(self.rule(), self.axis_names), FadeIn(self.map)
        )

    def show_first(self) -> None:
        """What each makes of the same gradient."""
        firsts = [path.points[1] for path in self.paths if len(path.points) > 1]
        self.beat("first", FIRST(places(firsts), "descents"))
        self.first = self.side_table([escape(self.tr("method")), "$bold(w)_1$"], len(self.records))
        self.add(self.first)
        self.write(
            "opt.zero_grad(); loss.backward(); opt.step()",
            self.formulas.first(),
            self.map.animate.choose(*range(len(self.records))).advance_to(1),
        )
        for k, path in enumerate(self.paths):
            at = f"descents.{k}.paths.0"
            # The place after one step, if there is one.
            has_moved = len(path.points) > 1
            cell = f"${self.pair(f'{at}.points.1')}$" if has_moved else self.fate(path, at)
            row = self.first.animate.set_row(k, [escape(self.words[k]), cell])
            self.move(row, seconds=TIMES.fade)

    # The beats: three families

    def show_family(self, name: str) -> None:
        """Some of them run alone, with their rules."""
        chosen = [k for k, it in enumerate(self.names) if it in FAMILIES[name]]
        if not chosen:
            return
        self.beat(name, self.family_text(name, [self.names[k] for k in chosen]))
        self.move(self.map.animate.fade_points(0), seconds=TIMES.fade)
        self.bring_losses()
        self.map.advance_to(0).choose(*chosen)
        self.losses.grow(0.0).hide(*self.curves).reveal(*(self.curves[k] for k in chosen))
        self.write(
            self.formulas.code(name), self.formulas.rules(name), self.map.animate.fade_points(1)
        )
        self.run(RUN_SECONDS)

    def family_text(self, family: str, names: list[str]) -> Sentence:
        """Return what the runners of a family do, in a sentence."""
        if family != "velocity":
            sentences = {"squares": SQUARES, "moments": MOMENTS}[family]
            return sentences(who(names, FAMILIES[family]), family)
        quick = [self.paths[self.names.index(it)].points for it in names if it != "sgd"]
        return VELOCITY(speed(quick), "descents")

    def bring_losses(self) -> None:
        """Put the loss curves where the table was."""
        if self.losses not in self.mobjects:
            self.exchange([self.first], self.losses.hide(*self.curves))

    # The beats: the race

    def show_race(self) -> None:
        """All at once."""
        text = N_("Now the whole way.")
        if len(self.records) > 1:
            text = N_("Now all together: same start, same number of steps.")
        self.beat("race", text)
        self.move(self.map.animate.fade_points(0), seconds=TIMES.fade)
        self.map.advance_to(0).choose(*range(len(self.records)))
        self.losses.grow(0.0).reveal(*self.curves)
        self.write(
            self.race_line(),
            self.formulas.race(),
            self.map.animate.fade_points(1),
        )
        self.run(RACE_SECONDS)

    def show_finish(self) -> None:
        """Who is where, and how low."""
        best = [self.words[k] for k in self.ranking.inside[:1]]
        self.beat("finish", FINISH(self.ranking.verdict, "descents"), name="".join(best))
        table = self.side_table([escape(self.tr("method")), "$bold(w)$", "$L$"], len(self.records))
        self.move(FadeOut(self.losses), seconds=TIMES.fade)
        self.add(table)
        code = "[(w.tolist(), f(w).item()) for w, opt in runners]"
        self.write(code, self.formulas.finish(self.ranking))
        for k in (*self.ranking.inside, *self.ranking.outside):
            row = self.result(self.words[k], self.paths[k], f"descents.{k}.paths.0")
            self.move(table.animate.set_row(k, row), seconds=TIMES.fade)
        if len(self.ranking.lowest) == 1:
            self.move(table.animate.highlight(self.ranking.inside[0]), seconds=TIMES.fade)
