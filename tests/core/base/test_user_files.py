"""Small files a user gives: read whole, or refused in one sentence."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.user_files import MAX_TEXT_BYTES, read_text


def test_a_text_is_read_without_its_byte_order_mark(tmp_path):
    file = tmp_path / "a.toml"
    file.write_bytes("\ufefftitle = '周'".encode())
    assert read_text(file, "lecture file") == "title = '周'"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "does not exist"),
        ("folder", "is a folder"),
        (b"a" * (MAX_TEXT_BYTES + 1), "is too large"),
        (b"\xff\xfe\x00", "is not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, content, said):
    file = tmp_path / "a.toml"
    if content == "folder":
        file.mkdir()
    elif content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_text(file, "lecture file")
    assert str(caught.value).startswith("The lecture file ")
    assert said in str(caught.value)


def test_a_name_that_no_file_can_have(tmp_path):
    with pytest.raises(InputError, match=r"does not exist|not allowed"):
        read_text(tmp_path / "a\0b", "lecture file")
