"""The transcript as a page and as a track: all that was typed comes out, in its place."""

from __future__ import annotations

import html
from html.parser import HTMLParser

from tests.render.kit.conftest import TITLE


class Reader(HTMLParser):
    """Reads a page as (tag, text) rows."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.languages, self._open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._open.append(tag)
        self.languages += [value for name, value in attrs if name == "lang"]

    def handle_endtag(self, _tag):
        self._open.pop()

    def handle_data(self, data):
        if data.strip() and self._open[-1:] != ["style"]:
            self.rows.append((self._open[-1], data))


def test_a_page_has_headings_words_and_numbers_as_they_are(make):
    files = make("transcript")
    read = Reader(files["01-tiny.en.transcript.html"].read_text(encoding="utf-8"))
    assert read.languages == ["en"]
    said = 'It is "a" < b & c; $x$ =;#\\ 二. Why?'
    first = [("title", TITLE), ("h1", TITLE), ("h2", "The first"), ("p", said)]
    assert read.rows[:4] == first
    assert ("li", "numbers: 1.500") in read.rows
    whole = Reader(files["week.en.transcript.html"].read_text(encoding="utf-8"))
    assert [tag for tag, _ in whole.rows if tag[0] == "h"] == ["h1", "h2", "h2", "h2"]


def test_descriptions_are_a_track(make):
    text = make("transcript")["01-tiny.en.descriptions.vtt"].read_text(encoding="utf-8")
    assert text.startswith("WEBVTT")
    (cue,) = [it for it in text.split("\n\n") if "numbers" in it]
    assert html.unescape(cue.splitlines()[-1]).startswith("The first; ")
