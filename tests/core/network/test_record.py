"""Records: every one is frozen, and none of torch's tensors is in it."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
import subprocess
import sys

ROOMS = ("network", "training", "autograd", "graphs", "classification", "line_fit", "surfaces")
KINDS = [
    kind
    for room in ROOMS
    for found in pkgutil.iter_modules(
        importlib.import_module(f"backprop_studio.core.{room}").__path__,
        f"backprop_studio.core.{room}.",
    )
    for kind in vars(importlib.import_module(found.name)).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__module__ == found.name
]
TORCHS = {"Parameters", "Forward"}
"""Tensors on their way through a pass, which is no record."""


def test_every_record_is_frozen_and_without_tensors():
    assert len(KINDS) > 50
    for kind in KINDS:
        assert kind.__dataclass_params__.frozen, kind
        if kind.__name__ not in TORCHS:
            assert not [
                it for it in dataclasses.fields(kind) if re.search(r"\bTensor\b", str(it.type))
            ], kind


LIGHT = """
import sys
from backprop_studio.core.autograd import params as autograd
from backprop_studio.core.classification.params import ClassificationGroup
from backprop_studio.core.graphs import params as graphs
from backprop_studio.core.line_fit.params import LineDataParams
from backprop_studio.core.network import architecture, optimizers, softmax_params, tensor_params
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.surfaces import comparison_params, curve_params
from backprop_studio.core.surfaces.params import SurfaceParams
from backprop_studio.core.training import gradient_flow_params, one_weight_params
NetworkGroup().batch(), SurfaceParams(formula="x*y").starts, LineDataParams().points_of()
print(sorted({"torch", "sklearn", "scipy", "pandas", "sympy"} & sys.modules.keys()))
ClassificationGroup().settings()
print("torch" in sys.modules)
"""


def test_parameters_load_no_torch():
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "False"]
