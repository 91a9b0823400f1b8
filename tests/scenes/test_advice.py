"""Who does what a refusal says is no longer refused for that reason."""

from __future__ import annotations

from copy import deepcopy

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from tests.scenes.lesson_runs import lesson_class


def refused(scene, params):
    """Return what a scene says of parameters before it draws anything, or None."""
    lesson = lesson_class(scene)
    try:
        params = validate_params(lesson.Params, params)
        if scene == "computation_graph":  # what it computes depends on the room it has
            return None
        told = lesson.__new__(lesson)
        told.params = params
        lesson.compute(told)
    except InputError as error:
        return error.message
    return None


def put(path, value):
    """Return what gives a field a value; None takes the field away."""

    def follow(params, fields):
        changed = deepcopy(params)
        *outer, last = path.split(".")
        group = changed
        for name in outer:
            group = group.setdefault(name, {})
        if value is None:
            group.pop(last)
        else:
            group[last] = value(fields) if callable(value) else value
        return changed

    return follow


def said(name):
    """Return what takes a value from the sentence itself."""
    return lambda fields: fields[name]


IDENTITY = {"loss": "cross_entropy", "sizes": [2, 2], "output_activation": "relu"}
SIGMOID = {"loss": "binary_cross_entropy", "sizes": [2, 1], "output_activation": "tanh"}
MISFIT = {"sizes": [3, 3], "loss": "cross_entropy"}

ROWS = [
    (
        "loss.identity",
        "backprop",
        {"network": IDENTITY},
        put("network.output_activation", "identity"),
    ),
    ("loss.sigmoid", "backprop", {"network": SIGMOID}, put("network.output_activation", "sigmoid")),
    (
        "optimizer.number",
        "backprop",
        {"optimizer": {"name": "adam", "momentum": 0.9}},
        put("optimizer.momentum", None),
    ),
    ("direction.none", "directional_derivative", {"p": 0, "q": 0}, put("p", 1)),
    (
        "formula.missing",
        "gradient_descent",
        {"curve": {"name": "formula"}},
        put("curve.formula", "w^2"),
    ),
    (
        "formula.excluded",
        "gradient_descent",
        {"curve": {"name": "square", "formula": "w^2"}},
        put("curve.formula", None),
    ),
    (
        "curve.no_start",
        "gradient_descent",
        {"curve": {"formula": "log(w)", "w_range": [-2, 2]}, "starts": [-1]},
        put("starts", [1]),
    ),
    (
        "eps.no_value",
        "derivative",
        {"formula": "log(w)", "w": 0.5, "eps": [-1, -0.6]},
        put("eps", [-0.1, -0.01]),
    ),
    (
        "eps.no_value",
        "derivative",
        {"formula": "log(w)", "w": 0.5, "eps": [-1, -0.6]},
        put("eps", [1, 0.6]),
    ),
    ("eps.not_shrinking", "derivative", {"eps": [0.1, 1]}, put("eps", [1, 0.1])),
    ("one_weight.too_large", "chain_rule", {"x": 1e200}, put("x", 1)),
    ("formula.which", "derivative", {"formula": "1/2w"}, put("formula", said("one"))),
    ("formula.which", "derivative", {"formula": "1/2w"}, put("formula", said("other"))),
    ("formula.latex", "derivative", {"formula": r"\frac{1}{w}"}, put("formula", said("text"))),
    ("formula.python", "derivative", {"formula": "np.exp(w)"}, put("formula", said("text"))),
    ("formula.variable", "derivative", {"formula": "x"}, put("formula", said("name"))),
    (
        "hint.near",
        "derivative",
        {"formula": "Sin(w)"},
        put("formula", lambda it: it["near"] + "(w)"),
    ),
    ("formula.product", "derivative", {"formula": "ww"}, put("formula", said("product"))),
    ("formula.brackets", "derivative", {"formula": "max w"}, put("formula", "max(w, 0)")),
    ("formula.commas", "derivative", {"formula": "0,5"}, put("formula", said("number"))),
    ("formula.write", "derivative", {"formula": "cosh(w)"}, put("formula", said("text"))),
    ("formula.side", "derivative", {"formula": "y = w"}, put("formula", "w")),
    ("formula.e", "derivative", {"formula": "e(w)"}, put("formula", "exp(w)")),
    ("formula.plain", "derivative", {"formula": "\u0441os(w)"}, put("formula", "cos(w)")),
    (
        "steps.order",
        "computation_graph",
        {"formula": "J = u; u = a"},
        put("formula", "u = a; J = u"),
    ),
    (
        "steps.unused",
        "computation_graph",
        {"formula": "u = a; J = a*b"},
        put("formula", "J = a*b"),
    ),
    (
        "steps.two_signs",
        "computation_graph",
        {"formula": "u = a = b"},
        put("formula", "u = a; J = u*b"),
    ),
    (
        "runners.twice",
        "optimizers",
        {"runners": ["adam", "adam"]},
        put("runners", ["adam", "sgd"]),
    ),
    ("start.outside", "gradient_descent", {"starts": [1e6]}, put("starts", [0.5])),
]


@pytest.mark.parametrize(("code", "scene", "params", "follow"), ROWS)
def test_what_is_advised_works(code, scene, params, follow):
    message = refused(scene, params)
    assert message is not None
    (found,) = [it for it in message.every() if it.code == code]
    again = refused(scene, follow(params, found.fields))
    assert again is None, again.words()
