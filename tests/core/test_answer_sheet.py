"""Answer sheets: nothing is lost on the way to JSON, and printed is rounded, not invented."""

from __future__ import annotations

import dataclasses
import json
import math
from decimal import ROUND_HALF_EVEN, Context, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.answer_sheet import (
    MINUS,
    look_up,
    printed,
    printed_scientific,
    step_sheet,
)
from backprop_studio.core.base.parameters import LearningRateGroup, validate_params
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.presets import PRESETS
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.network.steps import run_step
from tests.core.sheets import walked
from tests.core.specs import QUICK, batch_for, networks


class Params(NetworkGroup, LearningRateGroup):
    """As the scene backprop takes them."""


def sheet_of(values):
    params = validate_params(Params, values)
    record = run_step(params.network_spec(), params.batch(), params.learning_rate)
    return step_sheet("backprop", params.model_dump(mode="json"), record), record, params


# DESIGN, section 3
KEYS = {"scene", "parameters", "versions", "inputs", "targets", "layers", "loss", "updated"}
KEYS |= {"loss_after", "shown"}
LAYER_KEYS = {"weight", "bias", "z", "a", "dL_dz", "dL_da", "dL_dW", "dL_db"}


@pytest.mark.parametrize("name", PRESETS)
def test_sheet_has_the_contracts_keys_and_shapes_and_its_parameters_give_it_again(name):
    given = {"network": {"preset": name}, "learning_rate": 1000}  # far too large, still a sheet
    sheet, record, params = sheet_of(given)
    assert sheet.keys() >= KEYS
    assert sheet["scene"] == "backprop"
    assert {"python", "torch", "numpy", "manim", "backprop-studio"} == sheet["versions"].keys()
    assert (sheet["loss"], sheet["loss_after"]) == (record.loss, record.loss_after)
    samples, sizes = params.batch().size, params.network_spec().sizes
    assert np.shape(sheet["inputs"]) == (samples, sizes[0])
    assert len(sheet["targets"]) == samples
    assert len(sheet["layers"]) == len(sheet["updated"]) == len(sizes) - 1
    for k, layer in enumerate(sheet["layers"]):
        assert layer.keys() >= LAYER_KEYS
        shapes = dict.fromkeys(("z", "a", "dL_dz", "dL_da"), (samples, sizes[k + 1]))
        shapes |= dict.fromkeys(("weight", "dL_dW"), (sizes[k + 1], sizes[k]))
        shapes |= dict.fromkeys(("bias", "dL_db"), (sizes[k + 1],))
        assert {key: np.shape(layer[key]) for key in shapes} == shapes
        assert sheet["updated"][k].keys() == {"weight", "bias"}
    again, _, _ = sheet_of(json.loads(json.dumps(sheet, allow_nan=False))["parameters"])
    assert again == sheet


@settings(QUICK, max_examples=25)
@given(networks())
def test_json_keeps_every_bit(drawn):
    record = run_step(*drawn, 0.1)
    text = json.dumps(step_sheet("x", {}, record), allow_nan=False)
    sheet = json.loads(text)
    assert sheet["loss"] == record.loss
    for layer, updated, found, after in zip(
        record.layers, record.updated, sheet["layers"], sheet["updated"], strict=True
    ):
        for name in (*LAYER_KEYS, "da_dz"):
            assert np.array(found[name]).tobytes() == getattr(layer, name).tobytes()
        for name in ("weight", "bias"):
            assert np.array(after[name]).tobytes() == getattr(updated, name).tobytes()
    assert np.array(sheet["inputs"]).tobytes() == record.batch.inputs.tobytes()
    assert np.array(sheet["targets"]).tobytes() == record.batch.targets.tobytes()


# Looking up


def test_every_number_can_be_looked_up():
    sheet, _, _ = sheet_of({"network": {"preset": "small"}})
    found = [(path, it) for path, it in walked(sheet) if isinstance(it, int | float)]
    assert len(found) > 80
    for path, value in found:
        assert look_up(sheet, path) == value
    assert ("layers.0.z.1.0", sheet["layers"][0]["z"][1][0]) in found


