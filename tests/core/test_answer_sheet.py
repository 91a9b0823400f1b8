"""Answer sheets: nothing is lost on the way to JSON, and printed is rounded, not invented."""

from __future__ import annotations

import dataclasses
import json
import math
from decimal import ROUND_HALF_EVEN, Context, Decimal

import numpy as np
import pytest
from hypothesis import given
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
def test_sheet_has_the_contracts_keys_and_shapes(name):
    sheet, record, params = sheet_of({"network": {"preset": name}})
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
        for key in ("z", "a", "dL_dz", "dL_da"):
            assert np.shape(layer[key]) == (samples, sizes[k + 1])
        for key in ("weight", "dL_dW"):
            assert np.shape(layer[key]) == (sizes[k + 1], sizes[k])
        for key in ("bias", "dL_db"):
            assert np.shape(layer[key]) == (sizes[k + 1],)
        assert sheet["updated"][k].keys() == {"weight", "bias"}


@QUICK
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


@pytest.mark.parametrize("name", PRESETS)
def test_parameters_of_a_sheet_give_the_same_sheet_again(name):
    first, _, _ = sheet_of({"network": {"preset": name}, "learning_rate": 0.3})
    again, _, _ = sheet_of(json.loads(json.dumps(first))["parameters"])
    assert again == first


def test_weights_of_a_sheet_fed_back_give_the_same_numbers():
    first, _, _ = sheet_of({"network": {"preset": "notes"}})
    network = {
        "weights": [layer["weight"] for layer in first["layers"]],
        "biases": [layer["bias"] for layer in first["layers"]],
        "loss": "cross_entropy",
    }
    data = {"inputs": first["inputs"], "targets": first["targets"]}
    again, _, _ = sheet_of({"network": network, "data": data})
    for name in ("layers", "updated", "loss", "loss_after", "a_after"):
        assert again[name] == first[name]


# Looking up


def numbers_in(value, path=""):
    if isinstance(value, bool | str | None):
        return
    if isinstance(value, int | float):
        yield path, value
        return
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in pairs:
        yield from numbers_in(item, f"{path}.{key}" if path else str(key))


def test_every_number_can_be_looked_up():
    sheet, _, _ = sheet_of({"network": {"preset": "small"}})
    found = list(numbers_in(sheet))
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
        (0.0, 3, "0.000"),
        (-0.0, 3, "0.000"),
        (-0.0004, 3, "0.000"),
        (-0.0005, 3, f"{MINUS}0.001"),  # the double is a little more than half
        (0.0625, 3, "0.062"),  # exactly half: to even
        (0.1875, 3, "0.188"),
        (-0.0625, 3, f"{MINUS}0.062"),
        (2.675, 2, "2.67"),  # the double is a little less
        (1.005, 2, "1.00"),
        (0.5, 0, "0"),
        (1.5, 0, "2"),
        (-2.5, 0, f"{MINUS}2"),
        (-0.3, 0, "0"),
        (1e22, 1, "10000000000000000000000.0"),
        (123456789.123456789, 12, "123456789.123456791043"),
        (0.1, 20, "0.100000000000"),
        (5e-324, 12, "0.000000000000"),
        (100.0, 0, "100"),
        (-100.0, 0, f"{MINUS}100"),
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


def test_printed_takes_numpys_numbers():
    assert printed(np.float64(-1.25), 1) == f"{MINUS}1.2"
    assert printed(3, 2) == "3.00"


def test_what_is_no_number_is_printed_as_such():
    assert printed(math.inf, 3) == "∞"
    assert printed(-math.inf, 3) == f"{MINUS}∞"
    assert printed(math.nan, 3) == "?"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (2.7716939854371958e-11, 2, "2.8 times 10^(-11)"),
        (-1.0142320547350045e304, 3, f"{MINUS}1.01 times 10^(304)"),
        (9.996e-4, 3, "0.00100"),  # rounded it is of ordinary size
        (0.0009995, 4, "9.995 times 10^(-4)"),
        (0.001, 3, "0.00100"),
        (9999.4, 4, "9999"),
        (99995.0, 4, "99995"),
        (999950.0, 4, "1.000 times 10^(6)"),  # exactly half: to even
        (1234.5, 2, "1234"),
        (0.5403023058681398, 6, "0.540302"),
        (0.9999999, 3, "1.00"),
        (0.8414709848078971, 16, "0.8414709848078971"),
        (5e-324, 1, "5 times 10^(-324)"),
        (0.0, 5, "0"),
        (-0.0, 5, "0"),
        (math.inf, 3, "∞"),
        (math.nan, 3, "?"),
    ],
)
def test_printed_scientific(value, digits, text):
    assert printed_scientific(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-6, "10^(-6)"),
        (-1e-6, f"{MINUS}10^(-6)"),
        (3e-9, "3 times 10^(-9)"),
        (3.7e-9, "3.7 times 10^(-9)"),
        (1e-15, "10^(-15)"),
        (0.01, "0.01"),
        (1.0, "1"),
        (100.0, "100"),
        (1.00004e-6, "10^(-6)"),
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


# Steps that are far too large


@pytest.mark.parametrize("name", PRESETS)
def test_rate_of_1000_still_gives_a_sheet(name):
    sheet, _, _ = sheet_of({"network": {"preset": name}, "learning_rate": 1000})
    text = json.dumps(sheet, allow_nan=False)
    assert json.loads(text) == sheet
    for path, value in numbers_in(sheet):
        assert printed(value, 3), path


def test_overflow_stays_visible_in_the_sheet():
    # The sheet holds what torch computed; whoever writes JSON decides what inf looks like there.
    spec = NetworkSpec((2, 2), ("identity",), "mse", "torch", 0, (np.full((2, 2), 1e120),), None)
    batch = batch_for(spec, 2, np.random.default_rng(0))
    sheet = step_sheet("x", {}, run_step(spec, batch, 1000.0))
    assert math.isfinite(sheet["loss"])
    deeper = dataclasses.replace(
        spec, sizes=(2, 2, 2), activations=("identity",) * 2, weights=(np.full((2, 2), 1e60),) * 2
    )
    sheet = step_sheet("x", {}, run_step(deeper, batch, 1000.0))
    assert math.isfinite(sheet["loss"])
    assert printed(look_up(sheet, "loss_after"), 3) in {"∞", "?"}
    assert not math.isfinite(look_up(sheet, "loss_after"))
