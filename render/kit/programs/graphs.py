"""Program of the lesson about computation graphs: what flows back along each edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.render.kit.programs.texts import function_text, literal

if TYPE_CHECKING:
    from collections.abc import Mapping


_BOTH_PASSES = """
# Forward: each edge gets a copy of its own, so that torch can say what flows back along it.
values = {name: torch.tensor(value, requires_grad=True) for name, value in given.items()}
copies = {}
for name, function, inputs, edges in steps:
    # From right to left, as what is made last is the first to get its gradient.
    copies[name] = [values[it].clone() for it in reversed(inputs)][::-1]
    values[name] = torch.as_tensor(function(*copies[name]))
    for tensor in (*copies[name], values[name]):
        if tensor.requires_grad:
            tensor.retain_grad()

# Backward: one call for all gradients.
result = values[steps[-1][0]]
if result.requires_grad:
    result.backward()
else:  # a constant
    result.grad = torch.ones_like(result)


def gradient_of(tensor):
    return 0.0 if tensor.grad is None else tensor.grad


for k, name in enumerate(nodes):
    if name in constants:
        note(f"graph.nodes.{k}", {"value": float(constants[name])})
    else:
        note(f"graph.nodes.{k}", {"value": values[name], "gradient": gradient_of(values[name])})

# Each edge: the step differentiated alone, and what flowed along it.
for name, function, inputs, edges in steps:
    leaves = [it.detach().clone().requires_grad_() for it in copies[name]]
    slopes = torch.autograd.grad(
        function(*leaves), leaves, allow_unused=True, materialize_grads=True
    ) if leaves else ()
    for edge, local, copy in zip(edges, slopes, copies[name]):
        note(f"graph.edges.{edge}", {"local": local, "flow": gradient_of(copy)})
"""


def computation_graph_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of a formula, step by step."""
    from backprop_studio.core.formula import parse_formula
    from backprop_studio.core.formula.torch_text import formula_torch
    from backprop_studio.core.graphs.steps import Step, slotted

    graph = sheet["graph"]
    places = {(it["head"], it["place"]): k for k, it in enumerate(graph["edges"])}
    functions, rows = [], []
    for number, it in enumerate(graph["steps"]["steps"], start=1):
        formula = parse_formula(it["formula"]["text"], it["formula"]["names"])
        found = slotted(Step(it["name"], formula))
        names = [slot.name for slot in found.slots]
        text = {"text": found.formula.text, "names": names}
        functions.append(function_text(text, f"step_{number}"))
        inputs = [slot.source for slot in found.slots]
        edges = [places[it["name"], slot.place] for slot in found.slots]
        rows.append(f"    ({it['name']!r}, step_{number}, {inputs!r}, {edges!r}),")
    constants = [
        f"    {it['id']!r}: {formula_torch(parse_formula(it['symbol'], []).tree)},"
        for it in graph["nodes"]
        if it["kind"] == "constant"
    ]
    return "\n".join(
        [
            "# What is computed, one function for each step.",
            "\n\n".join(functions),
            "",
            literal("given = ", graph["values"]),
            literal('note("graph.values", ', graph["values"], ")"),
            literal('note("literals", ', sheet["literals"], ")"),
            "",
            "# Each step: its name, its function, what goes in, and the numbers of these edges.",
            "steps = [",
            *rows,
            "]",
            literal("nodes = ", [it["id"] for it in graph["nodes"]]),
            "constants = {",
            *constants,
            "}",
            _BOTH_PASSES,
        ]
    )
