"""What a message for a user looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from backprop_studio.core.base.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

Says = Callable[..., None]


@pytest.fixture
def says(tmp_path: Path) -> Says:
    """Check that a call ends in an InputError of one sentence that holds the given words."""

    def check(call: Callable[[], object], *words: str) -> None:
        with pytest.raises(InputError) as caught:
            call()
        message = str(caught.value)
        for word in words:
            assert word in message, message
        bare = message.replace(str(tmp_path), "").replace(".csv", "").replace(".gz", "")
        assert message.isprintable(), message
        assert bare.endswith((".", "?")), message
        assert ". " not in bare, message
        assert not bare.endswith(".."), message
        assert len(bare) < 300, message

    return check
