"""What the lesson on softmax may be asked for."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from backprop_studio.core.network.softmax_params import SoftmaxGroup


def test_the_offset_is_added_to_every_logit():
    group = SoftmaxGroup(logits=(1.0, -2.5), target=1, offset=-100.0)
    assert group.moved_logits() == (-99.0, -102.5)


@pytest.mark.parametrize(
    "given",
    [
        {"logits": (1.0,)},
        {"logits": (0.0,) * 11},
        {"logits": (1.0, 2.0), "target": 3},
        {"logits": (1.0, float("nan"))},
        {"logits": (1.0, 10_000.5)},
        {"offset": 10_000.5},
        {"target": 0},
    ],
)
def test_what_is_refused(given):
    with pytest.raises(ValidationError):
        SoftmaxGroup.model_validate({"target": 1, **given})


def test_what_is_shown_if_nobody_asks():
    group = SoftmaxGroup()
    assert (group.logits, group.target, group.offset) == ((2.0, 1.0, -0.5), 2, 1000.0)


@pytest.mark.parametrize(
    "given",
    [
        {"logits": (10_000.0, -10_000.0), "target": 2},
        {"logits": (0.0,) * 10, "target": 10},
        {"target": 3, "offset": 10_000.0},
    ],
)
def test_bounds_are_allowed_themselves(given):
    group = SoftmaxGroup.model_validate(given)
    assert {name: getattr(group, name) for name in given} == given
