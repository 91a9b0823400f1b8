"""The named curves and surfaces, as a test needs them."""

from __future__ import annotations

from backprop_studio.core.surfaces.landscape import FormulaLandscape
from backprop_studio.core.surfaces.named import CURVES, SURFACES


def named_landscape(name):
    own = (CURVES | SURFACES)[name]
    return FormulaLandscape(own.formula, own.ranges)
