"""Answer sheets: records as JSON, with every number that appeared on screen.

A number on screen is a :class:`ShownNumber`; its name is the path of its value in the sheet, so
``layers.0.z.0.2`` can be looked up by anybody who reads the file.
"""

from __future__ import annotations

import math
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.record import LayerRecord, StepRecord

__all__ = ["MINUS", "ShownNumber", "look_up", "printed", "step_sheet"]

MINUS = "−"
"""The real minus sign, as wide as the plus."""

MAX_DECIMALS = 12


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


def step_sheet(
    scene: str,
    parameters: Mapping[str, Any],
    record: StepRecord,
    shown: Iterable[ShownNumber],
) -> dict[str, Any]:
    """Write a training step as an answer sheet.

    ``z``, ``a``, ``dL_dz`` and ``dL_da`` are lists over samples; gradients are of the loss.
    """
    return {
        "scene": scene,
        "parameters": dict(parameters),
        "versions": versions(),
        "inputs": record.batch.inputs.tolist(),
        "targets": record.batch.targets.tolist(),
        "layers": [_layer(layer) for layer in record.layers],
        "sample_losses": record.before.sample_losses.tolist(),
        "probabilities": _list_or_none(record.before.probabilities),
        "residuals": _list_or_none(record.before.residuals),
        "loss": record.loss,
        "learning_rate": record.learning_rate,
        "updated": [
            {"weight": layer.weight.tolist(), "bias": layer.bias.tolist()}
            for layer in record.updated
        ],
        "a_after": [a.tolist() for a in record.after.activations],
        "probabilities_after": _list_or_none(record.after.probabilities),
        "residuals_after": _list_or_none(record.after.residuals),
        "sample_losses_after": record.after.sample_losses.tolist(),
        "loss_after": record.loss_after,
        "shown": [asdict(number) for number in shown],
    }


def look_up(sheet: Mapping[str, Any], name: str) -> float:
    """Return the value that a shown number's name stands for.

    Raises
    ------
    KeyError
        If the sheet has no such value.
    """
    value: Any = sheet
    try:
        for part in name.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
        return float(value)
    except (LookupError, TypeError, ValueError) as error:
        raise KeyError(name) from error


def versions() -> dict[str, str]:
    """Return the versions of what computed and drew the numbers."""
    names = ("backprop-studio", "torch", "numpy", "manim")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def _layer(layer: LayerRecord) -> dict[str, Any]:
    names = ("weight", "bias", "z", "a", "da_dz", "dL_dz", "dL_da", "dL_dW", "dL_db")
    return {
        "activation": layer.activation,
        **{name: getattr(layer, name).tolist() for name in names},
    }


def _list_or_none(array: Any) -> list[Any] | None:
    return None if array is None else array.tolist()
