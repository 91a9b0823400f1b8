"""What a shell offers."""

from __future__ import annotations

import pytest

from backprop_studio.cli.commands import main


@pytest.mark.usefixtures("two_scenes")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("re", ["render"]),
        ("render b", ["backprop"]),
        ("render x", []),  # it is broken
        ("numbers b", ["backprop"]),
        ("still backprop --beat l", ["loss"]),
        ("lecture a.toml --json --over", ["--overwrite"]),
    ],
)
def test_the_shell_completes(capsys, monkeypatch, words, offered):
    assert completed(capsys, monkeypatch, words) == offered


def completed(capsys, monkeypatch, words):
    line = f"backprop-studio {words}"
    monkeypatch.setattr("sys.argv", ["backprop-studio"])
    monkeypatch.setenv("_BACKPROP_STUDIO_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split()) - 1))
    main()
    return capsys.readouterr().out.split()


def test_the_shell_completes_scenes_before_anybody_has_listed_them(capsys, monkeypatch):
    assert completed(capsys, monkeypatch, "render backp") == ["backprop"]
