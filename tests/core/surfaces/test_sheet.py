"""Answer sheets of surfaces and descents: strict JSON, and not a bit is lost."""

from __future__ import annotations

import json

import numpy as np
import pytest

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.surfaces.descent import compare, descend
from backprop_studio.core.surfaces.landscape import FormulaLandscape
from backprop_studio.core.surfaces.parameter_index import ParameterIndex
from backprop_studio.core.surfaces.sheet import descent_sheet
from backprop_studio.core.surfaces.slices import direction_slice, parameter_slice
from tests.core.specs import batch_for
from tests.core.surfaces.landscapes import named_landscape

NETWORK = NetworkSpec((2, 3, 1), ("tanh", "identity"), "mse", "torch", 0)
BATCH = batch_for(NETWORK, 4, np.random.default_rng(0))
LANDSCAPES = {
    "formula": FormulaLandscape(
        parse_formula("sin(x)*exp(y)/3 + log(x + 1.5)", "xy"), ((-2, 2), (-1, 1))
    ),
    "parameters": parameter_slice(NETWORK, BATCH, ParameterIndex(0, 1, 1), ParameterIndex(1, 0)),
    "directions": direction_slice(NETWORK, BATCH, seed=3),
}


def written(sheet):
    text = json.dumps(sheet, allow_nan=False)
    assert json.loads(text) == sheet
    return json.loads(text)


def same_bits(written_numbers, array):
    found = np.array(written_numbers, dtype=np.float64)
    return found.shape == array.shape and found.tobytes() == array.tobytes()


@pytest.mark.parametrize(
    ("kind", "name"), [("formula", "momentum"), ("parameters", "adam"), ("directions", "sgd")]
)
def test_descents_survive_to_the_last_bit(kind, name):
    landscape = LANDSCAPES[kind]
    record = descend(landscape, OptimizerSpec(name, 0.1), [(0.1, 0.2), (-1 / 3, 0.7)], 6)
    sheet = written(descent_sheet("momentum", {}, landscape, [record]))
    (descent,) = sheet["descents"]
    assert descent["optimizer"]["name"] == name
    assert descent["steps"] == 6
    for path, ours in zip(record.paths, descent["paths"], strict=True):
        for part in ("points", "values", "gradients"):
            assert same_bits(ours[part], getattr(path, part))
        for part, array in vars(path.vectors).items():
            kept = ours["vectors"][part]
            assert kept is None if array is None else same_bits(kept, array)
        ends = (path.left_at, path.diverged_at, path.cause)
        assert (ours["left_at"], ours["diverged_at"], ours["cause"]) == ends


def test_divergence_is_told_and_no_number_is_lost_to_it():
    curve = named_landscape("square")
    specs = [OptimizerSpec("sgd", rate) for rate in (0.1, 1e60)]
    sheet = written(descent_sheet("learning_rate", {}, curve, compare(curve, specs, [[1.0]], 8)))
    good, wild = (it["paths"][0] for it in sheet["descents"])
    assert (good["left_at"], good["diverged_at"], good["cause"]) == (None, None, None)
    assert (wild["left_at"], wild["diverged_at"], wild["cause"]) == (1, 3, "value")
    assert None not in wild["values"]
    assert look_up(sheet, "descents.0.paths.0.points.1.0") == pytest.approx(0.8, rel=1e-15)


def test_sheet_has_the_contracts_keys():
    curve = named_landscape("square")
    record = descend(curve, OptimizerSpec("sgd", 0.1), [[1.0]], 1)
    sheet = written(descent_sheet("gradient_descent", {"pace": 2.0}, curve, [record]))
    assert sheet.keys() == {"scene", "parameters", "versions", "surface", "descents", "shown"}
    assert (sheet["scene"], sheet["parameters"]) == ("gradient_descent", {"pace": 2.0})
    assert sheet["surface"] == {
        "kind": "formula",
        "names": ["w"],
        "ranges": [[-3.0, 3.0]],
        "formula": {"text": "w^2", "typst": "w^(2)", "names": ["w"]},
    }


def test_network_of_a_slice_can_be_built_again_from_the_sheet():
    slice_ = LANDSCAPES["directions"]
    sheet = written(descent_sheet("loss_surface", {}, slice_, []))["surface"]
    assert (sheet["seed"], sheet["cosine"]) == (3, slice_.cosine)
    for part in ("base", "first", "second"):
        for ours, theirs in zip(sheet[part]["weights"], getattr(slice_, part).weights, strict=True):
            assert same_bits(ours, theirs)
    indices = written(descent_sheet("loss_surface", {}, LANDSCAPES["parameters"], []))["surface"]
    assert indices["indices"] == [
        {"layer": 0, "row": 1, "column": 1},
        {"layer": 1, "row": 0, "column": None},
    ]
