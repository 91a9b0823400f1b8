"""Program of the lesson about a line fitted to points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.render.kit.programs.texts import literal, too_many

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.core.base.messages import Message

_FIT = '''\
# The line of least squares, which the descent looks for.
X, Y = x.numpy(), y.numpy()
mean_x, variance_x = X.mean(), ((X - X.mean()) ** 2).mean()
best_w = ((X - mean_x) * (Y - Y.mean())).mean() / variance_x
best_b = Y.mean() - best_w * mean_x
best_loss = part * ((best_w * X + best_b - Y) ** 2).mean()
note("fit", {"mean_x": mean_x, "variance_x": variance_x, "best_loss": best_loss})
note("fit", {"best_w": best_w, "best_b": best_b})


def loss_of(w, b):
    return part * ((w * x + b - y) ** 2).mean()


# How the loss is bent, and the learning rate from which on it diverges.
shape = torch.tensor([[variance_x + mean_x**2, mean_x], [mean_x, 1.0]])
curvatures = torch.linalg.eigvalsh(2 * part * shape)
note("fit.curvatures", curvatures)
note("fit.largest_rate", 2 / curvatures[-1])

rows = torch.stack([x, torch.ones_like(x)], dim=1)


def descend(name, rate, steps, kept):
    """Go down from the start, and note w, b, loss and gradient at the steps that are shown."""
    w, b = (torch.tensor(it, requires_grad=True) for it in start)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    left_at = None
    for step in range(steps + 1):
        if left_at is None and not is_inside(w.item(), b.item()):
            left_at = step
        if step in kept:
            optimizer.zero_grad()
            loss = loss_of(w, b)
            loss.backward()
            at = kept[step]
            note(f"{name}.at.{at}", step)
            for key, it in {"w": w, "b": b, "loss": loss, "dL_dw": w.grad, "dL_db": b.grad}.items():
                note(f"{name}.{key}.{at}", it)
        else:
            # The same gradient, written out: autograd would take ten times as long for each of
            # so many steps. 2/N sum e x and 2/N sum e, where e is the error.
            with torch.no_grad():
                point = torch.stack([w, b])
                w.grad, b.grad = rows.T @ (rows @ point - y) * (2 * part / len(x))
        optimizer.step()
    note(name, {"learning_rate": rate, "steps": steps, "amount": rate * steps})
    note(f"{name}.left_at", left_at)
'''


def linear_regression_text(sheet: Mapping[str, Any]) -> str | Message:
    """Return the program of a line's fit, or why there is none."""
    fit = sheet["fit"]
    if reason := too_many(2 * len(fit["x"])):
        return reason
    (w_low, w_high), (b_low, b_high) = fit["ranges"]
    start = fit["run"]["w"][0], fit["run"]["b"][0]
    calls, steps = [], fit["run"]["steps"]
    for name in ("run", "slower"):
        run = fit[name]
        kept = {run["at"][k]: k for k in _shown(sheet, f"fit.{name}", len(run["at"]))}
        end = run["steps"] if run["diverged_at"] is None else run["diverged_at"] - 1
        calls.append(literal(f'descend("fit.{name}", {run["learning_rate"]!r}, {end}, ', kept, ")"))
    return "\n".join(
        [
            literal("x = torch.tensor(", fit["x"], ")"),
            literal("y = torch.tensor(", fit["y"], ")"),
            f"start = {start!r}  # w and b",
            f"part = {0.5 if fit['half'] else 1.0!r}  # of the mean of the squares",
            'note("fit", {"x": x, "y": y, "errors": start[0] * x + start[1] - y})',
            literal('note("points", ', dict(sheet["points"]), ")"),
            "",
            "",
            "def is_inside(w, b):",
            '    """Return whether a point is in the picture of the loss."""',
            f"    is_across = {w_low!r} <= w <= {w_high!r}",
            f"    return is_across and {b_low!r} <= b <= {b_high!r}",
            "",
            "",
            _FIT,
            "",
            "# The shown steps of each run, and which number of the record each is.",
            *calls,
            f'note("fit.few", {fit["few"]!r})',
            f'note("fit.amount_same", {fit["slower"]["learning_rate"]!r} * {steps!r})',
            "",
        ]
    )


def _shown(sheet: Mapping[str, Any], name: str, count: int) -> list[int]:
    """Return which of the kept steps of a run are shown."""
    found = set()
    for it in sheet["shown"]:
        words = it["name"].removeprefix(f"{name}.").split(".")
        if it["name"].startswith(f"{name}.") and len(words) == 2 and words[1].isdecimal():
            found.add(int(words[1]))
    return sorted(k for k in found if k < count)
