"""Programs of lessons in which points run down a curve, a surface or the loss of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.render.kit.programs.networks import FUNCTIONS, losses_text, network_of
from backprop_studio.render.kit.programs.texts import (
    function_text,
    literal,
    numbers_of,
    optimizer_text,
    too_many,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.core.base.messages import Message


def curve_descent_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of runs down a curve over one weight."""
    runs = [(it["w"][0], it["learning_rate"], len(it["slope"])) for it in sheet["runs"]]
    text = f"""\
{function_text(sheet["curve"])}

# Each run: where it starts, its learning rate, its slopes.
{literal("runs = ", runs)}
for run, (start, learning_rate, count) in enumerate(runs):
    at = f"runs.{{run}}"
    w = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=learning_rate)
    note(at, {{"learning_rate": learning_rate, "steps": {sheet["parameters"]["steps"]!r}}})
    for k in range(count):
        optimizer.zero_grad()
        loss = f(w)
        loss.backward()
        before = w.item()
        note(f"{{at}}.w.{{k}}", w)
        note(f"{{at}}.loss.{{k}}", loss)
        note(f"{{at}}.slope.{{k}}", w.grad)
        optimizer.step()
        note(f"{{at}}.moves.{{k}}", w.item() - before)
"""
    if sheet.get("lowest"):
        text += f"""
# The lowest point of the curve in its range.
lowest = torch.tensor({sheet["lowest"]["w"]!r})
note("lowest", {{"w": lowest, "loss": f(lowest)}})
"""
    if sheet.get("ridge"):
        text += f"""
# The highest point between the first run and the lowest.
ridge = torch.tensor({sheet["ridge"]["w"]!r})
note("ridge", {{"w": ridge, "loss": f(ridge)}})
"""
    return text


_VECTORS = {
    "velocity": "momentum_buffer",
    "square_sum": "sum",
    "square_mean": "square_avg",
    "first_moment": "exp_avg",
    "second_moment": "exp_avg_sq",
}

_RUN = '''\
def run(name, start, make_optimizer, steps, ranges):
    """Let an optimizer run from a start, and note every point with its height and gradient."""
    w = torch.tensor(start, requires_grad=True)
    optimizer = make_optimizer([w])
    left_at = None
    for k in range(steps + 1):
        optimizer.zero_grad()
        height = f(*w)
        height.backward()
        state = {ours: optimizer.state.get(w, {}).get(torchs) for ours, torchs in memory.items()}
        state = {ours: vector for ours, vector in state.items() if vector is not None}
        if not all(torch.isfinite(it).all() for it in (w, height, w.grad, *state.values())):
            note(f"{name}.diverged_at", k)
            break
        if left_at is None and not all(low <= at <= high for at, (low, high) in zip(w, ranges)):
            left_at = k
        note(f"{name}.points.{k}", w)
        note(f"{name}.values.{k}", height)
        note(f"{name}.gradients.{k}", w.grad)
        for ours, vector in state.items():  # what the optimizer remembers
            note(f"{name}.vectors.{ours}.{k}", vector)
        if "first_moment" in state:  # both begin at 0, and are corrected for that
            for ours, beta in zip(("first_moment", "second_moment"), optimizer.defaults["betas"]):
                note(f"{name}.vectors.{ours}_hat.{k}", state[ours] / (1 - beta**k))
        optimizer.step()
    note(f"{name}.left_at", left_at)
'''


def surface_descent_text(sheet: Mapping[str, Any]) -> str | Message:
    """Return the program of optimizers that run down a surface, or why there is none."""
    if sheet["surface"]["kind"] != "formula" and (reason := too_many(_numbers(sheet["surface"]))):
        return reason
    return _surface_descent(sheet)


def _numbers(surface: Mapping[str, Any]) -> int:
    """Return how many numbers the loss of a network is written down with."""
    layers = sum(len(it) * (len(it[0]) + 1) for it in surface["base"]["weights"])
    return len(surface["inputs"]) * len(surface["inputs"][0]) + 3 * layers


