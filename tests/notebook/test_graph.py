"""``bs.graph``: the graph of somebody's own code, in a notebook."""

from __future__ import annotations

import pytest
import torch
from PIL import Image
from torch import nn

import backprop_studio as bs
from backprop_studio.core.base.errors import InputError


def loss_of_a_net():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    x = torch.ones(4, 2)
    weights = [torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)]
    loss = (net(x) * weights[0] + weights[1]).mean()
    return bs.graph(loss), net


def labels(graph):
    return {label for node in graph.nodes for label in node.labels}


def test_tensors_are_called_as_the_variables_of_the_code_around():
    found, _ = loss_of_a_net()
    assert labels(found) == {
        "net.0.weight",
        "net.0.bias",
        "net.2.weight",
        "net.2.bias",
        "weights[0]",
        "weights[1]",
        "loss",
    }


def test_names_can_be_given_as_a_mapping_or_a_module():
    net = nn.Linear(2, 1)
    y = net(torch.ones(1, 2)).sum()
    assert labels(bs.graph(y, names={"w": net.weight})) == {"w"}
    assert labels(bs.graph(y, names=net)) == {"weight", "bias"}
    assert labels(bs.graph(y, names={})) == set()


def test_a_notebook_shows_a_picture_and_without_pictures_a_list(tmp_path):
    found, net = loss_of_a_net()
    data, metadata = found._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["image/png"] == found._repr_png_()
    assert "TanhBackward0(n" in data["text/plain"]
    picture = found.still(tmp_path / "graph.png")
    assert isinstance(picture, Image.Image)
    with Image.open(tmp_path / "graph.png") as kept:
        assert kept.size == picture.size
    shown = metadata["image/png"]
    assert abs(shown["width"] * 2 - picture.size[0]) < 2
    assert all(it.grad is None for it in net.parameters())
    with pytest.raises(bs.OutputError, match="cannot be written"):
        found.still(tmp_path / "none" / "graph.png")
    with pytest.raises(bs.OutputError, match="cannot be written"):
        found.still(tmp_path / "graph.xyz")


def test_it_is_a_lesson_that_is_told_of_plain_data():
    found, _ = loss_of_a_net()
    lesson = found.lesson()
    assert lesson.beats[0].name == "code"
    sheet = lesson.numbers()
    names = [it["name"] for it in sheet["tape"]["nodes"] if it["kind"] != "fold"]
    assert set(names) <= {it.name for it in found.nodes}
    assert "TanhBackward0" in lesson.parameters["graph"]


def test_a_graph_without_gradients_says_why():
    x = torch.ones(2, requires_grad=True)
    found = bs.graph(x * 2, language="zh")
    assert found.remark
    assert found.remark in repr(found)
    assert bs.graph((x * 2).sum()).remark == ""
    assert "single number" in bs.graph(x * 2).remark


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        (3.0, {}, "y: a float; expected a tensor"),
        (torch.ones(2), {}, "requires_grad=True"),
        (torch.ones(2, requires_grad=True) * 2, {"gradient": [1, 2]}, "gradient: a list"),
        (torch.ones(2, requires_grad=True) * 2, {"gradient": torch.ones(3)}, "(3,); expected (2,)"),
        (torch.ones(2, requires_grad=True) * 2, {"theme": "pink"}, "dark, light or print"),
    ],
)
def test_what_is_wrong_is_one_sentence(given, options, said):
    with pytest.raises(InputError) as caught:
        bs.graph(given, **options)
    assert said in str(caught.value)
