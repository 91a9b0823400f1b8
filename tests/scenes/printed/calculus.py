"""What lessons on derivatives, graphs and torch give their lines, and what these come to."""

from __future__ import annotations

import numpy as np
import torch

from backprop_studio.core.formula.evaluate import evaluate
from backprop_studio.core.formula.torch_text import formula_torch
from backprop_studio.scenes.control_flow import LISTING
from tests.scenes.printed.notebook import agree, leaf


def derivative(notebook, lesson, beat, line):
    tangent = lesson.sheet["tangent"]
    notebook.give(eps=tangent["eps"][-1], ws=leaf(lesson.xs))
    notebook.names.setdefault("w", tangent["x"])
    value = yield
    if beat == "point":
        agree([notebook["w"], notebook["y"]], [tangent["x"], tangent["y"]])
    elif beat.startswith("secant_"):
        k = int(beat.removeprefix("secant_")) - 1
        # What torch and core lose in the difference of two nearly equal numbers is not the same.
        lost = 1e-15 * abs(tangent["y"]) / abs(tangent["eps"][k])
        assert abs(value.item() - tangent["slopes"][k]) <= 1e-9 * abs(tangent["slopes"][k]) + lost
    elif beat == "expansion":
        agree(value, tangent["y_eps"][-1])
    elif beat in {"tangent", "derivative"}:
        agree(notebook["w"].grad, tangent["slope"])
    elif beat == "everywhere":
        seen = np.isfinite(lesson.slopes)
        agree(value[0][torch.tensor(seen)], lesson.slopes[seen])


def numerical_gradient(notebook, lesson, beat, line):
    central, formula = lesson.sheet["central"], lesson.record.formula
    at = lesson.tried[0] if lesson.tried else None
    h = central["step"] if at is None or beat not in {"chord", "smaller"} else central["h"][at]
    if beat == "autograd":
        notebook.give(w=leaf(central["w"]), f=lambda w: evaluate(formula, {"w": w}), eta=0.1)
    notebook.give(h=h)
    value = yield
    if beat == "autograd":
        agree([notebook["y"], value], [central["value"], central["gradient"]])
    elif beat in {"chord", "picked"}:
        found = central["step_difference"] if h == central["step"] else central["differences"][at]
        agree(value, found, close=1e-6)
    elif beat == "direction":
        agree(notebook["w"], central["w"] - 0.1 * central["gradient"])


def partial_derivatives(notebook, lesson, beat, line):
    at = lesson.sheet["at"]
    if beat == "surface":
        notebook.give(x=leaf(at["point"]["x"]), y=leaf(at["point"]["y"]))
    notebook.give(f=lambda x, y: evaluate(lesson.formula, {"x": x, "y": y}))
    value = yield
    if line.startswith("z ="):
        agree(notebook["z"], at["value"])
    if beat in {"slope_x", "slope_y"}:
        agree(value[0], at["partials"][beat == "slope_y"])
    elif beat == "both":
        agree(value, at["partials"])


def directional_derivative(notebook, lesson, beat, line):
    at, heat = lesson.sheet["at"], lesson.sheet["heat"]
    x, y = at["point"].values()
    if beat in {"surface", "heat"}:
        x, y = (x, y) if beat == "surface" else heat["point"]
        notebook.give(x=leaf(x), y=leaf(y), p=at["vector"][0], q=at["vector"][1])
        notebook.give(f=lambda x, y: evaluate(lesson.formula, {"x": x, "y": y}))
        notebook.give(point=torch.tensor([x, y]))
    known = [k for k, it in enumerate(at["slopes"]) if it is not None]
    if beat == "secant":
        notebook.give(h=at["eps"][known[0]])
    elif beat in {"turn", "contour"}:
        way = (np.cos(1.0), np.sin(1.0)) if beat == "turn" else at["contour"]
        notebook.give(l=torch.tensor(way))
    value = yield
    simple = {"sum": "slope", "axes": "partials", "peak": "steepness"}
    if beat == "direction":
        agree(notebook["l"], at["cosines"])
    elif beat == "secant":
        agree(value, at["slopes"][known[0]])
    elif beat == "tangent":
        agree(value[1], at["slope"])
    elif beat in simple:
        agree(value, at[simple[beat]])
    elif beat == "turn":
        agree(value, np.dot(at["partials"], way))
    elif beat == "contour":
        assert abs(value.item()) <= 1e-9 * at["steepness"]
    elif beat == "heat":
        agree(notebook["T"], heat["temperature"])
    elif beat == "ant" and heat["steepness"]:
        agree(value, heat["downhill"])


def computation_graph(notebook, lesson, beat, line):
    graph = lesson.sheet["graph"]
    nodes = {node["id"]: node for node in graph["nodes"]}
    notebook.give(values=list(graph["values"].values()))
    for name, value in graph["values"].items():
        notebook.names.setdefault(name, value)
    runnable = None
    if " = f(" in line:  # too many steps for the board: these are what f does
        made = line.partition(" = f(")[0].split(", ")
        steps = [it for it in lesson.record.steps.steps if it.name in made]
        runnable = "; ".join(f"{it.name} = {formula_torch(it.formula.tree)}" for it in steps)
    value = yield runnable
    for name in graph["steps"]["names"]:
        if name in notebook.names:
            agree(notebook[name], nodes[name]["value"])
    if beat == "gradient":
        shown = value if isinstance(value, tuple) else (value,)
        named = line.split("; ")[-1].split(", ")
        for name, found in zip(named, shown, strict=True):
            if found is not ...:
                agree(found, nodes[name.removesuffix(".grad")]["gradient"])


