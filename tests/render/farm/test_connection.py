"""An address at which there is no farm."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from backprop_studio.cli.commands import main
from backprop_studio.core.base.errors import (
    InputError,
    MissingComponentError,
)
from tests.render.farm.cluster import open_and_close

pytest.importorskip("distributed")


@pytest.fixture
def hasty(monkeypatch):
    """Do not wait long for an answer that will never come."""
    monkeypatch.setattr("backprop_studio.render.farm.connection._ANSWER_SECONDS", 0.5)


@pytest.mark.usefixtures("hasty")
def test_nobody_answers():
    with pytest.raises(MissingComponentError, match=r"No scheduler answers at 127\.0\.0\.1:9;"):
        open_and_close("127.0.0.1:9")


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("what", [["render", "gradient_descent"], ["lecture", "a.toml"]])
def test_the_command_line_says_so_and_returns_3(what, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    Path("a.toml").write_text('format = 1\ntitle = "A"\n[[part]]\nscene = "gradient_descent"\n')
    assert main([*what, "-o", "a.mp4", "--scheduler", "127.0.0.1:9"]) == 3
    assert capsys.readouterr().err.startswith("error: No scheduler answers at 127.0.0.1:9;")
    assert [it.name for it in tmp_path.iterdir()] == ["a.toml"]


@pytest.mark.parametrize("address", ["", "somewhere", "a:b", "foo://a:1", "inproc://1/2/3"])
def test_what_is_no_address(address):
    with pytest.raises(InputError, match="is no address of a scheduler"):
        open_and_close(address)


def test_without_the_package_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingComponentError, match=r'pip install "backprop-studio\[farm\]"'):
        open_and_close("127.0.0.1:8786")
