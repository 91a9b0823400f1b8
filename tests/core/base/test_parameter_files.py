"""Files of parameters: what they say, and what a user reads when they cannot be read."""

from __future__ import annotations

import errno
import os
import tomllib
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import (
    LearningRateGroup,
    read_parameter_file,
    validate_params,
)


def file_refused(path):
    with pytest.raises(InputError) as caught:
        read_parameter_file(path)
    sentence = str(caught.value)
    assert sentence.isprintable()
    assert sentence.endswith(".")
    assert path.name in sentence
    return sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_toml_and_json_say_the_same(tmp_path, encoding):
    toml, text = tmp_path / "a.toml", tmp_path / "b.JSON"
    toml.write_text("learning_rate = 0.5\n[network]\nsizes = [2, 2]\n", encoding=encoding)
    text.write_text('{"learning_rate": 0.5, "network": {"sizes": [2, 2]}}', encoding=encoding)
    expected = {"learning_rate": 0.5, "network": {"sizes": [2, 2]}}
    assert read_parameter_file(toml) == read_parameter_file(text) == expected
    toml.write_bytes(b"")
    assert read_parameter_file(toml) == {}


BAD_FILES = {
    "latin.toml": ("a = 'ä'".encode("latin-1"), "not UTF-8"),
    "nul.toml": (b"a = 1\x00", "line 1"),
    "large.toml": (b"#" * 1_000_001, "at most 1000000 bytes"),
    "deep.json": (b"[" * 100_000, "too deeply"),
    "deep_key.toml": (b".".join([b"a"] * 60_000) + b" = 1", "too deeply"),
    "double.json": (b'{"a": 1, "b": {"c": 1, "c": 2}}', '"c" twice'),
    "double.toml": (b"a = 1\na = 2\n", "line 2"),
    "empty.json": (b"", "line 1"),
    "broken.json": (b'{"a": 1,\n "b" 2}', "line 2 column 6"),
    "broken.toml": (b"a = 1\nb 2", "line 2"),
    "list.json": (b"[1, 2]", "keys with values"),
    "digits.json": (b'{"a": ' + b"9" * 5000 + b"}", "too many digits"),
    "digits.toml": (b"a = " + b"9" * 5000, "too many digits"),
    "yaml.yaml": (b"a: 1", ".toml or .json"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_is_refused(tmp_path, name):
    content, part = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    assert part in file_refused(tmp_path / name)


def test_place_that_is_no_readable_file(tmp_path):
    assert "does not exist" in file_refused(tmp_path / "a.toml" / "b.toml")
    assert file_refused(tmp_path / ("x" * 300 + ".toml"))


def test_name_with_a_line_break_stays_on_one_line(tmp_path):
    with pytest.raises(InputError) as caught:
        read_parameter_file(tmp_path / "a\nb.toml")
    assert str(caught.value).isprintable()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_is_not_waited_for(tmp_path):
    path = tmp_path / "pipe.toml"
    os.mkfifo(path)
    assert "not a regular file" in file_refused(path)


def test_file_that_may_not_be_read(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    path = tmp_path / "a.toml"
    path.touch()
    monkeypatch.setattr(Path, "open", refuse)  # root may read everything
    assert file_refused(path).endswith("cannot be read: permission denied.")


def test_file_with_nan_reaches_the_same_refusal(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"learning_rate": NaN}', encoding="utf-8")
    for values in (read_parameter_file(path), tomllib.loads("learning_rate = nan")):
        with pytest.raises(InputError, match="learning_rate: nan"):
            validate_params(LearningRateGroup, values)
