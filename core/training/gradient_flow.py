"""Vanishing, exploding and dead gradients, layer by layer, and their cures.

Vanishing: Hochreiter, "Untersuchungen zu dynamischen neuronalen Netzen" (1991); a sigmoid's slope
is at most 1/4, so every layer back costs at least a factor 4 against its weights. The cures are the
initialisations of Glorot, Bengio (2010) and He, Zhang, Ren, Sun (2015), and activations whose slope
does not vanish; of dead relus, Maas, Hannun, Ng (2013). Exploding: Poole, Lahiri, Raghu and others,
"Exponential expressivity in deep neural networks through transient chaos" (2016): with weights so
large, tanh keeps every value below 1 while the gradient grows from layer to layer on its way back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.network.passes import draw_parameters
from backprop_studio.core.network.steps import run_step

if TYPE_CHECKING:
    from backprop_studio.core.network.batch import Batch
    from backprop_studio.core.network.record import LayerRecord, StepRecord
    from backprop_studio.core.network.spec import Activation, Initialisation, NetworkSpec
    from backprop_studio.core.training.gradient_flow_params import GradientFlowGroup

FlowFault: TypeAlias = Literal["vanishing", "exploding", "dead_relu", "zero_weights"]


@dataclass(frozen=True)
class LayerFlow:
    """The gradients of one layer; all lengths are Euclidean.

    Attributes
    ----------
    activation : str
        Name of f.
    norm_dL_dW, norm_dL_db, norm_dL_dz, norm_dL_da : float
        Length of each gradient, over all units and, for z and a, samples.
    largest_dL_dW : float
        The largest entry's size.
    mean_slope : float
        Mean of |f'(z)| over units and samples, the factor that the activation costs.
    dead : int
        Units whose slope is 0 for every sample: nothing that leads into them learns.
    units : int
        All of them.
    """

    activation: Activation
    norm_dL_dW: float
    norm_dL_db: float
    norm_dL_dz: float
    norm_dL_da: float
    largest_dL_dW: float
    mean_slope: float
    dead: int
    units: int


@dataclass(frozen=True)
class FlowRecord:
    """The gradients of all layers at one step of training.

    Attributes
    ----------
    network : NetworkSpec
        Whose.
    step : int
        How many updates were made.
    loss : float
        L.
    layers : tuple of LayerFlow
        From the first layer that computes to the last.
    ratios : (layers - 1,) float64
        norm_dL_dW of a layer over that of the next: below 1 where it shrinks on the way back; inf
        or nan where the next is zero.
    factor : float
        What one layer back multiplies norm_dL_dW by on average: the geometric mean of the ratios,
        which takes the last layer's to the first's; nan where one of the two is zero,
        or they are the same layer.
    silent : int
        Layers whose dL_dW is zero altogether.
    """

    network: NetworkSpec
    step: int
    loss: float
    layers: tuple[LayerFlow, ...]
    ratios: Array
    factor: float
    silent: int


@dataclass(frozen=True)
class FlowCase:
    """A fault and its cure, measured on the same batch.

    Attributes
    ----------
    fault : str
        One of :data:`FLOW_FAULTS`.
    faulty, cured : FlowRecord
        The same layer sizes, before any update.
    """

    fault: FlowFault
    faulty: FlowRecord
    cured: FlowRecord


def gradient_flow(record: StepRecord) -> FlowRecord:
    """Return the gradients of a training step, measured layer by layer.

    Parameters
    ----------
    record : StepRecord
        From :func:`core.network.steps.run_step` or :func:`core.network.steps.run_steps`.

    Examples
    --------
    Six hidden layers of sigmoids, and one layer back costs a factor of six:

    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "deep"}})
    >>> flow = gradient_flow(run_step(params.network_spec(), params.batch(), 0.5))
    >>> [f"{layer.norm_dL_dW:.0e}" for layer in flow.layers][::3], f"{flow.factor:.2f}"
    (['3e-06', '9e-04', '2e-01'], '0.16')
    """
    layers = tuple(_layer(layer) for layer in record.layers)
    norms = np.array([layer.norm_dL_dW for layer in layers])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = norms[:-1] / norms[1:]
    return FlowRecord(
        network=record.network,
        step=record.step,
        loss=record.loss,
        layers=layers,
        ratios=frozen(ratios),
        factor=_factor(norms),
        silent=int((norms == 0).sum()),
    )


def flow_case(
    fault: FlowFault, network: NetworkSpec, batch: Batch, options: GradientFlowGroup
) -> FlowCase:
    """Return the gradients of a network that has a fault, and of the same layers with its cure.

    With the options that nobody chose:

    - ``vanishing``: sigmoids with torch's weights; relu with He's weights cures it.
    - ``exploding``: tanh with Xavier weights times 3; the weights as they are drawn cure it.
    - ``dead_relu``: biases of -10 in the first layer, so that it is 0 for every sample, and so is
      all that follows; leaky relu cures it.
    - ``zero_weights``: tanh with all weights zero, so that nothing but the last bias has a
      gradient; Xavier weights cure it.

    Parameters
    ----------
    fault : str
        One of :data:`FLOW_FAULTS`.
    network : NetworkSpec
        Its sizes, of three layers or more that compute, loss, output activation and seed are used.
    batch : Batch
        All samples.
    options : GradientFlowGroup
        Activations, weights and biases.

    Raises
    ------
    InputError
        If the network's numbers are too large.

    Examples
    --------
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> from backprop_studio.core.training.gradient_flow_params import GradientFlowGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "deep"}})
    >>> options = GradientFlowGroup()
    >>> case = flow_case("zero_weights", params.network_spec(), params.batch(), options)
    >>> case.faulty.silent, case.cured.silent
    (7, 0)
    """
    pair = _pair(fault, network, options)
    return FlowCase(fault, *(gradient_flow(run_step(it, batch, 0.1)) for it in pair))


def _pair(
    fault: FlowFault, network: NetworkSpec, options: GradientFlowGroup
) -> tuple[NetworkSpec, NetworkSpec]:
    if fault == "vanishing":
        faulty = _drawn(network, options.activation, options.init)
        return faulty, _drawn(network, options.cure_activation, options.cure_init)
    if fault == "exploding":
        cured = _drawn(network, "tanh", "xavier")
        drawn = draw_parameters(cured).weights
        weights = tuple(options.gain * weight.detach().numpy() for weight in drawn)
        return replace(cured, weights=weights), cured
    if fault == "dead_relu":
        first, *others = network.sizes[1:]
        biases = (np.full(first, options.bias), *map(np.zeros, others))
        faulty = replace(_drawn(network, "relu", "he"), biases=biases)
        return faulty, _hidden(faulty, "leaky_relu")
    return _drawn(network, "tanh", "zeros"), _drawn(network, "tanh", "xavier")


def _drawn(network: NetworkSpec, activation: Activation, init: Initialisation) -> NetworkSpec:
    return replace(_hidden(network, activation), init=init, weights=None, biases=None)


def _hidden(network: NetworkSpec, activation: Activation) -> NetworkSpec:
    count = len(network.activations) - 1
    return replace(network, activations=(*[activation] * count, network.activations[-1]))


def _layer(layer: LayerRecord) -> LayerFlow:
    return LayerFlow(
        activation=layer.activation,
        norm_dL_dW=_length(layer.dL_dW),
        norm_dL_db=_length(layer.dL_db),
        norm_dL_dz=_length(layer.dL_dz),
        norm_dL_da=_length(layer.dL_da),
        largest_dL_dW=float(np.abs(layer.dL_dW).max()),
        mean_slope=float(np.abs(layer.da_dz).mean()),
        dead=int((layer.da_dz == 0).all(axis=0).sum()),
        units=layer.da_dz.shape[1],
    )


def _length(array: Array) -> float:
    # Scaled, so that the squares of tiny or huge entries neither vanish nor overflow.
    largest = float(np.abs(array).max())
    return largest * float(np.linalg.norm(array / largest)) if largest > 0 else 0.0


def _factor(norms: Array) -> float:
    # Not a line through all of them: that can rise where the first is smaller than the last.
    if len(norms) == 1:
        return math.nan
    first, last = (float(np.log(it)) if it > 0 else math.nan for it in (norms[0], norms[-1]))
    return math.exp((first - last) / (len(norms) - 1))
