"""Lecture files: what they may say, and one clear sentence for everything else."""

from __future__ import annotations

import json
import os

import pytest
from pydantic import ValidationError

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.lecture.file import (
    Lecture,
    in_language,
    lecture_of,
    read_lecture,
    sentences_of,
    voice_of,
)

HEAD = 'format = 1\ntitle = "Week 1"\n'
PART = '[[part]]\nscene = "backprop"\n'


@pytest.fixture
def read(tmp_path):
    def read(text, name="week1.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_lecture(path)

    return read


def test_the_shortest_lecture_has_good_defaults(read):
    lecture = read(HEAD + PART)
    header, (part,) = lecture.header, lecture.parts
    assert (header.title, header.languages) == ("Week 1", ("en",))
    assert (header.quality, header.theme, header.frame) == ("m", "dark", "16:9")
    assert (header.captions, header.voice, part.script) == ("on", "none", {})
    assert header.handout == 3
    assert (part.theme, part.frame) == (None, None)
    assert (part.scene, part.title, part.notes, part.params) == ("backprop", "", "", {})


def test_everything_can_be_said(read):
    lecture = read(
        'format = 1\ntitle = { en = "A", zh = "甲" }\nlanguages = ["zh", "en"]\nquality = "h"\n'
        'theme = "print"\nframe = "4:3"\n[[part]]\nscene = "derivative"\ntitle = "B"\nnotes = "C"\n'
        'theme = "light"\nframe = "9:16"\n'
        'params = { w = 2.0 }\n[[part]]\nscene = "backprop"\n[part.params.network]\nseed = 3\n'
    )
    assert in_language(lecture.header.title, "zh") == "甲"
    assert (lecture.header.languages, lecture.header.frame) == (("zh", "en"), "4:3")
    assert (lecture.parts[0].theme, lecture.parts[0].frame) == ("light", "9:16")
    assert [part.params for part in lecture.parts] == [{"w": 2.0}, {"network": {"seed": 3}}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "[[part]\n", "line 3, column"),
        ("#" * 1_000_001, "too large"),
        ('title = "x"\n' + PART, "format = 1"),
        ('format = 2\ntitle = "x"\n' + PART, "needs a newer version"),
        ('format = "1"\ntitle = "x"\n' + PART, 'format: "1"'),
        ("format = true\ntitle = 'x'\n" + PART, "format: true; expected 1"),
        ("format = 1\n" + PART, "title is missing"),
        (HEAD + "titel = 1\n" + PART, "did you mean title?"),
        (HEAD + 'languages = ["fr"]\n' + PART, 'languages.0: "fr"; expected en or zh'),
        (HEAD + 'languages = "en"\n' + PART, 'wrong value for languages: "en"'),
        (HEAD + 'languages = ["en", "en"]\n' + PART, 'languages: ["en", "en"]; expected one or'),
        (HEAD + "languages = []\n" + PART, "languages: []; expected one or more of"),
        (HEAD + 'theme = "drak"\n' + PART, "did you mean dark?"),
        (HEAD + 'frame = "16:10"\n' + PART, 'frame: "16:10"'),
        (
            HEAD + PART + 'frame = "9:61"\n',
            'part 1: wrong value for frame: "9:61"; expected 16:9, 4:3 or',
        ),
        (HEAD + PART + 'theme = "drak"\n', 'part 1: wrong value for theme: "drak"; exp'),
        (HEAD, "needs 1 to 200 lessons"),
        (HEAD + PART * 201, "needs 1 to 200 lessons"),
        (HEAD + "part = []\n", "needs 1 to 200 lessons"),
        (HEAD + "part = [3]\n", "part 1: expected keys"),
        (HEAD + PART + "[[part]]\n", "part 2: the parameter scene is missing"),
        (HEAD + PART + '[[part]]\nscene = "backprob"\n', "part 2: unknown scene 'backprob'; did"),
        (HEAD + PART + "notes = 3\n", "part 1: wrong value for notes: 3; expected a text"),
        (HEAD + PART + "title = { fr = 'x' }\n", "title: expected a text for each of en, zh"),
        (HEAD + PART + "title = { en = 3 }\n", "expected a text"),
        (HEAD + PART + "title = 3\n", "part 1: wrong value for title: 3; expected a text, or a"),
        (HEAD + PART + f'title = "{"x" * 201}"\n', "at most 200 letters, found 201"),
        (HEAD + PART + "params.a = " + "9" * 5000, "a number of too many digits"),
        (HEAD + PART + f"params.{'a . ' * 60_000}a = 1\n", "nested too deeply"),
        (HEAD + PART + "params = 3\n", "params: 3; expected keys"),
        (
            HEAD + 'voice = "espaek"\n' + PART,
            "none, recordings:FOLDER, piper:FILE or espeak",
        ),
        (HEAD + 'voice = "piper"\n' + PART, 'wrong value for voice: "piper"'),
        (HEAD + 'captions = "of"\n' + PART, 'captions: "of"; expected on or off'),
        (HEAD + PART + "script = 3\n", "script: 3; expected, for each of en, zh, a table"),
        (HEAD + PART + "script.fr.loss = 'x'\n", "expected, for each of en, zh, a table"),
        (HEAD + PART + "script.en.loss = [3]\n", "expected, for each of en, zh, a table"),
        (HEAD + PART + f"script.en.loss = '{'x' * 20_001}'\n", "at most 20000 letters"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(read, text, said):
    with pytest.raises(InputError) as caught:
        read(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_lecture_may_be_spoken_in_words_of_its_own(read, tmp_path):
    lecture = read(
        HEAD + 'captions = "off"\nvoice = "recordings:takes/1"\n' + PART + "[part.script.en]\n"
        'loss = """Is it 0.5?\n It is 1.\n"""\nforward = ["A. B.", " ", "C"]\n'
        '[part.script.zh]\nloss = "一。二？"\n'
    )
    assert voice_of(lecture) == f"recordings:{tmp_path / 'takes' / '1'}"
    assert lecture.header.voice == "recordings:takes/1"
    (part,) = lecture.parts
    assert sentences_of(part.script, "en") == {
        "loss": ("Is it 0.5?", "It is 1."),
        "forward": ("A. B.", "C"),
    }
    assert sentences_of(part.script, "zh") == {"loss": ("一。", "二？")}
    chinese_only = lecture.model_copy(update={"voice": "espeak"})
    assert voice_of(chinese_only) == "espeak"


@pytest.mark.parametrize("voice", ["recordings:../takes", "piper:/home/a.onnx", "piper:~/a.onnx"])
def test_a_voice_lies_within_the_lecture_s_folder(read, voice):
    with pytest.raises(InputError, match="within the lecture's own folder"):
        read(f'{HEAD}voice = "{voice}"\n{PART}')


def test_a_title_may_have_two_lines_and_any_script(read):
    text = "two\nlines \N{RIGHT-TO-LEFT MARK}\N{HEBREW LETTER ALEF} 反向 =;#\\ <b>"
    assert read(HEAD + PART + f"title = {json.dumps(text)}\n").parts[0].title == text


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../data.csv", "a/../../b.csv", "~/data.csv", "C:\\data.csv", "\\\\host\\a",
     "link/secret.csv", "a\\..\\..\\b", "nul\\u0000byte"],
)  # fmt: skip
def test_no_path_leads_out_of_the_lecture_s_folder(read, tmp_path, path):
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("a,b\n")
    (tmp_path / "link").symlink_to(outside)
    quoted = f'"{path}"' if "u0000" in path else f"'{path}'"
    with pytest.raises(InputError, match=r"part 1: params\.data\.file is .*own folder"):
        read(HEAD + PART + f"[part.params.data]\nfile = {quoted}\n")


def test_bounds_can_be_reached(read):
    lecture = read(HEAD + PART * 199 + PART + f'title = "{"x" * 200}"\n')
    assert len(lecture.parts) == 200
    assert len(lecture.parts[-1].title) == 200


@pytest.mark.parametrize(
    "nested", [lambda n: "[" * n + "]" * n, lambda n: "{a=" * (n - 1) + "{}" + "}" * (n - 1)]
)
def test_parameters_are_nested_as_deep_as_is_said(read, nested):
    assert read(HEAD + PART + f"params.a = {nested(30)}\n").parts[0].params
    with pytest.raises(InputError, match="nested deeper than 30 levels"):
        read(HEAD + PART + f"params.a = {nested(31)}\n")


@pytest.mark.parametrize("letter", ["\\t", "\\r", "\\u007f", "\\u0085"])
def test_a_title_has_no_control_characters_but_line_breaks(read, letter):
    for title in (f'"a{letter}b"', f'{{ en = "a", zh = "b{letter}" }}'):
        with pytest.raises(InputError, match="found a control character"):
            read(HEAD + PART + f"title = {title}\n")


@pytest.mark.parametrize("letter", ["\\u0000", "\\u001b", "\\u007f", "\\ufffe"])
def test_what_no_slide_can_hold_is_refused_in_notes_and_own_words_too(read, letter):
    own = [f'notes = "a{letter}b"', f'script.en.loss = "a{letter}b"', f'script.zh.a = ["{letter}"]']
    for line in own:
        with pytest.raises(InputError, match="found a control character"):
            read(HEAD + PART + f"{line}\n")
    (part,) = read(HEAD + PART + 'notes = "a\\tb\\r\\nc"\nscript.en.loss = "a\\nb"\n').parts
    assert part.notes == "a\tb\r\nc"


@pytest.mark.parametrize(("number", "said"), [("0", "format: 0; expected 1"), ("-1", "format: -1")])
def test_a_format_that_never_was_is_wrong_and_not_newer(read, number, said):
    with pytest.raises(InputError) as caught:
        read(f"format = {number}\ntitle = 'x'\n" + PART)
    assert said in str(caught.value)
    assert "newer" not in str(caught.value)


def test_a_text_is_the_same_in_all_languages_and_a_table_has_a_first():
    assert in_language({"zh": "甲", "en": "A"}, "en") == "A"
    assert in_language({"zh": "甲"}, "en") == "甲"
    assert in_language({"zh": "甲", "en": ""}, "en") == "甲"
    assert (in_language({}, "en"), in_language("", "zh")) == ("", "")


def test_nobody_changes_a_lecture_that_was_read(read):
    lecture = read(HEAD + PART)
    records = {"parts": lecture, "theme": lecture.header, "scene": lecture.parts[0]}
    for name, record in records.items():
        with pytest.raises(ValidationError, match="frozen"):
            setattr(record, name, getattr(record, name))
    with pytest.raises(ValidationError):
        Lecture(header=lecture.header, parts=lecture.parts, path="week1.toml")


def test_the_text_of_a_file_is_read_as_the_file(read, tmp_path):
    text = HEAD + PART
    assert lecture_of(text, tmp_path / "week1.toml") == read(text)


@pytest.mark.parametrize(
    "path", ["./a.csv", "data/a.csv", "..a.csv", "a~", "a..b", "a:b.csv", "data/C:/a.csv", "in/a"]
)
def test_odd_names_within_are_allowed(read, tmp_path, path):
    (tmp_path / "data").mkdir()
    (tmp_path / "in").symlink_to("data")
    lecture = read(HEAD + PART + f"[part.params.data]\nfile = '{path}'\n")
    assert lecture.parts[0].params["data"]["file"] == os.path.realpath(tmp_path / path)


def test_only_paths_are_made_absolute_wherever_they_stand(read, tmp_path):
    lecture = read(
        HEAD + PART + "params.file = ''\nparams.name = 'a.csv'\nparams.rate = 0.5\n"
        "params.sets = [{ file = 'a.csv', folder = 'b' }]\nparams.folder = ['c']\n"
    )
    file, folder, other = (os.path.realpath(tmp_path / name) for name in ("a.csv", "b", "c"))
    changed = {"sets": [{"file": file, "folder": folder}], "folder": [other]}
    assert lecture.parts[0].params == {"file": "", "name": "a.csv", "rate": 0.5, **changed}


def test_a_lecture_behind_a_link_has_the_folder_of_its_file(read, tmp_path):
    (tmp_path / "real").mkdir()
    read(HEAD + PART + "params.file = 'a.csv'\n", "real/week1.toml")
    (tmp_path / "link.toml").symlink_to("real/week1.toml")
    found = read_lecture(tmp_path / "link.toml").parts[0].params["file"]
    assert found == os.path.realpath(tmp_path / "real" / "a.csv")
