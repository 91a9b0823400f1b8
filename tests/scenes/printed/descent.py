"""What lessons on descent give their lines, and what these come to."""

from __future__ import annotations

import numpy as np
import torch

from backprop_studio.core.formula.evaluate import evaluate
from backprop_studio.core.network.optimizers import build_optimizer
from backprop_studio.core.network.passes import forward_pass
from backprop_studio.core.surfaces.slices import NetworkSlice
from tests.scenes.printed.notebook import agree, leaf, sgd

# One weight


def chain_rule(notebook, lesson, beat, line):
    chain = lesson.sheet["chain"]
    steps = chain["steps"]
    assert beat == "update"
    w = leaf(steps[0]["w"])
    notebook.give(w=w, opt=sgd(chain["learning_rate"], w), x=chain["x"], t=chain["y"])
    yield
    agree(notebook["loss"], steps[0]["loss"])
    agree(notebook["w"].grad, steps[0]["dL_dw"])
    agree(notebook["w"], steps[0]["w_after"])


def on_curve(notebook, lesson, number):
    run = lesson.sheet["runs"][number]
    w = leaf(run["w"][0])
    notebook.give(w=w, opt=sgd(run["learning_rate"], w), eta=run["learning_rate"])
    notebook.give(f=lambda w: evaluate(lesson.formula, {"w": w}))
    return run


def gradient_descent(notebook, lesson, beat, line):
    runs, number = lesson.sheet["runs"], 0
    if beat == "question":
        on_curve(notebook, lesson, 0)
    elif beat.startswith("start_"):
        number = int(beat.removeprefix("start_")) - 1
        if not line.startswith("for "):
            on_curve(notebook, lesson, number)
    elif beat == "step_2":  # the first step is not written in torch
        notebook["opt"].step()
    run, seen = runs[number], lesson.runs[number]
    yield
    if beat == "question":
        agree(notebook["loss"], run["loss"][0])
    elif beat == "slope":
        agree(notebook["w"].grad, run["slope"][0])
    elif beat.startswith("step_"):
        agree(notebook["w"], run["w"][int(beat.removeprefix("step_"))])
    elif (beat == "rest" and seen.verdict != "not_finite") or beat.startswith("start_"):
        is_first = beat != "rest" and not line.startswith("for ")
        agree(notebook["w"], run["w"][1 if is_first else seen.last_seen])


def learning_rate(notebook, lesson, beat, line):
    run = None
    if beat == "start":
        run = on_curve(notebook, lesson, 0)
    elif beat.startswith("rate_"):
        number = int(beat.removeprefix("rate_")) - 1
        run = on_curve(notebook, lesson, number)
    value = yield
    last = lesson.runs[-1]
    if beat == "start":
        agree([notebook["loss"], notebook["w"].grad], [run["loss"][0], run["slope"][0]])
    elif beat == "first" and lesson.runs[0].last:
        agree(notebook["w"], lesson.sheet["runs"][0]["w"][1])
    elif run:
        agree(notebook["w"], run["w"][lesson.runs[number].last_seen])
    elif beat == "compare":
        agree(value, last.loss[last.last_seen])


def linear_regression(notebook, lesson, beat, line):
    fit, name = lesson.sheet["fit"], "slower" if beat in {"slower", "more"} else "run"
    run = fit[name]
    if beat == "points":
        notebook.give(table=np.column_stack([fit["x"], fit["y"]]).tolist())
    elif beat in {"loss", "slower"}:
        w, b = leaf(run["w"][0]), leaf(run["b"][0])
        notebook.give(w=w, b=b, eta=run["learning_rate"], opt=sgd(run["learning_rate"], w, b))
        notebook.give(x=torch.tensor(fit["x"]), y=torch.tensor(fit["y"]))
    elif beat == "limit":
        x = np.array(fit["x"])
        hessian = 2 * np.array([[np.mean(x**2), x.mean()], [x.mean(), 1]])
        notebook.give(hessian=torch.tensor(hessian))
    value = yield
    ends = {"step": 1, "few": fit["few"], "train": run["steps"], "fit": run["steps"]}
    ends |= {"slower": fit["run"]["steps"], "more": run["steps"]}
    if beat == "points":
        check_points(notebook, lesson)
    elif beat == "loss":
        agree(notebook["loss"], run["loss"][0])
    elif beat == "gradient":
        agree([notebook["w"].grad, notebook["b"].grad], [run["dL_dw"][0], run["dL_db"][0]])
    elif beat == "limit":
        agree(notebook["lam"], max(fit["curvatures"]))
    elif beat in ends and (beat == "step" or not run["is_divergent"]):
        at = run["at"].index(ends[beat])
        agree([notebook["w"], notebook["b"]], [run["w"][at], run["b"][at]], close=1e-7)
        if beat == "fit":
            agree(value, [run["w"][at], run["b"][at], run["loss"][at]], close=1e-7)


