"""Which scenes have exercises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.render.kit.exercises import derivatives, descents, graphs, networks, softmax

if TYPE_CHECKING:
    from backprop_studio.render.kit.exercises.subject import Subject

SUBJECTS: dict[str, Subject] = {
    "derivative": derivatives.DERIVATIVE,
    "partial_derivatives": derivatives.PARTIAL_DERIVATIVES,
    "computation_graph": graphs.COMPUTATION_GRAPH,
    "chain_rule": networks.CHAIN_RULE,
    "backprop": networks.BACKPROP,
    "gradient_descent": descents.GRADIENT_DESCENT,
    "momentum": descents.MOMENTUM,
    "linear_regression": descents.LINEAR_REGRESSION,
    "softmax_cross_entropy": softmax.SOFTMAX,
}
"""By the scene's id; where a calculation by hand makes no sense there is none."""
