"""Tests of voices that are programs, with programs of our own in their place."""

from __future__ import annotations

import json
import stat
import sys

import pytest

from backprop_studio.core.base.errors import InputError, MissingComponentError
from backprop_studio.render.voice.kept import KeptSentences
from backprop_studio.render.voice.programmed import PIPER_VARIABLE, Espeak, Piper
from backprop_studio.render.voice.sound import RATE
from backprop_studio.render.voice.source import Saying

SPEAKS = """#!{python}
import struct, sys
from pathlib import Path
text = sys.stdin.read()
with Path(__file__).with_name("heard.txt").open("a") as heard:
    heard.write(repr((sys.argv[1:], text)) + "\\n")
sound = struct.pack("<h", 8000) * 11025 + struct.pack("<h", -8000) * 11025
head = b"RIFF\\xff\\xff\\xff\\xffWAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 22050, 44100, 2, 16)
sys.stdout.buffer.write({head}sound)
"""


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Give a folder in which alone programs are found, and a way to put one there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv(PIPER_VARIABLE, raising=False)

    def put(name, code):
        file = folder / name
        file.write_text(code)
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return folder

    return put


def speaking(head):
    return SPEAKS.replace("{python}", sys.executable).replace("{head}", head)


WAVE = speaking("head + b'data\\xff\\xff\\xff\\xff' + ")


def say(text):
    return Saying("backprop", "loss", 1, 1, text)


def heard(folder):
    return [eval(line) for line in (folder / "heard.txt").read_text().splitlines()]


def test_espeak_is_given_one_sentence_in_words_and_the_voice_of_its_language(programs, tmp_path):
    folder = programs("espeak-ng", WAVE)
    voice = Espeak({"en": {"Iris": "eye riss"}, "zh": {}}, KeptSentences(tmp_path / "kept"))
    samples = voice.speak(say("Iris: ∂L/∂w = −0.5."), "en")
    assert samples.size / RATE == pytest.approx(1, abs=0.02)
    voice.speak(say("∂L/∂w = −0.5。"), "zh")
    (english, first), (chinese, second) = heard(folder)
    assert first == "eye riss: partial L by partial w equals minus zero point five.\n"
    assert second == "L 对 w 的偏导数等于负零点五。\n"
    assert english[:2] == ["-v", "en-us"]
    assert chinese[:2] == ["-v", "cmn-latn-pinyin"]


def test_only_a_changed_sentence_is_spoken_anew(programs, tmp_path):
    folder = programs("espeak-ng", WAVE)
    for texts in (["One.", "Two."], ["One.", "Three."]):
        voice = Espeak({}, KeptSentences(tmp_path / "kept"))
        for text in texts:
            voice.speak(say(text), "en")
    assert [text for _, text in heard(folder)] == ["One.\n", "Two.\n", "Three.\n"]
    assert voice.speak(say("…"), "en") is None


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print('hello')", "nothing can be heard"),
        ("pass", "nothing can be heard"),
        ("import sys; sys.exit('no voice')", "exit code 1"),
    ],
)
def test_a_program_that_does_not_speak_is_said_in_one_sentence(programs, tmp_path, code, said):
    programs("espeak-ng", f"#!{sys.executable}\n{code}\n")
    kept = KeptSentences(tmp_path / "kept")
    with pytest.raises(MissingComponentError, match=f"espeak-ng.*{said}"):
        Espeak({}, kept).speak(say("One."), "en")
    assert not list(tmp_path.glob("kept/*"))


def test_what_is_not_there_is_said_with_what_to_do(programs, tmp_path):
    with pytest.raises(MissingComponentError, match="apt install espeak-ng"):
        Espeak({})
    with pytest.raises(InputError, match=r"ends in .onnx"):
        Piper(tmp_path / "a.onnx", {})
    (tmp_path / "a.onnx").write_bytes(b"voice")
    with pytest.raises(InputError, match=r"a.onnx.json"):
        Piper(tmp_path / "a.onnx", {})
    describe(tmp_path, {"voice": "en-us"})
    with pytest.raises(MissingComponentError, match="pip install piper-tts"):
        Piper(tmp_path / "a.onnx", {})


def describe(folder, espeak):
    said = {"audio": {"sample_rate": 22_050}, "espeak": espeak}
    (folder / "a.onnx.json").write_text(json.dumps(said))
    (folder / "a.onnx").write_bytes(b"voice")
    return folder / "a.onnx"


def test_piper_speaks_with_the_named_file_in_its_language_alone(programs, tmp_path):
    folder = programs("piper", speaking(""))
    file = describe(tmp_path, {"voice": "en-us"})
    voice = Piper(file, {}, KeptSentences(tmp_path / "kept"))
    assert voice.speak(say("It is 3."), "en").size / RATE == pytest.approx(1, abs=0.02)
    ((options, text),) = heard(folder)
    assert text == "It is three.\n"
    assert options == ["--model", str(file), "--output_raw"]
    with pytest.raises(InputError, match="speaks 'en'"):
        voice.speak(say("三。"), "zh")
    described = describe(tmp_path, {"voice": "cmn"})
    assert Piper(described, {}, KeptSentences(tmp_path / "kept")).speak(say("三。"), "zh").size
    assert (
        voice.fingerprint()
        == Piper(file, {}).fingerprint()
        != Piper(file, {"en": {"a": "b"}}).fingerprint()
    )
