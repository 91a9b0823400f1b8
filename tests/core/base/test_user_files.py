"""Small files a user gives: read whole, or refused in one sentence."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.user_files import open_bounded, read_bounded, read_text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "does not exist"),
        ("folder", "is a folder"),
        (b"a" * 1_000_001, "is too large: expected at most 1000000 bytes, found 1000001"),
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


def test_a_text_may_be_a_million_bytes_or_none_and_has_no_byte_order_mark(tmp_path):
    file = tmp_path / "a.toml"
    file.write_bytes("\ufefftitle = '周'".encode())
    assert read_text(file, "lecture file") == "title = '周'"
    file.write_bytes(b"a" * 1_000_000)
    assert len(read_text(file, "lecture file")) == 1_000_000
    file.write_bytes(b"")
    assert read_text(file, "lecture file") == ""


def test_other_files_must_hold_something_unless_that_is_said(tmp_path):
    path = tmp_path / "a.csv"
    path.touch()
    for read in (open_bounded, read_bounded):
        with pytest.raises(InputError, match=r"The file .*a\.csv is empty\."):
            read(path, 10)
    assert read_bounded(path, 10, may_be_empty=True) == b""
    file, size = open_bounded(path, 10, may_be_empty=True)
    with file:
        assert (file.read(), size) == (b"", 0)


def test_the_limit_is_allowed_itself(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"1,2,3")
    assert read_bounded(path, 5) == b"1,2,3"
    with pytest.raises(InputError, match="at most 4 bytes, found 5"):
        read_bounded(path, 4)
