from __future__ import annotations

import pytest

from backprop_studio.render.messages.wording import sentence


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("the disk is full", "The disk is full."),
        ("two\n  lines", "Two lines."),
        ("Did you mean 'a'?", "Did you mean 'a'?"),
        ("Done.", "Done."),
        ("反向", "反向."),
        ("", "."),
    ],
)
def test_sentence(message, written):
    assert sentence(message) == written
