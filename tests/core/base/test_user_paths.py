"""Relative paths start where the user is, also in a process that is elsewhere."""

from __future__ import annotations

from pathlib import Path

from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.base.user_paths import FOLDER_VARIABLE, user_path
from backprop_studio.core.network.params import NetworkGroup


def test_path_stays_as_written_where_nobody_is_elsewhere(monkeypatch):
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    assert user_path("a/b.csv") == Path("a/b.csv")


def test_relative_path_starts_at_the_users_folder(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert user_path("a/b.csv") == tmp_path / "a" / "b.csv"
    assert user_path(str(tmp_path / "c.csv")) == tmp_path / "c.csv"


def test_files_of_parameters_are_found_from_elsewhere(monkeypatch, tmp_path):
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    (home / "table.csv").write_text("x,y\n1,2\n3,4\n")
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv(FOLDER_VARIABLE, str(home))
    values = {"network": {"sizes": [1, 1]}, "data": {"file": "table.csv"}}
    params = validate_params(NetworkGroup, values)
    assert params.batch().inputs.tolist() == [[1.0], [3.0]]
    assert params.model_dump(mode="json")["data"]["file"] == "table.csv"
