"""Exercises on descents: steps on a curve, with several rates, and with momentum on a surface."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.json_ready import plain
from backprop_studio.render.kit.exercises.chance import drawn_tenths, drawn_whole
from backprop_studio.render.kit.exercises.subject import Given, Question, Subject, Task
from backprop_studio.render.kit.exercises.writing import formula_with_numbers, slope

if TYPE_CHECKING:
    from random import Random

    from backprop_studio.core.formula import Formula
    from backprop_studio.render.kit.exercises.subject import Parameters, Sheet

STEPS = 2
"""That are made by hand."""

_RATES = (0.05, 0.1, 0.2, 0.25, 0.3, 0.4)


@cache
def derivative_of(formula: Formula, name: str) -> Any:
    """Return a derivative as an answer sheet has it; the same few formulas are drawn again."""
    from backprop_studio.core.formula.symbolic import symbolic_derivative

    return plain(symbolic_derivative(formula, name))


# On a curve


def _draw_descent(chance: Random, own: Parameters) -> Parameters:
    return {
        "curve": _drawn_curve(chance, own),
        "starts": [drawn_tenths(chance, 60)],
        "learning_rate": chance.choice(_RATES),
        "steps": STEPS,
    }


def _drawn_curve(chance: Random, own: Parameters) -> Parameters:
    """Stay on the lesson's parabola, or take one whose numbers are drawn as well.

    What is a parabola is found out by core: by hand, all else has too many digits.
    """
    lowest, height = chance.randint(-4, 4), chance.randint(0, 5)
    shift = f"(w {'-' if lowest > 0 else '+'} {abs(lowest)})^2" if lowest else "w^2"
    formula = f"{shift} + {height}" if height else shift
    given = own["curve"].get("formula") or ("w^2" if own["curve"]["name"] == "square" else None)
    if given and _is_parabola(given):
        formula = given
    return {"formula": formula, "w_range": [-12.0, 12.0]}


@cache
def _is_parabola(text: str) -> bool:
    from backprop_studio.core.formula import parse_formula
    from backprop_studio.core.formula.symbolic import symbolic_derivative

    formula = parse_formula(text, ["w"])
    for _ in range(2):
        found = symbolic_derivative(formula, "w")
        if not found.text:
            return False
        formula = parse_formula(found.text, ["w"])
    return found.text.replace(".", "").isdigit() and float(found.text) > 0


def _descent(given: Parameters) -> Sheet:
    from backprop_studio.core.surfaces.curve_params import CurveStartsGroup
    from backprop_studio.core.surfaces.curve_runs import curve_runs

    params = CurveStartsGroup.model_validate(given)
    curve = params.curve
    runs = curve_runs(curve.landscape(), [params.rate()], params.chosen_starts(), params.steps)
    sheet = records_sheet("gradient_descent", given, curve=curve.parsed, runs=runs)
    return {**sheet, "derivative": derivative_of(curve.parsed, "w")}


def _of_descent(sheet: Sheet) -> Task:
    formula, derivative = sheet["curve"], sheet["derivative"]
    ws = sheet["runs"][0]["w"]
    questions = []
    for k in range(STEPS):
        here = {"w": ws[k]}
        questions += [
            Question(
                f"runs.0.loss.{k}",
                f"L(w_{k})",
                N_("The loss there."),
                "",
                formula_with_numbers(formula["text"], here),
            ),
            Question(
                f"runs.0.slope.{k}",
                f"L'(w_{k})",
                N_("The slope there."),
                "",
                formula_with_numbers(derivative["text"], here),
            ),
            Question(
                f"runs.0.w.{k + 1}",
                f"w_{k + 1}",
                N_("The weight after the next step."),
                f"w_{k} - eta dot L'(w_{k})",
                f"{{runs.0.w.{k}}} - {{runs.0.learning_rate}} dot {{runs.0.slope.{k}}}",
            ),
        ]
    numbers = formula_with_numbers(formula["text"], {"w": ws[STEPS]})
    questions.append(
        Question(f"runs.0.loss.{STEPS}", f"L(w_{STEPS})", N_("The loss in the end."), "", numbers)
    )
    rules = [f"L(w) = {formula['typst']}", f"L'(w) = {derivative['typst']}"]
    rules.append("w_(k+1) = w_k - eta dot L'(w_k)")
    given = [Given("w_0", "runs.0.w.0"), Given("eta", "runs.0.learning_rate")]
    return Task(rules, given, questions)


def _falls(sheet: Sheet) -> bool:
    losses = sheet["runs"][0]["loss"]
    return len(losses) > STEPS and losses[0] > losses[1] > losses[STEPS]


# With several rates


def _draw_rates(chance: Random, own: Parameters) -> Parameters:
    return {
        "curve": _drawn_curve(chance, own),
        "start": drawn_tenths(chance, 40),
        "learning_rates": sorted(chance.sample((0.05, 0.1, 0.2, 0.3, 0.5, 0.6, 0.9, 1.1), 3)),
        "steps": STEPS,
    }


def _rates(given: Parameters) -> Sheet:
    from backprop_studio.core.surfaces.curve_params import CurveComparisonGroup
    from backprop_studio.core.surfaces.curve_runs import curve_runs

    params = CurveComparisonGroup.model_validate(given)
    curve = params.curve
    runs = curve_runs(curve.landscape(), params.rates(), [params.chosen_start()], params.steps)
    sheet = records_sheet("learning_rate", given, curve=curve.parsed, runs=runs)
    return {**sheet, "derivative": derivative_of(curve.parsed, "w")}


def _of_rates(sheet: Sheet) -> Task:
    formula, derivative = sheet["curve"], sheet["derivative"]
    questions = []
    for r, run in enumerate(sheet["runs"]):
        path, eta = f"runs.{r}", f"eta_{r + 1}"
        for k in range(min(STEPS, len(run["w"]) - 1)):
            words = (("name", eta), ("step", str(k + 1)))
            numbers = formula_with_numbers(derivative["text"], {"w": run["w"][k]})
            there = f"L'(w_{k})"
            questions += [
                Question(
                    f"{path}.slope.{k}",
                    there,
                    N_("With {name}: the slope before step {step}."),
                    "",
                    numbers,
                    words=words,
                ),
                Question(
                    f"{path}.w.{k + 1}",
                    f"w_{k + 1}",
                    N_("With {name}: the weight after step {step}."),
                    f"w_{k} - {eta} dot {there}",
                    f"{{{path}.w.{k}}} - {{{path}.learning_rate}} dot {{{path}.slope.{k}}}",
                    words=words,
                ),
            ]
    rules = [f"L(w) = {formula['typst']}", f"L'(w) = {derivative['typst']}"]
    rules.append("w_(k+1) = w_k - eta dot L'(w_k)")
    given = [Given("w_0", "runs.0.w.0")]
    given += [Given(f"eta_{r + 1}", f"runs.{r}.learning_rate") for r in range(len(sheet["runs"]))]
    return Task(rules, given, questions)


def _moves(sheet: Sheet) -> bool:
    return all(run["slope"][0] and len(run["w"]) > STEPS for run in sheet["runs"])


# With momentum


_SURFACES = ("x^2/20 + y^2", "x^2/10 + y^2", "x^2/5 + y^2", "x^2/4 + y^2", "x^2/2 + y^2")
"""Ravines of several widths."""


def _draw_momentum(chance: Random, _own: Parameters) -> Parameters:
    start = [drawn_whole(chance, -10, 10) for _ in range(2)]
    return {
        "surface": {
            "formula": chance.choice(_SURFACES),
            "x_range": [-30, 30],
            "y_range": [-30, 30],
        },
        "start": start,
        "learning_rate": chance.choice((0.1, 0.2, 0.5)),
        "gamma": chance.choice((0.5, 0.8, 0.9)),
        "steps": STEPS,
    }


def _momentum(given: Parameters) -> Sheet:
    from backprop_studio.core.network.optimizers import OptimizerSpec
    from backprop_studio.core.surfaces.comparison_params import ComparisonGroup
    from backprop_studio.core.surfaces.descent import compare
    from backprop_studio.core.surfaces.sheet import descent_sheet

    params = ComparisonGroup.model_validate({k: v for k, v in given.items() if k != "gamma"})
    landscape = params.surface.landscape()
    optimizer = OptimizerSpec("momentum", params.rate(), momentum=given["gamma"])
    found = compare(landscape, [optimizer], [params.start_point()], params.steps)
    sheet = descent_sheet("momentum", given, landscape, found)
    return {**sheet, "derivatives": [derivative_of(landscape.formula, it) for it in "xy"]}


def _of_momentum(sheet: Sheet) -> Task:
    path = "descents.0.paths.0"
    found = sheet["descents"][0]["paths"][0]
    questions = []
    for k in range(STEPS):
        here = dict(zip("xy", found["points"][k], strict=True))
        for j, name in enumerate("xy"):
            words = (("name", name), ("step", str(k + 1)))
            questions.append(
                Question(
                    f"{path}.gradients.{k}.{j}",
                    f"g_({k},{name})",
                    N_("The slope along {name} before step {step}."),
                    sheet["derivatives"][j]["typst"],
                    formula_with_numbers(sheet["derivatives"][j]["text"], here),
                    words=words,
                )
            )
            velocity = f"{path}.vectors.lecture_velocity"
            questions.append(
                Question(
                    f"{velocity}.{k + 1}.{j}",
                    f"v_({k + 1},{name})",
                    N_("The velocity along {name} in step {step}."),
                    f"gamma dot v_({k},{name}) + eta dot g_({k},{name})",
                    f"{{parameters.gamma}} dot {{{velocity}.{k}.{j}}} + "
                    f"{{parameters.learning_rate}} dot {{{path}.gradients.{k}.{j}}}",
                    words=words,
                )
            )
        for j, name in enumerate("xy"):
            questions.append(
                Question(
                    f"{path}.points.{k + 1}.{j}",
                    f"{name}_{k + 1}",
                    N_("{name} after step {step}."),
                    f"{name}_{k} - v_({k + 1},{name})",
                    f"{{{path}.points.{k}.{j}}} - {{{velocity}.{k + 1}.{j}}}",
                    words=(("name", name), ("step", str(k + 1))),
                )
            )
    given = [
        *(Given(f"{name}_0", f"{path}.points.0.{j}") for j, name in enumerate("xy")),
        Given("eta", "parameters.learning_rate"),
        Given("gamma", "parameters.gamma"),
        *(
            Given(f"v_(0,{name})", f"{path}.vectors.lecture_velocity.0.{j}")
            for j, name in enumerate("xy")
        ),
    ]
    rules = [
        f"f(x, y) = {sheet['surface']['formula']['typst']}",
        f"g_k = ({slope('f', 'x')}, {slope('f', 'y')})",
        "v_(k+1) = gamma dot v_k + eta dot g_k",
        "(x_(k+1), y_(k+1)) = (x_k, y_k) - v_(k+1)",
    ]
    return Task(rules, given, questions)


GRADIENT_DESCENT = Subject(
    N_("Two steps of gradient descent on a curve."), _draw_descent, _descent, _of_descent, _falls
)
LEARNING_RATE = Subject(
    N_("Two steps of gradient descent from one start, with three learning rates."),
    _draw_rates,
    _rates,
    _of_rates,
    _moves,
)
MOMENTUM = Subject(
    N_("Two steps with momentum on a surface, from rest."), _draw_momentum, _momentum, _of_momentum
)
