"""Answer sheets: records as JSON, with every number that appeared on screen.

A number on screen is a :class:`ShownNumber`; its name is the path of its value in the sheet, so
``layers.0.z.0.2`` can be looked up by anybody who reads the file.
"""

from __future__ import annotations

import math
import platform
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from backprop_studio.core.json_ready import json_ready, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.core.network.record import LayerRecord, StepRecord

MINUS = "−"
"""The real minus sign, as wide as the plus."""

MAX_DECIMALS = 12

PLAIN_POWERS = (-3, 5)
"""Powers of ten of the first digit that are written out, as 0.001 and 100000."""


@dataclass(frozen=True)
class ShownNumber:
    """A number on screen.

    Attributes
    ----------
    beat : str
        The beat in which it first appears.
    name : str
        Path of the value in the answer sheet.
    text : str
        As printed.
    value : float
        As computed.
    """

    beat: str
    name: str
    text: str
    value: float


EXACT = 1e-12
"""Of a number: what is nearer to a shorter one is that one, but for the computer's rounding."""


def printed(value: float, decimals: int) -> str:
    """Return a number as lectures print it: fixed decimals, a real minus sign, no "-0.000".

    The exact binary value is rounded, half to even. What a diverging step leaves behind is written
    as ∞, −∞ or, where it is no number, as "?".

    Parameters
    ----------
    value : float
        What torch computed.
    decimals : int
        Digits behind the point; at most 12 are written.

    Examples
    --------
    >>> printed(-0.12345, 3)
    '−0.123'
    >>> printed(-0.0001, 3)
    '0.000'
    """
    if math.isnan(value):
        return "?"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = f"{abs(value):.{min(decimals, MAX_DECIMALS)}f}"
    return f"{MINUS}{text}" if value < 0 and text.strip("0.") else text


def printed_scientific(value: float, digits: int, *, is_short: bool = False) -> str:
    """Return a number with so many significant digits, as Typst mathematics.

    Numbers of ordinary size are written out, others as digits times a power of ten. The exact
    binary value is rounded, half to even; what is not finite is written as by :func:`printed`.

    Parameters
    ----------
    value : float
        What torch computed.
    digits : int
        Significant digits, at least 1.
    is_short : bool
        Leave zeros at the end away if the number ends there, and the 1 before a power of ten.

    Examples
    --------
    >>> printed_scientific(3.2e-11, 2), printed_scientific(-0.54030, 4)
    ('3.2 times 10^(-11)', '−0.5403')
    >>> printed_scientific(1e-6, 3), printed_scientific(1e-6, 3, is_short=True)
    ('1.00 times 10^(-6)', '10^(-6)')
    """
    if not value or not math.isfinite(value):
        return printed(value, 0)
    sign = MINUS if value < 0 else ""
    mantissa, _, power = f"{abs(value):.{digits - 1}e}".partition("e")
    exponent = int(power)
    low, high = PLAIN_POWERS
    is_plain = low <= exponent <= high
    if is_plain:
        mantissa = f"{abs(value):.{max(digits - 1 - exponent, 0)}f}"
    if is_short and "." in mantissa:
        short = mantissa.rstrip("0").rstrip(".")
        apart = float(short) - abs(value) / (1.0 if is_plain else 10.0**exponent)
        mantissa = short if abs(apart) <= EXACT * float(short) else mantissa
    if is_plain:
        return f"{sign}{mantissa}"
    factor = "" if is_short and mantissa == "1" else f"{mantissa} times "
    return f"{sign}{factor}10^({exponent})"


def sheet_with(scene: str, parameters: Mapping[str, Any], /, **body: Any) -> dict[str, Any]:
    """Return what every answer sheet has, and the body of one.

    Parameters
    ----------
    scene : str
        Its name.
    parameters : mapping
        What the scene was given, JSON-ready.
    **body
        JSON-ready as well.

    Examples
    --------
    >>> list(sheet_with("derivative", {}, slope=1.0))
    ['scene', 'parameters', 'versions', 'slope', 'shown']
    """
    head = {"scene": scene, "parameters": dict(parameters), "versions": versions()}
    return {**head, **body, "shown": []}


def step_sheet(scene: str, parameters: Mapping[str, Any], record: StepRecord) -> dict[str, Any]:
    """Return a training step as an answer sheet.

    ``z``, ``a``, ``dL_dz`` and ``dL_da`` are lists over samples; gradients are of the loss.

    Examples
    --------
    >>> from backprop_studio.core.network.steps import run_step
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> record = run_step(params.network_spec(), params.batch(), 0.1)
    >>> sheet = step_sheet("backprop", {}, record)
    >>> sheet["layers"][0]["dL_dW"], sheet["updated"][0]["weight"]
    ([[-8.0]], [[1.8]])
    """
    return sheet_with(
        scene,
        parameters,
        sizes=list(record.network.sizes),
        inputs=plain(record.batch.inputs),
        targets=plain(record.batch.targets),
        **step_values(record),
    )


