"""Gradient descent: a way down a hill for who is blindfolded.

A ball on a hill in the fog feels the slope under it and nothing else: how does it get down?

* ``question``: where it is, w and L.
* ``slope``: what it feels: a plank on the ground; one to the right, and so much up or down.
* ``step_1``: the step against the slope: the rule, then its numbers, each from where it lives; the
  result goes back to the ball.
* ``step_2``: will the next step be longer or shorter? The slope decides.
* ``rest``: the same until it is flat, or what else becomes of it.
* ``fog``: the fog lifts, the loss can be written as a formula, and there may be a lower place that
  could not be felt, behind a ridge.
* ``start_2``, ``start_3``, ``end``: other starts, each from close by, and whether they end in the
  same place.
* ``answer``: the rule in one sentence and one formula.

Afterwards the viewer can say: how the rule w <- w - eta dL/dw makes a step of a slope, why its sign
sends w downhill from either side, why the steps become shorter by themselves, and why where they
end depends on where they start.
"""

from __future__ import annotations

from typing import Any, ClassVar

from manim import linear
from pydantic import ConfigDict

from backprop_studio.core.base.fields import hints, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import slopes
from backprop_studio.core.claims.descent import SETTLED, Ends, place, ridge
from backprop_studio.core.surfaces.curve_params import MOST_STEPS, CurveStartsGroup
from backprop_studio.core.surfaces.curve_runs import CurveRun, run_ends
from backprop_studio.scenes.boards.chain_rule import signed
from backprop_studio.scenes.families import curve_descent
from backprop_studio.scenes.families.descent_script import (
    AGAIN,
    ANOTHER,
    ANSWER,
    ENDING,
    ENDS,
    FIRST_STEP,
    OTHER,
    OTHER_STEP,
    PLACE,
    PLANK,
    RIDGE,
    STARTS,
    WAY_DOWN,
)
from backprop_studio.scenes.families.hill.numbers import HillNumbers
from backprop_studio.scenes.families.hill.plot import HillPlot
from backprop_studio.scenes.families.hill.state import close_up
from backprop_studio.scenes.lesson.numbers import in_sentence
from backprop_studio.scenes.lesson.torch_lines import STEP_LINE, fitted
from backprop_studio.scenes.paint.brush import middle_of
from backprop_studio.scenes.paint.palette import series_colour, series_marker
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.stage.directed_lesson import DirectedLesson
from backprop_studio.scenes.stage.rooms import Rooms
from backprop_studio.scenes.stage.terms import whole

TOLD = 2
"""Steps with a beat of their own."""

END_DIGITS = 2
"""Significant digits of a slope that has nearly gone."""

COLOURS = (4, 5, 2)
"""Of the balls, among the colours of series: unlike those of signs, and of each other."""


class Params(CurveStartsGroup):
    """Parameters of the lesson."""

    model_config = ConfigDict(
        json_schema_extra=hints(order=["learning_rate", "steps", "curve", "starts"])
    )

    steps: int = param(
        30, N_("Steps"), N_("How many each point makes."), ge=1, le=MOST_STEPS, range=[1, 100]
    )


