"""Programs of lessons about a network: a training step with all that is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.kit.programs.texts import literal, numbers_of, optimizer_text, too_many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backprop_studio.core.network.spec import NetworkSpec

_MODULES = {
    "identity": "Identity",
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "gelu": "GELU",
    "softplus": "Softplus",
}

FUNCTIONS = {
    "identity": "torch.clone",
    "relu": "torch.relu",
    "leaky_relu": "F.leaky_relu",
    "sigmoid": "torch.sigmoid",
    "tanh": "torch.tanh",
    "gelu": "F.gelu",
    "softplus": "F.softplus",
}
"""Activations as functions of torch."""


def layers_text(sizes: Sequence[int], activations: Sequence[str], name: str = "model") -> str:
    """Return the lines that build a network: a linear module and an activation for each layer."""
    lines = [f"{name} = nn.Sequential("]
    for n_in, n_out, activation in zip(sizes, sizes[1:], activations, strict=False):
        lines.append(f"    nn.Linear({n_in}, {n_out}), nn.{_MODULES[activation]}(),")
    return "\n".join([*lines, ")"])


def losses_text(network: NetworkSpec) -> str:
    """Return the two functions of a loss: of each sample, and of the batch."""
    if network.loss == "cross_entropy":
        losses = ['return F.cross_entropy(a, t, reduction="none")']
    else:
        logits = network.logits
        binary = f"binary_cross_entropy{'_with_logits(z' if logits else '(a'}"
        torch_loss = (
            f'F.{binary}, t, reduction="none")'
            if network.loss == "binary_cross_entropy"
            else 'F.mse_loss(a, t, reduction="none")'
        )
        reduce = "mean" if network.reduction == "mean" else "sum"
        losses = [
            f"losses = {torch_loss}",
            f"return losses.{reduce}(dim=1){' / 2' if network.half else ''}",
        ]
    whole = "sum" if network.reduction == "sum" else "mean"
    lines = "\n    ".join(losses)
    return f'''\
def sample_losses(z, a, t):
    """Return the loss of each sample, from the last layer's z or a."""
    {lines}


def batch_loss(losses):
    """Return the loss of the batch."""
    return losses.{whole}()
'''


_PASSES = '''\
def forward(x):
    """Return the z and the a of each layer; the last a is the network's answer."""
    zs, activations, a = [], [], x
    for linear, activation in zip(linears, bends):
        z = linear(a)
        a = activation(z)
        zs.append(z)
        activations.append(a)
    return zs, activations


def slope(activation, z):
    """Return da/dz of an activation alone."""
    z = z.detach().requires_grad_()
    (found,) = torch.autograd.grad(activation(z).sum(), z)
    return found


def note_answers(a, behind=""):
    """Note what is made of the answers."""
    {answers}


def forward_and_back():
    """Run the batch through the network, the gradients back, and note all of both."""
    zs, activations = forward(x)
    for tensor in (*zs, *activations):
        tensor.retain_grad()
    losses = sample_losses(zs[-1], activations[-1], t)
    loss = batch_loss(losses)
    model.zero_grad()
    loss.backward()
    slopes = [slope(bend, z) for bend, z in zip(bends, zs)]
    dL_da = [a.grad for a in activations]
{through_sigmoid}\
    for k, linear in enumerate(linears):
        note(f"layers.{{k}}", {{
            "weight": linear.weight, "bias": linear.bias,
            "z": zs[k], "a": activations[k], "da_dz": slopes[k],
            "dL_dz": zs[k].grad, "dL_da": dL_da[k],
            "dL_dW": linear.weight.grad, "dL_db": linear.bias.grad,
        }})
    note("sample_losses", losses)
    note("loss", loss)
    note_answers(activations[-1])
    return zs, activations, slopes, dL_da, loss.item()


def update():
    """Let the optimizer make its step, and run the batch through once more."""
    {step}
    for k, linear in enumerate(linears):
        note(f"updated.{{k}}", {{"weight": linear.weight, "bias": linear.bias}})
{memory}\
    with torch.no_grad():
        zs, activations = forward(x)
        losses = sample_losses(zs[-1], activations[-1], t)
    note("a_after", activations)
    note("sample_losses_after", losses)
    note("loss_after", batch_loss(losses))
    note_answers(activations[-1], "_after")
    return batch_loss(losses).item()
