"""Parameters of the lesson on gradients that go wrong. Nothing here loads torch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from pydantic import ConfigDict, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import Finite, LearningRate, Seed, hints, param
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

Fault: TypeAlias = Literal["vanishing", "exploding", "dead_relu", "zero_weights", "not_zeroed"]
FAULTS: tuple[Fault, ...] = get_args(Fault)

_OF_A_DEEP_NETWORK = {"faults": [fault for fault in FAULTS if fault != "not_zeroed"]}
_VANISHING, _NOT_ZEROED = {"faults": ["vanishing"]}, {"faults": ["not_zeroed"]}

DRAWN_THERE = N_("How the weights are drawn there.")


class GradientFlowGroup(LearningRateGroup):
    """Parameters of gradient flow: which faults are shown, and the networks that have them."""

    faults: tuple[Fault, ...] = param(
        FAULTS,
        N_("Faults"),
        N_(
            "Which are shown, each once, of vanishing, exploding, dead_relu, zero_weights and "
            "not_zeroed."
        ),
        min_length=1,
    )
    depth: int = param(
        6,
        N_("Hidden layers"),
        N_("How many layers the gradient passes before it comes to the first weights."),
        ge=2,
        le=8,
        when=_OF_A_DEEP_NETWORK,
    )
    width: int = param(
        8,
        N_("Units per layer"),
        N_("In each hidden layer."),
        ge=1,
        le=64,
        when=_OF_A_DEEP_NETWORK,
    )
    activation: Activation = param(
        "sigmoid",
        N_("Activation that vanishes"),
        N_("Of the hidden layers in which the gradient is to vanish."),
        when=_VANISHING,
    )
    init: Initialisation = param("torch", N_("Its initial weights"), DRAWN_THERE, when=_VANISHING)
    cure_activation: Activation = param(
        "relu",
        N_("Activation that cures"),
        N_("Of the hidden layers that replace them."),
        when=_VANISHING,
    )
    cure_init: Initialisation = param("he", N_("Its initial weights"), DRAWN_THERE, when=_VANISHING)
    gain: Finite = param(
        3.0,
        N_("Gain that explodes"),
        N_("How many times too large the weights are where the gradient explodes."),
        ge=1.0,
        le=10.0,
        when={"faults": ["exploding"]},
    )
    bias: Finite = param(
        -10.0,
        N_("Bias that kills"),
        N_("Of every unit in the first layer where relus die."),
        ge=-100.0,
        le=0.0,
        when={"faults": ["dead_relu"]},
    )
    steps: int = param(
        12,
        N_("Steps without zeroing"),
        N_("How many steps one weight goes, with and without zero_grad."),
        ge=2,
        le=100,
        when=_NOT_ZEROED,
    )
    learning_rate: LearningRate = param(
        0.1,
        N_("Learning rate"),
        N_("How far one step goes against the gradient (eta)."),
        widget="log_slider",
        range=[1e-4, 10.0],
        when=_NOT_ZEROED,
    )
    seed: Seed = param(
        0,
        N_("Seed"),
        N_("The same seed draws the same weights again."),
        level="advanced",
        when=_OF_A_DEEP_NETWORK,
    )

    model_config = ConfigDict(
        json_schema_extra=hints(
            order=["faults", "depth", "width", "activation", "init", "cure_activation"]
        )
    )

    @model_validator(mode="after")
    def _names_each_fault_once(self) -> GradientFlowGroup:
        twice = next((it for it in self.faults if self.faults.count(it) > 1), None)
        if twice:
            text = N_("{field}: {name} is named twice; each can be shown once")
            raise ParameterError("faults.twice", text, field="faults", name=twice)
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
        """Return the network of one weight that descends with and without zero_grad.

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
