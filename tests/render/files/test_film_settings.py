"""A film says what it was made with; a file from anywhere says nothing that does harm."""

from __future__ import annotations

import json

import av
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.files.film import Film
from backprop_studio.render.files.film_settings import (
    LONGEST,
    FilmSettings,
    read_settings,
    settings_in,
    tags_kept,
    with_files_beside,
)
from backprop_studio.render.messages.formats import JOINED_ENDINGS
from tests.render.files.films import SMALL, fill

PARAMS = {
    "network": {"sizes": [2, 4, 1], "file": "/home/li/课/w.safetensors", "init": None},
    "data": {"file": r"C:\Users\li\points.csv", "folder": "/srv/sets/"},
    "learning_rate": 0.5,
    "title": '反向 "传播"\\\n',
}
LESSON = FilmSettings(scene="backprop", params=PARAMS, language="zh", theme="print")
READ = {
    **PARAMS,
    "network": {"sizes": [2, 4, 1], "file": "w.safetensors", "init": None},
    "data": {"file": "points.csv", "folder": "sets"},
}


def film_of(path, tags):
    fill(Film(path, SMALL, title="T", tags=tags), ((1, 2, 3), 2))
    return path


@pytest.mark.parametrize("ending", JOINED_ENDINGS)
def test_a_film_says_what_it_was_made_with_and_nothing_of_folders(tmp_path, ending):
    path = film_of(tmp_path / f"film{ending}", LESSON.tags())
    assert read_settings(path) == LESSON.model_copy(update={"params": READ})
    content = path.read_bytes()
    for folder in (b"/home", b"Users", b"/srv", str(tmp_path).encode()):
        assert folder not in content
    again = film_of(tmp_path / f"again{ending}", LESSON.tags())
    assert again.read_bytes() == content


@pytest.mark.parametrize("ending", JOINED_ENDINGS)
def test_the_longest_that_is_written_comes_back_whole(tmp_path, ending):
    def lesson(length):
        return FilmSettings(scene="a", params={"x": "é" * length}, language="en", theme="dark")

    most = (LONGEST - len(lesson(0).tags()["comment"])) // len(r"\u00e9")
    path = film_of(tmp_path / f"film{ending}", lesson(most).tags())
    assert read_settings(path).params == {"x": "é" * most}
    assert lesson(most + 1).tags() == {}


def said(**changes):
    return json.dumps({"backprop-studio": 1, **LESSON.model_dump(), **changes})


DEEP = "[" * 40 + "]" * 40
FOREIGN = {
    "none": "",
    "another": "Encoded with love",
    "other json": '{"scene": "backprop"}',
    "cut off": said()[:-5],
    "newer": said(**{"backprop-studio": 2}),
    "no scene": said(scene=""),
    "a scene that is no text": said(scene=["backprop"]),
    "no params": said(params=None),
    "language": said(language="fr"),
    "theme": said(theme="<script>"),
    "more": said(code="import os"),
    "nan": said(params={"learning_rate": float("nan")}),
    "infinity": said().replace("0.5", "1e999"),
    "too many digits": said().replace("0.5", "9" * 5000),
    "no unicode": said(params={"title": "\ud800"}),
    "deep": said().replace("0.5", DEEP),
    "bottomless": said().replace("0.5", "[" * 25_000),
    "too long": said(params={"title": "a" * LONGEST}),
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_what_is_not_ours_says_nothing(text):
    assert settings_in({"comment": text}) is None
    assert tags_kept({"comment": text}) == {}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/etc/passwd", "passwd"),
        ("../../secret.csv", "secret.csv"),
        ("..", ""),
        ("a/..", ""),
        ("\\\\server\\share\\x.csv", "x.csv"),
        ("~/points.csv", "points.csv"),
    ],
)
def test_a_file_leads_out_of_no_folder(path, name):
    text = said(params={"data": {"file": path}})
    assert settings_in({"COMMENT": text}).params == {"data": {"file": name}}


def test_files_are_found_beside_the_film(tmp_path):
    (tmp_path / "here.csv").write_text("1,2\n")
    params = {"data": {"file": "here.csv"}, "network": {"file": "gone.csv"}, "x": {"file": "a\0b"}}
    found = with_files_beside(params, tmp_path)
    assert found["data"] == {"file": str(tmp_path / "here.csv")}
    assert (found["network"], found["x"]) == (params["network"], params["x"])


def test_a_film_that_does_not_say_it_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(InputError, match=r"The video .*film.mp4 does not say what it was made"):
        read_settings(film_of(tmp_path / "film.mp4", {"comment": "holidays"}))
    (tmp_path / "no.mp4").write_bytes(b"no video")
    for name in ("no.mp4", "nowhere.mp4"):
        with pytest.raises(InputError, match=rf"{name} cannot be read: "):
            read_settings(tmp_path / name)


def test_texts_of_others_need_be_no_unicode(tmp_path):
    path = film_of(tmp_path / "film.mp4", {"comment": "caf\u00e9 holidays"})
    path.write_bytes(path.read_bytes().replace("\u00e9".encode(), b"\xe9\xe9"))
    with pytest.raises(UnicodeDecodeError), av.open(path):
        pass
    with pytest.raises(InputError, match="does not say"):
        read_settings(path)
