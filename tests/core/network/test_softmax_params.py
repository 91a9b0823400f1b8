"""What the lesson on softmax may be asked for."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from backprop_studio.core.network.softmax_params import SoftmaxGroup


def test_the_offset_is_added_to_every_logit() -> None:
    group = SoftmaxGroup(logits=(1.0, -2.5), target=1, offset=-100.0)
    assert group.moved_logits() == (-99.0, -102.5)


@pytest.mark.parametrize(
    "given",
    [
        {"logits": (1.0,)},
        {"logits": (0.0,) * 11},
        {"logits": (1.0, 2.0), "target": 3},
        {"logits": (1.0, float("nan"))},
        {"logits": (1.0, 10_001.0)},
        {"target": 0},
    ],
)
def test_what_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SoftmaxGroup.model_validate({"target": 1, **given})
