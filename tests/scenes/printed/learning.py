"""What lessons on descent and networks give their lines, and what these come to."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from backprop_studio.core.formula.evaluate import evaluate
from backprop_studio.core.network.optimizers import build_optimizer
from backprop_studio.core.network.passes import draw_parameters, forward_pass
from backprop_studio.core.surfaces.slices import NetworkSlice
from tests.scenes.printed.notebook import agree, leaf

MODULES = {
    "identity": nn.Identity,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "gelu": nn.GELU,
    "softplus": nn.Softplus,
}


def half_squared(a, t):
    return ((a - t) ** 2).sum(1).mean() / 2


def sgd(rate, *weights):
    return torch.optim.SGD(weights, lr=rate)


# One weight


def chain_rule(notebook, lesson, beat, line):
    chain = lesson.sheet["chain"]
    steps = chain["steps"]
    if beat == "forward":
        w = leaf(steps[0]["w"])
        notebook.give(w=w, opt=sgd(chain["learning_rate"], w), x=chain["x"], y=chain["y"])
    yield
    if beat == "forward":
        agree(notebook["loss"], steps[0]["loss"])
    elif beat == "backward":
        agree(notebook["w"].grad, steps[0]["dL_dw"])
    elif beat == "update":
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
        on_curve(notebook, lesson, number)
    elif beat == "end":
        ends = [run["w"][it.last_seen] for run, it in zip(runs, lesson.runs, strict=True)]
        notebook.give(ws=[leaf(it) for it in ends])
    run, seen = runs[number], lesson.runs[number]
    value = yield
    if beat == "question":
        agree(notebook["loss"], run["loss"][0])
    elif beat == "slope":
        agree(notebook["w"].grad, run["slope"][0])
    elif beat.startswith("step_"):
        agree(notebook["w"], run["w"][int(beat.removeprefix("step_"))])
    elif (beat == "rest" and seen.verdict != "not_finite") or beat.startswith("start_"):
        agree(notebook["w"], run["w"][seen.last_seen])
    elif beat == "end":
        agree(value, ends)


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


# Networks


def rest_of(network, line):
    """Return the modules of a network that have no room in its line."""
    modules = []
    for n_in, n_out, activation in zip(
        network.sizes, network.sizes[1:], network.activations, strict=False
    ):
        modules += [nn.Linear(n_in, n_out)]
        modules += [] if activation == "identity" else [MODULES[activation]()]
    return modules[len(re.findall(r"\w+\([\d, ]*\)", line.partition("(")[2])) :]


def name_layers(notebook, layers):
    """Put a record's weights into the model, and give them their names."""
    linear = [it for it in notebook["model"] if isinstance(it, nn.Linear)]
    assert len(linear) == len(layers)
    with torch.no_grad():
        for k, (module, (weight, bias)) in enumerate(zip(linear, layers, strict=True), start=1):
            module.weight.copy_(torch.as_tensor(np.array(weight)))
            module.bias.copy_(torch.as_tensor(np.array(bias)))
            notebook.give(**{f"W{k}": module.weight, f"b{k}": module.bias})


def weights_are(notebook, layers):
    for k, layer in enumerate(layers, start=1):
        agree(notebook[f"W{k}"], layer["weight"])
        agree(notebook[f"b{k}"], layer["bias"])


def gradients_are(notebook, layers):
    for k, layer in enumerate(layers, start=1):
        agree(notebook[f"W{k}"].grad, layer["dL_dW"])
        agree(notebook[f"b{k}"].grad, layer["dL_db"])


def architecture(notebook, lesson, beat, line):
    sheet = lesson.sheet["architecture"]
    if "model" not in notebook.names:
        notebook.give(more=rest_of(lesson.spec, line))
    value = yield
    if line.startswith("model"):
        layers = draw_parameters(lesson.spec).layers
        name_layers(notebook, [(weight.detach(), bias.detach()) for weight, bias in layers])
        notebook.give(x=torch.ones(*sheet["layers"][0]["input_shape"]))
    elif line.startswith("z"):
        k = int(line[1 : line.index(" ")])
        assert list(notebook[f"z{k}"].shape) == sheet["layers"][k - 1]["output_shape"]
    elif line.startswith("sum"):
        assert value == sheet["parameters"]


