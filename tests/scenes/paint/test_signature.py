"""Equal signatures are drawn alike, and what cannot be told apart has none."""

from __future__ import annotations

import manim as m
import numpy as np
import pytest

from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.signature import signature


@pytest.mark.parametrize(
    "change",
    [
        lambda part: part.shift(m.RIGHT),
        lambda part: part.set_opacity(0.5),
        lambda part: part.state.update(level=np.array(1.0)),
        lambda part: setattr(part, "words", [["a"], ["b"]]),
    ],
)
def test_what_changes_the_picture_changes_the_signature(change) -> None:  # type: ignore[no-untyped-def]
    part = Painted(1.0, 1.0, level=0.0)
    before = signature(part)
    assert signature(Painted(1.0, 1.0, level=0.0)) == before
    change(part)
    assert signature(part) != before


def test_a_set_may_change_and_has_no_signature() -> None:
    part = Painted(1.0, 1.0)
    part.seen = {1, 2}
    assert signature(part) is None


def test_gradients_across_a_family_are_never_still() -> None:
    group = m.VGroup(m.Square(1), m.Circle(1).shift(m.RIGHT * 3))
    parent = m.Square(2).set_color([m.RED, m.BLUE])
    assert signature(parent) is not None
    parent.add(group)
    assert signature(parent) is None
