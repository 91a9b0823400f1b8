"""Exercises on descents: steps on a curve, with momentum on a surface, and of a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.json_ready import plain
from backprop_studio.render.kit.exercises.chance import drawn_tenths, drawn_whole
from backprop_studio.render.kit.exercises.subject import Given, Question, Subject, Task
from backprop_studio.render.kit.exercises.writing import formula_with_numbers, slope

if TYPE_CHECKING:
    from random import Random

    from backprop_studio.render.kit.exercises.subject import Parameters, Sheet

STEPS = 2
"""That are made by hand."""

POINTS = 4
"""A line is fitted to."""

_RATES = (0.05, 0.1, 0.2, 0.25, 0.3, 0.4)


# On a curve


def _draw_descent(chance: Random, own: Parameters) -> Parameters:
    """Stay on the lesson's parabola, or take one whose numbers are drawn as well.

    What is a parabola is found out by core: by hand, all else has too many digits.
    """
    lowest, height = chance.randint(-4, 4), chance.randint(0, 5)
    shift = f"(w {'-' if lowest > 0 else '+'} {abs(lowest)})^2" if lowest else "w^2"
    formula = f"{shift} + {height}" if height else shift
    given = own["curve"].get("formula") or ("w^2" if own["curve"]["name"] == "square" else None)
    if given and _is_parabola(given):
        formula = given
    return {
        "curve": {"formula": formula, "w_range": [-12.0, 12.0]},
        "starts": [drawn_tenths(chance, 60)],
        "learning_rate": chance.choice(_RATES),
        "steps": STEPS,
    }


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
    from backprop_studio.core.formula.symbolic import symbolic_derivative
    from backprop_studio.core.surfaces.curve_params import CurveStartsGroup
    from backprop_studio.core.surfaces.curve_runs import curve_runs

    params = CurveStartsGroup.model_validate(given)
    curve = params.curve
    runs = curve_runs(curve.landscape(), [params.rate()], params.chosen_starts(), params.steps)
    derivative = symbolic_derivative(curve.parsed, "w")
    sheet = records_sheet("gradient_descent", given, curve=curve.parsed, runs=runs)
    return {**sheet, "derivative": plain(derivative)}


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
    return {**sheet, "derivatives": _derivatives(landscape.formula)}


def _derivatives(formula: Any) -> list[Any]:
    from backprop_studio.core.formula.symbolic import symbolic_derivative

    return [plain(symbolic_derivative(formula, name)) for name in formula.names]


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


# A line


def _draw_line(chance: Random, own: Parameters) -> Parameters:
    xs = sorted(chance.sample(range(-3, 6), POINTS))
    return {
        "x": [float(it) for it in xs],
        "y": [float(chance.randint(-6, 9)) for _ in xs],
        "w": chance.randint(-2, 3) * 1.0,
        "b": chance.randint(-2, 3) * 1.0,
        "learning_rate": chance.choice((0.01, 0.05, 0.1)),
        "half": bool(own.get("half")),
    }


def _line(given: Parameters) -> Sheet:
    from backprop_studio.core.line_fit.fit import fit_line

    return records_sheet("linear_regression", given, fit=fit_line(**given, steps=1))


def _of_line(sheet: Sheet) -> Task:
    half = sheet["fit"]["half"]
    questions = [
        Question(
            f"fit.errors.{k}",
            f"e_{k + 1}",
            N_("The error at a point: the line's height minus the point's."),
            f"w dot x_{k + 1} + b - y_{k + 1}",
            f"{{fit.run.w.0}} dot {{fit.x.{k}}} + {{fit.run.b.0}} - {{fit.y.{k}}}",
        )
        for k in range(POINTS)
    ]
    every = range(POINTS)
    squares = " + ".join(f"{{fit.errors.{k}}}^2" for k in every)
    products = " + ".join(f"{{fit.errors.{k}}} dot {{fit.x.{k}}}" for k in every)
    errors = " + ".join(f"{{fit.errors.{k}}}" for k in every)
    below = f"{2 * POINTS}" if half else f"{POINTS}"
    above = "1" if half else "2"
    share = f"{above}/N sum e_i"
    old, new = "{{fit.run.{0}.0}}", "fit.run.{0}.1"
    questions += [
        Question(
            "fit.run.loss.0",
            "L",
            N_("The loss."),
            f"1/({'2 N' if half else 'N'}) sum e_i^2",
            f"({squares})/{below}",
        ),
        Question(
            "fit.run.dL_dw.0",
            slope("L", "w"),
            N_("The slope of the loss along w."),
            f"{share} x_i",
            f"{above}/{POINTS} dot ({products})",
        ),
        Question(
            "fit.run.dL_db.0",
            slope("L", "b"),
            N_("The slope of the loss along b."),
            share,
            f"{above}/{POINTS} dot ({errors})",
        ),
        *(
            Question(
                new.format(it),
                f"{it}_1",
                N_("{name} after one step."),
                f"{it} - eta dot {slope('L', it)}",
                f"{old.format(it)} - {{fit.run.learning_rate}} dot {{fit.run.dL_d{it}.0}}",
                words=(("name", it),),
            )
            for it in "wb"
        ),
    ]
    given = [Given(f"{name}_{k + 1}", f"fit.{name}.{k}") for k in every for name in "xy"]
    given += [Given(it, f"fit.run.{it}.0") for it in "wb"]
    given.append(Given("eta", "fit.run.learning_rate"))
    rules = ["e_i = w dot x_i + b - y_i", f"L = 1/({'2 N' if half else 'N'}) sum e_i^2"]
    return Task(rules, given, questions)


def _has_errors(sheet: Sheet) -> bool:
    fit = sheet["fit"]
    return all(fit["run"][it][0] for it in ("loss", "dL_dw", "dL_db"))


GRADIENT_DESCENT = Subject(
    N_("Two steps of gradient descent on a curve."), _draw_descent, _descent, _of_descent, _falls
)
MOMENTUM = Subject(
    N_("Two steps with momentum on a surface, from rest."), _draw_momentum, _momentum, _of_momentum
)
LINEAR_REGRESSION = Subject(
    N_("A line, its errors at four points, the loss, and one step of gradient descent."),
    _draw_line,
    _line,
    _of_line,
    _has_errors,
)