class GradientDescent(HillNumbers, DirectedLesson):
    """Balls descend on a hill in the fog."""

    title = N_("Gradient descent: step by step downhill")
    summary = N_("A weight goes down a curve: each step is the slope times eta, against it.")
    chapter = N_("Descent")
    place: ClassVar[tuple[int, int] | None] = (4, 1)
    thumbnail = "step_2"
    subject = "curve"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Draw the curve, and let torch make the steps from every start."""
        sheet = self.descend([self.params.rate()], self.params.chosen_starts())
        sheet |= {"lowest": self.lowest()}
        first, seen = self.runs[0], (self.picture.xs, self.picture.ys)
        self.ridge = ridge(self.loss_at, *seen, first.w, sheet["lowest"]["w"])
        return {**sheet, "ridge": self.ridge}

    def tell(self) -> None:
        """Tell some steps one by one, then the rest, then the other starts, then the rule."""
        self.ask_the_way()
        self.feel_the_slope()
        if self.told:
            self.step_once()
        if self.told > 1:
            self.step_again()
        first = self.runs[0]
        if first.last_seen > self.told or first.verdict in {"stationary", "not_finite"}:
            self.go_on()
        self.lift_the_fog()
        for number in range(1, len(self.runs)):
            self.start_again(number)
        if len(self.runs) > 1 and any(run.left_at is None for run in self.runs):
            self.compare_ends()
        self.answer()

    @property
    def ends(self) -> Ends:
        """Where the runs end."""
        return run_ends(self.params.curve.landscape(), self.runs)

    def step_line(self) -> str:
        """Return a whole step; what f is nobody knows in the fog."""
        return STEP_LINE

    # The stage

    def set_stage(self) -> None:
        """Lay out the hill in the fog, and the first ball on it."""
        first, rooms = self.runs[0], self.rooms
        self.told = 0 if first.verdict == "stationary" else min(TOLD, first.last_seen)
        self.hill = HillPlot(self.formula, self.picture, Rooms.size(rooms.whole), *self.look)
        for number, run in enumerate(self.runs):
            colour = series_colour(self.theme, COLOURS[number])
            words, marker = escape(self.left(run)), series_marker(number)
            self.hill.add_ball(f"run_{number}", run, colour=colour, marker=marker, exit_text=words)
        self.hill.look(x=close_up(self.picture, first)).reveal("run_0")
        self.hill.move_to((*middle_of(rooms.whole), 0))
        self.room_for_board = rooms.picture[1] - rooms.whole[1]
        self.add(self.hill)

    def left(self, run: CurveRun) -> str:
        """Return when a run left the picture, for the arrow where it does."""
        text = self.tr("left the picture at step {step}").format(step=run.left_at)
        return "" if run.left_at is None else text

    # The beats

    def ask_the_way(self) -> None:
        """Ask how to get down, and say where the ball is."""
        self.beat("question", N_("Blindfolded on a hill"))
        with self.say(N_("You stand on a hill, blindfolded. How do you get down?")):
            pass
        text = N_("Left and right is a weight, w, that we may change. Now it is {w}.")
        with self.say(text, w=self.in_text(0, "w", 0)):
            self.move(self.hill.animate.tag("run_0", "w", self.weight_tag(0, 0)))
        loss = self.short("runs.0.loss.0")
        text = N_("Up and down is the loss, L: how wrong we are. Now {loss}; we want it small.")
        with self.say(text, loss=in_sentence(loss)):
            self.move(self.hill.animate.tag("run_0", "L", f"$L = {loss}$"))
        with self.say(N_("In torch the hill is a function: f of w is the loss.")):
            self.run_line("loss = f(w)")

    def feel_the_slope(self) -> None:
        """A plank on the ground: one to the right, and so much higher or lower."""
        self.beat("slope", N_("What you can feel"))
        with self.say(N_("You see nothing. But you feel the ground under you: lay a plank on it.")):
            # As high from here on as beside a board: a slope keeps its look.
            self.run_line("", self.hill.animate.untag("run_0", "L").make_room(self.room_for_board))
            self.move(self.hill.animate.lay_plank("run_0"))
        slope = float(self.runs[0].slope[0])
        claim = PLANK(slopes.sign(slope), "runs.0.slope.0")
        with self.say(claim, slope=self.in_text(0, "slope", 0)):
            if slope and self.hill.has_triangle("run_0"):
                legs = ("$1$", f"${self.short('runs.0.slope.0')}$")
                self.move(self.hill.animate.tag("run_0", "legs", *legs))
            self.reach(0.6)
            self.move(self.hill.animate.tag("run_0", "slope", self.slope_tag(0, 0)))
        with self.say(N_("In torch, backward finds the same slope.")):
            self.run_line("loss.backward()  # w.grad")

    def step_once(self) -> None:
        """The first step, worked out term by term."""
        run = self.runs[0]
        self.beat("step_1", N_("A step against the slope"))
        with self.say(WAY_DOWN(slopes.sign(float(run.slope[0])), "runs.0.slope.0")):
            self.run_line("")
        self.say_how_far(0, 1)
        verdict = slopes.next_step(run.slope, run.moves, 1, leaves=run.left_at == 1)
        with self.say(FIRST_STEP(verdict, "runs.0.slope.0"), w=self.in_text(0, "w", 1)):
            self.take_step(0, 1, "")

    def say_how_far(self, number: int, step: int) -> None:
        """Name the learning rate, and put a step's numbers into the rule."""
        text = N_("How far? We choose eta, the learning rate: {rate}.")
        with self.say(text, rate=in_sentence(self.rate(number))):
            self.move(self.hill.animate.note(f"$eta = {self.rate(number)}$", f"run_{number}"))
        with self.say(N_("The new w is the old one minus eta times the slope.")):
            self.work_out(self.general_rule())
        with self.say(N_("Now our own numbers.")):
            coming = self.spots(number, step, "w", "rate", "slope")
            hidden = ["new"] if step <= self.runs[number].last else []
            self.work_out(lambda: self.rule(number, step), coming, hidden=hidden)

    def step_again(self) -> None:
        """Another step, longer or shorter than the one before."""
        run = self.runs[0]
        self.beat("step_2", N_("The next step"))
        verdict = slopes.next_step(run.slope, run.moves, 2)
        self.ask(*curve_descent.which_is_longer(verdict))
        self.feel(0, 1)  # the plank is there when it is spoken of
        now, was = (self.in_text(0, "slope", it) for it in (1, 0))
        with self.say(AGAIN(verdict, "runs.0.slope.1"), slope=now, was=was):
            coming = self.spots(0, 2, "w", "rate", "slope")
            self.work_out(lambda: self.rule(0, 2), {**coming, "rate": None}, last=["new"])
            self.take_step(0, 2, "")
        with self.say(N_("In torch opt does it: forget the old slope, find the new one, step.")):
            self.run_line(self.step_line())
        with self.say(N_("The stairs behind the ball: each tread is how far w has moved.")):
            pass

    def feel(self, number: int, step: int) -> None:
        """Lay a plank where a ball has come to, one to the right along it, and its slope."""
        name = f"run_{number}"
        shown = self.hill.animate.lay_plank(name)
        if self.runs[number].slope[step] and self.hill.has_triangle(name):
            shown = shown.tag(name, "legs", "$1$", f"${self.short(f'runs.{number}.slope.{step}')}$")
        self.run_line("", shown.tag(name, "slope", self.slope_tag(number, step)))

    def lift_plank(self, name: str) -> None:
        """Take what is written at a ball away before it moves, and leave a faint plank behind."""
        self.move(self.hill.animate.take_left(name).untag(name, "w", "slope", "legs"))
        self.hill.leave_plank(name)

    def take_step(self, number: int, step: int, code: str) -> None:
        """Change the weight by a step, put the ball on the ground there, and bring its weight."""
        run, name = self.runs[number], f"run_{number}"
        w, after, loss = map(float, (run.w[step - 1], run.w[step], run.loss[step - 1]))
        label = f"${signed(self.short(f'runs.{number}.moves.{step - 1}'))}$"
        if "new" in self.board.hidden:  # it comes with the sentence that says it
            self.move(self.board.animate.reveal(*whole(["new"])), seconds=TIMES.change)
        self.run_line(code, self.hill.animate.hide("eta"))
        self.lift_plank(name)
        self.move(self.hill.animate.add_arrow("move", w, after, loss, label=label))
        there = self.hill.animate(rate_func=linear).advance(name, step - 0.5)
        self.move(there.lay_plank(name, 0.0))
        down = self.hill.animate(rate_func=linear).advance(name, step).hide("move")
        self.move(down, seconds=TIMES.change)
        if run.left_at != step:
            text = self.weight(number, step)
            tagged = self.hill.copy().tag(name, "w", f"$w = {text}$")
            self.carry("new", tagged.spot(f"{name}.w", text))
            self.move(self.hill.animate.tag(name, "w", f"$w = {text}$"), seconds=TIMES.fade)

    def roll(self, number: int) -> None:
        """Let a ball make all its other steps; what is written at it is taken away before."""
        name = f"run_{number}"
        away = self.hill.animate.take_left(name).untag(name, "w", "slope", "legs").hide("eta")
        away = away.count(name, self.tr("step {step}"))
        self.move(away.lay_plank(name, 0.0), seconds=TIMES.change)
        rolling = self.hill.animate(rate_func=linear).advance(name, self.runs[number].last_seen)
        self.move(rolling, seconds=4 * TIMES.travel)

    def go_on(self) -> None:
        """All the other steps."""
        run = self.runs[0]
        last = run.last_seen
        number = {"diverges": run.left_at, "not_finite": run.diverged_at}.get(run.verdict, last)
        if self.told:
            self.clear_board()
        self.beat("rest", N_("And so on") if self.told else N_("A step against the slope"))
        if not self.told:
            self.say_how_far(0, 1)
        with self.say(ENDING(run.verdict, "runs.0"), step=number, more=last - self.told):
            self.run_line(self.loop_line(run, self.told) if last > self.told else self.step_line())
            if last > self.told:
                self.roll(0)
                shown = self.hill.animate.lay_plank("run_0").tag("run_0", "w", self.end_tag(0))
                self.move(shown.tag("run_0", "slope", self.slope_tag(0, last, END_DIGITS)))

    def lift_the_fog(self) -> None:
        """The whole hill, and whether it is lower elsewhere."""
        run = self.runs[0]
        where = (self.picture.xs, self.picture.ys, float(run.w[-1]), float(run.loss[-1]))
        has_come_to_rest = run.verdict in SETTLED
        verdict = place(*where, self.picture.heights) if has_come_to_rest else "open"
        self.clear_board()
        self.beat("fog", N_("The whole hill"))
        with self.say(N_("Blindfold off: the fog lifts, and we see the whole hill.")):
            away = self.hill.animate.untag("run_0", "w", "slope", "legs").take_left("run_0")
            self.run_line("", away.lay_plank("run_0", 0.0).hide("eta", "count"))
            whole = self.hill.animate.look(x=self.picture.sight).lift().make_room()
            self.move(whole, seconds=2 * TIMES.travel)
        line = fitted(f"def f(w): return {self.code}", "")
        if line and self._line_of(line).drawn_size() >= SIZES.small:
            with self.say(N_("And at the top is f, written out.")):
                self.run_line(line)
        deeper = verdict in {"deeper_valley", "lower"}
        lowest = self.sheet["lowest"]
        level = self.level_of() if deeper else ""
        with self.say(PLACE(verdict, "runs.0"), low=in_sentence(level[5:-1])):
            if has_come_to_rest:
                self.move(self.hill.animate.tag("run_0", "L", self.level_of(0)))
            if deeper:
                self.move(self.hill.animate.name_place(lowest["w"], lowest["loss"], level))
        if verdict == "deeper_valley" and self.ridge is not None:
            high = self.number("ridge.loss", self.height_decimals + 1)
            with self.say(RIDGE("between", "runs.0"), high=in_sentence(high)):
                top = self.ridge["w"], self.ridge["loss"], f"$L = {high}$"
                self.move(self.hill.animate.name_place(*top, above=True))

    def start_again(self, number: int) -> None:
        """Another start; its first step in numbers, the others at once."""
        run, name, about = self.runs[number], f"run_{number}", f"runs.{number}.slope.0"
        self.beat(f"start_{number + 1}", N_("Another start"))
        with self.say(ANOTHER[self.hill.balls[name][1]], w=self.in_text(number, "w", 0)):
            shown = self.hill.animate.untag("run_0", "L").hide("deep", "ridge", "count")
            shown = shown.look(x=self.picture.sight).reveal(name)
            shown = shown.tag(name, "w", self.weight_tag(number, 0))
            shown = shown.make_room(self.room_for_board)
            for other in range(number):
                shown = shown.lay_plank(f"run_{other}", 0.0)
            self.move(shown.note(f"$eta = {self.rate(number)}$", name))
        verdict = slopes.other_start(float(run.slope[0]), float(self.runs[0].slope[0]))
        with self.say(OTHER(verdict, about), slope=self.in_text(number, "slope", 0)):
            self.move(self.hill.animate.look(x=close_up(self.picture, run)))
            self.feel(number, 0)
            coming = self.spots(number, 1, "w", "rate", "slope")
            self.work_out(lambda: self.rule(number, 1), coming, hidden=["new"] if run.last else [])
        if run.last:
            with self.say(OTHER_STEP(verdict, about), w=self.in_text(number, "w", 1)):
                self.take_step(number, 1, self.step_line())
        if run.last > 1:
            with self.say(N_("And on from there, by the same rule.")):
                self.clear_board()
                self.run_line(self.loop_line(run, 1))
                self.roll(number)
        else:
            self.clear_board()

    def compare_ends(self) -> None:
        """Where all of them are in the end."""
        self.beat("end", N_("Where they end"))
        with self.say(ENDS(self.ends, "runs")):
            everybody, levels = self.hill.animate.look(x=self.picture.sight), set[str]()
            everybody = everybody.hide("count")
            for number, run in enumerate(self.runs):
                name, level = f"run_{number}", self.level_of(number)
                everybody = everybody.lay_plank(name).tag(name, "w", self.end_tag(number))
                if run.left_at is None and level not in levels:
                    everybody = everybody.tag(name, "L", level)
                levels.add(level)
            self.run_line("", everybody)

    def answer(self) -> None:
        """The rule, in one sentence and one formula."""
        self.beat("answer", N_("How to get down"))
        with self.say(ANSWER(self.runs[0].verdict, "runs.0")):
            shown = self.hill.animate.hide("deep", "ridge", "count").look(x=self.picture.sight)
            self.run_line("", shown.make_room(self.room_for_board))
            self.work_out(f"$ w <- w - eta {curve_descent.SLOPE} $")
        if STARTS.has(self.ends):
            with self.say(STARTS(self.ends, "runs")):
                pass
