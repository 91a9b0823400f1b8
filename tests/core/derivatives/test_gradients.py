"""Gradients at many points."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.derivatives.gradients import gradient
from backprop_studio.core.derivatives.secants import secants
from backprop_studio.core.formula import parse_formula
from tests.core.derivatives.functions import SQUARE


def test_gradient_at_many_points():
    x, y = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-2, 2, 3))
    record = gradient(parse_formula("x^2*y", ["x", "y"]), {"x": x, "y": y})
    assert record.inputs.shape == record.partials.shape == (2, 3, 5)
    np.testing.assert_allclose(record.values, x**2 * y)
    np.testing.assert_allclose(record.partials, [2 * x * y, x**2], atol=1e-15)
    np.testing.assert_allclose(record.norms, np.hypot(2 * x * y, x**2))
    assert not record.partials.flags.writeable


def test_gradient_without_value_is_none_although_autograd_has_a_number():
    record = gradient(parse_formula("log(x)", ["x"]), {"x": [-1.0, 2.0]})
    assert np.isnan(record.partials[0, 0])
    assert record.partials[0, 1] == 0.5


def test_gradient_of_what_does_not_vary():
    assert gradient(parse_formula("2*pi", ["x", "y"]), {"x": 1, "y": [1, 2]}).partials.tolist() == [
        [0.0, 0.0],
        [0.0, 0.0],
    ]
    assert gradient(parse_formula("x", ["x", "y"]), {"x": 1, "y": 2}).partials.tolist() == [
        1.0,
        0.0,
    ]


def test_records_do_not_change():
    record = secants(SQUARE, {"w": 3}, [0.1])
    with pytest.raises(AttributeError):
        record.slope = 1.0
    with pytest.raises(ValueError, match="read-only"):
        record.slopes[0] = 1.0
