"""Keys of code follow what is imported: a new one where the picture may be another."""

from __future__ import annotations

import shutil
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from backprop_studio.render import code_key
from backprop_studio.render.code_key import drawing_key, library_versions

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "scenes", "render")


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    """Copy the rooms, to be edited."""
    folder = tmp_path_factory.mktemp("rooms")
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def key(rooms):
    folders = {room: rooms / room for room in ROOMS}
    return lambda *scenes: drawing_key(*scenes, folders=folders)


@pytest.fixture
def changed(rooms, key):
    """Tell which keys an edit changes."""

    def changed(file, scenes):
        path = rooms / file
        before = [key(scene) for scene in scenes]
        text = path.read_bytes()
        path.write_bytes(text + b"\n#")
        after = [key(scene) for scene in scenes]
        path.write_bytes(text)
        return [a != b for a, b in zip(before, after, strict=True)]

    return changed


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("core/base/arrays.py", [True, True]),
        ("core/base/__init__.py", [True, True]),
        ("core/locale/zh/LC_MESSAGES/backprop_studio.mo", [True, True]),
        ("scenes/lesson/lesson.py", [True, True]),
        ("render/files/joining.py", [True, True]),
        ("scenes/tensors.py", [False, True]),
        ("scenes/parts/charts/bars.py", [True, False]),
        ("render/workers/dispatcher.py", [False, False]),
        ("render/lint/rules.py", [False, False]),
        ("core/locale/zh/LC_MESSAGES/backprop_studio.po", [False, False]),
    ],
)
def test_what_draws_a_lesson_changes_its_key(changed, file, expected):
    assert changed(file, scenes=("classification", "tensors")) == expected


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("from backprop_studio.render.queue import model", True),
        ("from backprop_studio.render.queue.model import something", True),
        ("from ..render.queue import model", True),
        ("def later():\n    from backprop_studio.render.queue import model", True),
        ("try:\n    pass\nexcept OSError:\n    import backprop_studio.render.queue.model", True),
        ("if TYPE_CHECKING:\n    import backprop_studio.render.queue.model", False),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    import backprop_studio.render.queue.model", True),
        ("import model", False),
        ("this is no Python: import backprop_studio.render.queue.model", False),
    ],
)
def test_imports_of_every_kind(rooms, changed, line, counts):
    (rooms / "scenes" / "own.py").write_text(f"{line}\n")
    assert changed("render/queue/model.py", scenes=("own",)) == [counts]


def test_an_import_of_an_import_counts(rooms, changed):
    (rooms / "scenes" / "own.py").write_text("from backprop_studio.scenes import first\n")
    (rooms / "scenes" / "first.py").write_text("from backprop_studio.scenes import second\n")
    (rooms / "scenes" / "second.py").write_text("from backprop_studio.scenes import own\n")
    assert changed("scenes/second.py", scenes=("own", "tensors")) == [True, False]


def test_a_module_that_is_gone_or_moved_counts(rooms, key):
    file = rooms / "scenes" / "gone.py"
    file.write_text("x = 1\n")
    there = key("gone")
    file.rename(file.with_name("moved.py"))
    assert len({there, key("gone"), key("moved")}) == 3


@pytest.mark.parametrize("kept", [b"[1]", b"\xff", None])
def test_a_damaged_or_forbidden_cache_changes_nothing(tmp_path, monkeypatch, key, kept):
    expected = key("tensors")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if kept is None:
        (tmp_path / "backprop-studio").touch()
    else:
        (tmp_path / "backprop-studio").mkdir()
        (tmp_path / "backprop-studio" / "imports.json").write_bytes(kept)
    assert key("tensors") == key("tensors") == expected


def test_a_file_is_parsed_once(monkeypatch, key):
    expected = key("tensors")
    monkeypatch.setattr(code_key.ast, "parse", lambda *_: pytest.fail("parsed again"))
    assert key("tensors") == expected


def test_libraries_count(monkeypatch, key):
    def version(name):
        if name == "av":
            raise PackageNotFoundError
        return "0.1"

    before = key("tensors")
    monkeypatch.setattr(code_key, "version", version)
    assert library_versions(["av", "manim"]) == {"av": "none", "manim": "0.1"}
    assert key("tensors") != before
