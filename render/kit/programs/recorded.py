"""Programs of lessons about what torch records: functions, and what flows back between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.render.kit.programs.texts import function_text, literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WATCH = '''\
hooks, arrived = [], {}


def watch(name, functions, edges):
    """Note what comes to each recorded function on the way back, and what each edge carries.

    An edge is known by its head and by which of the head's inputs it is.
    """
    while hooks:  # of the graph before
        hooks.pop().remove()

    def comes(gradients, k):
        arrived[k] = [None if it is None else it.clone() for it in gradients]
        note(f"{name}.nodes.{k}.gradients", arrived[k])

    def goes_on(sent, k):
        for edge, (head, place) in edges.items():
            if head == k and sent[place] is not None:
                note(f"{name}.edges.{edge}.gradient", sent[place])

    for k, function in enumerate(functions):
        hooks.append(function.register_prehook(lambda gradients, k=k: comes(gradients, k)))
        hooks.append(function.register_hook(lambda sent, _, k=k: goes_on(sent, k)))


'''


def _graph(record: Mapping[str, Any], name: str, end: str, tensors: Mapping[str, str]) -> str:
    """Return the lines that read a recorded graph and watch it; a backward pass is to follow.

    Parameters
    ----------
    end : str
        What the tensor is called at which the backward pass starts.
    tensors : mapping
        What the named tensors are called in the program.
    """
    lines = [f"# What torch recorded behind {end}, from there backwards."]
    nodes = [it for it in record["nodes"] if it["kind"] != "constant"]
    places = {it["id"]: k for k, it in enumerate(nodes)}
    for k, node in enumerate(nodes):
        found = _way_to(node, k, record, places, tensors) if k else f"{end}.grad_fn"
        begin = f"functions.append({found})" if k else f"functions = [{found}]"
        lines.append(f"{begin}  # {node['name']}")
        lines += _saved(node, f"{name}.nodes.{k}", k)
    edges = {
        k: (places[it["head"]], it["place"])
        for k, it in enumerate(record["edges"])
        if it["kind"] == "gradient"
    }
    for k, it in enumerate(record["tensors"]):
        lines.append(f'note("{name}.tensors.{k}.value", {tensors[it["name"]]})')
    lines.append(literal(f'watch("{name}", functions, ', edges, ")"))
    return "\n".join(lines) + "\n"


def _way_to(
    node: Mapping[str, Any],
    number: int,
    record: Mapping[str, Any],
    places: Mapping[str, int],
    tensors: Mapping[str, str],
) -> str:
    for it in record["edges"]:
        is_way = it["tail"] == node["id"] and it["kind"] == "gradient"
        if is_way and places[it["head"]] < number:
            return f"functions[{places[it['head']]}].next_functions[{it['place']}][0]"
    tensor = tensors[node["tensors"][0]]
    is_leaf = node["kind"] == "leaf"
    return (
        f"torch.autograd.graph.get_gradient_edge({tensor}).node"
        if is_leaf
        else (f"{tensor}.grad_fn")
    )


def _saved(node: Mapping[str, Any], name: str, number: int) -> Iterator[str]:
    for k, it in enumerate(node["saved"]):
        if isinstance(it["value"], int | float) and not it["tensor"]:
            yield f'note("{name}.saved.{k}.value", functions[{number}]._saved_{it["name"]})'


def _leaf(name: str, values: object) -> str:
    return literal(f"{name} = torch.tensor(", values, ", requires_grad=True)")


def autograd_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of gradients that accumulate until they are zeroed."""
    found = sheet["autograd"]
    leaf = next(k for k, it in enumerate(found["sum_graph"]["nodes"]) if it["kind"] == "leaf")
    return f"""\
{_WATCH}\
{_leaf("x", found["x"])}
note("autograd.x", x)

# y = 2 x·x, and its gradient 4x.
y = 2 * torch.dot(x, x)
{_graph(found["graph"], "autograd.graph", "y", {"x": "x", "y": "y"})}\
y.backward()
note("autograd", {{"y": y, "grad": x.grad}})

# Another backward pass, of the sum: its gradient is added to the one that is there.
y = x.sum()
{_graph(found["sum_graph"], "autograd.sum_graph", "y", {"x": "x", "y": "y"})}\
y.backward()
note("autograd.sum_graph.tensors.0.gradient", arrived[{leaf}][0])
note("autograd", {{"sum_y": y, "grad_added": x.grad}})

# Zeroed first, it is the sum's alone.
x.grad.zero_()
note("autograd.grad_cleared", x.grad)
x.sum().backward()
note("autograd.grad_zeroed", x.grad)

# The cube of a number.
x = torch.tensor({found["power_x"]!r}, requires_grad=True)
y = x**3
{_graph(found["power_graph"], "autograd.power_graph", "y", {"x": "x", "y": "y"})}\
y.backward()
note("autograd", {{"power_x": x, "power_y": y, "power_grad": x.grad}})
"""


