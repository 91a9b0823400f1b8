"""Exercises on gradients of vectors: they accumulate, need a direction, and can be cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.kit.exercises.chance import drawn_tenths, drawn_whole
from backprop_studio.render.kit.exercises.derivatives import filled
from backprop_studio.render.kit.exercises.subject import Given, Question, Subject, Task
from backprop_studio.render.kit.exercises.writing import formula_with_numbers, slope

if TYPE_CHECKING:
    from random import Random

    from backprop_studio.render.kit.exercises.subject import Parameters, Sheet

ENTRIES = 3
"""Of a vector."""

_EVERY = range(ENTRIES)


def _vector(chance: Random) -> list[float]:
    return [drawn_whole(chance, -6, 9) for _ in _EVERY]


def _given(path: str) -> list[Given]:
    return [Given(f"x_{k + 1}", f"{path}.{k}") for k in _EVERY]


# Gradients accumulate


def _draw_accumulation(chance: Random, _own: Parameters) -> Parameters:
    return {"x": _vector(chance), "power_x": drawn_tenths(chance, 30)}


def _accumulation(given: Parameters) -> Sheet:
    from backprop_studio.core.autograd.vectors import accumulation

    return records_sheet("autograd", given, autograd=accumulation(given["x"], given["power_x"]))


def _of_accumulation(sheet: Sheet) -> Task:
    path = "autograd"
    squares = " + ".join(f"{{{path}.x.{k}}}^2" for k in _EVERY)
    questions = [
        Question(f"{path}.y", "y", N_("The value of y."), "2 dot sum x_i^2", f"2 dot ({squares})"),
        *(
            Question(
                f"{path}.grad.{k}",
                slope("y", f"x_{k + 1}"),
                N_("An entry of x.grad after the backward pass of y."),
                f"4 x_{k + 1}",
                f"4 dot {{{path}.x.{k}}}",
            )
            for k in _EVERY
        ),
        Question(
            f"{path}.sum_y",
            "s",
            N_("The value of s."),
            "sum x_i",
            " + ".join(f"{{{path}.x.{k}}}" for k in _EVERY),
        ),
        *(
            Question(
                f"{path}.grad_added.{k}",
                f"g_{k + 1}",
                N_("The same entry after the backward pass of s, if nothing was zeroed."),
                f"{slope('y', f'x_{k + 1}')} + {slope('s', f'x_{k + 1}')}",
                f"{{{path}.grad.{k}}} + 1",
            )
            for k in _EVERY
        ),
        Question(f"{path}.power_y", "c", N_("The value of c."), "p^3", f"{{{path}.power_x}}^3"),
        Question(
            f"{path}.power_grad",
            slope("c", "p"),
            N_("p.grad after the backward pass of c."),
            "3 p^2",
            f"3 dot {{{path}.power_x}}^2",
        ),
    ]
    given = [*_given(f"{path}.x"), Given("p", f"{path}.power_x")]
    return Task(["y = 2 dot sum x_i^2", "s = sum x_i", "c = p^3"], given, questions)


# Backward needs a direction


def _draw_jacobian(chance: Random, own: Parameters) -> Parameters:
    x, v = _vector(chance), [drawn_tenths(chance, 20) for _ in _EVERY]
    return {"formula": own["formula"], "x": x, "v": v}


def _jacobian(given: Parameters) -> Sheet:
    from backprop_studio.core.autograd.params import JacobianGroup
    from backprop_studio.core.autograd.vectors import vector_jacobian

    return records_sheet("vector_jacobian", given, vjp=vector_jacobian(JacobianGroup(**given)))


def _of_jacobian(sheet: Sheet) -> Task:
    record = sheet["vjp"]
    formula, derivative = record["formula"], record["derivative"]
    at = [{"x": it} for it in record["x"]]
    questions = [
        Question(
            f"vjp.y.{k}",
            f"y_{k + 1}",
            N_("An entry of y."),
            f"f(x_{k + 1})",
            formula_with_numbers(formula["text"], at[k]),
        )
        for k in _EVERY
    ]
    questions += [
        Question(
            f"vjp.jacobian.{k}.{k}",
            slope(f"y_{k + 1}", f"x_{k + 1}"),
            N_("An entry on the diagonal of the Jacobian; the others are 0."),
            f"f'(x_{k + 1})",
            filled(derivative["text"], at[k]),
        )
        for k in _EVERY
    ]
    questions += [
        Question(
            f"vjp.product.{k}",
            f"g_{k + 1}",
            N_("An entry of x.grad after y.backward(v)."),
            f"v_{k + 1} dot {slope(f'y_{k + 1}', f'x_{k + 1}')}",
            f"{{vjp.v.{k}}} dot {{vjp.jacobian.{k}.{k}}}",
        )
        for k in _EVERY
    ]
    given = [*_given("vjp.x"), *(Given(f"v_{k + 1}", f"vjp.v.{k}") for k in _EVERY)]
    return Task([f"f(x) = {formula['typst']}", "y_i = f(x_i)"], given, questions)


# A gradient can be cut


def _draw_detaching(chance: Random, _own: Parameters) -> Parameters:
    return {"x": [drawn_tenths(chance, 30) for _ in _EVERY]}


def _detaching(given: Parameters) -> Sheet:
    from backprop_studio.core.autograd.vectors import detaching

    return records_sheet("detach", given, detach=detaching(given["x"]))


def _of_detaching(sheet: Sheet) -> Task:
    del sheet  # the same is asked of all numbers
    asked = (
        ("y", "y_{}", N_("An entry of y."), "x_{} dot x_{}", "{x} dot {x}"),
        ("z", "z_{}", N_("An entry of z."), "u_{} dot x_{}", "{u} dot {x}"),
        ("grad", "g_{}", N_("An entry of x.grad: u counts as a constant."), "u_{}", ""),
        ("grad_whole", "h_{}", N_("The same without detach."), "3 x_{}^2", "3 dot {x}^2"),
    )
    questions = [
        Question(
            f"detach.{path}.{k}",
            name.format(k + 1),
            text,
            rule.replace("{}", str(k + 1)),
            numbers.replace("{x}", f"{{detach.x.{k}}}").replace("{u}", f"{{detach.u.{k}}}"),
        )
        for path, name, text, rule, numbers in asked
        for k in _EVERY
    ]
    rules = ["y_i = x_i dot x_i", "u_i = y_i", "z_i = u_i dot x_i"]
    return Task(rules, _given("detach.x"), questions)


AUTOGRAD = Subject(
    N_("Two backward passes into the same x.grad, of y and then of s; and one of c."),
    _draw_accumulation,
    _accumulation,
    _of_accumulation,
)
VECTOR_JACOBIAN = Subject(
    N_("A function of each entry of a vector, its Jacobian, and what backward(v) makes of it."),
    _draw_jacobian,
    _jacobian,
    _of_jacobian,
)
DETACH = Subject(
    N_("y = x*x, u = y.detach(), z = u*x, and the backward pass of the sum of z."),
    _draw_detaching,
    _detaching,
    _of_detaching,
)
