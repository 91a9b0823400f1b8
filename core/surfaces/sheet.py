"""Answer sheets of descents on a surface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.core.answer_sheet import sheet_with
from backprop_studio.core.json_ready import plain
from backprop_studio.core.surfaces.landscape import FormulaLandscape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backprop_studio.core.surfaces.descent import DescentRecord
    from backprop_studio.core.surfaces.landscape import Landscape


def descent_sheet(
    scene: str,
    parameters: Mapping[str, Any],
    landscape: Landscape,
    descents: Iterable[DescentRecord],
) -> dict[str, Any]:
    """Return descents as an answer sheet.

    Parameters
    ----------
    scene : str
        Its name.
    parameters : mapping
        What the scene was given, JSON-ready.
    landscape : Landscape
        On what.
    descents : iterable of DescentRecord
        One per optimizer, each with a path per start. What an optimizer has not, and what did not
        happen, is null.

    Examples
    --------
    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> from backprop_studio.core.surfaces.descent import descend
    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> curve = CurveParams(name="square").landscape()
    >>> record = descend(curve, OptimizerSpec("sgd", 0.25), [[1.0]], 2)
    >>> sheet = descent_sheet("gradient_descent", {}, curve, [record])
    >>> sheet["descents"][0]["paths"][0]["points"]
    [[1.0], [0.5], [0.25]]
    """
    surface = {"names": landscape.names, "ranges": landscape.ranges, **_own(landscape)}
    return sheet_with(scene, parameters, surface=plain(surface), descents=plain(list(descents)))


def _own(landscape: Landscape) -> dict[str, Any]:
    if isinstance(landscape, FormulaLandscape):
        return {"kind": "formula", "formula": landscape.formula}
    network, batch = landscape.network, landscape.batch
    names = ("kind", "origin", "base", "first", "second", "indices", "seed", "cosine")
    return {
        **{name: getattr(landscape, name) for name in names},
        "network": {name: getattr(network, name) for name in ("sizes", "activations", "loss")},
        "inputs": batch.inputs,
        "targets": batch.targets,
    }
