"""What a scene file is taken for: its lesson and its row; a broken one is a row with its error."""

from __future__ import annotations

import itertools

import pytest

from backprop_studio.core.base.errors import SceneError
from backprop_studio.render.catalogue import in_order, scene_ids
from backprop_studio.render.drawing.scene_files import catalogue_entry, lesson_class
from backprop_studio.render.files.data_paths import PATH_KEYS

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


def test_an_entry_comes_from_the_class(write):
    write("good", GOOD)
    entry = catalogue_entry("good", lambda scene: (f"beat of {scene}",))
    assert (entry.id, entry.title, entry.summary) == ("good", "A good one", "What it shows")
    assert (entry.chapter, entry.beats) == ("Tests", ("beat of good",))
    assert (entry.error, entry.place, entry.thumbnail) == (None, None, "")
    assert "pace" in entry.parameters["properties"]
    write("placed", f'{GOOD}    place = (2, 3)\n    thumbnail = "peak"\n')
    entry = catalogue_entry("placed")
    assert (entry.place, entry.thumbnail) == ((2, 3), "peak")


def test_each_chapter_of_the_curriculum_is_one_block():
    rows = in_order(catalogue_entry(scene) for scene in scene_ids())
    chapters = [chapter for chapter, _ in itertools.groupby(row.chapter for row in rows)]
    assert chapters == CHAPTERS[: len(chapters)]
    placed = [row for row in rows if row.place]
    assert all(CHAPTERS[row.place[0] - 1] == row.chapter for row in placed)
    assert len({row.place for row in placed}) == len(placed)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("x = 1\n\nthis is no Python\n", ", line 3: SyntaxError: invalid syntax"),
        (
            "\nimport no_such_thing\n",
            ", line 2: ModuleNotFoundError: No module named",
        ),
        ("1 / 0", ", line 1: ZeroDivisionError: division by zero"),
        ("raise ValueError('two\\nlines')", ", line 1: ValueError: two"),
        ("", " must define exactly one LessonScene; it defines 0"),
        (
            GOOD + GOOD.replace("Good", "Second"),
            " must define exactly one LessonScene; it defines 2",
        ),
    ],
)
def test_a_broken_file_is_one_row_with_its_error(write, text, error):
    write("broken", text)
    entry = catalogue_entry("broken")
    assert entry.id == "broken"
    said = entry.error.words()
    assert said.startswith(f"scenes/broken.py{error}")
    assert "\n" not in said


def test_a_file_that_is_not_utf8_is_a_row_too(scenes_folder):
    (scenes_folder / "latin.py").write_bytes("title = 'Gr\xfc\xdfe'\n".encode("latin-1"))
    assert "SyntaxError" in catalogue_entry("latin").error.words()


def test_a_scene_that_fails_when_walked_through_is_a_row_with_its_error(write):
    write("good", GOOD)

    def fails(_scene):
        raise SceneError("scenes/good.py, line 7: it fails")

    assert catalogue_entry("good", fails).error.words() == "scenes/good.py, line 7: it fails"


def test_an_imported_lesson_is_not_the_files_own(write):
    write("good", GOOD)
    write("other", f"from backprop_studio.scenes.good import Good\n{GOOD.replace('Good', 'Other')}")
    assert lesson_class("other").__name__ == "Other"


def paths_in(schema):
    """Yield the names of all fields of a schema that a form shows as a path."""
    for name, value in schema.items():
        if isinstance(value, dict):
            if value.get("x-widget") in ("file", "folder"):
                yield name
            yield from paths_in(value)


def test_every_parameter_that_is_a_path_is_known_as_one():
    found = {it for scene in scene_ids() for it in paths_in(catalogue_entry(scene).parameters)}
    assert found
    assert found <= PATH_KEYS