'''

_THROUGH_SIGMOID = """\
    # The loss goes to the last z at once. This is the way through a, exact also where a is
    # rounded to 0 or 1: 1 - sigmoid(z) is sigmoid(-z).
    a, rest = torch.sigmoid(zs[-1].detach()), torch.sigmoid(-zs[-1].detach())
    slopes[-1] = a * rest
    dL_da[-1] = ((1 - t) / rest - t / a) / {divisor}
"""

_MEMORIES = {
    "momentum": {"velocity": "momentum_buffer"},
    "nesterov": {"velocity": "momentum_buffer"},
    "adagrad": {"square_sum": "sum"},
    "rmsprop": {"square_mean": "square_avg"},
    "adam": {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"},
    "adamw": {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"},
}
"""What the lecture calls the vectors of an optimizer, and what torch does."""


def _memory(spec: Mapping[str, Any]) -> str:
    names = _MEMORIES.get(spec["name"])
    if names is None:
        return ""
    lines = [
        "    # What the optimizer remembers, by the lecture's names.",
        "    for k, linear in enumerate(linears):",
        '        for part in ("weight", "bias"):',
        "            state = optimizer.state.get(getattr(linear, part))",
        "            if state:",
        '                vectors = "optimizer_vectors_after"',
    ]
    for ours, torchs in names.items():
        lines.append(
            f'                note(f"{{vectors}}.{ours}.{{k}}.{{part}}", state["{torchs}"])'
        )
    if "first_moment" in names:
        for moment, key, beta in (
            ("first_moment", "exp_avg", spec["beta1"]),
            ("second_moment", "exp_avg_sq", spec["beta2"]),
        ):
            lines += [
                f'                hat = state["{key}"] / (1 - {beta!r} ** int(state["step"]))',
                f'                note(f"{{vectors}}.{moment}_hat.{{k}}.{{part}}", hat)',
            ]
    return "\n".join(lines) + "\n"


_TOLD = '''\
# One unit of the first layer: each input times its weight, and the bias.
row, sample = {row}, {sample}
note("unit", {{
    "products": linears[0].weight[row] * x[sample], "bias": linears[0].bias[row],
    "z": zs[0][sample, row], "a": activations[0][sample, row],
}})


def chain(name, layer, row, column):
    """Note the factors of one weight's gradient; of a bias the column is None."""
    linear, came_in = linears[layer], (x, *activations)[layer]
    if column is None:
        dz_dw, gradient = torch.ones(len(x)), linear.bias.grad[row]
    else:
        dz_dw, gradient = came_in[:, column], linear.weight.grad[row, column]
    factors = {{"dL_da": dL_da[layer][:, row], "da_dz": slopes[layer][:, row], "dz_dw": dz_dw}}
    note(name, factors)
    note(f"{{name}}.terms", factors["dL_da"] * factors["da_dz"] * dz_dw)
    note(f"{{name}}.gradient", gradient)
    if layer + 1 < len(linears):  # what comes back from the units behind it
        behind, weights = zs[layer + 1].grad, linears[layer + 1].weight[:, row]
        note(name, {{"next_dL_dz": behind, "next_weights": weights}})
        note(f"{{name}}.next_terms", behind * weights)


# The followed weight, and the ones that are worked out on the way back.
{chains}

