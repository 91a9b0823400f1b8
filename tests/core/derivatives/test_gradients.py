"""Gradients at many points."""

from __future__ import annotations

import numpy as np

from backprop_studio.core.derivatives.gradients import gradient
from backprop_studio.core.formula import parse_formula


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
    for text, slopes in (("2*pi", [[0, 0], [0, 0]]), ("x", [[1, 1], [0, 0]])):
        record = gradient(parse_formula(text, ["x", "y"]), {"x": 1, "y": [1, 2]})
        assert record.partials.tolist() == slopes
