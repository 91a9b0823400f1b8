"""Exercises worked out once more, with numpy and from the parameters alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

TINY = 1e-30
"""A step into the complex plane: the derivative's error is its square."""


def function(text):
    """Return a formula as Python has it; for these tests only, whose formulas are their own."""
    code = compile(text.replace("^", "**"), "formula", "eval")
    return lambda **values: eval(code, {}, values)


def derivative(f, name, **at):
    moved = at | {name: at[name] + 1j * TINY}
    return complex(f(**moved)).imag / TINY


def chain_rule(p):
    w, found = p["w"], {"chain.x": p["x"], "chain.y": p["y"]}
    found["chain.learning_rate"] = p["learning_rate"]
    for k in range(p["steps"]):
        y = w * p["x"]
        dL_dy = 2 * (y - p["y"])
        after = w - p["learning_rate"] * dL_dy * p["x"]
        names = ("w", "y_pred", "loss", "dL_dy_pred", "dy_pred_dw", "dL_dw", "w_after")
        values = (w, y, (y - p["y"]) ** 2, dL_dy, p["x"], dL_dy * p["x"], after)
        found |= {f"chain.steps.{k}.{it}": v for it, v in zip(names, values, strict=True)}
        w = after
    return found


def derivative_lesson(p):
    f, w = function(p["formula"]), p["w"]
    slope = derivative(f, "w", w=w)
    found = {"tangent.x": w, "tangent.y": f(w=w), "tangent.slope": slope}
    found["tangent.intercept"] = f(w=w) - slope * w
    for k, eps in enumerate(p["eps"]):
        there = f(w=w + eps)
        values = {"eps": eps, "y_eps": there, "rises": there - f(w=w)}
        values["slopes"] = (there - f(w=w)) / eps
        found |= {f"tangent.{name}.{k}": value for name, value in values.items()}
    return found


def partial_derivatives(p):
    f, at = function(p["formula"]), {"x": p["x"], "y": p["y"]}
    found = {"at.value": f(**at)}
    for k, name in enumerate("xy"):
        slope = derivative(f, name, **at)
        found[f"at.point.{name}"] = at[name]
        found[f"at.partials.{k}"] = slope
        found[f"at.slices.{k}.intercept"] = f(**at) - slope * at[name]
    return found


def gradient_descent(p):
    f, w, found = function(p["curve"]["formula"]), p["starts"][0], {}
    found["runs.0.learning_rate"] = p["learning_rate"]
    for k in range(p["steps"] + 1):
        slope = derivative(f, "w", w=w)
        found |= {f"runs.0.w.{k}": w, f"runs.0.loss.{k}": f(w=w), f"runs.0.slope.{k}": slope}
        w -= p["learning_rate"] * slope
    return found


def momentum(p):
    f = function(p["surface"]["formula"])
    at, velocity = np.array(p["start"], dtype=float), np.zeros(2)
    found = {"parameters.gamma": p["gamma"], "parameters.learning_rate": p["learning_rate"]}
    path = "descents.0.paths.0"
    for k in range(p["steps"] + 1):
        slopes = np.array([derivative(f, it, x=at[0], y=at[1]) for it in "xy"])
        for j in (0, 1):
            found[f"{path}.points.{k}.{j}"] = at[j]
            found[f"{path}.gradients.{k}.{j}"] = slopes[j]
            found[f"{path}.vectors.lecture_velocity.{k}.{j}"] = velocity[j]
        velocity = p["gamma"] * velocity + p["learning_rate"] * slopes
        at = at - velocity
    return found


def loss_surface(p):
    f, path = function(p["surface"]["formula"]), "descents.0.paths.0"
    found = {"parameters.learning_rate": p["learning_rate"]}
    at = np.array(p["descent"]["starts"][0], dtype=float)
    for k in range(p["descent"]["steps"] + 1):
        slopes = np.array([derivative(f, it, x=at[0], y=at[1]) for it in "xy"])
        found[f"{path}.values.{k}"] = f(x=at[0], y=at[1])
        for j in (0, 1):
            found |= {f"{path}.points.{k}.{j}": at[j], f"{path}.gradients.{k}.{j}": slopes[j]}
        at = at - p["learning_rate"] * slopes
    return found


