"""Exercises on slopes: of a curve, and of a surface along its variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.derivatives.params import CurveGroup, SurfaceGroup
from backprop_studio.render.kit.exercises.chance import drawn_tenths
from backprop_studio.render.kit.exercises.subject import Given, Question, Subject, Task
from backprop_studio.render.kit.exercises.writing import formula_with_numbers, slope

if TYPE_CHECKING:
    from random import Random

    from backprop_studio.render.kit.exercises.subject import Parameters, Sheet

_REACHES = ((1.0, 0.1), (1.0, 0.2), (1.0, 0.5), (0.5, 0.1), (0.5, 0.2), (0.4, 0.1), (0.2, 0.1))
"""Of two secants, the longer one first."""


def _draw_curve(chance: Random, own: Parameters) -> Parameters:
    return {
        "formula": own["formula"],
        "w": drawn_tenths(chance, 90),
        "eps": list(chance.choice(_REACHES)),
    }


def _curve(given: Parameters) -> Sheet:
    from backprop_studio.core.derivatives.secants import secants

    params = CurveGroup(formula=given["formula"], w=given["w"])
    record = secants(params.parsed(), {"w": params.w}, given["eps"])
    return records_sheet("derivative", given, tangent=record)


def _of_curve(sheet: Sheet) -> Task:
    tangent = sheet["tangent"]
    text = tangent["formula"]["text"]
    w = tangent["x"]
    questions = [
        Question(
            "tangent.y", "f(w)", N_("The value at w."), "", formula_with_numbers(text, {"w": w})
        )
    ]
    for k, there in enumerate(tangent["x_eps"]):
        name = f"epsilon_{k + 1}"
        paths = {it: f"{{tangent.{it}.{k}}}" for it in ("eps", "y_eps", "rises")}
        questions += [
            Question(
                f"tangent.y_eps.{k}",
                f"f(w + {name})",
                N_("The value at the other end of a secant."),
                "",
                formula_with_numbers(text, {"w": there}),
            ),
            Question(
                f"tangent.rises.{k}",
                f"f(w + {name}) - f(w)",
                N_("How much the curve rises up to there."),
                "",
                f"{paths['y_eps']} - {{tangent.y}}",
            ),
            Question(
                f"tangent.slopes.{k}",
                f"(f(w + {name}) - f(w))/{name}",
                N_("The slope of that secant."),
                "",
                f"{paths['rises']}/{paths['eps']}",
            ),
        ]
    derivative = tangent["derivative"]
    questions += [
        Question(
            "tangent.slope",
            "f'(w)",
            N_("The slope of the tangent."),
            derivative["typst"],
            filled(derivative["text"], {"w": w}),
        ),
        Question(
            "tangent.intercept",
            "f(w) - f'(w) dot w",
            N_("Where the tangent crosses the vertical axis."),
            "",
            "{tangent.y} - {tangent.slope} dot {tangent.x}",
        ),
    ]
    given = [Given("w", "tangent.x")]
    given += [Given(f"epsilon_{k + 1}", f"tangent.eps.{k}") for k in range(len(tangent["eps"]))]
    return Task([f"f(w) = {tangent['formula']['typst']}"], given, questions)


def filled(text: str, values: dict[str, float]) -> str:
    """Return a derivative with numbers, if it could be written down."""
    return formula_with_numbers(text, values) if text else ""


def _draw_surface(chance: Random, own: Parameters) -> Parameters:
    x, y = (drawn_tenths(chance, 50) for _ in range(2))
    return {"formula": own["formula"], "x": x, "y": y}


def _surface(given: Parameters) -> Sheet:
    from backprop_studio.core.derivatives.secants import partials

    params = SurfaceGroup(**given)
    record = partials(params.parsed(), params.point(), count=3)
    return records_sheet("partial_derivatives", given, at=record)


def _of_surface(sheet: Sheet) -> Task:
    at = sheet["at"]
    formula, point = at["formula"], at["point"]
    questions = [
        Question(
            "at.value",
            "f(x, y)",
            N_("The height of the surface at the point."),
            "",
            formula_with_numbers(formula["text"], point),
        )
    ]
    for k, name in enumerate(formula["names"]):
        derivative = at["slices"][k]["derivative"]
        questions.append(
            Question(
                f"at.partials.{k}",
                slope("f", name),
                N_("The slope along {name}, while the other variable is held."),
                derivative["typst"],
                filled(derivative["text"], point),
                words=(("name", name),),
            )
        )
        questions.append(
            Question(
                f"at.slices.{k}.intercept",
                f"f(x, y) - {slope('f', name)} dot {name}",
                N_("Where the tangent along {name} would be at {name} = 0."),
                "",
                f"{{at.value}} - {{at.partials.{k}}} dot {{at.point.{name}}}",
                words=(("name", name),),
            )
        )
    given = [Given(name, f"at.point.{name}") for name in formula["names"]]
    return Task([f"f(x, y) = {formula['typst']}"], given, questions)


DERIVATIVE = Subject(
    N_("Two secants through a point of a curve, and the tangent that they close in on."),
    _draw_curve,
    _curve,
    _of_curve,
)
PARTIAL_DERIVATIVES = Subject(
    N_("A point of a surface, and the slopes along each variable while the other is held."),
    _draw_surface,
    _surface,
    _of_surface,
)
