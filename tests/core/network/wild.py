"""Wild networks for the gradient check: saturated, dead, tied, huge and tiny, each by its seed."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import numpy as np

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.spec import ACTIVATIONS, NetworkSpec
from backprop_studio.core.network.steps import run_step
from backprop_studio.core.network.verify import verification
from backprop_studio.core.unconfirmed import unconfirmed_message
from tests.core.oracle import forward_backward
from tests.core.specs import LOSSES

KINDS = ("tame", "saturated", "dead", "ties", "huge", "tiny", "mixed")
FORCED = {"cross_entropy": "identity", "binary_cross_entropy": "sigmoid"}

AGREES = 1e-6
"""What a confirmed gradient may differ by from the differences, and from the textbook's formula."""


def wild_network(seed):
    """A specification and a batch of a kind that makes gradients hard to check."""
    draw = np.random.default_rng(seed)
    kind = KINDS[seed % len(KINDS)]
    sizes = tuple(int(it) for it in draw.integers(1, 4, draw.choice([2, 2, 3, 3, 4])))
    loss = str(draw.choice(LOSSES))
    names = [str(draw.choice(ACTIVATIONS)) for _ in sizes[1:]]
    names[-1] = FORCED.get(loss, names[-1])
    scale = {"saturated": 20.0, "huge": 1e3, "tiny": 1e-3}.get(kind, 1.0)
    pairs = list(pairwise(sizes))
    weights = [draw.normal(0, scale, (n_out, n_in)) for n_in, n_out in pairs]
    biases = [draw.normal(0, scale, n_out) for _, n_out in pairs]
    inputs = draw.normal(0, 1, (int(draw.integers(1, 4)), sizes[0]))
    if kind == "dead":
        biases = [bias - 10 for bias in biases]
    elif kind == "ties":
        weights, inputs = [it.round() for it in weights], inputs.round()
        biases = [bias.round() for bias in biases]
    elif kind == "mixed":
        weights = [it * 10.0 ** draw.integers(-6, 7, it.shape) for it in weights]
    inputs = inputs * {"huge": 1e6, "tiny": 1e-9}.get(kind, 1.0)
    samples, width = len(inputs), sizes[-1]
    if loss == "cross_entropy":
        targets = draw.integers(0, width, samples)
    elif loss == "binary_cross_entropy":
        targets = draw.integers(0, 2, (samples, width)).astype(float)
    else:
        targets = draw.normal(0, scale, (samples, width)).round(2)
    more = {"reduction": str(draw.choice(["mean", "samples", "sum"]))} if seed % 3 == 0 else {}
    spec = NetworkSpec(sizes, tuple(names), loss, "zeros", 0, tuple(weights), tuple(biases), **more)
    return spec, Batch(inputs, targets)


def judged(seed):
    """What the check says of one network: confirmed, said, or refused before; never nothing.

    Raises
    ------
    AssertionError
        If it is silent about a gradient that it has not confirmed, or confirms a wrong one.
    """
    spec, batch = wild_network(seed)
    try:
        record = run_step(spec, batch, 1e-3)
    except InputError as error:
        if error.message.code != "network.too_large":
            raise
        return "refused"
    found = verification(record)
    message = unconfirmed_message(found)
    open_paths = {it["path"]: it["reason"] for it in found["unconfirmed"]}
    assert (message is None) == (not open_paths), seed
    assert found["checked"] == found["parameters"], seed
    error = found["max_relative_error"]
    if "differs" not in open_paths.values() and error is not None:
        assert error <= AGREES, (seed, error)
    if error is None:
        assert len(open_paths) == found["checked"], seed
    _compare_with_formulas(seed, record, open_paths)
    for path in open_paths:
        layer, name, *place = path.split(".")[1:]
        gradient = getattr(record.layers[int(layer)], name)[tuple(map(int, place))]
        assert math.isfinite(gradient), (seed, path)
    return "said" if open_paths else "confirmed"


def _compare_with_formulas(seed, record, open_paths):
    """Hold what was confirmed against the textbook's formulas in numpy."""
    spec, batch = record.network, record.batch
    if spec.reduction != ("samples" if spec.loss == "half_squared_error" else "mean"):
        return
    arrays = [it.weight for it in record.layers], [it.bias for it in record.layers]
    with np.errstate(all="ignore"):
        other = forward_backward(*arrays, spec.activations, spec.loss, batch.inputs, batch.targets)
    # The formulas as books print them overflow where torch's own do not.
    if not all(np.isfinite(it.dL_dW).all() and np.isfinite(it.z).all() for it in other.layers):
        return
    both = [*record.layers, *other.layers]
    largest = max(float(np.abs(part).max()) for it in both for part in (it.dL_dW, it.dL_db))
    for k, (mine, hand) in enumerate(zip(record.layers, other.layers, strict=True)):
        for name in ("dL_dW", "dL_db"):
            ours, theirs = getattr(mine, name), getattr(hand, name)
            for place in np.ndindex(ours.shape):
                path = ".".join(map(str, ("layers", k, name, *place)))
                if path in open_paths or not math.isfinite(theirs[place]):
                    continue
                size = max(abs(ours[place]), AGREES * largest, 1e-300)
                assert abs(ours[place] - theirs[place]) <= AGREES * size, (seed, path)


def counted(seeds):
    """How many networks are of each verdict."""
    return Counter(judged(seed) for seed in seeds)
