"""Small programs whose tape is shown where nobody has brought code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from backprop_studio.core.tape.reading import read_tape

if TYPE_CHECKING:
    from backprop_studio.core.tape.params import Program
    from backprop_studio.core.tape.records import Tape

GIVEN: dict[Program, dict[str, Any]] = {
    # After Andrej Karpathy, micrograd: the gradients are -1.5, 1, 0.5 and 0.
    "neuron": {"x1": 2.0, "w1": -3.0, "x2": 0.0, "w2": 1.0, "b": 6.8813735870195432},
    "shared": {"a": 2.0, "b": -3.0},
    "vector": {"x": [0.0, 1.0, 2.0, 3.0]},
}
"""The leaves of each program."""

CODE: dict[Program, str] = {
    "neuron": "y = torch.tanh(x1 * w1 + x2 * w2 + b)",
    "shared": "u = a * b; y = u * u + a",
    "vector": "y = 2 * torch.dot(x, x)",
}
"""What each program does with them."""


def program_tape(program: Program) -> Tape:
    """Return the tape of a program.

    Examples
    --------
    >>> tape = program_tape("neuron")
    >>> found = {it.labels[0]: it.gradient.values[0] for it in tape.nodes if it.kind == "leaf"}
    >>> {name: round(value, 6) for name, value in found.items()}
    {'x1': -1.5, 'w1': 1.0, 'x2': 0.5, 'w2': 0.0, 'b': 0.5}
    """
    leaves = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in GIVEN[program].items()
    }
    if program == "neuron":
        x1, w1, x2, w2, b = leaves.values()
        named = {"y": torch.tanh(x1 * w1 + x2 * w2 + b)}
    elif program == "shared":
        a, other = leaves.values()
        u = a * other
        named = {"u": u, "y": u * u + a}
    else:
        (x,) = leaves.values()
        named = {"y": 2 * torch.dot(x, x)}
    return read_tape(named["y"], {**leaves, **named})
