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


@pytest.mark.usefixtures("two_scenes")
@pytest.mark.parametrize("shell_name", ["zsh", "fish", "bash"])
def test_every_shell_is_told_how_to_complete(capsys, monkeypatch, shell_name):
    monkeypatch.setattr("sys.argv", ["backprop-studio"])
    for step in ("source", "complete"):
        monkeypatch.setenv("_BACKPROP_STUDIO_COMPLETE", f"{step}_{shell_name}")
        monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "backprop-studio render b")
        monkeypatch.setenv("COMP_WORDS", "backprop-studio render b")
        monkeypatch.setenv("COMP_CWORD", "2")
        assert main() == 0
        assert "backprop" in capsys.readouterr().out
