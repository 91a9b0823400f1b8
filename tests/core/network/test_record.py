"""Parameters are declared without torch."""

from __future__ import annotations

import subprocess
import sys

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