def autograd(notebook, lesson, beat, line):
    sheet = lesson.sheet["autograd"]
    notebook.names.setdefault("x", sheet["x"])
    if beat == "power":
        notebook.give(x=sheet["power_x"])
    value = yield
    if beat == "vector":
        agree(notebook["x"], sheet["x"])
    elif beat in {"record", "sum", "power"}:
        names = {"record": "y", "sum": "sum_y", "power": "power_y"}
        agree(notebook["y"], sheet[names[beat]])
    elif beat in {"backward", "added", "zeroed", "slope"}:
        names = {"backward": "grad", "slope": "power_grad"}
        agree(notebook["x"].grad, sheet[names.get(beat, f"grad_{beat}")])
    elif beat == "saved":
        agree(value, sheet["x"])
    elif beat == "gradient":
        assert value.all()


def detach(notebook, lesson, beat, line):
    sheet = lesson.sheet["detach"]
    notebook.names.setdefault("x", sheet["x"])
    value = yield
    names = {"backward": "grad", "backward_of_y": "grad_y", "backward_of_whole": "grad_whole"}
    if beat in names:
        agree(value, sheet[names[beat]])
    elif beat in {"record_of_y", "product", "whole"}:
        agree(value, sum(sheet["y" if beat == "record_of_y" else "z"]))
    elif beat == "square":
        agree(notebook["y"], sheet["y"])


def vector_jacobian(notebook, lesson, beat, line):
    sheet = lesson.sheet["vjp"]
    if beat == "values":
        notebook.give(x=leaf(sheet["x"]), v=torch.tensor(sheet["v"]))
    value = yield
    if beat == "error":
        assert isinstance(value, RuntimeError)
        assert str(value).startswith(sheet["error"].rstrip("….")[:40])
    elif beat == "values":
        agree(notebook["f"](notebook["x"]), sheet["y"])
    elif beat.startswith("row_"):
        agree(value, sheet["jacobian"][int(beat.removeprefix("row_")) - 1])
    elif beat in {"jacobian", "product"}:
        agree(value, sheet[beat])
    elif beat == "shortcut":
        agree(value, sheet["product"])


def control_flow(notebook, lesson, beat, line):
    sheet = lesson.sheet["control"]
    turns = sheet["turns"]
    notebook.names.setdefault("a", sheet["a"])
    if "f" not in notebook.names:
        notebook.run("\n".join("    " * level + text for level, text in LISTING))
    runnable = None
    if line.endswith(":"):  # only its condition is looked at now
        runnable = line.split(maxsplit=1)[1].removesuffix(":")
    value = yield runnable
    if beat == "code":
        agree([notebook["a"], notebook["c"]], [sheet["a"], sheet["value"]])
    elif line.endswith(":") and line.startswith("while"):
        assert bool(value) == turns[0 if beat == "turn" else -1]["doubles"]
    elif line.startswith("if"):
        assert bool(value) == (sheet["branch"] == "positive")
    elif "b = " in line:
        agree(notebook["b"], turns[{"start": 0, "turn": 1}.get(beat, -1)]["b"])
    elif line.startswith("c ="):
        agree(notebook["c"], sheet["value"])
    elif line.endswith("a.grad"):
        agree(value, sheet["gradient"])
    elif "==" in line:
        assert bool(value) == (sheet["gradient"] == sheet["value"] / sheet["a"])


def autograd_graph(notebook, lesson, beat, line):
    nodes = lesson.sheet["tape"]["nodes"]
    leaves = {it["labels"][0]: it for it in nodes if it["kind"] == "leaf"}
    if "y" not in notebook.names:
        given = {
            name: it["value"]["values"] if it["value"]["shape"] else it["value"]["values"][0]
            for name, it in leaves.items()
        }
        notebook.give(**{name: leaf(value) for name, value in given.items()})
    runnable = line if beat in {"code", "seed", "gradients"} else None
    yield runnable
    if beat == "code":
        agree(notebook["y"], nodes[-1]["value"]["values"][0])
    elif beat == "gradients":
        for name, node in leaves.items():
            found = notebook[name].grad.reshape(-1).tolist()
            agree(found, node["gradients"][0]["values"])


def tensors(notebook, lesson, beat, line):
    value = yield
    if not isinstance(value, tuple):
        return
    rank, shape, last = value
    sheet = lesson.sheet["tensors"][rank]
    assert list(shape) == sheet["shape"]
    agree(last, sheet["count"] if "numel" in line else lesson.sheet["entries"][rank]["value"])


def softmax_cross_entropy(notebook, lesson, beat, line):
    first, moved = lesson.sheet["softmax"], lesson.sheet["moved"]
    if beat == "logits":
        scores = leaf(first["logits"])
        notebook.give(model=lambda x: 1 * scores, x=None, t=torch.tensor(first["target"]))
    has_moved = "moved" in [it.name for it in lesson.beats[: names_of(lesson).index(beat) + 1]]
    sheet = moved if has_moved else first
    value = yield
    if beat == "exponentials":
        agree(value, sheet["naive"]["exponentials"])
    elif beat in {"probabilities", "naive"}:
        agree(notebook["p"], sheet["naive"]["probabilities"])
    elif beat == "target":
        agree(value, sheet["one_hot"])
    elif beat in {"loss", "log_sum_exp"}:
        # Of large numbers that nearly cancel, the last digits are left.
        agree(notebook["loss"], sheet["loss"], close=1e-9 if sheet is first else 1e-5)
    elif beat == "gradient":
        agree(value, sheet["gradient"])
    elif beat == "moved":
        agree(notebook["z"], sheet["logits"])
    elif beat == "shift":
        agree(notebook["e"], sheet["exponentials"])
    elif beat == "cured":
        agree(notebook["p"], sheet["probabilities"])


def names_of(lesson):
    """Return the beats of a lesson in their order."""
    return [beat.name for beat in lesson.beats]