def step_values(record: StepRecord) -> dict[str, Any]:
    """Return what one step of several has of its own, without the batch that all share.

    Examples
    --------
    >>> from backprop_studio.core.network.steps import run_steps
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> records = run_steps(params.network_spec(), params.batch(), 0.1, 3)
    >>> [round(step_values(record)["loss"], 10) for record in records]
    [4.0, 0.16, 0.0064]
    """
    return {
        **_shares(record),
        "step": record.step,
        "layers": [_layer(layer) for layer in record.layers],
        "sample_losses": plain(record.before.sample_losses),
        "probabilities": plain(record.before.probabilities),
        "residuals": plain(record.before.residuals),
        "loss": record.loss,
        "learning_rate": record.learning_rate,
        "optimizer": plain(record.optimizer),
        "optimizer_vectors": plain(record.vectors),
        "updated": plain(record.updated),
        "optimizer_vectors_after": plain(record.vectors_after),
        "a_after": plain(record.after.activations),
        "probabilities_after": plain(record.after.probabilities),
        "residuals_after": plain(record.after.residuals),
        "sample_losses_after": plain(record.after.sample_losses),
        "loss_after": record.loss_after,
    }


def _shares(record: StepRecord) -> dict[str, Any]:
    """Return how classes count in the loss, where that is more or less than one."""
    if not record.network.has_shares:
        return {}
    import torch

    from backprop_studio.core.network.passes import class_shares, total_weight

    targets = torch.tensor(record.batch.targets)
    shares = class_shares(record.network, targets)
    return {
        "class_shares": plain(shares),
        "sample_weights": plain(shares.sum(axis=1)),
        "total_weight": total_weight(record.network, targets),
    }


def records_sheet(scene: str, parameters: Mapping[str, Any], /, **records: Any) -> dict[str, Any]:
    """Return records of any kind as an answer sheet.

    Parameters
    ----------
    scene, parameters
        As in :func:`sheet_with`.
    **records
        Records, or tuples of them; each stands under its name, and what it consists of under the
        names of its fields: ``graph.nodes.3.value`` is a number that can be looked up.

    Returns
    -------
    dict
        Strict JSON, the same to the last bit after a round trip. ``not_finite`` gives the reason
        for a number that is null because it is infinite or none: "inf", "-inf" or "nan". A null
        without a reason is what a record does not have, such as a constant's gradient.

    Examples
    --------
    >>> from backprop_studio.core.derivatives.secants import secants
    >>> from backprop_studio.core.formula import parse_formula
    >>> record = secants(parse_formula("log(w)", ["w"]), {"w": 1}, [-2])
    >>> sheet = records_sheet("derivative", {}, tangent=record)
    >>> sheet["tangent"]["slope"], sheet["tangent"]["y_eps"], sheet["not_finite"]
    (1.0, [None], {'tangent.y_eps.0': 'nan', 'tangent.rises.0': 'nan', 'tangent.slopes.0': 'nan', \
'tangent.errors.0': 'nan'})
    """
    reasons: dict[str, str] = {}
    body = {name: json_ready(record, name, reasons) for name, record in records.items()}
    return sheet_with(scene, parameters, **body, not_finite=reasons)


def look_up(sheet: Mapping[str, Any], name: str) -> float:
    """Return the value that a shown number's name stands for.

    Raises
    ------
    KeyError
        If the sheet has no such value.

    Examples
    --------
    >>> look_up({"layers": [{"z": [[0.5, -1.5]]}]}, "layers.0.z.0.1")
    -1.5
    """
    value: Any = sheet
    try:
        for part in name.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
        return float(value)
    except (LookupError, TypeError, ValueError) as error:
        raise KeyError(name) from error


def versions() -> dict[str, str]:
    """Return the versions of what computed and drew the numbers.

    Examples
    --------
    >>> list(versions())
    ['python', 'backprop-studio', 'torch', 'numpy', 'manim']
    """
    names = ("backprop-studio", "torch", "numpy", "manim")
    return {"python": platform.python_version(), **{name: _installed(name) for name in names}}


_installed = cache(version)
"""Which version of a library there is; each time it would be read from a file again."""


def _layer(layer: LayerRecord) -> dict[str, Any]:
    # What comes in is the layer before's a, or the inputs: it is written there.
    return {name: value for name, value in plain(layer).items() if name != "a_in"}
