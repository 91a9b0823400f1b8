"""Lessons as torch programs: of some scenes, the lines that come to every number shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def program_of(scene: str, sheet: Mapping[str, Any]) -> str | None:
    """Return the lines that compute a scene's numbers, or None if they are of none that is known.

    They put what they compute into ``found``, by the paths of the answer sheet.
    """
    write = _PROGRAMS.get(scene)
    return write(sheet) if write else None


def _function(formula: Mapping[str, Any]) -> str:
    from backprop_studio.core.formula import parse_formula
    from backprop_studio.core.formula.torch_text import tracked_torch

    names = list(formula["names"])
    tree = parse_formula(formula["text"], names).tree
    return f"def f({', '.join(names)}):\n    return {tracked_torch(tree, names)}\n"


def _derivative(sheet: Mapping[str, Any]) -> str:
    tangent = sheet["tangent"]
    return f"""\
{_function(tangent["formula"])}

def slope(y, x):
    \"\"\"Return dy/dx, with a graph of its own; 0 where y is no function of x.\"\"\"
    if not y.requires_grad:
        return torch.zeros_like(x)
    (found,) = torch.autograd.grad(y, x, create_graph=True, allow_unused=True)
    return torch.zeros_like(x) if found is None else found


x = torch.tensor({tangent["x"]!r}, requires_grad=True)
y = f(x)
found["tangent.x"], found["tangent.y"] = x, y
found["tangent.slope"] = slope(y, x)

# How much further on a secant ends, how much the curve rises up to there, and by that its slope.
for k, eps in enumerate({tangent["eps"]!r}):
    moved = f(x + eps)
    found[f"tangent.eps.{{k}}"], found[f"tangent.x_eps.{{k}}"] = eps, x + eps
    found[f"tangent.y_eps.{{k}}"], found[f"tangent.rises.{{k}}"] = moved, moved - y
    found[f"tangent.slopes.{{k}}"] = (moved - y) / eps
    found[f"tangent.errors.{{k}}"] = (moved - y) / eps - found["tangent.slope"]

# Taylor's coefficients: the k-th derivative by k!.
term, factorial = y, 1
for k in range({len(tangent["taylor"] or [])}):
    found[f"tangent.taylor.{{k}}"] = term / factorial
    term, factorial = slope(term, x), factorial * (k + 1)
"""


def _partial_derivatives(sheet: Mapping[str, Any]) -> str:
    at = sheet["at"]
    lines = [_function(at["formula"]), ""]
    names = list(at["point"])
    for name, value in at["point"].items():
        lines.append(f"{name} = torch.tensor({value!r}, requires_grad=True)")
        lines.append(f'found["at.point.{name}"] = {name}')
    lines += [f"z = f({', '.join(names)})", "z.backward()", 'found["at.value"] = z']
    lines += [f'found["at.partials.{k}"] = {name}.grad' for k, name in enumerate(names)]
    return "\n".join(lines) + "\n"


def _gradient_descent(sheet: Mapping[str, Any]) -> str:
    runs = [(it["w"][0], it["learning_rate"], len(it["slope"])) for it in sheet["runs"]]
    return f"""\
{_function(sheet["curve"])}

# Each run: where it starts, its learning rate, its slopes.
for run, (start, learning_rate, count) in enumerate({runs!r}):
    w = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=learning_rate)
    found[f"runs.{{run}}.learning_rate"] = learning_rate
    for k in range(count):
        optimizer.zero_grad()
        loss = f(w)
        loss.backward()
        found[f"runs.{{run}}.w.{{k}}"] = before = w.detach().clone()
        found[f"runs.{{run}}.loss.{{k}}"] = loss.detach()
        found[f"runs.{{run}}.slope.{{k}}"] = w.grad.clone()
        optimizer.step()
        found[f"runs.{{run}}.moves.{{k}}"] = w.detach() - before
    found[f"runs.{{run}}.w.{{count}}"] = w.detach().clone()
    found[f"runs.{{run}}.loss.{{count}}"] = f(w).detach()

