"""Parameters of the lesson on gradients that go wrong. Nothing here loads torch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from pydantic import Field, model_validator

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LearningRateGroup
from backprop_studio.core.datasets.params import DataParams
from backprop_studio.core.network.batch import resolve_data
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.spec import (
    Activation,
    Initialisation,
    NetworkParams,
    resolve_network,
)

if TYPE_CHECKING:
    from backprop_studio.core.network.batch import Batch
    from backprop_studio.core.network.spec import NetworkSpec

__all__ = ["FAULTS", "Fault", "GradientFlowGroup"]

Fault: TypeAlias = Literal["vanishing", "exploding", "dead_relu", "zero_weights", "not_zeroed"]
FAULTS: tuple[Fault, ...] = get_args(Fault)


class GradientFlowGroup(LearningRateGroup):
    """Which faults are shown, and the networks that have them."""

    faults: tuple[Fault, ...] = Field(
        FAULTS,
        min_length=1,
        title=N_("Faults"),
        description=N_(
            "Which are shown, each once, of vanishing, exploding, dead_relu, zero_weights and "
            "not_zeroed."
        ),
    )
    depth: int = Field(
        6,
        ge=2,
        le=8,
        title=N_("Hidden layers"),
        description=N_("How many layers the gradient passes before it comes to the first weights."),
    )
    width: int = Field(
        8,
        ge=1,
        le=64,
        title=N_("Units per layer"),
        description=N_("In each hidden layer."),
    )
    activation: Activation = Field(
        "sigmoid",
        title=N_("Activation that vanishes"),
        description=N_("Of the hidden layers in which the gradient is to vanish."),
    )
    init: Initialisation = Field(
        "torch",
        title=N_("Its initial weights"),
        description=N_("How the weights are drawn there."),
    )
    cure_activation: Activation = Field(
        "relu",
        title=N_("Activation that cures"),
        description=N_("Of the hidden layers that replace them."),
    )
    cure_init: Initialisation = Field(
        "he",
        title=N_("Its initial weights"),
        description=N_("How the weights are drawn there."),
    )
    gain: float = Field(
        3.0,
        ge=1.0,
        le=10.0,
        allow_inf_nan=False,
        title=N_("Gain that explodes"),
        description=N_("How many times too large the weights are where the gradient explodes."),
    )
    bias: float = Field(
        -10.0,
        ge=-100.0,
        le=0.0,
        allow_inf_nan=False,
        title=N_("Bias that kills"),
        description=N_("Of every unit in the first layer where relus die."),
    )
    steps: int = Field(
        12,
        ge=2,
        le=100,
        title=N_("Steps without zeroing"),
        description=N_("How many steps one weight goes, with and without zero_grad."),
    )
    seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        title=N_("Seed"),
        description=N_("The same seed draws the same weights again."),
        json_schema_extra={"x-level": "advanced"},
    )

    @model_validator(mode="after")
    def _names_each_fault_once(self) -> GradientFlowGroup:
        twice = next((it for it in self.faults if self.faults.count(it) > 1), None)
        if twice:
            raise ValueError(f"faults: {twice} is named twice; each can be shown once")
        return self

    def deep_network(self) -> NetworkSpec:
        """Return the layers, with 2 inputs and 1 output; a fault or a cure draws its weights.

        Examples
        --------
        >>> GradientFlowGroup(depth=3).deep_network().sizes
        (2, 8, 8, 8, 1)
        """
        preset = resolve_network(NetworkParams(preset="deep"))
        return replace(
            preset,
            sizes=(2, *[self.width] * self.depth, 1),
            activations=(*[self.activation] * self.depth, "sigmoid"),
            seed=self.seed,
        )

    @staticmethod
    def one_weight() -> NetworkGroup:
        """Return the network of one weight that descends with and without zeroing.

        Examples
        --------
        >>> GradientFlowGroup.one_weight().batch().targets.tolist()
        [[4.0]]
        """
        return NetworkGroup(network=NetworkParams(preset="one_weight"))

    @classmethod
    def goal(cls) -> float:
        """Return the weight at which that network's loss is 0.

        Examples
        --------
        >>> GradientFlowGroup.goal()
        2.0
        """
        batch = cls.one_weight().batch()
        return float(batch.targets[0, 0] / batch.inputs[0, 0])

    def deep_batch(self) -> Batch:
        """Return two moons of points, on which every gradient is measured.

        Examples
        --------
        >>> GradientFlowGroup().deep_batch().inputs.shape[1]
        2
        """
        return resolve_data(DataParams(), self.deep_network(), "deep")