def check_points(notebook, lesson):
    """Points drawn by chance are other ones each time; what holds for them is held to."""
    data, fit = lesson.params.data, lesson.sheet["fit"]
    assert len(notebook["x"]) == len(fit["x"])
    if lesson.data.is_drawn and not data.noise:
        agree(notebook["y"], data.slope * notebook["x"] + data.intercept)
    elif not lesson.data.is_drawn:
        agree([notebook["x"], notebook["y"]], [fit["x"], fit["y"]])


# Surfaces


def at_start(lesson, number):
    """Return a point at a descent's start, and its optimizer."""
    record = lesson.records[number] if hasattr(lesson, "records") else lesson.record
    w = leaf(record.paths[0].points[0])
    return w, build_optimizer(record.optimizer, [w])


def ends_of(lesson):
    """Return the paths, of those that took all their steps."""
    paths = [record.paths[0] for record in lesson.records]
    return [path if len(path.points) == lesson.params.steps + 1 else None for path in paths]


def give_race(notebook, lesson):
    runners = [at_start(lesson, k) for k in range(len(lesson.records))]
    notebook.give(runners=runners, f=lesson.landscape.value)


def check_race(notebook, lesson):
    for (w, _), path in zip(notebook["runners"], ends_of(lesson), strict=True):
        if path is not None:
            agree(w, path.points[-1], close=1e-7)


def run_down(notebook, lesson, number):
    """Let an optimizer that was printed go its whole way."""
    path = ends_of(lesson)[number]
    if path is not None:
        for _ in range(lesson.params.steps):
            notebook.run("opt.zero_grad(); f(w).backward(); opt.step()")
        agree(notebook["w"], path.points[-1], close=1e-7)


def loss_surface(notebook, lesson, beat, line):
    path, landscape = lesson.record.paths[0], lesson.landscape
    if beat == "surface":
        w, opt = at_start(lesson, 0)
        x, y = w
        notebook.give(w=w, x=x, y=y, opt=opt, f=landscape.value)
        if isinstance(landscape, NetworkSlice):
            batch, last = landscape.batch, len(landscape.network.sizes) - 1
            data = torch.tensor(batch.inputs), torch.tensor(batch.targets)
            forward = forward_pass(landscape.network, landscape.parameters(w), *data)
            layer = {f"z{last}": forward.zs[-1], f"a{last}": forward.activations[-1]}
            notebook.give(t=data[1], **layer)
    value = yield
    is_whole = len(path.points) == lesson.steps + 1
    if beat == "surface":
        agree(notebook["loss"], path.values[0])
    elif beat == "start":
        agree(notebook["w"].grad, path.gradients[0])
    elif beat == "step" and len(path.points) > 1:
        agree(notebook["w"], path.points[1])
    elif beat == "descent" and is_whole:
        agree(notebook["w"], path.points[-1], close=1e-7)
    elif beat == "ends" and is_whole:
        agree(value[1], path.values[-1], close=1e-7)


def momentum(notebook, lesson, beat, line):
    with_it, points = 0, lesson.records[0].paths[0].points
    if beat in {"crawl", "rule"}:
        notebook.give(w=at_start(lesson, with_it)[0], f=lesson.landscape.value)
    elif beat == "race":
        give_race(notebook, lesson)
    elif beat == "turn":
        for _ in range(lesson.terms.opposed_at - 3):
            notebook.run(line)
    value = yield
    ends = {"first": 1, "second": 2, "turn": lesson.terms.opposed_at}
    if beat == "crawl":
        run_down(notebook, lesson, 1)
    elif beat in ends:
        agree(notebook["w"], points[ends[beat]], close=1e-7)
    elif beat == "race":
        check_race(notebook, lesson)
    assert value is None


def optimizers(notebook, lesson, beat, line):
    if beat in {"surface", "velocity", "squares", "moments"}:
        w, opt = at_start(lesson, 0)
        x, y = w
        notebook.give(w=w, x=x, y=y, opt=opt, f=lesson.landscape.value)
    elif beat == "race":
        give_race(notebook, lesson)
    value = yield
    path = lesson.records[0].paths[0]
    if beat == "surface":
        agree(notebook["loss"], path.values[0])
    elif beat == "first" and len(path.points) > 1:
        agree(notebook["w"], path.points[1])
    elif beat in {"velocity", "squares", "moments"}:
        run_down(notebook, lesson, lesson.names.index(lesson.formulas._members(beat)[-1]))
    elif beat == "race":
        check_race(notebook, lesson)
    elif beat == "finish":
        for (_, height), path in zip(value, ends_of(lesson), strict=True):
            if path is not None:
                agree(height, path.values[-1], close=1e-6)