def optimizers(p):
    """By the rules of torch's documentation, in the lesson's order."""
    f, eta = function(p["surface"]["formula"]), p["learning_rate"]

    def slopes(at):
        return np.array([derivative(f, it, x=at[0], y=at[1]) for it in "xy"])

    def sgd(history):
        return history[-1]

    def adagrad(history):
        return history[-1] / (np.sqrt(sum(g**2 for g in history)) + 1e-10)

    def rmsprop(history):
        mean = np.zeros(2)
        for g in history:
            mean = 0.99 * mean + 0.01 * g**2
        return history[-1] / (np.sqrt(mean) + 1e-8)

    def adam(history):
        m, v = np.zeros(2), np.zeros(2)
        for g in history:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        t = len(history)
        return m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)

    found = {"parameters.learning_rate": eta}
    for number, rule in {0: sgd, 3: adagrad, 4: rmsprop, 5: adam}.items():
        at, history = np.array(p["start"], dtype=float), []
        for k in range(p["steps"] + 1):
            history.append(slopes(at))
            for j in (0, 1):
                path = f"descents.{number}.paths.0"
                found[f"{path}.points.{k}.{j}"] = at[j]
                found[f"{path}.gradients.{k}.{j}"] = history[-1][j]
            at = at - eta * rule(history)
    return found


def tensors(p):
    image = (p["height"], p["width"], p["channels"])
    found = {}
    for rank, shape in {2: (p["rows"], p["columns"]), 3: image, 4: (p["frames"], *image)}.items():
        found |= {f"tensors.{rank}.shape.{k}": size for k, size in enumerate(shape)}
        found[f"tensors.{rank}.count"] = np.zeros(shape).size
    return found


def control_flow(p):
    b, found = 2 * p["a"], {"control.a": p["a"]}
    turns, factor = 0, 100 if p["a"] < 0 else 1
    while True:
        found[f"control.turns.{turns}.b"] = b
        if abs(b) >= 1000:
            break
        b, turns = 2 * b, turns + 1
    return found | {"control.value": factor * b, "control.gradient": factor * 2 ** (turns + 1)}


def linear_regression(p):
    x, y = np.array(p["x"]), np.array(p["y"])
    half = 0.5 if p["half"] else 1.0
    w, b, eta = p["w"], p["b"], p["learning_rate"]
    e = w * x + b - y
    dw, db = half * 2 * np.mean(e * x), half * 2 * np.mean(e)
    found = {f"fit.{name}.{k}": v for name, row in (("x", x), ("y", y), ("errors", e))
             for k, v in enumerate(row)}  # fmt: skip
    found |= {"fit.run.loss.0": half * np.mean(e**2), "fit.run.learning_rate": eta}
    found |= {"fit.run.dL_dw.0": dw, "fit.run.dL_db.0": db, "fit.run.w.0": w, "fit.run.b.0": b}
    return found | {"fit.run.w.1": w - eta * dw, "fit.run.b.1": b - eta * db}


def softmax_cross_entropy(p):
    z, target = np.array(p["logits"]), p["target"] - 1
    powers, one_hot = np.exp(z), np.eye(len(z))[target]
    shares = powers / powers.sum()
    found = {"softmax.naive.total": powers.sum(), "softmax.loss": -np.log(shares[target])}
    rows = {"logits": z, "naive.exponentials": powers, "probabilities": shares}
    rows |= {"one_hot": one_hot, "gradient": shares - one_hot}
    return found | {
        f"softmax.{name}.{k}": v for name, row in rows.items() for k, v in enumerate(row)
    }


def backprop(p):
    (W1, W2), (b1, b2) = (
        [np.array(it, dtype=float) for it in p["network"][name]] for name in ("weights", "biases")
    )
    x, t = np.array(p["data"]["inputs"][0]), np.array(p["data"]["targets"][0])
    z1 = W1 @ x + b1
    a1 = np.maximum(z1, 0)
    out = W2 @ a1 + b2
    d2 = out - t
    slopes = (z1 > 0).astype(float)
    d1 = (W2.T @ d2) * slopes
    grads = np.outer(d1, x), np.outer(d2, a1)
    eta = p["learning_rate"]
    arrays = {
        "inputs.0": x, "targets.0": t, "layers.0.z.0": z1, "layers.0.a.0": a1, "layers.1.a.0": out,
        "layers.0.da_dz.0": slopes, "layers.0.dL_dz.0": d1, "layers.1.dL_dz.0": d2,
        "layers.0.weight": W1, "layers.1.weight": W2, "layers.0.bias": b1, "layers.1.bias": b2,
        "layers.0.dL_dW": grads[0], "layers.1.dL_dW": grads[1],
        "updated.0.weight": W1 - eta * grads[0], "updated.1.weight": W2 - eta * grads[1],
    }  # fmt: skip
    found = {"loss": 0.5 * float(d2 @ d2), "learning_rate": eta}
    for name, array in arrays.items():
        for place, value in np.ndenumerate(array):
            found[".".join([name, *map(str, place)])] = float(value)
    return found