NO_NUMBERS = ["", "x", "loss.x", "layers", "layers.9.z", "layers.0.z.0.9", "layers.x", "scene"]
NO_NUMBERS += ["probabilities", "probabilities.0", "layers.0.z.0"]


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_name_without_a_number_is_a_key_error(name):
    sheet, _, _ = sheet_of({"network": {"preset": "small"}})
    with pytest.raises(KeyError) as caught:
        look_up(sheet, name)
    assert caught.value.args == (name,)


# Printing


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (-0.0005, 3, f"{MINUS}0.001"),  # the double is a little more than half
        (-0.0625, 3, f"{MINUS}0.062"),
        (1e22, 1, "10000000000000000000000.0"),
        (0.1, 20, "0.100000000000"),
        (5e-324, 12, "0.000000000000"),
    ],
)
def test_printed(value, decimals, text):
    assert printed(value, decimals) == text


@QUICK
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 14))
def test_printed_rounds_the_exact_value_half_to_even(value, decimals):
    places = min(decimals, 12)
    exact = Context(prec=400).create_decimal(Decimal(value))
    expected = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, Context(prec=400))
    text = printed(value, decimals)
    assert "-" not in text
    assert Decimal(text.replace(MINUS, "-")) == expected
    assert text.startswith(MINUS) == (expected < 0)
    assert len(text.partition(".")[2]) == places


def test_printed_takes_numpys_numbers_and_what_is_none():
    values = (np.float64(-1.25), 3, math.inf, -math.inf, math.nan)
    shown = [f"{MINUS}1.2", "3.0", "∞", f"{MINUS}∞", "?"]
    assert [printed(value, 1) for value in values] == shown


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (2.7716939854371958e-11, 2, "2.8 times 10^(-11)"),
        (-1.0142320547350045e304, 3, f"{MINUS}1.01 times 10^(304)"),
        (99995.0, 4, "99995"),
        (999950.0, 4, "1.000 times 10^(6)"),  # exactly half: to even
        (0.0, 5, "0"),
        (math.inf, 3, "∞"),
    ],
)
def test_printed_scientific(value, digits, text):
    assert printed_scientific(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-1e-6, f"{MINUS}10^(-6)"),
        (3e-9, "3 times 10^(-9)"),
        (3.7e-9, "3.7 times 10^(-9)"),
        (0.01, "0.01"),
        (100.0, "100"),
        (1.00004e-6, "1.000 times 10^(-6)"),
    ],
)
def test_printed_scientific_leaves_zeros_away(value, text):
    assert printed_scientific(value, 4, is_short=True) == text


@QUICK
@given(st.floats(allow_nan=False, allow_infinity=False).filter(bool), st.integers(1, 16))
def test_printed_scientific_is_within_half_of_its_last_digit(value, digits):
    text = printed_scientific(value, digits)
    mantissa, times, power = text.partition(" times 10^(")
    exponent = int(power.removesuffix(")")) if times else 0
    shown = Decimal(mantissa.replace(MINUS, "-")).scaleb(exponent)
    last = Decimal(1).scaleb(exponent - len(mantissa.partition(".")[2]))
    assert abs(Context(prec=400).subtract(shown, Decimal(value))) <= last / 2
    if times:
        assert 1 <= abs(Decimal(mantissa.replace(MINUS, "-"))) < 10
        assert len(mantissa.replace(MINUS, "").replace(".", "")) == digits


def test_overflow_stays_visible_in_the_sheet():
    # The sheet holds what torch computed; whoever writes JSON decides what inf looks like there.
    spec = NetworkSpec((2, 2), ("identity",), "mse", "torch", 0, (np.full((2, 2), 1e120),), None)
    batch = batch_for(spec, 2, np.random.default_rng(0))
    sheet = step_sheet("x", {}, run_step(spec, batch, 1000.0))
    assert math.isfinite(sheet["loss"])
    more = {"sizes": (2, 2, 2), "activations": ("identity",) * 2}
    deeper = dataclasses.replace(spec, **more, weights=(np.full((2, 2), 1e60),) * 2)
    sheet = step_sheet("x", {}, run_step(deeper, batch, 1000.0))
    assert math.isfinite(sheet["loss"])
    assert printed(look_up(sheet, "loss_after"), 3) in {"∞", "?"}
    assert not math.isfinite(look_up(sheet, "loss_after"))
