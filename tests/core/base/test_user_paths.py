"""Relative paths start where the user is, also in a process that is elsewhere."""

from __future__ import annotations

from pathlib import Path

from backprop_studio.core.base.user_paths import FOLDER_VARIABLE, user_path


def test_path_stays_as_written_where_nobody_is_elsewhere(monkeypatch):
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    assert user_path("a/b.csv") == Path("a/b.csv")


def test_relative_path_starts_at_the_users_folder(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert user_path("a/b.csv") == tmp_path / "a" / "b.csv"
    assert user_path(str(tmp_path / "c.csv")) == tmp_path / "c.csv"


def test_tilde_is_the_users_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(FOLDER_VARIABLE, "/elsewhere")
    assert user_path("~/points.csv") == tmp_path / "points.csv"
    assert user_path("~nobody-here/points.csv") == Path("/elsewhere/~nobody-here/points.csv")
