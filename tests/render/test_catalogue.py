from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import backprop_studio.render.catalogue
from backprop_studio.core.base.errors import InputError, SceneError
from backprop_studio.render.catalogue import (
    cached_catalogue,
    catalogue_entry,
    in_order,
    lesson_class,
    require_scene,
    scene_ids,
    store_catalogue,
)
from backprop_studio.render.messages.results import CatalogueEntry

ROOT = Path(__file__).resolve().parents[2]

CHAPTERS = ["Derivatives", "Computation graphs", "Networks", "Descent", "Training", "Autograd"]
"""The curriculum's, in its order."""

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
    folder = tmp_path / "cache"
    monkeypatch.setattr(backprop_studio.render.catalogue, "_cache_folder", lambda: folder)
    return folder


def test_a_file_that_is_there_is_in_the_list(write, scenes_folder):
    for name in ("zebra", "backprop", "_private", "__init__"):
        write(name, "")
    (scenes_folder / "notes.txt").touch()
    (scenes_folder / "folder").mkdir()
    assert scene_ids() == ["backprop", "zebra"]


def test_an_entry_comes_from_the_class(write):
    write("good", GOOD)
    entry = catalogue_entry("good", lambda scene: (f"beat of {scene}",))
    assert (entry.id, entry.title, entry.summary, entry.chapter) == (
        "good",
        "A good one",
        "What it shows",
        "Tests",
    )
    assert entry.error is None
    assert entry.beats == ("beat of good",)
    assert "pace" in entry.parameters["properties"]


def test_an_entry_has_place_and_thumbnail_of_the_class(write):
    write("good", GOOD)
    assert (catalogue_entry("good").place, catalogue_entry("good").thumbnail) == (None, "")
    write("placed", f'{GOOD}    place = (2, 3)\n    thumbnail = "peak"\n')
    entry = catalogue_entry("placed")
    assert (entry.place, entry.thumbnail) == ((2, 3), "peak")


def test_rows_are_in_the_order_of_the_curriculum_and_others_come_last_by_id():
    places = {"y": None, "c": (10, 1), "x": None, "a": (2, 10), "b": (2, 9)}
    rows = [CatalogueEntry(id=name, place=place) for name, place in places.items()]
    assert "".join(row.id for row in in_order(rows)) == "bacxy"


def test_each_chapter_of_the_curriculum_is_one_block():
    rows = in_order(catalogue_entry(scene) for scene in scene_ids())
    chapters = [chapter for chapter, _ in itertools.groupby(row.chapter for row in rows)]
    assert chapters == CHAPTERS[: len(chapters)]
    placed = [row for row in rows if row.place]
    assert all(CHAPTERS[row.place[0] - 1] == row.chapter for row in placed)
    assert len({row.place for row in placed}) == len(placed)


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
    ("text", "error"),
    [
        ("x = 1\n\nthis is no Python\n", "scenes/broken.py, line 3: SyntaxError: invalid syntax"),
        (
            "\nimport no_such_thing\n",
            "scenes/broken.py, line 2: ModuleNotFoundError: No module named 'no_such_thing'",
        ),
        ("1 / 0", "scenes/broken.py, line 1: ZeroDivisionError: division by zero"),
        ("", "scenes/broken.py must define exactly one LessonScene; it defines 0"),
        (
            GOOD + GOOD.replace("Good", "Second"),
            "scenes/broken.py must define exactly one LessonScene; it defines 2",
        ),
        ("raise ValueError('two\\nlines')", "scenes/broken.py, line 1: ValueError: two"),
    ],
)
def test_a_broken_file_is_one_row_with_its_error(write, text, error):
    write("broken", text)
    entry = catalogue_entry("broken")
    assert entry.id == "broken"
    assert entry.error.startswith(error)
    assert "\n" not in entry.error


def test_a_file_that_is_not_utf8_is_a_row_too(scenes_folder):
    (scenes_folder / "latin.py").write_bytes("title = 'Gr\xfc\xdfe'\n".encode("latin-1"))
    assert "SyntaxError" in catalogue_entry("latin").error


def test_a_scene_that_fails_when_walked_through_is_a_row_with_its_error(write):
    write("good", GOOD)

    def fails(_scene):
        raise SceneError("scenes/good.py, line 7: it fails")

    assert catalogue_entry("good", fails).error == "scenes/good.py, line 7: it fails"


def test_an_imported_lesson_is_not_the_files_own(write):
    write("good", GOOD)
    write("other", f"from backprop_studio.scenes.good import Good\n{GOOD.replace('Good', 'Other')}")
    assert lesson_class("other").__name__ == "Other"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("backprob", "did you mean 'backprop'?"),
        ("xyz", f"known are {', '.join(backprop_studio.render.catalogue.scene_ids())}"),
    ],
)
def test_an_unknown_scene_gets_a_hint(word, hint):
    with pytest.raises(InputError) as caught:
        require_scene(word)
    assert str(caught.value) == f"unknown scene {word!r}; {hint}"


def test_what_was_stored_is_found_again(cache):
    entries = [CatalogueEntry(id="a", title="反向"), CatalogueEntry(id="b", error="broken")]
    assert cached_catalogue() is None
    store_catalogue(entries)
    assert cached_catalogue() == entries
    assert [file.suffix for file in cache.iterdir()] == [".json"]


def test_a_changed_scene_makes_the_cache_stale(cache, write):
    write("good", GOOD)
    store_catalogue([])
    write("good", GOOD + "#")
    assert cached_catalogue() is None
    store_catalogue([])
    assert len(os.listdir(cache)) == 1  # and the stale one is gone


def test_a_new_and_a_renamed_scene_make_the_cache_stale(cache, write, scenes_folder):
    write("good", GOOD)
    store_catalogue([])
    (scenes_folder / "good.py").rename(scenes_folder / "better.py")
    assert cached_catalogue() is None


@pytest.mark.parametrize("content", [b"", b"[{", b'{"a": 1}', b'[{"id": 1}]', b"\xff"])
def test_a_damaged_cache_is_no_cache(cache, content):
    store_catalogue([])
    (file,) = cache.iterdir()
    file.write_bytes(content)
    assert cached_catalogue() is None


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(
        backprop_studio.render.catalogue, "_cache_folder", lambda: tmp_path / "file" / "below"
    )
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
