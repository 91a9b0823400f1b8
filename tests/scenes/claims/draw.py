"""Parameters drawn by chance, from what each scene's schema allows."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from tests.scenes.lesson_runs import lesson_class

GIVEN = 0.45
"""How often a field is given at all."""

ROUND = (0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 0.1, 10.0)
"""Numbers that people choose, at which slopes vanish and distances tie."""

MOST_ENTRIES, MOST_COUNT = 4, 12
"""Of a list, and of what is only told longer if there is more of it."""

CURVES = (
    *("w^2", "w^4", "abs(w)", "relu(w)", "sin(w)", "exp(w)", "1/w", "w^3", "(w - 1)^2 + 0.5"),
    *(
        "tanh(w)",
        "sqrt(w)",
        "log(w)",
        "cos(3*w) + w^2/4",
        "exp(-w^2)",
        "2*w + 1",
        "w^4 - 2*w^2 + 1",
    ),
    *("abs(w - 1)", "0.1*w^2", "w^2 - w", "sigmoid(w)", "w^2/(1 + w^2)", "relu(w - 0.5)^2"),
)
SURFACES = (
    *("x^2 + y^2", "x^2 - y^2", "x*y", "sin(x)*y", "abs(x) + y^2", "x + y", "x^2 + 3*y^2 + x*y"),
    *(
        "exp(-x^2 - y^2)",
        "x^2",
        "relu(x) + relu(y)",
        "cos(x) + cos(y)",
        "x^3 + y^3",
        "sqrt(x^2 + y^2)",
    ),
    *("(x^2 + y - 1)^2", "x^4 + y^4", "x^2*y^2"),
)
GRAPHS = (
    ("J = 3*(a + b*c)", "abc"),
    ("(x + y)*z", "xyz"),
    ("x^2*sin(x) + x", "x"),
    ("a*b + a*c", "abc"),
    ("sigmoid(w*x + b)", "wxb"),
    ("max(x, y)*2", "xy"),
    ("u = x*y; v = u + x; J = u*v", "xy"),
    ("x + 1", "x"),
    ("a/b", "ab"),
    ("(a - b)^2", "ab"),
)
ENTRYWISE = ("x^2", "sin(x)", "exp(x)", "relu(x)", "3*x", "x^3 - x", "1/x", "tanh(x)")


def drawn(name, chance):
    """Return parameters of a scene; some of them it will refuse."""
    schema = _schema(name)
    found = _group(schema, schema.get("$defs", {}), chance)
    found.pop("pace", None)
    return _FITTED.get(name, lambda given, _: given)(found, chance)


@cache
def _schema(name: str) -> dict[str, Any]:
    return lesson_class(name).Params.model_json_schema()


def _group(group: dict[str, Any], definitions: dict[str, Any], chance: Any) -> dict[str, Any]:
    return {
        key: _value(key, field, definitions, chance)
        for key, field in group.get("properties", {}).items()
        if chance.random() < GIVEN
    }


def _value(key: str, field: dict[str, Any], definitions: dict[str, Any], chance: Any) -> Any:
    more = {it: field[it] for it in field if it.startswith("x-")}
    branches = field.get("anyOf") or field.get("allOf") or [field]
    branch = {**more, **chance.choice(branches)}
    if "$ref" in branch:
        return _group(definitions[branch["$ref"].rsplit("/", 1)[1]], definitions, chance)
    if "enum" in branch:
        return chance.choice(branch["enum"])
    kind = branch.get("type")
    if kind == "boolean":
        return chance.random() < 0.5
    if kind == "integer":
        low = branch.get("minimum", 0)
        return chance.randint(low, min(branch.get("maximum", low + MOST_COUNT), low + MOST_COUNT))
    if kind == "number":
        return _number(branch, chance)
    if kind == "array":
        return _list(key, branch, definitions, chance)
    return None  # texts have no shape of their own


def _number(field: dict[str, Any], chance: Any) -> float:
    low = field.get("minimum", field.get("exclusiveMinimum", -1e6))
    high = field.get("maximum", field.get("exclusiveMaximum", 1e6))
    usual = field.get("x-range") or (max(low, -5.0), min(high, 5.0))
    way = chance.random()
    fitting = [it for it in ROUND if low < it <= high]
    if way < 0.35 and fitting:
        return chance.choice(fitting)
    if way < 0.45:
        usual = (max(low, -1e3), min(high, 1e3))
    if field.get("x-widget") == "log_slider" or usual[0] > 0:
        floor = max(usual[0], 1e-4)
        return float(
            f"{math.exp(chance.uniform(math.log(floor), math.log(max(usual[1], floor)))):.3g}"
        )
    return float(f"{chance.uniform(*usual):.3g}")


def _list(key: str, field: dict[str, Any], definitions: dict[str, Any], chance: Any) -> list[Any]:
    items = field.get("prefixItems")
    if items:
        return [_value(key, it, definitions, chance) for it in items]
    least = field.get("minItems", 1)
    count = chance.randint(
        least, max(least, min(field.get("maxItems", MOST_ENTRIES), MOST_ENTRIES))
    )
    found = [_value(key, field["items"], definitions, chance) for _ in range(count)]
    return (
        [it for k, it in enumerate(found) if it not in found[:k]]
        if "enum" in field["items"]
        else found
    )


# What fields have to do with each other, and texts


def _curve(given, chance):
    given["formula"] = chance.choice(CURVES)
    if chance.random() < 0.5:
        given["w"] = chance.choice(ROUND)
    return given


def _secants(given, chance):
    if "eps" in given:
        sizes = sorted({abs(it) or 0.5 for it in given["eps"]}, reverse=True)
        given["eps"] = [*sizes, sizes[-1] / 10][:5]
    return _curve(given, chance)


def _surface(given, chance):
    given["formula"] = chance.choice(SURFACES)
    for name in "xy":
        if chance.random() < 0.5:
            given[name] = chance.choice(ROUND)
    return given


def _landscape(group, formulas, ranges):
    def fit(given, chance):
        chosen = given.get(group) or {}
        for name in ranges:
            chosen.pop(name, None)
        chosen.pop("formula", None)
        if chosen.get("name") == "formula" or chance.random() < 0.3:
            given[group] = {"formula": chance.choice(formulas)}
            for name in ranges:
                if chance.random() < 0.3:
                    given[group][name] = [
                        -chance.choice((1.0, 2.0, 4.0)),
                        chance.choice((1.0, 3.0)),
                    ]
        elif chosen:
            given[group] = chosen
        if chance.random() < 0.4:
            given["steps"] = chance.choice((1, 2, 3, 20, 40))
        return given

    return fit


def _descents(given, chance):
    given = _landscape("surface", SURFACES, ("x_range", "y_range"))(given, chance)
    given.pop("steps", None)
    if given.get("network") not in {
        None,
        "notes",
        "small",
        "xor",
        "one_weight",
        "two_layer_sigmoid",
    }:
        given["network"] = "small"
    given.pop("slice", None)
    given.pop("optimizer", None)
    if chance.random() < 0.4:
        given["optimizer"] = {
            "name": chance.choice(("sgd", "momentum", "adam", "adamw", "adagrad"))
        }
    starts = [[chance.choice(ROUND[:7]) for _ in "xy"] for _ in range(chance.randint(1, 4))]
    given["descent"] = {"steps": chance.choice((1, 2, 5, 12, 30))}
    if chance.random() < 0.5:
        given["descent"]["starts"] = starts
    return given


def _race(given, chance):
    given = _landscape("surface", SURFACES, ("x_range", "y_range"))(given, chance)
    given["steps"] = chance.choice((1, 2, 5, 10, 20))
    if "runners" in given:
        names = chance.sample(
            ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"), 3
        )
        given["runners"] = names[: chance.randint(1, 3)]
    return given


def _network(given, chance):
    given.pop("followed", None)
    given.pop("network_drawing", None)
    names = ("one_weight", "small", "two_layer_sigmoid", "notes", "xor", "iris")
    network = {"preset": chance.choice(names)}
    for key, values in {
        "init": ("torch", "zeros", "constant", "normal", "he"),
        "activation": ("relu", "leaky_relu", "sigmoid", "tanh", "identity", "softplus"),
    }.items():
        if chance.random() < 0.4:
            network[key] = chance.choice(values)
    if chance.random() < 0.3:
        network = {"sizes": chance.choice(([1, 1], [2, 3, 1], [2, 2, 2])), **network}
        del network["preset"]
    given["network"], given["sample"] = network, 1
    given.pop("data", None)
    given.pop("optimizer", None)
    if "steps" in given:
        given["steps"] = chance.randint(1, 4)
    if chance.random() < 0.3:
        name = chance.choice(("sgd", "momentum", "nesterov", "adam", "adamw", "adagrad", "rmsprop"))
        given["optimizer"] = {"name": name}
    return given


def _chain(given, chance):
    loop = given.get("loop") or {}
    count = chance.randint(1, 3)
    loop["xs"] = [chance.choice((1.0, 2.0, 3.0, -1.0, 0.0, 0.5)) for _ in range(count)]
    loop["ys"] = [
        round(chance.choice((2.0, 1.0, 0.0)) * x + chance.choice((0.0, 0.3)), 3) for x in loop["xs"]
    ]
    loop["epochs"] = chance.choice((1, 2, 5, 12))
    return {**given, "loop": loop}


def _classes(given, chance):
    data = {"name": chance.choice(("iris", "iris", "blobs", "xor", "two_moons", "spirals"))}
    found = {"data": data, "epochs": chance.choice((1, 2, 5, 12)), "seed": chance.randint(0, 99)}
    if chance.random() < 0.7:
        found["learning_rate"] = chance.choice((1e-3, 0.05, 0.5, 5.0, 300.0))
    if chance.random() < 0.5:
        found["hidden"] = chance.choice(([1], [2], [4, 3]))
    if "activation" in given:
        found["activation"] = given["activation"]
    if data["name"] not in {"iris"} and chance.random() < 0.5:
        data["points"] = chance.choice((10, 30))
    return found


def _graph(given, chance):
    formula, names = chance.choice(GRAPHS)
    return {"formula": formula, "values": {it: chance.choice(ROUND) for it in names}}


def _entrywise(given, chance):
    count = chance.randint(1, 5)
    found = {"formula": chance.choice(ENTRYWISE), "x": [chance.choice(ROUND) for _ in range(count)]}
    return {**found, "v": [chance.choice(ROUND) for _ in range(count)]}


def _vector(given, chance):
    x = [chance.choice((*ROUND, 1e-7, 1e-9, -3.5)) for _ in range(chance.randint(1, 6))]
    return {**given, "x": [0.0] * len(x) if chance.random() < 0.1 else x}


def _line(given, chance):
    data = given.get("data") or {}
    for name in ("file", "x_column", "y_column", "header", "delimiter", "encoding"):
        data.pop(name, None)
    if chance.random() < 0.3:
        data["noise"] = 0.0
    if chance.random() < 0.2:  # a line that fits from the beginning
        given |= {"w": data.setdefault("slope", 3.0), "b": data.setdefault("intercept", 0.8)}
        data["noise"] = 0.0
    return {**given, "data": data, "steps": chance.choice((1, 2, 5, 60, 300))}


def _softmax(given, chance):
    count = chance.randint(2, 5)
    scale = chance.choice((1.0, 1.0, 10.0, 400.0))
    logits = [
        round(chance.uniform(-scale, scale) + chance.choice((0.0, -scale, scale)), 3)
        for _ in range(count)
    ]
    if chance.random() < 0.2:
        logits = [chance.choice((0.0, 1.0, -750.0))] * count
    return {**given, "logits": logits, "target": chance.randint(1, count)}


def _tensors(given, _chance):
    return {key: 1 + value % 7 for key, value in given.items()}


def _control(_given, chance):
    return {
        "a": chance.choice((*ROUND[1:], 600.0, -600.0, 500.0, 250.0, chance.uniform(-900, 900)))
    }


def _flow(given, chance):
    given["depth"] = chance.choice((2, 3, 4, 6))
    given["width"] = chance.choice((1, 3, 8))
    return given


_FITTED = {
    "derivative": _secants,
    "numerical_gradient": _curve,
    "partial_derivatives": _surface,
    "directional_derivative": _surface,
    "gradient_descent": _landscape("curve", CURVES, ("w_range",)),
    "learning_rate": _landscape("curve", CURVES, ("w_range",)),
    "loss_surface": _descents,
    "momentum": _race,
    "optimizers": _race,
    "architecture": _network,
    "backprop": _network,
    "chain_rule": _chain,
    "classification": _classes,
    "computation_graph": _graph,
    "vector_jacobian": _entrywise,
    "autograd": _vector,
    "detach": _vector,
    "linear_regression": _line,
    "softmax_cross_entropy": _softmax,
    "tensors": _tensors,
    "control_flow": _control,
    "gradient_flow": _flow,
}
