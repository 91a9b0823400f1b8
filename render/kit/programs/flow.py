"""Program of the lesson about gradients that go wrong: faults, their cures, and ``zero_grad``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.render.kit.programs.networks import FUNCTIONS, losses_text
from backprop_studio.render.kit.programs.texts import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

_DRAW = '''\
def draw(init, gain=1.0, first_bias=None):
    """Return weight and bias of each layer, drawn by the seed; all weights times a gain."""
    generator = torch.Generator().manual_seed(seed)
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        weight, bias = torch.zeros(n_out, n_in), torch.zeros(n_out)
        if init == "torch":  # as nn.Linear does it
            weight.uniform_(-(n_in**-0.5), n_in**-0.5, generator=generator)
            bias.uniform_(-(n_in**-0.5), n_in**-0.5, generator=generator)
        elif init == "constant":
            weight.fill_(0.5)
        elif init == "normal":
            weight.normal_(0.0, 0.1, generator=generator)
        elif init == "xavier":
            nn.init.xavier_uniform_(weight, generator=generator)
        elif init == "he":
            nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)
        layers.append((gain * weight, bias))
    if first_bias is not None:
        layers[0][1].fill_(first_bias)
    return layers


def length(tensor):
    """Return the Euclidean length; scaled, so that no square vanishes or overflows."""
    largest = tensor.abs().max()
    return largest * (tensor / largest).norm() if largest > 0 else largest


def measure(name, layers, bends):
    """Note how long the gradient of each layer's weights is, and how steep its activation."""
    a, zs = x, []
    layers = [[it.requires_grad_() for it in layer] for layer in layers]
    for (weight, bias), bend in zip(layers, bends):
        zs.append(F.linear(a, weight, bias))
        a = bend(zs[-1])
    batch_loss(sample_losses(zs[-1], a, t)).backward()
    lengths = [length(weight.grad) for weight, _ in layers]
    for k, (z, bend) in enumerate(zip(zs, bends)):
        leaf = z.detach().requires_grad_()
        (slopes,) = torch.autograd.grad(bend(leaf).sum(), leaf)
        dead = (slopes == 0).all(dim=0).sum()  # units that are flat for every sample
        note(f"{name}.layers.{k}", {"norm_dL_dW": lengths[k], "mean_slope": slopes.abs().mean()})
        note(f"{name}.layers.{k}", {"dead": dead, "units": z.shape[1]})
    # What one layer back multiplies the gradient by, on average.
    ratio = lengths[0] / lengths[-1]
    note(f"{name}.factor", ratio ** (1 / (len(lengths) - 1)) if ratio > 0 else math.nan)
'''


def gradient_flow_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of faults and cures, and of steps with and without ``zero_grad``."""
    parts = []
    if sheet["flow"]:
        parts.append(_faults(sheet))
    if sheet["descent"]:
        parts.append(_descents(sheet))
    return "\n".join(parts)


def _faults(sheet: Mapping[str, Any]) -> str:
    from backprop_studio.core.training.gradient_flow_params import GradientFlowGroup

    given = sheet["parameters"]
    fields = {name: given[name] for name in GradientFlowGroup.model_fields if name in given}
    params = GradientFlowGroup.model_validate(fields)
    network, batch = params.deep_network(), params.deep_batch()
    calls = []
    for fault, case in sheet["flow"].items():
        for side in ("faulty", "cured"):
            spec = case[side]["network"]
            words = [repr(spec["init"])]
            if spec["weights"] is not None:
                words.append(f"gain={given['gain']!r}")
            if spec["biases"] is not None:
                words.append(f"first_bias={given['bias']!r}")
            hidden, last = (FUNCTIONS[spec["activations"][k]] for k in (0, -1))
            bends = f"[{hidden}] * {len(spec['activations']) - 1} + [{last}]"
            calls.append(f'measure("flow.{fault}.{side}", draw({", ".join(words)}), {bends})')
    return "\n".join(
        [
            "# Points of two kinds, and a deep network.",
            literal("x = torch.tensor(", batch.inputs.tolist(), ")"),
            literal("t = torch.tensor(", batch.targets.tolist(), ")"),
            f"sizes, seed = {list(network.sizes)!r}, {network.seed!r}",
            "",
            "",
            losses_text(network),
            "",
            _DRAW,
            "",
            "# Each fault, and its cure.",
            *calls,
            "",
        ]
    )


def _descents(sheet: Mapping[str, Any]) -> str:
    descent = sheet["descent"]
    network, batch = descent["network"], descent["batch"]
    weight, bias = network["weights"][0], (network["biases"] or [[0.0]])[0]
    counts = {name: len(descent[name]["weight"]) for name in ("zeroed", "accumulated")}
    return f"""\
# One weight that descends twice: with zero_grad before each step, and without.
x, t = torch.tensor({batch["inputs"]!r}), torch.tensor({batch["targets"]!r})
note("steps", {sheet["steps"]!r})
for name, count in {counts!r}.items():
    weight = torch.tensor({weight!r}, requires_grad=True)
    bias = torch.tensor({bias!r}, requires_grad={network["train_biases"]!r})
    trained = [it for it in (weight, bias) if it.requires_grad]
    optimizer = torch.optim.SGD(trained, lr={descent["learning_rate"]!r})
    for k in range(count):
        if name == "zeroed":
            optimizer.zero_grad()
        loss = F.mse_loss(F.linear(x, weight, bias), t)
        (own,) = torch.autograd.grad(loss, weight, retain_graph=True)
        loss.backward()  # adds to what is in .grad
        note(f"descent.{{name}}.losses.{{k}}", loss)
        note(f"descent.{{name}}.weight.{{k}}", weight.item())
        note(f"descent.{{name}}.weight_own.{{k}}", own.item())
        note(f"descent.{{name}}.weight_used.{{k}}", weight.grad.item())
        optimizer.step()
"""
