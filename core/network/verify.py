"""Finite-difference gradient check: every gradient against central differences in float64.

A single central difference is limited by its step: too large and the curve bends, too small and
rounding eats the digits. So each derivative is taken at a ladder of steps that halve, extrapolated
to step zero, and read where neighbouring extrapolations agree best (Ridders, 1982). The gradient
under test plays no part in that choice.

A relu has a corner. Steps that take a unit across it are not used; where every step does, because a
pre-activation is zero, there is no derivative to compare with.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from backprop_studio.core.network import passes
from backprop_studio.core.network.perturbation import PerturbedNetwork, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.network.record import LayerRecord, StepRecord

STEPS: Array = 2.0 ** -np.arange(3.0, 21.0)
MOST_EXTRAPOLATIONS = 6
FEWEST_SLOPES = 4

AT_ONCE = 9
"""Steps of one pass; where these are enough, narrower ones are not taken."""

MAX_ENTRIES, MIN_ENTRIES = 400, 50
ENTRIES_TIMES_PARAMETERS = 20_000_000
"""Bounds the work: each entry costs forward passes, each of as many steps as parameters."""

TOLERANCE = 1e-6
ENOUGH = TOLERANCE / 1000
"""A difference as certain as this needs no narrower step."""

FLOOR = 1e-6
"""Gradients below this share of the largest are measured by that share."""

EPSILON = float(np.finfo(float).eps)
TINY = float(np.finfo(float).tiny)

ROUNDINGS = 8
"""How often the last digit of the loss may have been rounded on the way."""

CORNERED = {"relu", "leaky_relu"}

_SATURATING = {"sigmoid": 1.0, "tanh": 2.0}
"""Activations whose slope falls as exp(-scale |z|) and that torch computes from a alone."""


_EXACT = {"float64": (TOLERANCE, FLOOR), "float32": (1e-4, 1e-2)}
"""How far a gradient may be off, and the floor below which it is small."""


@dataclass(frozen=True)
class _Entry:
    """One weight or bias: its gradient's path, its place and value, its largest factor."""

    path: str
    place: Place
    value: float
    gradient: float
    factor: float


