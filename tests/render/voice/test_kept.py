"""Tests of sentences that are kept."""

from __future__ import annotations

from backprop_studio.render.voice.kept import KeptSentences
from backprop_studio.render.voice.sound import RawSound

SOUND = RawSound(22_050, b"abcd" * 100)


def test_a_sentence_is_there_again_and_a_damaged_one_is_not(tmp_path):
    kept = KeptSentences(tmp_path / "voice")
    assert kept.fetch("a") is None
    kept.keep("a", SOUND)
    assert KeptSentences(tmp_path / "voice").fetch("a") == SOUND
    (file,) = (tmp_path / "voice").iterdir()
    file.write_bytes(file.read_bytes()[:-3])
    assert kept.fetch("a") is None
    assert not file.exists()


def test_what_was_used_longest_ago_goes(tmp_path):
    kept = KeptSentences(tmp_path, limit=1000)
    for name in "abc":
        kept.keep(name, SOUND)
    assert [kept.fetch(it) is not None for it in "abc"] == [False, True, True]


def test_a_disk_that_refuses_keeps_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    kept = KeptSentences(tmp_path / "file")
    kept.keep("a", SOUND)
    assert kept.fetch("a") is None
