"""Tests of a user's own pronunciations."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.voice.words.pronunciations import NAME, read_pronunciations


def test_the_lectures_table_wins_over_the_users(tmp_path):
    user, lecture = tmp_path / "user", tmp_path / "lecture"
    for folder, said in ((user, "one"), (lecture, "two")):
        folder.mkdir()
        (folder / NAME).write_text(f'[en]\nrelu = "{said}"\n[zh]\n"{said}" = "x"\n')
    assert read_pronunciations(user, lecture, tmp_path) == {
        "en": {"relu": "two"},
        "zh": {"one": "x", "two": "x"},
    }


@pytest.mark.parametrize("text", ["[de]\na = 'b'", "en = 3", "[en]\na = 3", "[en]\n' ' = 'x'"])
def test_a_wrong_table_is_refused_with_its_name(tmp_path, text):
    (tmp_path / NAME).write_text(text)
    with pytest.raises(InputError, match=NAME):
        read_pronunciations(tmp_path)
