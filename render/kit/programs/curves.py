"""Programs of lessons about slopes: of a curve, along the axes, and in any direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.render.kit.programs.texts import function_text, literal

if TYPE_CHECKING:
    from collections.abc import Mapping

_SLOPE = '''\
def slope(y, x):
    """Return dy/dx, with a graph of its own; 0 where y is no function of x."""
    if not y.requires_grad:
        return torch.zeros_like(x)
    (found,) = torch.autograd.grad(y, x, create_graph=True, allow_unused=True)
    return torch.zeros_like(x) if found is None else found
'''


def derivative_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of secants that become a tangent."""
    tangent = sheet["tangent"]
    return f"""\
{function_text(tangent["formula"])}

{_SLOPE}

x = torch.tensor({tangent["x"]!r}, requires_grad=True)
y = f(x)
note("tangent", {{"x": x, "y": y, "slope": slope(y, x)}})

# Taylor's coefficients: the k-th derivative by k!.
term, factorial = y, 1
for k in range({len(tangent["taylor"] or [])}):
    note(f"tangent.taylor.{{k}}", term / factorial)
    term, factorial = slope(term, x), factorial * (k + 1)

{_secants("tangent", tangent["eps"], "x", "y")}"""


def _secants(name: str, eps: list[float], x: str, y: str) -> str:
    return f"""\
# How much further on a secant ends, how much the curve rises up to there, and by that its slope.
for k, eps in enumerate({eps!r}):
    moved = f({x} + eps)
    note(f"{name}.eps.{{k}}", eps)
    note(f"{name}.x_eps.{{k}}", {x} + eps)
    note(f"{name}.y_eps.{{k}}", moved)
    note(f"{name}.rises.{{k}}", moved - {y})
    note(f"{name}.slopes.{{k}}", (moved - {y}) / eps)
    note(f"{name}.errors.{{k}}", (moved - {y}) / eps - slope({y}, {x}))
"""


def partial_derivatives_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of a surface's partial derivatives."""
    at = sheet["at"]
    names = list(at["point"])
    lines = [function_text(at["formula"]), ""]
    lines += [
        f"{name} = torch.tensor({value!r}, requires_grad=True)"
        for name, value in at["point"].items()
    ]
    pairs = ", ".join(f'"{name}": {name}' for name in names)
    grads = ", ".join(f"{name}.grad" for name in names)
    lines += [
        f"z = f({', '.join(names)})",
        "z.backward()",
        f'note("at.point", {{{pairs}}})',
        'note("at.value", z)',
        f'note("at.partials", [{grads}])',
    ]
    return "\n".join(lines) + "\n"


_ORDERS = '''\
# What is expected: the error of leaving out the third derivative, and that of rounding.
h = torch.tensor(steps)
errors = torch.stack([difference(it)[3] for it in steps]).detach()
third = slope(slope(gradient, w), w)
truncation = (third.abs() / 6 * h**2).detach()
rounding = (torch.finfo(h.dtype).eps * (y.abs() + (w * gradient).abs()) / h).detach()
note("central", {"truncation": truncation, "rounding": rounding})


def order(where):
    """Return the slope of the line through (log h, log error), by least squares."""
    where = where & torch.isfinite(errors) & (errors > 0)
    if where.sum() < 3:
        return math.nan
    across, up = torch.log10(h[where]), torch.log10(errors[where])
    across, up = across - across.mean(), up - up.mean()
    return (across * up).sum() / (across**2).sum()


note("central.truncation_order", order(truncation > 10 * rounding))
note("central.rounding_order", order(rounding > 10 * truncation))
'''


def numerical_gradient_text(sheet: Mapping[str, Any]) -> str:
    """Return the program that compares differences with the derivative."""
    central, sides = sheet["central"], sheet["sides"]
    return f"""\
{function_text(central["formula"])}

{_SLOPE}

w = torch.tensor({central["w"]!r}, requires_grad=True)
y = f(w)
gradient = slope(y, w)
note("central", {{"w": w, "value": y, "gradient": gradient}})


def difference(h):
    \"\"\"Return f to both sides of w, their difference for each unit, and its error.\"\"\"
    above, below = f(w.detach() + h), f(w.detach() - h)
    quotient = (above - below) / (2 * h)
    return above, below, quotient, (quotient - gradient).abs()


# The step that is told in detail.
above, below, quotient, error = difference({central["step"]!r})
note("central", {{"step": {central["step"]!r}, "step_above": above, "step_below": below}})
note("central", {{"step_difference": quotient, "step_error": error}})

# Smaller and smaller steps: first the error falls, then rounding makes it grow.
{literal("steps = ", central["h"])}
for k, h in enumerate(steps):
    above, below, quotient, error = difference(h)
    note(f"central.h.{{k}}", h)
    note(f"central.above.{{k}}", above)
    note(f"central.below.{{k}}", below)
    note(f"central.differences.{{k}}", quotient)
    note(f"central.errors.{{k}}", error)

{_ORDERS}
note("sides", {{"x": w, "y": y, "slope": gradient}})
{_secants("sides", sides["eps"], "w", "y")}"""


_DIRECTION = '''\
def tell(name, vector):
    """Note the slope at the point in the direction of a vector."""
    vector = torch.tensor(vector)
    cosines = vector / vector.norm()
    terms = gradient * cosines
    note(name, {"point": point, "value": z, "vector": vector, "length": vector.norm()})
    note(name, {"cosines": cosines, "angles": torch.arccos(cosines), "partials": gradient})
    note(name, {"terms": terms, "slope": terms.sum(), "steepness": gradient.norm()})
    uphill = gradient / gradient.norm()
    note(name, {"uphill": uphill, "downhill": -uphill, "contour": [-uphill[1], uphill[0]]})
    return cosines, terms.sum()
'''

_ANT = """\
# The ant on the hot plate: always against the gradient of the temperature.
ant = torch.tensor({point!r}, requires_grad=True)
temperature = heat(*ant)
(partials,) = torch.autograd.grad(temperature, ant)
note("heat", {{"point": ant, "temperature": temperature, "partials": partials}})
note("heat", {{"steepness": partials.norm(), "downhill": -partials / partials.norm()}})
{isotherms}
"""


def directional_derivative_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of slopes in any direction."""
    at, plate = sheet["at"], sheet["heat"]
    names = list(at["point"])
    tensors = "\n".join(
        f"{name} = torch.tensor({value!r}, requires_grad=True)"
        for name, value in at["point"].items()
    )
    pairs = ", ".join(f'"{name}": {name}' for name in names)
    listed = ", ".join(names)
    moved = ", ".join(f"{name} + h * cosines[{k}]" for k, name in enumerate(names))
    ant = _ANT.format(
        point=plate["point"],
        isotherms=literal('note("heat.isotherms", ', plate["isotherms"], ")"),
    )
    return f"""\
{function_text(at["formula"])}

{function_text(plate["formula"], "heat")}

{tensors}
z = f({listed})
gradient = torch.stack(torch.autograd.grad(z, [{listed}]))
point = {{{pairs}}}


{_DIRECTION}

tell("along_x", {sheet["along_x"]["vector"]!r})
tell("along_y", {sheet["along_y"]["vector"]!r})
cosines, slope = tell("at", {at["vector"]!r})

# Secants along the direction close in on its slope.
for k, h in enumerate({at["eps"]!r}):
    end = f({moved})
    note(f"at.eps.{{k}}", h)
    note(f"at.ends.{{k}}", [{moved}, end])
    note(f"at.slopes.{{k}}", (end - z) / h)
    note(f"at.errors.{{k}}", (end - z) / h - slope)

{ant}"""
