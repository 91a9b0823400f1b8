"""Program of the lesson about the chain rule of one weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.render.kit.programs.texts import literal

if TYPE_CHECKING:
    from collections.abc import Mapping


def chain_rule_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of a weight's steps, and of the loop over samples if there is one."""
    chain, loop = sheet["chain"], sheet["loop"]
    nudges = [it["nudge"]["dw"] for it in chain["steps"]]
    text = f"""\
x, y = torch.tensor({chain["x"]!r}), torch.tensor({chain["y"]!r})
w = torch.tensor({chain["steps"][0]["w"]!r}, requires_grad=True)
optimizer = torch.optim.SGD([w], lr={chain["learning_rate"]!r})
note("chain", {{"x": x, "y": y, "learning_rate": {chain["learning_rate"]!r}}})

# Each step with how far its weight is nudged.
{literal("nudged = ", nudges)}
for k, dw in enumerate(nudged):
    at = f"chain.steps.{{k}}"
    optimizer.zero_grad()
    y_pred = w * x
    (dy_pred_dw,) = torch.autograd.grad(y_pred, w, retain_graph=True)
    y_pred.retain_grad()
    loss = (y_pred - y) ** 2
    loss.backward()
    note(at, {{"w": w, "y_pred": y_pred, "loss": loss}})
    note(at, {{"dy_pred_dw": dy_pred_dw, "dL_dy_pred": y_pred.grad, "dL_dw": w.grad}})
    note(at, {{"distance": (y_pred - y).abs()}})
    moved = (w + dw) * x
    note(f"{{at}}.nudge", {{"dw": dw, "w": w + dw, "linear_dL": w.grad * dw}})
    note(f"{{at}}.nudge", {{"y_pred": moved, "dy_pred": moved - y_pred}})
    note(f"{{at}}.nudge", {{"corner": (moved - y_pred) ** 2}})
    note(f"{{at}}.nudge", {{"distance": (moved - y).abs()}})
    note(f"{{at}}.nudge", {{"loss": (moved - y) ** 2, "dL": (moved - y) ** 2 - loss}})
    optimizer.step()
    after = w * x
    note(at, {{"w_after": w, "y_pred_after": after, "loss_after": (after - y) ** 2}})
    note(at, {{"distance_after": (after - y).abs()}})
"""
    return text + (_loop(loop) if loop else "")


def _loop(loop: Mapping[str, Any]) -> str:
    return f"""
# The loop: one sample after the other, and all of them again.
xs, ys = torch.tensor({loop["x"]!r}), torch.tensor({loop["y"]!r})
w = torch.tensor({loop["w"][0]!r}, requires_grad=True)
optimizer = torch.optim.SGD([w], lr={loop["learning_rate"]!r})
note("loop", {{"x": xs, "y": ys, "learning_rate": {loop["learning_rate"]!r}}})
note("loop", {{"test_x": {loop["test_x"]!r}, "factor": ys[0] / xs[0]}})
note("loop.w.0", w)
note("loop.epoch_w.0", w)
note("loop.before", w * {loop["test_x"]!r})
for step in range({len(loop["w"]) - 1}):
    x, y = xs[step % len(xs)], ys[step % len(xs)]
    optimizer.zero_grad()
    loss = (w * x - y) ** 2
    loss.backward()
    note(f"loop.losses.{{step}}", loss)
    note(f"loop.gradients.{{step}}", w.grad)
    optimizer.step()
    note(f"loop.w.{{step + 1}}", w)
    if (step + 1) % len(xs) == 0:
        note(f"loop.epoch_w.{{(step + 1) // len(xs)}}", w)
note("loop.after", w * {loop["test_x"]!r})
"""
