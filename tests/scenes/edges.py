"""What a scene's parameters allow: each number at its bounds, each choice once, from its schema."""

from __future__ import annotations

import importlib.util
from typing import Any

from tests.scenes.lesson_runs import lesson_class

Edge = tuple[tuple[str, ...], Any]
"""The path of a field, and a value at its bound."""

JUST_INSIDE = 1e-6
"""From a bound that is itself excluded."""

DEEPEST = 3


def cases(name):
    """Return the defaults, and what the scene's own tests think worth walking through."""
    module = f"tests.scenes.test_{name}"
    if importlib.util.find_spec(module) is None:
        return [{}]
    return [{}, *getattr(importlib.import_module(module), "CASES", [])]


def bounds(name):
    """Return each field at its bounds and at each other choice."""
    schema = lesson_class(name).Params.model_json_schema()
    return list(_fields(schema, schema.get("$defs", {}), ()))


def groups(name):
    """Return the fields at the top that have edges, alone or in a group."""
    return list(dict.fromkeys(path[0] for path, _ in bounds(name)))


def nested(edge):
    """Return an edge as parameters."""
    path, value = edge
    for key in reversed(path):
        value = {key: value}
    return value  # type: ignore[no-any-return]


_NO_DATA = {
    f"data.{it}"
    for it in (
        *("name", "points", "classes", "noise", "seed", "held_out", "standardise", "limit"),
        *("header", "delimiter", "encoding", "decimal", "thousands", "target_kind"),
    )
}
"""Of a data set; a network that has inputs of its own takes none, nor one of another size."""

_OTHERS = {
    f"optimizer.{it}" for it in ("momentum", "beta1", "beta2", "alpha", "eps", "lr_decay", "made")
}
"""Of optimizers other than sgd, which is the default."""

_TABLE = {f"data.{it}" for it in ("header", "delimiter", "encoding", "decimal", "thousands")}
"""Of a table, which has to be given."""

_OUTPUTS = {
    f"network.output_activation={it}"
    for it in ("relu", "leaky_relu", "sigmoid", "tanh", "gelu", "softplus")
}
"""Before cross-entropy, which takes logits."""

REFUSED: dict[str, set[str]] = {
    "architecture": _OUTPUTS | _NO_DATA | {"network.layout"},
    "backprop": _OUTPUTS | _NO_DATA | _OTHERS | {"network.layout"},
    "classification": {
        *(_NO_DATA - {"data.name", "data.seed", "data.held_out", "data.standardise"}),
        *("data.name=double", "data.name=line", "data.name=mnist", "data.name=fashion_mnist"),
        *("data.held_out=1000000", "batch_size=1", "sample=1000000"),
    },
    "gradient_descent": {"curve.name=formula"},
    "learning_rate": {"curve.name=formula"},
    "linear_regression": _TABLE,
    "loss_surface": {"surface.name=formula", "slice.second.column=1", *_OTHERS},
    "momentum": {"surface.name=formula"},
    "optimizers": {"surface.name=formula"},
    "softmax_cross_entropy": {"target=10"},
}
"""Fields, or single values, that do not fit a scene's other defaults; no other edge is refused."""


def is_refused(name, edge):
    """Whether a scene has to refuse an edge."""
    path, value = ".".join(edge[0]), edge[1]
    return bool({path, f"{path}={value}"} & REFUSED.get(name, set()))


def _fields(group, definitions, path):
    for key, field in group.get("properties", {}).items():
        here = (*path, key)
        for branch in [field, *field.get("anyOf", []), *field.get("allOf", [])]:
            if "$ref" in branch:
                target = definitions[branch["$ref"].rsplit("/", 1)[1]]
                if len(here) < DEEPEST:
                    yield from _fields(target, definitions, here)
            for value in _values(branch):
                if value != field.get("default"):
                    yield here, value


def _values(field):
    yield from field.get("enum", [])
    if field.get("type") == "boolean":
        yield from (False, True)
    if field.get("type") not in {"number", "integer"}:
        return
    for bound, inside in (("minimum", 0), ("maximum", 0)):
        if bound in field:
            yield field[bound] + inside
    step = JUST_INSIDE if field["type"] == "number" else 1
    if "exclusiveMinimum" in field:
        yield field["exclusiveMinimum"] + step
    if "exclusiveMaximum" in field:
        yield field["exclusiveMaximum"] - step
