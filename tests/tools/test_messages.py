"""The catalogue tool touches nothing before it knows what is wanted."""

from __future__ import annotations

import pytest


@pytest.fixture
def messages(tool):
    return tool("messages")


@pytest.fixture
def catalogue(messages, tmp_path, monkeypatch):
    """A catalogue that is behind the code, in a folder of its own."""
    source = tmp_path / "zh" / "LC_MESSAGES" / f"{messages.DOMAIN}.po"
    source.parent.mkdir(parents=True)
    source.write_bytes(b"")
    monkeypatch.setattr(messages, "LOCALE_FOLDER", tmp_path)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "ROOMS", ("room",))
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "words.py").write_text('N_("Learning rate")\n', encoding="utf-8")
    return source


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [(["--help"], 0, "--check"), (["--chekc"], 2, "--chekc"), (["zh"], 2, "zh"), (["--ch"], 2, "")],
)
def test_what_is_no_flag_writes_nothing(messages, catalogue, capsys, arguments, code, told):
    with pytest.raises(SystemExit) as end:
        messages.main(arguments)
    assert end.value.code == code
    out = capsys.readouterr()
    assert told in out.out + out.err
    assert catalogue.read_bytes() == b""
    assert not catalogue.with_suffix(".mo").exists()


def test_check_tells_and_writes_nothing(messages, catalogue, capsys):
    assert messages.main(["--check"]) == 1
    assert "is behind the code" in capsys.readouterr().err
    assert catalogue.read_bytes() == b""


def test_update_collects_and_compiles(messages, catalogue, capsys):
    assert messages.main([]) == 0
    assert 'msgid "Learning rate"' in catalogue.read_text(encoding="utf-8")
    assert catalogue.with_suffix(".mo").exists()
    assert "no translation of 'Learning rate'" in capsys.readouterr().err
