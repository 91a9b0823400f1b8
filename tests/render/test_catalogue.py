from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.catalogue import (
    cached_catalogue,
    in_order,
    require_scene,
    scene_ids,
    store_catalogue,
)
from backprop_studio.render.messages.results import CatalogueEntry

ROOT = Path(__file__).resolve().parents[2]

GOOD = """
from backprop_studio.scenes.lesson.lesson import LessonScene

class Good(LessonScene):
    title = "A good one"
    summary = "What it shows"
    chapter = "Tests"
"""


@pytest.fixture
def write(scenes_folder):
    def write(name, text):
        (scenes_folder / f"{name}.py").write_text(text, encoding="utf-8")

    return write


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "backprop-studio"


def test_a_file_that_is_there_is_in_the_list(write, scenes_folder):
    for name in ("zebra", "backprop", "_private", "__init__"):
        write(name, "")
    (scenes_folder / "notes.txt").touch()
    (scenes_folder / "folder").mkdir()
    assert scene_ids() == ["backprop", "zebra"]


def test_rows_are_in_the_order_of_the_curriculum_and_others_come_last_by_id():
    places = {"y": None, "c": (10, 1), "x": None, "a": (2, 10), "b": (2, 9)}
    rows = [CatalogueEntry(id=name, place=place) for name, place in places.items()]
    assert "".join(row.id for row in in_order(rows)) == "bacxy"


@pytest.mark.parametrize(
    ("beats", "thumbnail", "beat"),
    [
        (("start", "peak", "end"), "end", "end"),
        (("start", "peak", "end"), "", "peak"),
        (("start", "peak", "end"), "gone", "peak"),
        ((), "", None),
    ],
)
def test_the_beat_of_the_thumbnail(beats, thumbnail, beat):
    entry = CatalogueEntry(id="a", beats=beats, thumbnail=thumbnail)
    assert entry.thumbnail_beat == beat


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("backprob", "did you mean 'backprop'?"),
        ("xyz", f"known are {', '.join(scene_ids())}."),
    ],
)
def test_an_unknown_scene_gets_a_hint(word, hint):
    with pytest.raises(InputError) as caught:
        require_scene(word)
    assert str(caught.value) == f"Unknown scene {word!r}; {hint}"


def test_what_was_stored_is_found_again(cache):
    broken = CatalogueEntry(id="b", error=Message.plain("broken"))
    entries = [CatalogueEntry(id="a", title="反向"), broken]
    assert cached_catalogue() is None
    store_catalogue(entries)
    assert cached_catalogue() == entries
    assert not list(cache.glob(".*"))


def test_a_changed_scene_makes_the_cache_stale(cache, write):
    write("good", GOOD)
    store_catalogue([])
    write("good", GOOD + "#")
    assert cached_catalogue() is None
    store_catalogue([])
    assert len(list(cache.glob("catalogue-*"))) == 1  # and the stale one is gone


def test_a_new_and_a_renamed_scene_make_the_cache_stale(cache, write, scenes_folder):
    write("good", GOOD)
    store_catalogue([])
    (scenes_folder / "good.py").rename(scenes_folder / "better.py")
    assert cached_catalogue() is None


@pytest.mark.parametrize("content", [b"", b"[{", b'{"a": 1}', b'[{"id": 1}]', b"\xff"])
def test_a_damaged_cache_is_no_cache(cache, content):
    store_catalogue([])
    (file,) = cache.glob("catalogue-*")
    file.write_bytes(content)
    assert cached_catalogue() is None


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "below"))
    store_catalogue([])
    assert cached_catalogue() is None


def test_reading_the_cache_loads_neither_manim_nor_torch():
    code = (
        "import json, sys; "
        "from backprop_studio.render.catalogue import cached_catalogue, scene_ids;"
        "cached_catalogue(); print(json.dumps([scene_ids(), "
        "[m for m in ('manim', 'torch', 'PySide6') if m in sys.modules]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    ids, loaded = json.loads(done.stdout)
    assert "backprop" in ids
    assert loaded == []
