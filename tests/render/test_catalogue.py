from __future__ import annotations

import subprocess
import sys

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.messages import Message
from backprop_studio.render import catalogue
from backprop_studio.render.catalogue import (
    cached_catalogue,
    in_order,
    require_scene,
    scene_ids,
    store_catalogue,
)
from backprop_studio.render.messages.results import CatalogueEntry


@pytest.fixture
def write(scenes_folder):
    def write(name, text):
        (scenes_folder / f"{name}.py").write_text(text, encoding="utf-8")

    return write


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache of the test's own, and keys that are quick to find."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(catalogue, "drawing_key", lambda *scenes: " ".join(scenes))
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


def test_the_beat_of_the_thumbnail():
    beats = ("start", "peak", "end")
    for thumbnail, beat in (("end", "end"), ("", "peak"), ("gone", "peak")):
        assert CatalogueEntry(id="a", beats=beats, thumbnail=thumbnail).thumbnail_beat == beat
    assert CatalogueEntry(id="a").thumbnail_beat is None


def test_an_unknown_scene_gets_a_hint():
    known = ", ".join(scene_ids())
    for word, hint in (("backprob", "did you mean 'backprop'?"), ("xyz", f"known are {known}.")):
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


def test_a_new_and_a_renamed_scene_make_the_cache_stale(cache, write, scenes_folder):
    write("good", "")
    store_catalogue([])
    (scenes_folder / "good.py").rename(scenes_folder / "better.py")
    assert cached_catalogue() is None
    store_catalogue([])
    assert len(list(cache.glob("catalogue-*"))) == 1  # and the stale one is gone


@pytest.mark.parametrize("content", [b"", b"[{", b'{"a": 1}', b'[{"id": 1}]', b"\xff"])
def test_a_damaged_cache_is_no_cache(cache, content):
    store_catalogue([])
    (file,) = cache.glob("catalogue-*")
    file.write_bytes(content)
    assert cached_catalogue() is None


def test_a_cache_that_cannot_be_written_is_no_fault(cache):
    cache.touch()
    store_catalogue([])
    assert cached_catalogue() is None


def test_reading_the_cache_loads_neither_manim_nor_torch():
    code = (
        "import sys; from backprop_studio.render.catalogue import cached_catalogue, scene_ids;"
        "cached_catalogue(); assert 'backprop' in scene_ids();"
        "print([m for m in ('manim', 'torch', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
