"""Exercises on a line through points: its errors, its loss, and one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.kit.exercises.subject import Given, Question, Subject, Task
from backprop_studio.render.kit.exercises.writing import slope

if TYPE_CHECKING:
    from random import Random

    from backprop_studio.render.kit.exercises.subject import Parameters, Sheet

POINTS = 4
"""A line is fitted to."""


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


LINEAR_REGRESSION = Subject(
    N_("A line, its errors at four points, the loss, and one step of gradient descent."),
    _draw_line,
    _line,
    _of_line,
    _has_errors,
)
