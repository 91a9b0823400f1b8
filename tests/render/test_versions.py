from __future__ import annotations

from importlib.metadata import PackageNotFoundError, requires

import pytest

import backprop_studio.cli.commands
from backprop_studio.render import versions
from backprop_studio.render.doctor import CHECKS
from backprop_studio.render.versions import untested


@pytest.fixture
def installed(monkeypatch):
    """What seems to be installed, by name; anything else is missing."""
    there = {}

    def version(name):
        if name not in there:
            raise PackageNotFoundError(name)
        return there[name]

    monkeypatch.setattr(versions, "version", version)
    return there


def test_what_is_installed_with_this_program_was_tested():
    assert untested() == []


@pytest.mark.parametrize(
    ("manim", "is_told"),
    [("0.22.3", False), ("0.21.1", True), ("0.23.0rc1", True)],
)
def test_a_version_outside_of_the_tested_ones_is_named_with_those(installed, manim, is_told):
    installed["manim"] = manim
    assert untested() == ([f"manim {manim} (tested: ==0.22.*)"] if is_told else [])


def test_the_build_of_torch_does_not_matter_nor_what_only_developers_need(installed):
    assert any(line.startswith("pytest") for line in requires("backprop-studio") or [])
    installed |= {"torch": "2.13.0+cpu", "pytest": "0.1"}
    assert untested() == []


def test_a_program_that_is_not_installed_asks_for_nothing(monkeypatch):
    def requires(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(versions, "requires", requires)
    assert untested() == []


def test_the_command_line_warns_in_one_line_and_goes_on(installed, capsys):
    installed["av"] = "99.0"
    assert backprop_studio.cli.commands.main(["render", "no_such_scene"]) == 2
    warning, error = capsys.readouterr().err.splitlines()
    assert warning.startswith("warning: ")
    assert "av 99.0 (tested: >=14,<19)" in warning
    assert error.startswith("error: ")


def test_the_doctor_names_them_without_calling_them_missing(installed):
    (check,) = [check for check in CHECKS if check.name == "Versions"]
    is_ready, detail = check.look()
    assert (is_ready, detail.words()) == (True, "all of them were tested")
    installed["av"] = "99.0"
    is_ready, detail = check.look()
    assert not is_ready
    assert "av 99.0" in detail.words()
    assert not check.needed
