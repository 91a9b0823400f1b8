"""The graph torch recorded: names, what is saved, shares that add, cuts, and folds."""

from __future__ import annotations

import numpy as np
import torch

from backprop_studio.core.answer_sheet import look_up, records_sheet
from backprop_studio.core.autograd.control_flow import control_flow
from backprop_studio.core.autograd.graph import autograd_graph
from backprop_studio.core.autograd.vectors import accumulation, detaching
from backprop_studio.scenes.lesson.numbers import short_text
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.graphs.recorded_graph import Fold, RecordedGraph

ROOMY = (13.0, 4.0)


class Printer:
    """Prints numbers of an answer sheet, and remembers which."""

    def __init__(self, record):
        self.sheet = records_sheet("test", {}, it=record)
        self.asked: list[str] = []

    def __call__(self, path):
        self.asked.append(path)
        return short_text(look_up(self.sheet, path))


def view(record, **settings):
    part = RecordedGraph(record, "it", ROOMY, THEMES["dark"], "en", **settings)
    return part, Printer(record)


def run_back(part, number):
    part.light_seeds(number)
    for heads in part.waves():
        part.flow(heads, number).settle()
        part.gather(heads, number)


def titles(part):
    return {node.id: node.title for node in part.nodes}


def test_leaves_come_first_and_every_node_says_what_torch_calls_it():
    x = torch.tensor([1.0, 4.0], dtype=torch.float64, requires_grad=True)
    y = x.sqrt().sum()
    part, _ = view(autograd_graph(y, {"x": x, "y": y}))
    assert [node.kind for node in part.nodes] == ["variable", "operation", "operation"]
    wanted = ["AccumulateGrad", type(y.grad_fn.next_functions[0][0]).__name__, "SumBackward0"]
    for node, name in zip(part.nodes, wanted, strict=True):
        assert name in " ".join([node.title, *node.lines])


def test_what_is_saved_stands_in_the_node_under_torchs_name():
    """x^3 keeps its base, which is x, and its exponent; the sum keeps sizes only."""
    part, number = view(accumulation((0.0, 1.0), 2.0).power_graph)
    lines = " ".join(part.nodes[part.number[part.node_of("y")]].lines)
    assert '"_saved_exponent = "]3' in lines
    assert '"_saved_self = "]$x$' in lines
    part.reveal().note_saved(number)
    assert [look_up(number.sheet, path) for path in number.asked] == [3.0]
    assert part.saving() == (part.node_of("y"),)
    assert view(accumulation().sum_graph)[0].saving() == ()
    bare, number = view(accumulation().power_graph, saved=False)
    assert "_saved" not in " ".join(text for node in bare.nodes for text in node.lines)
    assert not bare.note_saved(number).source.saved
    assert number.asked == []


def test_shares_flow_along_edges_and_are_added_in_the_leaf():
    """y = 2 x·x: 2x comes along each of two edges, 4x is put in, and only behind both."""
    part, number = view(accumulation((1.0, -2.0)).graph)
    part.light_seeds(number)
    first, second = part.waves()
    assert first == [part.node_of("y")]
    part.flow(first, number).gather(first, number)
    leaf = part.number[part.node_of("x")]
    assert part.gradients[leaf] == ""
    part.flow(second, number)
    assert sorted(part.products) == ["", "\\[2, −4\\]", "\\[2, −4\\]"]
    part.gather(second, number)
    assert part.gradients[leaf] == "\\[4, −8\\]"
    assert part.state["plus"].tolist() == [float(k == leaf) for k in range(3)]


def test_a_detached_tensor_hangs_on_a_cut_edge_along_which_nothing_flows():
    part, number = view(detaching().graph)
    part.reveal().light_values(number)
    run_back(part, number)
    part.cut_off()
    (cut,) = np.flatnonzero(part.state["cut"])
    assert (part.edges[cut].tail, part.edges[cut].head) == (part.node_of("y"), part.node_of("u"))
    assert part.state["label"][cut] == 1
    assert part.state["back"][cut] == 0
    assert part.gradients[part.number[part.node_of("y")]] == ""
    assert part.gradients[part.number[part.node_of("x")]] == "\\[0, 1, 4, 9\\]"


def test_a_fold_shows_its_first_and_last_and_what_flows_through_it():
    """a = 100: 200, 400, 800, 1600; slopes from b0 on are 8, 4, 2, 1."""
    record = control_flow(100.0).graph
    middle = tuple(record.tensor(f"b{k}").node for k in (0, 1, 2))
    part, number = view(record, folds=[Fold("all", middle)])
    assert titles(part)["all"] == "$b_0$, …, $b_2$"
    part.reveal().light_values(number)
    assert part.values == ["100", "200, …, 800", "1600"]
    assert part.node_of("b1") == "all"
    part.light_seeds(number)
    waves = part.waves()
    assert [len(wave) for wave in waves] == [1, 3]
    part.flow(waves[0], number).gather(waves[0], number)
    assert part.gradients == ["", "8, …, 2", "1"]
    part.flow(waves[1], number).gather(waves[1], number)
    assert part.gradients == ["16", "8, …, 2", "1"]


def test_only_what_is_written_is_asked_for():
    """A number that is asked for counts as shown, so the middle of a long vector is not."""
    part, number = view(accumulation(tuple(range(10))).graph)
    part.reveal().light_values(number, "x")
    assert part.values[0] == "\\[0, 1, …, 9\\]"
    assert [path.rpartition(".")[2] for path in number.asked] == ["0", "1", "9"]
