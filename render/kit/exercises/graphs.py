"""Exercises on computation graphs: values forward, gradients back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.kit.exercises.chance import drawn_whole
from backprop_studio.render.kit.exercises.subject import Given, Question, Subject, Task
from backprop_studio.render.kit.exercises.writing import formula_with_numbers, slope

if TYPE_CHECKING:
    from random import Random

    from backprop_studio.render.kit.exercises.subject import Parameters, Sheet


def _draw_graph(chance: Random, own: Parameters) -> Parameters:
    values = {name: drawn_whole(chance, -6, 9) for name in own["values"]}
    return {"formula": own["formula"], "values": values}


def _graph(given: Parameters) -> Sheet:
    from backprop_studio.core.graphs.formula_graph import formula_graph
    from backprop_studio.core.graphs.params import FormulaGraphGroup

    params = FormulaGraphGroup(**given)
    record = formula_graph(params.steps(), params.values)
    return records_sheet("computation_graph", given, graph=record)


def _of_graph(sheet: Sheet) -> Task:
    graph = sheet["graph"]
    nodes = {it["id"]: (k, it) for k, it in enumerate(graph["nodes"])}
    steps = [it for it in graph["nodes"] if it["kind"] == "operation"]
    questions = [
        Question(
            f"graph.nodes.{nodes[it['id']][0]}.value",
            it["symbol_typst"],
            N_("The value of {name}."),
            it["expression_typst"],
            _step_with_numbers(it["expression"], graph["nodes"]),
            words=(("name", it["symbol_typst"]),),
        )
        for it in steps
    ]
    result = nodes[graph["result"]][1]["symbol_typst"]
    back = [it for it in graph["backward_order"] if it != graph["result"]]
    questions += [_gradient(graph, nodes, name, result) for name in back]
    variables = [it for it in graph["nodes"] if it["kind"] == "variable"]
    given = [
        Given(it["symbol_typst"], f"graph.nodes.{nodes[it['id']][0]}.value") for it in variables
    ]
    rules = [f"{it['symbol_typst']} = {it['expression_typst']}" for it in steps]
    return Task(rules, given, questions)


def _step_with_numbers(expression: str, nodes: list[Any]) -> str:
    values = {it["id"]: it["value"] for it in nodes if it["kind"] != "constant"}
    return formula_with_numbers(expression, values)


def _gradient(graph: Any, nodes: Any, name: str, result: str) -> Question:
    """Return the question for a gradient: what comes back along all edges that leave a node."""
    at, node = nodes[name]
    rules, numbers = [], []
    for k, edge in enumerate(graph["edges"]):
        if edge["tail"] != name or edge["flow"] is None:
            continue
        place, head = nodes[edge["head"]]
        local = slope(head["symbol_typst"], node["symbol_typst"])
        is_last = edge["head"] == graph["result"]
        before = "" if is_last else f"{slope(result, head['symbol_typst'])} dot "
        rules.append(f"{before}{local}")
        factor = "" if is_last else f"{{graph.nodes.{place}.gradient}} dot "
        numbers.append(f"{factor}{{graph.edges.{k}.local}}")
    rule = " + ".join(rules)
    own = slope(result, node["symbol_typst"])
    return Question(
        f"graph.nodes.{at}.gradient",
        own,
        N_("The gradient of {name}, on the way back."),
        "" if rule == own else rule,
        " + ".join(numbers),
        words=(("name", node["symbol_typst"]),),
    )


COMPUTATION_GRAPH = Subject(
    N_("A formula as a graph: values forward, gradients back."), _draw_graph, _graph, _of_graph
)
