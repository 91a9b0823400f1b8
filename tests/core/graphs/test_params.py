"""Parameters of graph lessons: defaults are the notes', and every fault is one sentence."""

from __future__ import annotations

import pytest

from backprop_studio.core.autograd.params import ControlFlowGroup, JacobianGroup, VectorGroup
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.graphs.params import FormulaGraphGroup
from backprop_studio.core.network.tensor_params import TensorsGroup
from backprop_studio.core.training.one_weight_params import ChainRuleGroup, DataLoopGroup


def test_values_that_the_formula_does_not_use_are_left_out():
    params = validate_params(FormulaGraphGroup, {"formula": "c*a"})
    assert params.steps().names == ("a", "c")


@pytest.mark.parametrize(
    ("group", "values", "words"),
    [
        (FormulaGraphGroup, {"formula": "a 3"}, "formula at column 3: .* write a\\*3"),
        (FormulaGraphGroup, {"formula": "u = a; J = z"}, "formula at column 12: unknown name z"),
        (FormulaGraphGroup, {"values": {"sin": 1}}, "a variable cannot be called sin"),
        (FormulaGraphGroup, {"values": {"a": "one"}}, "values.a: \"one\"; expected a number"),
        (FormulaGraphGroup, {"values": {}}, "values"),
        (ChainRuleGroup, {"steps": 0}, "steps: 0; expected a whole number from 1 to 1000"),
        (DataLoopGroup, {"xs": [1]}, "ys: expected as many as xs, 1, found 3"),
        (DataLoopGroup, {"xs": [1.0] * 21, "ys": [1.0] * 21, "epochs": 953}, "up to 952 with 21"),
        (JacobianGroup, {"v": [1]}, "v: expected as many as x, 2, found 1"),
        (JacobianGroup, {"formula": "y"}, "formula at column 1: unknown name y"),
        (ControlFlowGroup, {"a": 0}, "with 0 the loop never ends"),
        (TensorsGroup, {"frames": 65}, "frames: 65; expected a whole number from 1 to 64"),
        (VectorGroup, {"x": [1, None]}, "x.1"),
        (VectorGroup, {"x": []}, "x: "),
        (VectorGroup, {"x": [1.0] * 17}, "x: .* at most 16 entries"),
    ],
)  # fmt: skip
def test_fault_is_one_sentence(group, values, words):
    with pytest.raises(InputError, match=words) as caught:
        validate_params(group, values)
    assert "\n" not in str(caught.value)
