"""The parameter group of a network with its data and the sample that is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.datasets.params import DataParams
from backprop_studio.core.network.batch import (
    Batch,
    resolve_data,
    resolve_dataset,
    resolve_held_out,
)
from backprop_studio.core.network.spec import NetworkParams, NetworkSpec, resolve_network

if TYPE_CHECKING:
    from backprop_studio.core.datasets.record import Dataset


class NetworkGroup(LessonParams):
    """A network, the batch it is shown and the sample that is followed."""

    network: NetworkParams = Field(default_factory=lambda: NetworkParams(), title=N_("Network"))
    data: DataParams = Field(default_factory=lambda: DataParams(), title=N_("Data"))
    sample: int = param(
        1,
        N_("Followed sample"),
        N_("Which sample of the batch the picture follows, counted from 1."),
        ge=1,
    )

    @model_validator(mode="after")
    def _data_fits_the_network(self) -> NetworkGroup:
        size = self.batch().size
        if self.sample > size:
            text = N_("{field}: {found} is not in the batch; allowed are 1 to {most}")
            fields = {"field": "sample", "found": self.sample, "most": size}
            raise ParameterError("sample.missing", text, **fields)
        return self

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

    def dataset(self) -> Dataset | None:
        """Return the data set that the batch is of, or None if it is of none.

        Examples
        --------
        >>> NetworkGroup.model_validate({"network": {"preset": "iris"}}).dataset().class_names
        ('setosa', 'versicolor', 'virginica')
        """
        return resolve_dataset(self.data, self.network.preset, self.network_spec())
