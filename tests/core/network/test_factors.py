"""The factors of a parameter's gradient against the lecture notes and a second implementation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.network.factors import parameter_factors
from backprop_studio.core.network.steps import run_step
from tests.core import oracle
from tests.core.network.steps_by_hand import mazurs_step, printed
from tests.core.specs import QUICK, arrays_of, networks


def test_mazurs_products():
    # Matt Mazur, "A Step by Step Backpropagation Example" (2015): dE/dw5 = 0.74136507 x 0.186815602
    # x 0.593269992 = 0.082167041, and dE/dout_h1 = 0.055399425 - 0.019049119 = 0.036350306.
    last = parameter_factors(mazurs_step(), 1, 0, 0)
    assert last.dL_da.item() == printed("0.74136507")
    assert last.da_dz.item() == printed("0.186815602")
    assert last.dz_dw.item() == printed("0.593269992")
    assert last.terms.item() == printed("0.082167041")
    assert (last.next_dL_dz, last.next_weights, last.next_terms) == (None, None, None)
    first = parameter_factors(mazurs_step(), 0, 0, 0)
    assert first.next_weights.tolist() == [0.40, 0.50]
    assert first.next_terms.tolist() == [[printed("0.055399425"), printed("-0.019049119")]]
    assert first.dL_da.item() == printed("0.036350306")
    assert first.da_dz.item() == printed("0.241300709")
    assert first.dz_dw.item() == 0.05
    assert first.gradient == printed("0.000438568")


@st.composite
def places(draw):
    spec, batch = draw(networks())
    layer = draw(st.integers(0, len(spec.sizes) - 2))
    row = draw(st.integers(0, spec.sizes[layer + 1] - 1))
    column = draw(st.none() | st.integers(0, spec.sizes[layer] - 1))
    return spec, batch, layer, row, column


@settings(QUICK, max_examples=25)
@given(places())
def test_products_add_up_to_what_the_textbook_gives(drawn):
    spec, batch, layer, row, column = drawn
    record = run_step(spec, batch, 0.1)
    factors = parameter_factors(record, layer, row, column)
    weights, biases = arrays_of(record.layers)
    expected = oracle.forward_backward(
        weights, biases, spec.activations, spec.loss, batch.inputs, batch.targets
    ).layers[layer]
    whole = expected.dL_db[row] if column is None else expected.dL_dW[row, column]
    # As in test_engine: near 0 and 1 a probability has lost digits of its distance to them.
    scale = max(1e-3, np.abs(factors.terms).max(), np.abs(factors.dL_da).max())
    assert factors.terms.sum() == pytest.approx(whole, rel=1e-12, abs=1e-9 * scale)
    assert factors.gradient == pytest.approx(factors.terms.sum(), rel=1e-12, abs=1e-13 * scale)
    if layer < len(spec.sizes) - 2:
        added = factors.next_terms.sum(axis=1)
        assert added == pytest.approx(factors.dL_da, rel=1e-12, abs=1e-13 * scale)
