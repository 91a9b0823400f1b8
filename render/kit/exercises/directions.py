"""Exercises on slopes in a direction, and on slopes by differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.derivatives.params import CurveGroup, DirectionGroup
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.tree import Call, nodes
from backprop_studio.render.kit.exercises.chance import drawn_tenths
from backprop_studio.render.kit.exercises.derivatives import filled
from backprop_studio.render.kit.exercises.subject import Given, Question, Subject, Task
from backprop_studio.render.kit.exercises.writing import formula_with_numbers, slope

if TYPE_CHECKING:
    from random import Random

    from backprop_studio.render.kit.exercises.subject import Parameters, Sheet

_LEGS = ((3.0, 4.0), (4.0, 3.0), (6.0, 8.0), (8.0, 6.0))
"""Of right triangles whose sides are whole: cosines are 0.6 and 0.8."""

_CUBICS = ("w^3", "w^3 - w", "w^3 + w^2", "w^3 - 2*w", "2*w^3", "w^3 + 3*w", "w^3 - 2*w^2")


def _draw_direction(chance: Random, own: Parameters) -> Parameters:
    x, y = (drawn_tenths(chance, 50) for _ in range(2))
    p, q = (part * chance.choice((-1, 1)) for part in chance.choice(_LEGS))
    return {"formula": own["formula"], "x": x, "y": y, "p": p, "q": q}


def _direction(given: Parameters) -> Sheet:
    from backprop_studio.core.derivatives.directions import directional
    from backprop_studio.core.derivatives.secants import partials

    params = DirectionGroup(**given)
    formula, point = params.parsed(), params.point()
    record = directional(formula, point, params.vector(), count=3, directions=4)
    return records_sheet(
        "directional_derivative", given, at=record, slices=partials(formula, point, count=3).slices
    )


def _of_direction(sheet: Sheet) -> Task:
    at = sheet["at"]
    formula, point = at["formula"], at["point"]
    questions = [
        Question(
            "at.length",
            "abs((p, q))",
            N_("The length of the vector."),
            "sqrt(p^2 + q^2)",
            "sqrt({at.vector.0}^2 + {at.vector.1}^2)",
        )
    ]
    for k, (name, part, angle) in enumerate(zip("xy", "pq", ("alpha", "beta"), strict=True)):
        questions.append(
            Question(
                f"at.cosines.{k}",
                f"cos {angle}",
                N_("The part of the unit vector along {name}."),
                f"{part}/abs((p, q))",
                f"{{at.vector.{k}}}/{{at.length}}",
                words=(("name", name),),
            )
        )
    for k, name in enumerate("xy"):
        derivative = sheet["slices"][k]["derivative"]
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
            "at.slope",
            "D f",
            N_("The slope in the direction of the vector."),
            f"{slope('f', 'x')} dot cos alpha + {slope('f', 'y')} dot cos beta",
            "{at.partials.0} dot {at.cosines.0} + {at.partials.1} dot {at.cosines.1}",
        )
    )
    given = [Given(name, f"at.point.{name}") for name in formula["names"]]
    given += [Given(name, f"at.vector.{k}") for k, name in enumerate("pq")]
    return Task([f"f(x, y) = {formula['typst']}"], given, questions)


def _draw_difference(chance: Random, own: Parameters) -> Parameters:
    """Keep the lesson's formula if it is of powers alone: all else has too many digits."""
    tree = parse_formula(own["formula"], ["w"]).tree
    is_plain = not any(isinstance(it, Call) for it in nodes(tree))
    return {
        "formula": own["formula"] if is_plain else chance.choice(_CUBICS),
        "w": drawn_tenths(chance, 30),
        "h": chance.choice((0.1, 0.2, 0.5, 1.0)),
    }


def _difference(given: Parameters) -> Sheet:
    from backprop_studio.core.derivatives.differences import central_differences
    from backprop_studio.core.derivatives.secants import secants

    params = CurveGroup(formula=given["formula"], w=given["w"])
    formula, point = params.parsed(), {"w": params.w}
    record = central_differences(formula, point, step=given["h"])
    tangent = secants(formula, point, [given["h"], -given["h"]])
    return records_sheet("numerical_gradient", given, central=record, sides=tangent)


def _of_difference(sheet: Sheet) -> Task:
    central, derivative = sheet["central"], sheet["sides"]["derivative"]
    text, w, h = central["formula"]["text"], central["w"], central["step"]
    questions = [
        Question(
            f"central.step_{side}",
            f"f(w {sign} h)",
            N_("The value at one end of the chord."),
            "",
            formula_with_numbers(text, {"w": at}),
        )
        for side, sign, at in (("above", "+", w + h), ("below", "-", w - h))
    ]
    questions += [
        Question(
            "central.step_difference",
            "(f(w + h) - f(w - h))/(2 h)",
            N_("The slope of the chord."),
            "",
            "({central.step_above} - {central.step_below})/(2 dot {central.step})",
        ),
        Question(
            "central.gradient",
            "f'(w)",
            N_("The slope of the tangent."),
            derivative["typst"],
            filled(derivative["text"], {"w": w}),
        ),
        Question(
            "central.step_error",
            "Delta",
            N_("How far the two slopes are apart."),
            "",
            "abs({central.step_difference} - {central.gradient})",
        ),
    ]
    given = [Given("w", "central.w"), Given("h", "central.step")]
    return Task([f"f(w) = {central['formula']['typst']}"], given, questions)


DIRECTIONAL_DERIVATIVE = Subject(
    N_("The slope of a surface in the direction of a vector (p, q)."),
    _draw_direction,
    _direction,
    _of_direction,
)
NUMERICAL_GRADIENT = Subject(
    N_("A slope by a central difference, and the derivative that it checks."),
    _draw_difference,
    _difference,
    _of_difference,
)
