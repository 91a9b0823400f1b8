"""Programs of lessons about shapes: of tensors, and of a network's layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.render.kit.programs.networks import layers_text, network_of
from backprop_studio.render.kit.programs.texts import literal

if TYPE_CHECKING:
    from collections.abc import Mapping


def tensors_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of tensors of rank 0 to 4."""
    shapes = {it["title"]: tuple(it["shape"]) for it in sheet["tensors"]}
    places = [tuple(it["index"]) for it in sheet["entries"]]
    return f"""\
{literal("shapes = ", shapes)}
{literal("entries = ", places, "  # the entry that is looked at in each")}

# Numbers from 0 to 1, drawn one tensor after the other.
generator = torch.Generator().manual_seed({sheet["parameters"]["seed"]!r})
for k, shape in enumerate(shapes.values()):
    tensor = torch.rand(shape, generator=generator)
    note(f"tensors.{{k}}", {{"rank": tensor.dim(), "shape": tensor.shape, "count": tensor.numel()}})
    note(f"values.{{k}}", tensor)
    note(f"entries.{{k}}", {{"index": entries[k], "value": tensor[entries[k]]}})
"""


def architecture_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of a network's shapes and parameter counts."""
    found = sheet["architecture"]
    network = network_of(sheet["parameters"], found["sizes"])
    return f"""\
# On this device tensors have shapes and no numbers.
with torch.device("meta"):
{_indented(layers_text(network.sizes, network.activations))}
    x = torch.empty({found["samples"]!r}, {network.sizes[0]!r})
{_untrained(sheet)}
linears = model[::2]
note("architecture.sizes", [x.shape[1], *(linear.out_features for linear in linears)])
note("architecture.samples", len(x))
whole = sum(it.numel() for it in model.parameters())
for k, linear in enumerate(linears):
    before, x = x, model[2 * k + 1](linear(x))
    weights, biases = linear.weight.numel(), linear.bias.numel()
    at = f"architecture.layers.{{k}}"
    note(at, {{"number": k + 1, "n_in": linear.in_features, "n_out": linear.out_features}})
    note(at, {{"input_shape": before.shape, "output_shape": x.shape}})
    note(at, {{"weight_shape": linear.weight.shape, "bias_shape": linear.bias.shape}})
    note(at, {{"weights": weights, "biases": biases, "parameters": weights + biases}})
    note(f"{{at}}.share", (weights + biases) / whole)
note("architecture.weights", sum(it.weight.numel() for it in linears))
note("architecture.biases", sum(it.bias.numel() for it in linears))
note("architecture.units", sum(it.out_features for it in linears))
note("architecture.parameters", whole)
note("architecture.trained", trained)
"""


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _untrained(sheet: Mapping[str, Any]) -> str:
    """Return the lines that count what training moves."""
    from backprop_studio.core.network.trained.masks import trained_masks

    found = sheet["architecture"]
    masks = [
        it
        for layer in trained_masks(network_of(sheet["parameters"], found["sizes"]))
        for it in layer
    ]
    partly = {k: int(mask.sum()) for k, mask in enumerate(masks) if not mask.all()}
    if not partly:
        return "\ntrained = sum(it.numel() for it in model.parameters())\n"
    return "\n".join(
        [
            "",
            "# Of these tensors training moves only so many entries.",
            literal("partly = ", partly),
            "counts = [it.numel() for it in model.parameters()]",
            "trained = sum(partly.get(k, count) for k, count in enumerate(counts))",
            "",
        ]
    )
