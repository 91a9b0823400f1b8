"""The parameter group of a network with its data and the sample that is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import hints, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.datasets.choice import SET_SHAPES
from backprop_studio.core.datasets.params import DataParams, resolved_data
from backprop_studio.core.network.batch import (
    Batch,
    resolve_data,
    resolve_dataset,
    resolve_held_out,
)
from backprop_studio.core.network.presets import PRESETS, Preset
from backprop_studio.core.network.spec import (
    NetworkParams,
    NetworkSpec,
    PresetName,
    resolve_network,
    resolved_network,
)
from backprop_studio.core.network.weights.lists import split_biases

if TYPE_CHECKING:
    from pydantic.config import JsonDict, JsonValue

    from backprop_studio.core.datasets.record import Dataset
    from backprop_studio.core.datasets.report import DataReport

MOST_WRITTEN = 40
"""Numbers of a batch that anybody would write by hand."""


_SUITABLE: dict[str, PresetName | list[JsonValue]] = {
    "double": "one_weight",
    "line": [1, 1],
    "xor": "xor",
    "two_moons": "xor",
    "spirals": "xor",
    "blobs": [2, 4, 3],
    "iris": "iris",
    "digits": "softmax",
    "fashion_mnist": "mnist",
    "mnist": "mnist",
}
"""The preset, or the sizes, with which a set is worth seeing."""


def _takes(preset: Preset, columns: int, classes: int) -> bool:
    """Whether a set of such a shape fits a preset."""
    n_in, n_out = preset.sizes[0], preset.sizes[-1]
    if preset.loss == "cross_entropy":
        return (n_in, n_out) == (columns, classes)
    if not classes:
        return (n_in, n_out) == (columns, 1) and preset.loss != "binary_cross_entropy"
    return n_in == columns and n_out in ({1, 2} if classes == 2 else {classes})


def _network_for(name: str) -> JsonDict:
    """Return the network that a set brings along, unless it fits the preset that is there.

    Of a network of one's own only the first and the last layer follow the set.
    """
    columns, classes = SET_SHAPES[name]
    found = _SUITABLE[name]
    own: JsonDict = {"/network.sizes": found, "/network.activation": "tanh"}
    values: JsonDict = {"/network.preset": found} if isinstance(found, str) else own
    fitting = [it for it, preset in PRESETS.items() if _takes(preset, columns, classes)]
    losses = ("loss", "output_activation")  # of classes they do not fit numbers
    return {
        "always": {} if classes else dict.fromkeys(f"/network.{it}" for it in losses),
        "unless": {"/network.preset": [None, *fitting]},
        "values": {
            **dict.fromkeys(f"/network.{it}" for it in ("preset", "sizes", "biases", *losses)),
            **values,
        },
        "ends": {"/network.sizes": [[columns], [1, 2] if classes == 2 else [classes or 1]]},
    }


class NetworkGroup(LessonParams):
    """A network, the batch it is shown and the sample that is followed."""

    network: NetworkParams = Field(default_factory=lambda: NetworkParams(), title=N_("Network"))
    data: DataParams = Field(
        default_factory=lambda: DataParams(),
        title=N_("Data"),
        json_schema_extra=hints(
            fields={"name": hints(brings={name: _network_for(name) for name in SET_SHAPES})}
        ),
    )
    sample: int | None = param(
        None,
        N_("Followed sample"),
        N_("Which sample of the batch is followed, counted from 1; open: one that is not all 0."),
        ge=1,
    )

    @model_validator(mode="after")
    def _data_fits_the_network(self) -> NetworkGroup:
        size = self.batch().size
        if self.sample is not None and self.sample > size:
            text = N_("{field}: {found} is not in the batch; allowed are 1 to {most}")
            fields = {"field": "sample", "found": self.sample, "most": size}
            raise ParameterError("sample.missing", text, **fields)
        return self

    @classmethod
    def rewritten(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Return parameters with biases of their own where Keras has put them among the weights.

        Examples
        --------
        >>> NetworkGroup.rewritten({"network": {"weights": [[[1, 2]], [3]]}})
        {'network': {'weights': [[[1, 2]]], 'biases': [[3]]}}
        """
        given = super().rewritten(given)
        network = given.get("network")
        if isinstance(network, dict):
            given["network"] = split_biases(network)
        return given

    def resolved(self) -> dict[str, Any]:
        """Return what stands for fields that are left open, by their dotted paths.

        Examples
        --------
        >>> NetworkGroup().resolved()["network.sizes"]
        [3, 3, 2, 3]
        """
        chosen, batch = self.dataset(), self.batch()
        network = resolved_network(self.network_spec())
        data = resolved_data(chosen, self.data) if chosen is not None else {}
        if self.data.inputs is None and batch.inputs.size <= MOST_WRITTEN:
            data |= {"inputs": batch.inputs.tolist(), "targets": batch.targets.tolist()}
        return {
            **super().resolved(),
            **{f"network.{name}": value for name, value in network.items()},
            **{f"data.{name}": value for name, value in data.items()},
        }

    def network_spec(self) -> NetworkSpec:
        """Return the complete network.

        Examples
        --------
        >>> NetworkGroup().network_spec().sizes
        (3, 3, 2, 3)
        """
        return resolve_network(self.network)

    def batch(self) -> Batch:
        """Return the samples the network is shown.

        Examples
        --------
        >>> NetworkGroup().batch().targets.tolist()
        [0, 2, 1]
        """
        return resolve_data(self.data, self.network_spec(), self.network.preset)

    def held_out(self) -> Batch | None:
        """Return the samples that are only tested on, or None if there are none.

        Examples
        --------
        >>> NetworkGroup.model_validate({"network": {"preset": "iris"}}).held_out().size
        20
        """
        return resolve_held_out(self.data, self.network_spec(), self.network.preset)

    def data_report(self) -> DataReport | None:
        """Return what was read of the user's table and how, or None if there is none."""
        data = self.dataset()
        return None if data is None else data.report

    def dataset(self) -> Dataset | None:
        """Return the data set that the batch is of, or None if it is of none.

        Examples
        --------
        >>> NetworkGroup.model_validate({"network": {"preset": "iris"}}).dataset().class_names
        ('setosa', 'versicolor', 'virginica')
        """
        return resolve_dataset(self.data, self.network.preset, self.network_spec())