def verification(record: StepRecord) -> dict[str, Any]:
    """Compare dL_dW and dL_db of a record with central differences of its loss.

    Returns
    -------
    dict
        ``max_relative_error``: the largest of |g - d| / max(|g|, |d|, floor) of those that could be
        compared, None if there is none; the floor is a millionth of the largest gradient.
        ``checked`` of ``parameters`` entries were looked at: all of them in a small network, else
        an even spread. Of the checked, ``at_corners`` have no derivative, and for ``unresolved`` d
        has fewer than six digits, because the entry hardly moves the loss. ``unconfirmed`` names
        these, and those that differ by more than a millionth, each by its ``path`` in the answer
        sheet and its ``reason``: corner, unresolved or differs. Of a step in float32 the floor is a
        hundredth of the largest gradient, and a ten-thousandth is allowed.

    Examples
    --------
    >>> from backprop_studio.core.network.steps import run_step
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "small"}})
    >>> found = verification(run_step(params.network_spec(), params.batch(), 0.1))
    >>> found["checked"], found["parameters"], found["max_relative_error"] < 1e-6
    (9, 9, True)
    """
    with passes.single_thread(), np.errstate(all="ignore"):
        probe = _Probe(record)
        count = probe.count
        most = max(MIN_ENTRIES, min(MAX_ENTRIES, ENTRIES_TIMES_PARAMETERS // count))
        chosen = np.linspace(0, count - 1, min(count, most)).round().astype(int)
        entries = [probe.entry(int(number)) for number in chosen]
        findings = [(entry.path, *probe.examine(entry)) for entry in entries]
    reasons = [reason for _, reason, _ in findings]
    errors = [error for _, reason, error in findings if reason in {"", "differs"}]
    return {
        "max_relative_error": max(errors, default=None),
        "checked": len(chosen),
        "at_corners": reasons.count("corner"),
        "unresolved": reasons.count("unresolved"),
        "parameters": count,
        "unconfirmed": [{"path": path, "reason": reason} for path, reason, _ in findings if reason],
    }


class _Probe:
    """A record's network, whose parameters can be moved one by one."""

    def __init__(self, record: StepRecord) -> None:
        self._network = network = record.network
        inputs = torch.tensor(record.batch.inputs)
        self._targets = torch.tensor(record.batch.targets)
        weights = [np.array(layer.weight) for layer in record.layers]
        biases = [np.array(layer.bias) for layer in record.layers]
        kinds = (tuple(map(torch.from_numpy, kind)) for kind in (weights, biases))
        parameters = passes.Parameters(*kinds)
        with torch.no_grad():
            self._forward = passes.forward_pass(network, parameters, inputs, self._targets)
        self._moved = PerturbedNetwork(network, parameters, self._forward, inputs, self._targets)
        self._arrays = [*weights, *biases]
        self._gradients = [layer.dL_dW for layer in record.layers]
        self._gradients += [layer.dL_db for layer in record.layers]
        self._factors = [np.abs(layer.a_in).max(axis=0) for layer in record.layers]
        self._lost = [_has_lost_slope(layer) for layer in record.layers]
        self._ends = np.cumsum([array.size for array in self._arrays])
        self.count = int(self._ends[-1])
        self._rounding = ROUNDINGS * self._last_digit()
        begun = record.optimizer.begun
        self._tolerance, floor = _EXACT[begun.precision if begun else "float64"]
        self._floor = floor * max(float(np.abs(part).max()) for part in self._gradients)

    def entry(self, number: int) -> _Entry:
        """Return one of the ``count`` entries, weights first."""
        which = int(np.searchsorted(self._ends, number, side="right"))
        array = self._arrays[which]
        offset = number - int(self._ends[which]) + array.size
        position = tuple(int(index) for index in np.unravel_index(offset, array.shape))
        is_weight = array.ndim == 2
        factor = float(self._factors[which][position[1]]) if is_weight else 1.0
        layer = which % len(self._factors)
        path = ".".join(map(str, ("layers", layer, "dL_dW" if is_weight else "dL_db", *position)))
        value, gradient = float(array[position]), float(self._gradients[which][position])
        return _Entry(path, Place(layer, *position), value, gradient, factor)

    def examine(self, entry: _Entry) -> tuple[str, float]:
        """Return why an entry's gradient is not confirmed, or nothing, and its relative error."""
        found = self._difference(entry)
        if found is None:
            return "corner", 0.0
        if found == (0.0, 0.0) and any(self._lost[entry.place.layer :]):
            return "unresolved", 0.0
        difference, uncertainty = found
        size = max(abs(entry.gradient), abs(difference), self._floor, TINY)
        error = abs(entry.gradient - difference) / size
        # Not a number compares with nothing, so it must not pass for a small error.
        if not math.isfinite(error):
            return "differs", float("inf")
        if uncertainty > TOLERANCE * size:
            return "unresolved", error
        return "differs" if error > self._tolerance else "", error

    def _difference(self, entry: _Entry) -> tuple[float, float] | None:
        """Return an entry's derivative and its uncertainty, as soon as that is small enough.

        Where no step moves the loss by a single bit, a gradient of zero is what can be seen.
        """
        limit = _Limit()
        for step, slope in self._slopes(entry):
            if slope is None:  # narrower steps may stay clear of the corner
                limit = _Limit()
                continue
            limit.add(slope, self._rounding / step)
            if limit.is_known and limit.uncertainty <= ENOUGH * abs(limit.best):
                break
        if not limit.is_known:
            return None
        is_flat = entry.gradient == 0 and not limit.has_moved
        return (0.0, 0.0) if is_flat else (limit.best, limit.uncertainty)

    def _slopes(self, entry: _Entry) -> Iterator[tuple[float, float | None]]:
        """Yield narrower and narrower steps, and their central differences.

        There is none where a step reaches across a corner.
        """
        value = entry.value
        every = STEPS * max(1.0, abs(value)) / max(1.0, entry.factor)
        count = min(AT_ONCE, self._moved.most // 2)
        for steps in (every[k : k + count] for k in range(0, len(every), count)):
            above, below = value + steps, value - steps
            values = np.concatenate([above, below])
            with torch.no_grad():
                losses, same = self._moved.losses(entry.place, values, CORNERED)
                higher, lower = losses.chunk(2)
                # Sample by sample: what an entry does not move cancels before it is rounded.
                changes = passes.batch_loss(self._network, higher - lower, self._targets).numpy()
            slopes = (changes / (above - below)).tolist()
            for step, slope, *sides in zip(steps, slopes, *same.chunk(2), strict=True):
                yield float(step), slope if all(sides) else None

    def _last_digit(self) -> float:
        """Return how well the loss is known: what it takes has a last digit as well."""
        forward = self._forward
        outputs = passes.scores_of(self._network, forward.zs[-1], forward.activations[-1])
        neighbours = torch.nextafter(outputs, torch.zeros_like(outputs))
        losses = passes.sample_losses(self._network, neighbours, self._targets)
        apart = (losses - self._forward.sample_losses).abs()
        change = passes.batch_loss(self._network, apart, self._targets)
        return float(change) + EPSILON * float(self._forward.loss)


def _has_lost_slope(layer: LayerRecord) -> bool:
    """Whether a slope is 0 only because its activation was rounded to a limit that it never has."""
    scale = _SATURATING.get(layer.activation)
    if scale is None:
        return False
    rest = np.exp(-scale * np.abs(layer.z))
    return bool(((layer.da_dz == 0) & (rest > TINY)).any())


class _Limit:
    """The limit of differences at halving steps, as far as it is known: Neville's table.

    Attributes
    ----------
    best, uncertainty : float
        Where neighbouring extrapolations agree best, and by how much they do not.
    has_moved : bool
        A difference was not zero.
    """

    def __init__(self) -> None:
        self.best, self.uncertainty, self.has_moved = math.nan, math.inf, False
        self._row: list[float] = []
        self._count = 0

    @property
    def is_known(self) -> bool:
        """Whether there are enough differences."""
        return self._count >= FEWEST_SLOPES

    def add(self, slope: float, noise: float) -> None:
        """Take the difference at the next step, and what rounding makes of it."""
        row = [slope]
        for order, coarser in enumerate(self._row[:MOST_EXTRAPOLATIONS], start=1):
            finer = row[-1]
            limit = finer + (finer - coarser) / (4.0**order - 1.0)
            spread = max(abs(limit - finer), abs(limit - coarser)) + noise
            if spread < self.uncertainty and not math.isnan(limit - coarser):
                self.best, self.uncertainty = limit, spread
            row.append(limit)
        if math.isinf(self.uncertainty):
            self.best = slope
        self._row = row
        self._count += 1
        self.has_moved |= slope != 0