def detach_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of what ``detach`` cuts."""
    found = sheet["detach"]
    tensors = {it: it for it in "xyuz"}
    return f"""\
{_WATCH}\
{_leaf("x", found["x"])}
y = x * x
u = y.detach()  # the same numbers, and to torch a constant
z = u * x
note("detach", {{"x": x, "y": y, "u": u, "z": z}})

# Of z nothing flows through u: its gradient is u itself.
total = z.sum()
{_graph(found["graph"], "detach.graph", "total", tensors)}\
total.backward()
note("detach.grad", x.grad)

# Through y it flows as before.
x.grad = None
total = y.sum()
{_graph(found["y_graph"], "detach.y_graph", "total", tensors)}\
total.backward(retain_graph=True)
note("detach.grad_y", x.grad)

# Without detach it is the gradient of x^3.
x.grad = None
z = y * x
total = z.sum()
{_graph(found["whole_graph"], "detach.whole_graph", "total", tensors)}\
total.backward()
note("detach.grad_whole", x.grad)
"""


def vector_jacobian_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of a vector's backward pass, which is given a gradient."""
    found = sheet["vjp"]
    return f"""\
{function_text(found["formula"])}

{_leaf("x", found["x"])}
{literal("v = torch.tensor(", found["v"], ")")}
y = f(x)
note("vjp", {{"x": x, "y": y, "v": v}})

# Only a number can go back by itself: a vector needs a gradient, one number for each entry.
if len(y) > 1:
    try:
        y.backward()
    except RuntimeError as error:
        print(error)
y = f(x)
x.grad = None
y.backward(v, retain_graph=True)
note("vjp.product", x.grad)

# Gradients of one 1 and zeros pick out one row of the Jacobian after the other.
for k, one_hot in enumerate(torch.eye(len(x))):
    x.grad = None
    y.backward(one_hot, retain_graph=True)
    note(f"vjp.one_hot.{{k}}", one_hot)
    note(f"vjp.jacobian.{{k}}", x.grad)
"""


def control_flow_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of a function with a loop and a branch."""
    control = sheet["control"]
    tensors = {it["name"]: f'named["{it["name"]}"]' for it in control["graph"]["tensors"]}
    return f"""\
{_WATCH}\
limit, factor = {control["limit"]!r}, {control["factor"]!r}
a = torch.tensor({control["a"]!r}, requires_grad=True)
note("control", {{"a": a, "limit": limit, "factor": factor}})

# The loop turns as long as b is small; torch records what is done, not the loop.
named = {{"a": a}}
b = a * 2
turns = 0
while True:
    named[f"b{{turns}}"] = b
    note(f"control.turns.{{turns}}", {{"b": b, "norm": b.norm()}})
    if b.norm() >= limit:
        break
    b = b * 2
    turns += 1

# The branch: only the one that is taken is in the graph.
c = b if b.sum() > 0 else factor * b
named["c"] = c

{_graph(control["graph"], "control.graph", "c", tensors)}\
c.backward()
note("control", {{"value": c, "gradient": a.grad, "ratio": c.item() / a.item()}})
"""
