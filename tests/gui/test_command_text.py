"""The command line that renders what the window shows."""

from __future__ import annotations

import itertools
import shlex

from backprop_studio.core.base.parameters import parse_assignments
from backprop_studio.gui.command_text import render_command


def test_copy_as_command(window, state, qapp):
    specs = {spec.path: spec for spec in state.form.fields()}
    state.set_param(specs["learning_rate"], 0.5)
    state.set_param(specs["network.sizes"], [2, 2, 2])
    state.set_param(specs["network.activation"], "sigmoid")
    window.menus.actions["Copy as co&mmand"].trigger()
    assert qapp.clipboard().text() == (
        "backprop-studio render backprop -q m --lang en --set 'network.sizes=[2,2,2]' "
        "--set network.activation=sigmoid --set learning_rate=0.5"
    )
    for name in ("learning_rate", "network.sizes", "network.activation"):
        state.set_param(specs[name], specs[name].default)
    state.theme, state.frame_shape = "print", "4:3"
    assert render_command(state) == (
        "backprop-studio render backprop -q m --lang en --theme print --frame 4:3"
    )
    state.voice = "recordings:/my takes"
    assert render_command(state).endswith("--frame 4:3 --voice 'recordings:/my takes'")


def test_the_command_line_reads_what_was_copied(window, state):
    typed = {
        "learning_rate": 1e-5,
        "network.weights": [[[0.5, -1.0]], [[2.0]]],
        "network.file": "my weights.npz",
        "data.target_column": "nan",
        "data.name": None,
        "network.activation": 3,
    }
    for spec in state.form.fields():
        if spec.path in typed:
            state.set_param(spec, typed[spec.path])
    words = shlex.split(render_command(state))
    assigned = [after for before, after in itertools.pairwise(words) if before == "--set"]
    assert parse_assignments(assigned) == state.given_params()
    assert len(assigned) == 5