# The lowest point of the curve in its range.
lowest = torch.tensor({sheet["lowest"]["w"]!r})
found["lowest.w"], found["lowest.loss"] = lowest, f(lowest)
"""


def _chain_rule(sheet: Mapping[str, Any]) -> str:
    chain, loop = sheet["chain"], sheet["loop"]
    nudges = [
        {name: it[name]["dw"] for name in ("nudge", "finer") if it.get(name)}
        for it in chain["steps"]
    ]
    text = f"""\
x, y = torch.tensor({chain["x"]!r}), torch.tensor({chain["y"]!r})
w = torch.tensor({chain["steps"][0]["w"]!r}, requires_grad=True)
optimizer = torch.optim.SGD([w], lr={chain["learning_rate"]!r})
found["chain.x"], found["chain.y"] = x, y
found["chain.learning_rate"] = {chain["learning_rate"]!r}

# Each step with how far its weight is nudged.
for k, nudges in enumerate({nudges!r}):
    name = f"chain.steps.{{k}}"
    optimizer.zero_grad()
    y_pred = w * x
    (found[f"{{name}}.dy_pred_dw"],) = torch.autograd.grad(y_pred, w, retain_graph=True)
    y_pred.retain_grad()
    loss = (y_pred - y) ** 2
    loss.backward()
    found[f"{{name}}.w"], found[f"{{name}}.y_pred"] = w.detach().clone(), y_pred.detach()
    found[f"{{name}}.loss"] = loss.detach()
    found[f"{{name}}.dL_dy_pred"], found[f"{{name}}.dL_dw"] = y_pred.grad, w.grad.clone()
    for nudge, dw in nudges.items():
        moved = (w.detach() + dw) * x
        lost = (moved - y) ** 2
        values = {{"dw": dw, "w": w.detach() + dw, "y_pred": moved, "loss": lost}}
        values |= {{"dy_pred": moved - y_pred.detach(), "dL": lost - loss.detach()}}
        values["ratio"] = values["dL"] / dw
        found |= {{f"{{name}}.{{nudge}}.{{key}}": value for key, value in values.items()}}
    optimizer.step()
    after = w.detach() * x
    found[f"{{name}}.w_after"], found[f"{{name}}.y_pred_after"] = w.detach().clone(), after
    found[f"{{name}}.loss_after"] = (after - y) ** 2
"""
    return text + (_loop(loop) if loop else "")


def _loop(loop: Mapping[str, Any]) -> str:
    return f"""
# The loop: one sample after the other, and all of them again.
xs, ys = torch.tensor({loop["x"]!r}), torch.tensor({loop["y"]!r})
w = torch.tensor({loop["w"][0]!r}, requires_grad=True)
optimizer = torch.optim.SGD([w], lr={loop["learning_rate"]!r})
found |= {{f"loop.x.{{k}}": it for k, it in enumerate(xs)}}
found |= {{f"loop.y.{{k}}": it for k, it in enumerate(ys)}}
found["loop.learning_rate"], found["loop.test_x"] = {loop["learning_rate"]!r}, {loop["test_x"]!r}
found["loop.factor"] = ys[0] / xs[0]
found["loop.w.0"], found["loop.before"] = w.detach().clone(), w.detach() * {loop["test_x"]!r}
step = 0
for epoch in range({loop["epochs"]!r}):
    for x, y in zip(xs, ys):
        optimizer.zero_grad()
        loss = (w * x - y) ** 2
        loss.backward()
        found[f"loop.losses.{{step}}"] = loss.detach()
        found[f"loop.gradients.{{step}}"] = w.grad.clone()
        optimizer.step()
        step += 1
        found[f"loop.w.{{step}}"] = w.detach().clone()
    found[f"loop.epoch_w.{{epoch + 1}}"] = w.detach().clone()
found["loop.epoch_w.0"] = found["loop.w.0"]
found["loop.after"] = w.detach() * {loop["test_x"]!r}
"""


_PROGRAMS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "chain_rule": _chain_rule,
    "derivative": _derivative,
    "gradient_descent": _gradient_descent,
    "partial_derivatives": _partial_derivatives,
}
