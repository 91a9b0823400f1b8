"""Exercises on descents on a surface: two plain steps, and the first steps of four optimizers."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from backprop_studio.core.base.i18n import N_
from backprop_studio.render.kit.exercises.chance import drawn_whole
from backprop_studio.render.kit.exercises.descents import derivative_of
from backprop_studio.render.kit.exercises.subject import Given, Question, Subject, Task
from backprop_studio.render.kit.exercises.writing import formula_with_numbers, slope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from backprop_studio.core.network.optimizers import OptimizerSpec
    from backprop_studio.render.kit.exercises.subject import Parameters, Sheet

STEPS = 2
"""That are made by hand."""

_SURFACES = tuple(f"{a}x^2 + {b}y^2" for a in ("0.1*", "0.2*", "0.5*", "") for b in ("", "2*"))
"""Bowls and ravines."""

_ROUNDED = 0.002
"""How far answers may be off in which there is a root."""


def _surface(chance: Random) -> Parameters:
    return {"formula": chance.choice(_SURFACES), "x_range": [-30, 30], "y_range": [-30, 30]}


def _start(chance: Random) -> list[float]:
    return [drawn_whole(chance, -10, 10) for _ in range(2)]


def _sheet(
    scene: str, given: Parameters, specs: Sequence[OptimizerSpec], start: Sequence[float]
) -> Sheet:
    from backprop_studio.core.surfaces.descent import compare
    from backprop_studio.core.surfaces.params import SurfaceParams
    from backprop_studio.core.surfaces.sheet import descent_sheet

    landscape = SurfaceParams.model_validate(given["surface"]).landscape()
    sheet = descent_sheet(scene, given, landscape, compare(landscape, specs, [start], STEPS))
    return {**sheet, "derivatives": [derivative_of(landscape.formula, it) for it in "xy"]}


def _slopes(sheet: Sheet, path: str, point: Sequence[float], step: int) -> list[Question]:
    """Return the questions for both slopes at a point."""
    here = dict(zip("xy", point, strict=True))
    return [
        Question(
            f"{path}.gradients.{step}.{j}",
            f"g_({step},{name})",
            N_("The slope along {name} before step {step}."),
            sheet["derivatives"][j]["typst"],
            formula_with_numbers(sheet["derivatives"][j]["text"], here),
            words=(("name", name), ("step", str(step + 1))),
        )
        for j, name in enumerate("xy")
    ]


def _told(path: str) -> list[Given]:
    starts = [Given(f"{name}_0", f"{path}.points.0.{j}") for j, name in enumerate("xy")]
    return [*starts, Given("eta", "parameters.learning_rate")]


def _rules(sheet: Sheet) -> list[str]:
    return [
        f"f(x, y) = {sheet['surface']['formula']['typst']}",
        f"g_k = ({slope('f', 'x')}, {slope('f', 'y')})",
    ]


# Two plain steps


def _draw_descent(chance: Random, _own: Parameters) -> Parameters:
    return {
        "surface": _surface(chance),
        "descent": {"starts": [_start(chance)], "steps": STEPS},
        "learning_rate": chance.choice((0.1, 0.2, 0.25, 0.4, 0.5)),
    }


def _descent(given: Parameters) -> Sheet:
    from backprop_studio.core.network.optimizers import OptimizerSpec

    (start,) = given["descent"]["starts"]
    return _sheet("loss_surface", given, [OptimizerSpec("sgd", given["learning_rate"])], start)


def _of_descent(sheet: Sheet) -> Task:
    path = "descents.0.paths.0"
    points = sheet["descents"][0]["paths"][0]["points"]
    formula = sheet["surface"]["formula"]

    def height(step: int) -> Question:
        numbers = formula_with_numbers(formula["text"], dict(zip("xy", points[step], strict=True)))
        name = f"f(x_{step}, y_{step})"
        return Question(f"{path}.values.{step}", name, N_("The loss there."), "", numbers)

    questions = [height(0)]
    for k in range(STEPS):
        questions += _slopes(sheet, path, points[k], k)
        questions += [
            Question(
                f"{path}.points.{k + 1}.{j}",
                f"{name}_{k + 1}",
                N_("{name} after step {step}."),
                f"{name}_{k} - eta dot g_({k},{name})",
                f"{{{path}.points.{k}.{j}}} - "
                f"{{parameters.learning_rate}} dot {{{path}.gradients.{k}.{j}}}",
                words=(("name", name), ("step", str(k + 1))),
            )
            for j, name in enumerate("xy")
        ]
        questions.append(height(k + 1))
    rules = [*_rules(sheet), "(x_(k+1), y_(k+1)) = (x_k, y_k) - eta dot g_k"]
    return Task(rules, _told(path), questions)


# The first steps of four optimizers

_RACE = ("sgd", "adagrad", "rmsprop", "adam")
"""Those of the lesson's seven whose first step differs by rule."""