def _surface_descent(sheet: Mapping[str, Any]) -> str:
    surface, descents = sheet["surface"], sheet["descents"]
    is_formula = surface["kind"] == "formula"
    parts = [function_text(surface["formula"]) if is_formula else _slice(sheet), ""]
    if sheet["constants"]:
        parts += [literal('note("constants", ', sheet["constants"], ")"), ""]
    parts += [
        "# The optimizers, each with the points it starts from.",
        "runs = [",
    ]
    for descent in descents:
        starts = [it["points"][0] for it in descent["paths"]]
        parts.append(f"    (lambda w: {optimizer_text(descent['optimizer'], 'w')},")
        parts.append(literal("     ", starts, "),"))
    parts += [
        "]",
        f"steps = {descents[0]['steps']!r}",
        literal("ranges = ", descents[0]["ranges"], "  # of the picture"),
        literal("memory = ", _VECTORS, "  # and torch's names"),
        "",
        "",
        _RUN,
        "",
        "for k, (make_optimizer, starts) in enumerate(runs):",
        '    note(f"descents.{k}.steps", steps)',
        "    for j, start in enumerate(starts):",
        '        run(f"descents.{k}.paths.{j}", start, make_optimizer, steps, ranges)',
        "",
    ]
    for k, descent in enumerate(descents):
        numbers = numbers_of(descent["optimizer"])
        parts.append(literal(f'note("descents.{k}.optimizer", ', numbers, ")"))
    return "\n".join(parts) + "\n"


_COSINE = (
    "",
    "# How much the two directions have in common.",
    "one, two = (torch.cat([weight.flatten() for weight, _ in it]) for it in (first, second))",
    'note("surface.cosine", one @ two / (one.norm() * two.norm()))',
    "",
)


def _slice(sheet: Mapping[str, Any]) -> str:
    """Return the loss of a network over a plane through its parameters, as a function of two."""
    surface = sheet["surface"]
    names = ", ".join(FUNCTIONS[it] for it in surface["network"]["activations"])
    planes = []
    for name in ("base", "first", "second"):
        pairs = list(zip(surface[name]["weights"], surface[name]["biases"], strict=True))
        planes.append(literal(f"{name} = layers(", pairs, ")"))
    network = network_of(sheet["parameters"], surface["network"]["sizes"])
    return "\n".join(
        [
            literal("x = torch.tensor(", surface["inputs"], ")"),
            literal("t = torch.tensor(", surface["targets"], ")"),
            "",
            "",
            "def layers(pairs):",
            '    """Return weight and bias of each layer as tensors."""',
            "    return [tuple(map(torch.tensor, pair)) for pair in pairs]",
            "",
            "",
            "# The network's parameters are base + a first + b second.",
            *planes,
            f"bends = [{names}]",
            "",
            "",
            losses_text(network),
            "",
            "def f(a, b):",
            '    """Return the loss at a point of the plane."""',
            "    out = x",
            "    for bend, *three in zip(bends, base, first, second):",
            "        weight, bias = (it + a * one + b * two for it, one, two in zip(*three))",
            "        z = F.linear(out, weight, bias)",
            "        out = bend(z)",
            "    return batch_loss(sample_losses(z, out, t))",
            "",
            *(_COSINE if surface["kind"] == "directions" else ()),
        ]
    )


def momentum_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of a descent with momentum and one without."""
    which = next(k for k, it in enumerate(sheet["descents"]) if it["optimizer"]["name"] != "sgd")
    spec = sheet["descents"][which]["optimizer"]
    return (
        _surface_descent(sheet)
        + f"""
# The velocity as the lecture writes it: v <- gamma v + eta g, and then w <- w - v.
gamma, eta = {spec["momentum"]!r}, {spec["learning_rate"]!r}
w = torch.tensor({sheet["descents"][which]["paths"][0]["points"][0]!r}, requires_grad=True)
v = torch.zeros_like(w)
note("terms", {{"kept": [v], "added": [v], "velocities": [v], "coasted": [w]}})
note("descents.{which}.paths.0.vectors.lecture_velocity.0", v)
opposed_at = None
for k in range(1, {len(sheet["terms"]["kept"])}):
    (gradient,) = torch.autograd.grad(f(*w), w)
    kept, added = gamma * v, eta * gradient
    note(f"terms.coasted.{{k}}", w - kept)
    v = kept + added
    w = (w - v).detach().requires_grad_()
    note(f"terms.kept.{{k}}", kept)
    note(f"terms.added.{{k}}", added)
    note(f"terms.velocities.{{k}}", v)
    note(f"descents.{which}.paths.0.vectors.lecture_velocity.{{k}}", v)
    # The first step after the second at which what is kept and what is added nearly cancel.
    squares = (kept**2).sum() + (added**2).sum()
    if opposed_at is None and k > 2 and -2 * (kept * added).sum() >= 0.5 * squares > 0:
        opposed_at = k
note("terms.opposed_at", opposed_at)
"""
    )