# Who is to blame: the weights and biases with the largest gradients.
shares = [
    share
    for linear in linears
    for row in torch.cat([linear.weight.grad, linear.bias.grad[:, None]], dim=1).tolist()
    for share in row
]
top = sorted(shares, key=lambda share: -abs(share))[:{most}]
note("blame.count", len(shares))
note("blame.zeros", shares.count(0.0))
note("blame.top", [{{"gradient": share}} for share in top])
'''

_NUDGE = """
# The followed number moved a little, and the network really run again.
followed, place = {tensor}, {place}
old = followed[place].item()
for size in ({size!r} / 10, {size!r}):
    with torch.no_grad():
        followed[place] = old + size
        new_zs, new_activations = forward(x)
        new_loss = batch_loss(sample_losses(new_zs[-1], new_activations[-1], t)).item()
        followed[place] = old
    note("nudge.ratio" if size == {size!r} else "nudge.finer", (new_loss - loss) / size)


def note_change(name, before, after):
    note(name, {{"before": before, "after": after, "change": after - before}})


layer, row = {layer}, {row}
note("nudge.w", {{"before": old, "after": old + {size!r}, "change": {size!r}}})
for name, old, new in (("z", zs, new_zs), ("a", activations, new_activations)):
    note_change(f"nudge.{{name}}", *(it[layer][sample, row].item() for it in (old, new)))
note_change("nudge.loss", loss, new_loss)
"""


def backprop_text(sheet: Mapping[str, Any]) -> str | Message:
    """Return the program of a training step, or why there is none."""
    layers = sum(len(it["weight"]) * (len(it["weight"][0]) + 1) for it in sheet["layers"])
    if reason := too_many(len(sheet["inputs"]) * len(sheet["inputs"][0]) + layers):
        return reason
    network = network_of(sheet["parameters"], sheet["sizes"])
    if network.has_shares:
        text = N_("no program is written for class weights and label smoothing")
        return Message.of("program.shares", text)
    spec = sheet["optimizer"]
    if spec["begun"]:
        text = N_("no program is written for float32 and for an optimizer that goes on")
        return Message.of("program.begun", text)
    factors = sheet["factors"]
    layer, row, column = (factors[name] for name in ("layer", "row", "column"))
    start = [(it["weight"], it["bias"]) for it in sheet["layers"]]
    kind = "bias" if column is None else "weight"
    tensor, place = f"linears[{layer}].{kind}", f"{row}" if column is None else f"({row}, {column})"
    trained, step = _training(network)
    answers = (
        'note(f"probabilities{behind}", torch.softmax(a, dim=1))'
        if network.loss == "cross_entropy"
        else 'note(f"residuals{behind}", a - t)'
    )
    divisor = 1
    if network.reduction != "sum":
        divisor = len(sheet["inputs"]) * (network.sizes[-1] if network.reduction == "mean" else 1)
    is_binary = network.loss == "binary_cross_entropy" and network.logits
    through = _THROUGH_SIGMOID.format(divisor=divisor) if is_binary else ""
    passes = _PASSES.format(
        answers=answers, through_sigmoid=through, step=step, memory=_memory(spec)
    )
    chains = "\n".join(
        f'chain("{name}", {it["layer"]}, {it["row"]}, {it["column"]})'
        for name in ("factors", "last", "hidden", "first")
        if (it := sheet.get(name))
    )
    parts = [
        "# A sample in each row of x; what should come out of it is in t.",
        literal("x = torch.tensor(", sheet["inputs"], ")"),
        literal("t = torch.tensor(", sheet["targets"], ")"),
        'note("inputs", x)\nnote("targets", t)\n',
        "# The network, and the weights and biases with which the lesson begins.",
        layers_text(network.sizes, network.activations),
        "linears, bends = model[::2], model[1::2]",
        'note("sizes", [x.shape[1], *(linear.out_features for linear in linears)])',
        literal("start = ", start),
        "with torch.no_grad():",
        "    for linear, (weight, bias) in zip(linears, start):",
        "        linear.weight.copy_(torch.tensor(weight))",
        "        linear.bias.copy_(torch.tensor(bias))\n",
        trained,
        f"optimizer = {optimizer_text(spec, 'trained')}",
        literal('note("optimizer", ', numbers_of(spec), ")"),
        f'note("learning_rate", {spec["learning_rate"]!r})\n\n',
        losses_text(network) + "\n",
        passes + "\n",
        "# The first step, before anything is changed.",
        "zs, activations, slopes, dL_da, loss = forward_and_back()\n",
        _TOLD.format(
            row=sheet["unit"]["row"],
            sample=sheet["unit"]["sample"],
            chains=chains,
            most=max(len(sheet["blame"]["top"]), 1),
        ),
    ]
    if sheet["nudge"]:
        parts.append(
            _NUDGE.format(
                tensor=tensor,
                place=place,
                size=sheet["nudge"]["w"]["change"],
                layer=layer,
                row=row,
            ).lstrip("\n")
        )
    parts.append(
        f"""\
# The step, and the loss again.
before = {tensor}[{place}].item()
losses = [loss, update()]
after = {tensor}[{place}].item()
note("moved", {{"before": before, "after": after, "change": after - before}})

# Training goes on.
for k in range({len(sheet["steps"])}):
    zs, activations = forward(x)
    model.zero_grad()
    batch_loss(sample_losses(zs[-1], activations[-1], t)).backward()
    {step}
    with torch.no_grad():
        zs, activations = forward(x)
        losses.append(batch_loss(sample_losses(zs[-1], activations[-1], t)).item())
note("losses", losses)
"""
    )
    return "\n".join(parts)


def network_of(parameters: Mapping[str, Any], sizes: Sequence[int]) -> NetworkSpec:
    """Return what parameters say of a network but its weights, which are in the answer sheet."""
    from backprop_studio.core.network.spec import NetworkParams, resolve_network

    network = parameters["network"]
    given = {"preset": network} if isinstance(network, str) else dict(network)
    if given.get("file"):  # it may be somewhere else by now
        given |= {"file": None, "part": None, "layout": None, "sizes": sizes}
    return resolve_network(NetworkParams.model_validate(given))


def _training(network: NetworkSpec) -> tuple[str, str]:
    """Return the lines that say what is trained, and those of a step."""
    from backprop_studio.core.network.trained.masks import trained_masks

    masks = [mask for layer in trained_masks(network) for mask in layer]
    if all(mask.all() for mask in masks):
        return "trained = list(model.parameters())", "optimizer.step()"
    kept = {k: mask.tolist() for k, mask in enumerate(masks) if mask.any()}
    lines = [
        "# Only some of it is trained: of each of these tensors, where it says True.",
        literal("masks = ", kept),
        "tensors = list(model.parameters())",
        "masks = {k: torch.tensor(mask) for k, mask in masks.items()}",
        "trained = [tensors[k] for k in masks]",
    ]
    step = """\
held = [it.detach().clone() for it in trained]
    for tensor, mask in zip(trained, masks.values()):
        tensor.grad *= mask
    optimizer.step()
    with torch.no_grad():
        for tensor, mask, old in zip(trained, masks.values(), held):
            tensor.copy_(torch.where(mask, tensor, old))"""
    return "\n".join(lines), step