_WORDS = {
    "sgd": N_("With SGD: {name} after step {step}."),
    "adagrad": N_("With Adagrad: {name} after step {step}."),
    "rmsprop": N_("With RMSprop, whose mean is new: {name} after step {step}."),
    "adam": N_("With Adam, whose means are corrected: {name} after step {step}."),
}


def _draw_race(chance: Random, _own: Parameters) -> Parameters:
    return {
        "surface": _surface(chance),
        "start": _start(chance),
        "learning_rate": chance.choice((0.1, 0.2, 0.25, 0.4, 0.5)),
        "steps": STEPS,
    }


def _race(given: Parameters) -> Sheet:
    from backprop_studio.core.network.optimizers import OptimizerName, OptimizerSpec

    specs = [OptimizerSpec(it, given["learning_rate"]) for it in get_args(OptimizerName)]
    return _sheet("optimizers", given, specs, given["start"])


def _of_race(sheet: Sheet) -> Task:
    names = [it["optimizer"]["name"] for it in sheet["descents"]]
    paths = {name: f"descents.{names.index(name)}.paths.0" for name in _RACE}
    start, rate = paths["sgd"], "{parameters.learning_rate}"
    found = sheet["descents"][names.index("adagrad")]["paths"][0]["points"]
    questions = _slopes(sheet, start, found[0], 0)
    for optimizer, path in paths.items():
        for j, name in enumerate("xy"):
            g, numbers = f"g_(0,{name})", f"{{{start}.gradients.0.{j}}}"
            rule, divided = {
                "sgd": (f"eta dot {g}", f"{rate} dot {numbers}"),
                "adagrad": (f"eta dot {g}/sqrt({g}^2)", f"{rate} dot {numbers}/sqrt({numbers}^2)"),
                "rmsprop": (
                    f"eta dot {g}/sqrt(0.01 dot {g}^2)",
                    f"{rate} dot {numbers}/sqrt(0.01 dot {numbers}^2)",
                ),
                "adam": (f"eta dot {g}/sqrt({g}^2)", f"{rate} dot {numbers}/sqrt({numbers}^2)"),
            }[optimizer]
            questions.append(
                Question(
                    f"{path}.points.1.{j}",
                    f"{name}_1",
                    _WORDS[optimizer],
                    f"{name}_0 - {rule}",
                    f"{{{start}.points.0.{j}}} - {divided}",
                    _ROUNDED,
                    words=(("name", name), ("step", "1")),
                )
            )
    path = paths["adagrad"]
    questions += _slopes(sheet, path, found[1], 1)
    for j, name in enumerate("xy"):
        old, new = (f"{{{path}.gradients.{k}.{j}}}" for k in (0, 1))
        questions.append(
            Question(
                f"{path}.points.2.{j}",
                f"{name}_2",
                _WORDS["adagrad"],
                f"{name}_1 - eta dot g_(1,{name})/sqrt(g_(0,{name})^2 + g_(1,{name})^2)",
                f"{{{path}.points.1.{j}}} - {rate} dot {new}/sqrt({old}^2 + {new}^2)",
                _ROUNDED,
                words=(("name", name), ("step", "2")),
            )
        )
    rules = [
        '"SGD": x - eta dot g',
        '"Adagrad": x - eta dot g/sqrt(sum g^2)',
        '"RMSprop": s = 0.99 dot s + 0.01 dot g^2, quad x - eta dot g/sqrt(s)',
        '"Adam": x_1 = x_0 - eta dot g/sqrt(g^2)',
    ]
    return Task([*_rules(sheet), *rules], _told(start), questions)


LOSS_SURFACE = Subject(
    N_("Two steps of gradient descent on a surface."), _draw_descent, _descent, _of_descent
)
OPTIMIZERS = Subject(
    N_("The first steps of four optimizers from one start. Round to three decimals."),
    _draw_race,
    _race,
    _of_race,
    is_exact=False,
)
