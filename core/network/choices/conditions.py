"""When fields of a network act in a form, and what a network of one's own starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.network.presets import PRESETS, Preset

if TYPE_CHECKING:
    from pydantic.config import JsonDict, JsonValue


def _own_start(preset: Preset) -> JsonDict:
    """Return what a network of one's own takes over from a preset.

    Cross-entropy stays behind, because a network with one output has no use for it.
    """
    start: JsonDict = {"sizes": list(preset.sizes), "activation": preset.activation}
    if preset.loss != "cross_entropy":
        start |= {"loss": preset.loss, "output_activation": preset.output_activation}
    data = preset.data or preset.own_data
    if data is not None:
        start |= {
            f"/data.{name}": value for name, value in [("name", data.name), *data.options().items()]
        }
    return start


OWN: JsonDict = {
    "value": None,
    "starts": {name: _own_start(preset) for name, preset in PRESETS.items()},
}
OF_ONES_OWN: JsonDict = {"preset": [None]}
DRAWN: JsonDict = {"weights": [None], "file": [None]}
SEEDED: list[JsonValue] = [
    {**DRAWN, "init": [None, "torch", "normal", "xavier", "he"]},
    {"/data.name": [None], "/data.file": [None], "/data.inputs": [None]},
]
"""The seed draws weights, and samples where there are none."""

OF_CLASSES: JsonDict = {"loss": ["cross_entropy"]}
