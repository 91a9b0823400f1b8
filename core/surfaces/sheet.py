"""Answer sheets of surfaces and of descents on them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from backprop_studio.core.answer_sheet import versions
from backprop_studio.core.json_ready import json_ready
from backprop_studio.core.surfaces.descent import lecture_velocities
from backprop_studio.core.surfaces.landscape import FormulaLandscape
from backprop_studio.core.surfaces.slices import NetworkSlice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backprop_studio.core.answer_sheet import ShownNumber
    from backprop_studio.core.surfaces.descent import DescentRecord, Path
    from backprop_studio.core.surfaces.grid import SurfaceGrid
    from backprop_studio.core.surfaces.landscape import Landscape

__all__ = ["descent_sheet", "surface_sheet"]


def surface_sheet(
    scene: str,
    parameters: Mapping[str, Any],
    landscape: Landscape,
    grid: SurfaceGrid,
    descents: Iterable[DescentRecord] = (),
    shown: Iterable[ShownNumber] = (),
) -> dict[str, Any]:
    """Write a sampled surface, and descents on it, as an answer sheet.

    Parameters
    ----------
    scene : str
        Its name.
    parameters : mapping
        What the scene was given, JSON-ready.
    landscape : Landscape
        What was sampled.
    grid : SurfaceGrid
        Its values; null where there is a gap, which ``undefined`` and ``infinite`` count.
    descents : iterable of DescentRecord
        As in :func:`descent_sheet`.
    shown : iterable of ShownNumber
        What was on screen.

    Returns
    -------
    dict
        Strict JSON, the same to the last bit after a round trip.

    Examples
    --------
    >>> from backprop_studio.core.surfaces.grid import sample_grid
    >>> from backprop_studio.core.surfaces.landscape import named_landscape
    >>> bowl = named_landscape("bowl")
    >>> sheet = surface_sheet("loss_surface", {}, bowl, sample_grid(bowl, 3))
    >>> sheet["surface"]["formula"]["text"], sheet["grid"]["values"][1]
    ('x^2 + y^2', [9.0, 0.0, 9.0])
    """
    sheet = descent_sheet(scene, parameters, landscape, descents, shown)
    # Of values one by one no reason is kept why they are none; the counts say it.
    written = json_ready(grid, "grid", {})
    del written["gaps"]
    return {**sheet, "grid": written, "shown": sheet["shown"]}


def descent_sheet(
    scene: str,
    parameters: Mapping[str, Any],
    landscape: Landscape,
    descents: Iterable[DescentRecord],
    shown: Iterable[ShownNumber] = (),
) -> dict[str, Any]:
    """Write descents as an answer sheet.

    Parameters
    ----------
    scene, parameters, shown
        As in :func:`surface_sheet`.
    landscape : Landscape
        On what.
    descents : iterable of DescentRecord
        One per optimizer, each with a path per start. ``lecture_velocity`` is the velocity as
        :func:`core.surfaces.descent.lecture_velocities` has it; what an optimizer has not, and what
        did not happen, is null.

    Examples
    --------
    >>> from backprop_studio.core.network.optimizers import OptimizerSpec
    >>> from backprop_studio.core.surfaces.descent import descend
    >>> from backprop_studio.core.surfaces.landscape import named_landscape
    >>> curve = named_landscape("square")
    >>> record = descend(curve, OptimizerSpec("sgd", 0.25), [[1.0]], 2)
    >>> sheet = descent_sheet("gradient_descent", {}, curve, [record])
    >>> sheet["descents"][0]["paths"][0]["points"]
    [[1.0], [0.5], [0.25]]
    """
    return {
        "scene": scene,
        "parameters": dict(parameters),
        "versions": versions(),
        "surface": _surface(landscape),
        "descents": [_descent(record) for record in descents],
        "shown": [asdict(number) for number in shown],
    }


def _surface(landscape: Landscape) -> dict[str, Any]:
    common: dict[str, Any] = {
        "names": list(landscape.names),
        "ranges": [list(it) for it in landscape.ranges],
    }
    if isinstance(landscape, FormulaLandscape):
        return {"kind": "formula", **common, "formula": json_ready(landscape.formula, "", {})}
    if not isinstance(landscape, NetworkSlice):
        return common
    return {
        "kind": landscape.kind,
        **common,
        "network": {
            "sizes": list(landscape.network.sizes),
            "activations": list(landscape.network.activations),
            "loss": landscape.network.loss,
        },
        "inputs": landscape.batch.inputs.tolist(),
        "targets": landscape.batch.targets.tolist(),
        "origin": landscape.origin.tolist(),
        "base": json_ready(landscape.base, "", {}),
        "first": json_ready(landscape.first, "", {}),
        "second": json_ready(landscape.second, "", {}),
        "indices": [asdict(index) for index in landscape.indices],
        "seed": landscape.seed,
        "cosine": landscape.cosine,
    }


def _descent(record: DescentRecord) -> dict[str, Any]:
    return {
        "ranges": [list(it) for it in record.ranges],
        "optimizer": asdict(record.optimizer),
        "steps": record.steps,
        "paths": [_path(record, path) for path in record.paths],
    }


def _path(record: DescentRecord, path: Path) -> dict[str, Any]:
    vectors = json_ready(path.vectors, "", {})
    has_velocity = path.vectors.velocity is not None
    return {
        **json_ready(path, "", {}),
        "vectors": {
            **vectors,
            "lecture_velocity": (
                lecture_velocities(record.optimizer, path).tolist() if has_velocity else None
            ),
        },
    }
