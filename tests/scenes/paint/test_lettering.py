"""Texts of a part stand where they are put and are as wide as is said."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import SIZES, THEMES
from tests.scenes.parts.chart_pictures import UNIT, picture

TEXT = "width"


class Words(Painted):
    """A text at the origin."""

    theme, language = THEMES["dark"], "en"

    def __init__(self, **setting):
        super().__init__(8.0, 2.0)
        self.setting = setting

    def paint(self, ctx, opacity):
        """Write."""
        self.write(ctx, TEXT, (0.0, 0.0), self.theme.text, opacity, **self.setting)


@pytest.mark.parametrize("anchor", [0.0, 0.5, 1.0])
def test_ink_is_as_wide_as_measured_from_the_anchor_on(anchor):
    part = Words(anchor=anchor, size=SIZES.title)
    columns = np.flatnonzero(picture(part).max(axis=(0, 2)) > 60)
    width = part.width_of(TEXT, SIZES.title) * UNIT
    assert columns[0] == pytest.approx(640 - anchor * width, abs=3)
    assert columns[-1] == pytest.approx(640 + (1 - anchor) * width, abs=5)


def test_a_text_without_room_is_set_smaller_and_nothing_has_no_width():
    columns = np.flatnonzero(picture(Words(width=0.3)).max(axis=(0, 2)) > 60)
    assert columns[-1] - columns[0] <= 0.3 * UNIT
    assert Words().width_of("") == 0.0