def computation_graph(p):
    """The lesson's own formula: v = b c, u = a + v, J = 3 u."""
    a, b, c = (p["values"][it] for it in "abc")
    assert p["formula"] == "v = b*c; u = a + v; J = 3*u"
    v = b * c
    values = {"a": a, "b": b, "c": c, "v": v, "u": a + v, "J": 3 * (a + v)}
    gradients = {"a": 3, "b": 3 * c, "c": 3 * b, "v": 3, "u": 3, "J": 1}
    locals_ = {("b", "v"): c, ("c", "v"): b, ("a", "u"): 1, ("v", "u"): 1, ("u", "J"): 3}
    return values, gradients, locals_


def learning_rate(p):
    f, found = function(p["curve"]["formula"]), {}
    for r, rate in enumerate(p["learning_rates"]):
        w = p["start"]
        found[f"runs.{r}.learning_rate"] = rate
        for k in range(p["steps"] + 1):
            slope = derivative(f, "w", w=w)
            found |= {f"runs.{r}.w.{k}": w, f"runs.{r}.slope.{k}": slope}
            w -= rate * slope
    return found


def directional_derivative(p):
    f, at = function(p["formula"]), {"x": p["x"], "y": p["y"]}
    vector = np.array([p["p"], p["q"]])
    unit = vector / np.linalg.norm(vector)
    slopes = np.array([derivative(f, it, **at) for it in "xy"])
    found = {"at.length": np.linalg.norm(vector), "at.slope": slopes @ unit}
    found |= {f"at.point.{it}": at[it] for it in "xy"}
    rows = {"vector": vector, "cosines": unit, "partials": slopes}
    return found | {f"at.{name}.{k}": v for name, row in rows.items() for k, v in enumerate(row)}


def numerical_gradient(p):
    f, w, h = function(p["formula"]), p["w"], p["h"]
    above, below, slope = f(w=w + h), f(w=w - h), derivative(f, "w", w=w)
    chord = (above - below) / (2 * h)
    values = {"w": w, "step": h, "step_above": above, "step_below": below, "gradient": slope}
    values |= {"step_difference": chord, "step_error": abs(chord - slope)}
    return {f"central.{name}": value for name, value in values.items()}


def architecture(p):
    sizes = p["network"]["sizes"]
    found = {f"architecture.sizes.{k}": it for k, it in enumerate(sizes)}
    total = 0
    for k, (n_in, n_out) in enumerate(pairwise(sizes)):
        arrays = np.zeros((n_out, n_in)), np.zeros(n_out)
        found[f"architecture.layers.{k}.weights"] = arrays[0].size
        found[f"architecture.layers.{k}.parameters"] = sum(it.size for it in arrays)
        total += sum(it.size for it in arrays)
    return found | {"architecture.parameters": total}


def rows_of(name, **rows):
    return {f"{name}.{it}.{k}": v for it, row in rows.items() for k, v in enumerate(row)}


def autograd(p):
    x = np.array(p["x"])
    found = rows_of("autograd", x=x, grad=4 * x, grad_added=4 * x + np.ones(len(x)))
    p = p["power_x"]
    found |= {
        "autograd.power_x": p,
        "autograd.power_y": p * p * p,
        "autograd.power_grad": 3 * p * p,
    }
    return found | {"autograd.y": 2 * x @ x, "autograd.sum_y": np.add.reduce(x)}


def vector_jacobian(p):
    f, x, v = function(p["formula"]), np.array(p["x"]), np.array(p["v"])
    J = np.diag([derivative(f, "x", x=it) for it in x])
    found = rows_of("vjp", x=x, v=v, y=[f(x=it) for it in x], product=v @ J)
    return found | {f"vjp.jacobian.{i}.{j}": it for (i, j), it in np.ndenumerate(J)}


def detach(p):
    x = np.array(p["x"])
    found = rows_of("detach", x=x, y=x**2, u=x**2, z=x**3, grad=x**2)
    return found | rows_of("detach", grad_whole=3 * x**2)


BY_HAND = {
    "learning_rate": learning_rate,
    "directional_derivative": directional_derivative,
    "numerical_gradient": numerical_gradient,
    "architecture": architecture,
    "autograd": autograd,
    "vector_jacobian": vector_jacobian,
    "detach": detach,
    "chain_rule": chain_rule,
    "derivative": derivative_lesson,
    "partial_derivatives": partial_derivatives,
    "gradient_descent": gradient_descent,
    "momentum": momentum,
    "loss_surface": loss_surface,
    "optimizers": optimizers,
    "tensors": tensors,
    "control_flow": control_flow,
    "linear_regression": linear_regression,
    "softmax_cross_entropy": softmax_cross_entropy,
    "backprop": backprop,
}
