"""The program of the lesson on a tape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.tape.programs import CODE
from backprop_studio.render.kit.programs.texts import literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WATCH = '''\
arrived, sent = {}, {}


def keep(table, name):
    """Return a hook that keeps the gradients which it is given."""
    return lambda gradients, *_: table.update({name: gradients})


def note_data(path, tensor):
    """Note the numbers of a small tensor, and the root of the sum of all squares."""
    if tensor.numel() <= 4:
        note(f"{path}.values", tensor.reshape(-1))
    if tensor.is_floating_point():
        note(f"{path}.norm", tensor.norm())


'''


def tape_text(sheet: Mapping[str, Any]) -> str | Message:
    """Return the program that runs the code and walks back what torch recorded of it."""
    program = sheet["parameters"].get("program", "neuron")
    if sheet["parameters"].get("graph") is not None or sheet["tape"]["folded"]:
        text = N_("no program is written for a graph that was recorded elsewhere")
        return Message.of("program.recorded", text)
    return "\n".join([_WATCH, *_lines(sheet["tape"], CODE[program])]) + "\n"


def _lines(tape: Mapping[str, Any], code: str) -> Iterator[str]:
    nodes = {it["id"]: it for it in tape["nodes"]}
    for node in nodes.values():
        if node["kind"] == "leaf":
            values = node["value"]["values"]
            given = list(values) if node["value"]["shape"] else values[0]
            yield literal(f"{node['labels'][0]} = torch.tensor(", given, ", requires_grad=True)")
    yield f"{code}\n"
    yield "# What torch recorded, from the result back."
    end = nodes[tape["output"]]
    ways = {end["id"]: f"torch.autograd.graph.get_gradient_edge({end['labels'][0]}).node"}
    for node in reversed(nodes.values()):
        for edge in tape["edges"]:
            if edge["head"] == node["id"]:
                way = f"{edge['head']}.next_functions[{edge['place']}][0]"
                ways.setdefault(edge["tail"], way)
    for node in reversed(nodes.values()):
        name = node["id"]
        yield f"{name} = {ways[name]}  # {node['name']}"
        yield f'{name}.register_prehook(keep(arrived, "{name}"))'
        yield f'{name}.register_hook(keep(sent, "{name}"))'
    yield f"{end['labels'][0]}.backward(retain_graph=True)\n"
    yield from _noted(tape)


def _noted(tape: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that note what the functions made, saved and were sent."""
    for k, node in enumerate(tape["nodes"]):
        name = node["id"]
        if node["value"] is not None:
            yield f'note_data("tape.nodes.{k}.value", {node["labels"][0]}.detach())'
        yield f'note_data("tape.nodes.{k}.gradients.0", arrived["{name}"][0])'
        for j, saved in enumerate(node["saved"]):
            if saved["tensor"] is not None:
                path = f"tape.nodes.{k}.saved.{j}.tensor"
                yield f'note_data("{path}", {name}._saved_{saved["name"]}.detach())'
            else:
                path = f"tape.nodes.{k}.saved.{j}.number"
                yield f'note("{path}", float({name}._saved_{saved["name"]}))'
    for k, edge in enumerate(tape["edges"]):
        if edge["gradient"] is not None:
            yield f'note_data("tape.edges.{k}.gradient", sent["{edge["head"]}"][{edge["place"]}])'
