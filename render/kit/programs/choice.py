"""Which program a scene has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.kit.programs.classes import classification_text
from backprop_studio.render.kit.programs.curves import (
    derivative_text,
    directional_derivative_text,
    numerical_gradient_text,
    partial_derivatives_text,
)
from backprop_studio.render.kit.programs.descent import (
    curve_descent_text,
    momentum_text,
    surface_descent_text,
)
from backprop_studio.render.kit.programs.flow import gradient_flow_text
from backprop_studio.render.kit.programs.graphs import computation_graph_text
from backprop_studio.render.kit.programs.line import linear_regression_text
from backprop_studio.render.kit.programs.networks import backprop_text
from backprop_studio.render.kit.programs.one_weight import chain_rule_text
from backprop_studio.render.kit.programs.recorded import (
    autograd_text,
    control_flow_text,
    detach_text,
    vector_jacobian_text,
)
from backprop_studio.render.kit.programs.shapes import architecture_text, tensors_text
from backprop_studio.render.kit.programs.softmax import softmax_text
from backprop_studio.render.kit.programs.tape import tape_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def program_of(scene: str, sheet: Mapping[str, Any]) -> str | Message:
    """Return the lines that compute a scene's numbers, or why there are none.

    They hand what they compute to ``note``, by the paths of the answer sheet.
    """
    if scene not in PROGRAMS:
        reason = N_("there is no program yet for the scene '{scene}'")
        return Message.of("code.none", reason, scene=scene)
    return PROGRAMS[scene](sheet)


PROGRAMS: dict[str, Callable[[Mapping[str, Any]], str | Message]] = {
    "architecture": architecture_text,
    "autograd": autograd_text,
    "autograd_graph": tape_text,
    "backprop": backprop_text,
    "chain_rule": chain_rule_text,
    "classification": classification_text,
    "computation_graph": computation_graph_text,
    "control_flow": control_flow_text,
    "derivative": derivative_text,
    "detach": detach_text,
    "directional_derivative": directional_derivative_text,
    "gradient_descent": curve_descent_text,
    "gradient_flow": gradient_flow_text,
    "learning_rate": curve_descent_text,
    "linear_regression": linear_regression_text,
    "loss_surface": surface_descent_text,
    "momentum": momentum_text,
    "numerical_gradient": numerical_gradient_text,
    "optimizers": surface_descent_text,
    "partial_derivatives": partial_derivatives_text,
    "softmax_cross_entropy": softmax_text,
    "tensors": tensors_text,
    "vector_jacobian": vector_jacobian_text,
}
