"""What a message for a user looks like, and files to read."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import InputError


@pytest.fixture
def says(tmp_path):
    """Check that a call ends in an InputError of one sentence that holds the given words."""

    def check(call, *words):
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


@pytest.fixture
def table(tmp_path):
    """Write a table, from text or bytes, and return its path."""

    def write(content):
        path = tmp_path / "table.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
