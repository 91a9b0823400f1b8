"""Which scenes have exercises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.render.kit.exercises import (
    derivatives,
    descents,
    directions,
    graphs,
    lines,
    networks,
    programs,
    softmax,
    surfaces,
    vectors,
)

if TYPE_CHECKING:
    from backprop_studio.render.kit.exercises.subject import Subject

SUBJECTS: dict[str, Subject] = {
    "derivative": derivatives.DERIVATIVE,
    "partial_derivatives": derivatives.PARTIAL_DERIVATIVES,
    "directional_derivative": directions.DIRECTIONAL_DERIVATIVE,
    "numerical_gradient": directions.NUMERICAL_GRADIENT,
    "computation_graph": graphs.COMPUTATION_GRAPH,
    "chain_rule": networks.CHAIN_RULE,
    "architecture": networks.ARCHITECTURE,
    "backprop": networks.BACKPROP,
    "gradient_descent": descents.GRADIENT_DESCENT,
    "learning_rate": descents.LEARNING_RATE,
    "momentum": descents.MOMENTUM,
    "loss_surface": surfaces.LOSS_SURFACE,
    "optimizers": surfaces.OPTIMIZERS,
    "linear_regression": lines.LINEAR_REGRESSION,
    "softmax_cross_entropy": softmax.SOFTMAX,
    "autograd": vectors.AUTOGRAD,
    "vector_jacobian": vectors.VECTOR_JACOBIAN,
    "detach": vectors.DETACH,
    "tensors": programs.TENSORS,
    "control_flow": programs.CONTROL_FLOW,
}
"""By the scene's id; where a calculation by hand makes no sense there is none."""