def backprop(notebook, lesson, beat, line):
    sheet, network = lesson.sheet, lesson.record.network
    if line.startswith("model"):
        losses = {"mse": F.mse_loss, "binary_cross_entropy": F.binary_cross_entropy}
        notebook.give(loss_fn=losses.get(network.loss, half_squared), more=rest_of(network, line))
        kinds = torch.int64 if network.loss == "cross_entropy" else torch.float64
        targets = torch.tensor(sheet["targets"], dtype=kinds)
        notebook.give(batch=(torch.tensor(sheet["inputs"]), targets))
    elif beat == "update":
        call = line.partition("  # ")[2].replace("(", "([*model.parameters()], ", 1)
        notebook.give(opt=notebook.run(f"torch.optim.{call}"))
    value = yield
    if line.startswith("model"):
        name_layers(notebook, [(it["weight"], it["bias"]) for it in sheet["layers"]])
    elif beat.startswith("forward_"):
        k = int(beat.removeprefix("forward_"))
        layer = sheet["layers"][k - 1]
        agree(notebook[f"z{k}"], layer["z"])
        if layer["activation"] != "identity":
            agree(notebook[f"a{k}"], layer["a"])
    elif beat in {"loss", "after"}:
        agree(notebook["loss"], sheet["loss" if beat == "loss" else "loss_after"])
    elif beat == "backward":
        gradients_are(notebook, sheet["layers"])
    elif beat == "blame":
        agree(value, sheet["factors"]["gradient"])
    elif beat == "update":
        weights_are(notebook, sheet["updated"])
    elif beat == "losses" and np.isfinite(lesson.records[-1].loss_after):
        weights_are(notebook, sheet["steps"][-1]["updated"])


def classification(notebook, lesson, beat, line):
    record, settings = lesson.record, lesson.settings
    data, followed = record.data, record.followed
    inputs, targets = torch.tensor(data.inputs), torch.tensor(data.targets)
    train = torch.tensor(np.array(data.train))
    if beat == "data":
        raw = torch.tensor(np.array(record.raw.inputs))
        notebook.give(x=raw, x_train=raw[train], k=0, data=[(inputs, targets)])
        notebook.give(digits=SimpleNamespace(data=16 * inputs), images=255 * inputs[:, None])
    elif beat == "network":
        notebook.give(more=rest_of(settings.network, line))
    elif beat == "plane":
        notebook.give(plane=inputs)
    elif beat == "training":
        weights = notebook["model"].parameters()
        notebook.give(loss_fn=F.cross_entropy, opt=sgd(settings.learning_rate, *weights))
        notebook.give(data=[(inputs[train], targets[train])])
        notebook.give(batches=list(batches(settings, inputs[train], targets[train])))
    elif beat in {"sample", "wrong", "answers"}:
        chosen = train if not len(data.test) else torch.tensor(np.array(data.test))
        chosen = slice(followed.row, followed.row + 1) if beat == "sample" else chosen
        notebook.give(x=inputs[chosen], t=targets[chosen])
    value = yield
    is_whole = record.course.divergence is None
    if beat == "data":
        agree(notebook["x"], data.inputs)
    elif beat == "network":
        layers = draw_parameters(settings.network).layers
        name_layers(notebook, [(weight.detach(), bias.detach()) for weight, bias in layers])
    elif beat == "plane":
        agree(value, record.predicted[0])
    elif beat == "sample" and is_whole:
        agree(value[0], followed.probabilities[-1], close=1e-6)
    elif beat == "wrong" and is_whole:
        agree(value, data.inputs[record.answers.wrong])
    elif beat == "answers" and is_whole:
        agree(value, record.answers.tally.accuracy)


def batches(settings, inputs, targets):
    """Yield all batches of all epochs, as torch's DataLoader makes them."""
    generator = torch.Generator().manual_seed(settings.seed)
    for _ in range(settings.epochs):
        order = torch.randperm(len(inputs), generator=generator)
        for rows in torch.split(order, settings.batch_size or len(inputs)):
            yield inputs[rows], targets[rows]


def gradient_flow(notebook, lesson, beat, line):
    fault, is_cured, _ = beat.partition("_cure")
    side = "cured" if is_cured else "faulty"
    if beat.startswith("not_zeroed"):
        run = lesson.sheet["descent"]
        (((weight,),),), x = run["network"]["weights"], torch.tensor(run["batch"]["inputs"])
        w, t = leaf(weight), torch.tensor(run["batch"]["targets"])
        notebook.give(w=w, opt=sgd(run["learning_rate"], w))
        notebook.give(f=lambda w: ((w * x - t) ** 2).mean())
    else:
        notebook.give(loss=leaf(1.0) * 1, layer=nn.Linear(8, 8), first=nn.Linear(2, 8))
        notebook.give(a1=torch.randn(5, 8), W2=torch.randn(8, 8), b2=torch.randn(8))
    value = yield
    if beat.startswith("not_zeroed"):
        name = "zeroed" if side == "cured" else "accumulated"
        agree(notebook["w"], run[name]["weight"][-1], close=1e-7)
    elif line.startswith("z2"):
        activation = getattr(lesson.cases[fault], side).layers[1].activation
        z = notebook["a1"] @ notebook["W2"].T + notebook["b2"]
        agree(notebook["z2"], z)
        if activation != "identity":
            agree(notebook["a2"], MODULES[activation]()(z))
    elif "xavier" in line:
        gain = 1.0 if side == "cured" else lesson.params.gain
        bound = gain * (6 / 16) ** 0.5
        assert 0.8 * bound < value.abs().max().item() <= bound
    elif "constant" in line or "zeros" in line:
        wanted = lesson.params.bias if "constant" in line else 0.0
        assert (value == wanted).all()
