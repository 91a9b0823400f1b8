"""What lessons on networks give their lines, and what these come to."""

from __future__ import annotations

import re
from functools import partial
from types import SimpleNamespace

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from backprop_studio.core.network.passes import draw_parameters
from tests.scenes.printed.notebook import agree, leaf, sgd

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


def cross_entropy_of(network):
    """Return a network's cross-entropy of logits and classes."""
    weights = network.class_weights
    weight = None if weights is None else torch.tensor(weights)
    reduction = "sum" if network.reduction == "sum" else "mean"
    options = {"label_smoothing": network.label_smoothing or 0.0, "reduction": reduction}
    return partial(F.cross_entropy, weight=weight, **options)


def remember(notebook, memory):
    """Give an optimizer the velocities with which a lesson begins, one list per tensor."""
    for tensor, values in zip(notebook["model"].parameters(), memory or (), strict=False):
        if values:
            velocity = torch.tensor(values).reshape(tensor.shape)
            notebook["opt"].state[tensor]["momentum_buffer"] = velocity


def give_training(notebook, sheet, network, line):
    """Give what a user has of their own: the batch, the loss, and weights of classes."""
    losses = {"mse": F.mse_loss, "binary_cross_entropy": F.binary_cross_entropy}
    if network.loss == "cross_entropy":  # what a line that is too long calls loss_fn
        losses["cross_entropy"] = cross_entropy_of(network)
    notebook.give(loss_fn=losses.get(network.loss, half_squared), more=rest_of(network, line))
    kinds = torch.int64 if network.loss == "cross_entropy" else torch.get_default_dtype()
    targets = torch.tensor(sheet["targets"], dtype=kinds)
    notebook.give(batch=(torch.tensor(sheet["inputs"]), targets))
    if network.class_weights is not None:  # the user's, as the targets are
        notebook.give(w=torch.tensor(network.class_weights))


def backprop(notebook, lesson, beat, line):
    sheet, network = lesson.sheet, lesson.record.network
    if line.startswith("model"):
        give_training(notebook, sheet, network, line)
    elif beat == "update":
        call = line.partition("  # ")[2].replace("(", "([*model.parameters()], ", 1)
        notebook.give(opt=notebook.run(f"torch.optim.{call}"))
        remember(notebook, lesson.params.optimizer.memory)
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
