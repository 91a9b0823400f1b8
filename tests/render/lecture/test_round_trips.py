"""Whatever is typed comes out of each format as it was, read by a parser that did not write it."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from types import SimpleNamespace

import srt
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.render.kit.transcript import page
from backprop_studio.render.lecture.subtitles import subtitles
from backprop_studio.render.lecture.transcript import transcript
from backprop_studio.render.messages.results import BeatMark, SentenceMark
from tests.render.typed_texts import TEXTS, folded, joined


def told(text):
    """Return a beat that has a text for its caption, says it, and shows it."""
    said = SentenceMark(text=f"{text} {text}", start=0, end=9)
    return BeatMark(name="a", caption=text, start=0, end=9, sentences=(said,), seen=(text,))


@given(TEXTS)
@example("1. a")
@example("---")
@example("\ue000\\N")
def test_srt(text):
    found = list(srt.parse(subtitles([(told(text), 0.0)], "srt")))
    assert joined("".join(it.content for it in found)) == joined(text) * 2


CUE = re.compile(r"(\d\d:)?\d\d:\d\d\.\d{3} --> (\d\d:)?\d\d:\d\d\.\d{3}")


def cues(track):
    """Return the texts of a WebVTT file's cues, by the standard's rules for blocks and marks."""
    head, *blocks = [it.split("\n") for it in re.split(r"\n{2,}", track.strip("\n"))]
    assert head == ["WEBVTT"]
    for lines in blocks:
        (at,) = [k for k, line in enumerate(lines) if "-->" in line]
        assert at <= 1
        assert CUE.fullmatch(lines[at])
        words = "\n".join(lines[at + 1 :])
        assert not set("<>") & set(words)
        yield html.unescape(words)


@given(TEXTS)
@example("a --> b & <i>")
def test_vtt(text):
    found = cues(subtitles([(told(text), 0.0)], "vtt"))
    assert joined("".join(found)) == joined(text) * 2


@given(TEXTS, st.sampled_from(["en", "zh"]))
@example("1. a", "en")
@example("- a", "en")
@example("---", "en")
@example("&amp; ~~a~~ $x$", "en")
def test_markdown(text, language):
    tokens = (
        MarkdownIt("commonmark")
        .enable("strikethrough")
        .parse(transcript(text, [("a lesson", [told(text)])], language))
    )
    blocks = [it.type.removesuffix("_open") for it in tokens if it.type.endswith("_open")]
    item = ["bullet_list", "list_item", "paragraph"]
    assert blocks == ["heading", "heading", "heading", "paragraph", "paragraph", *item]
    rows = [it.children for it in tokens if it.type == "inline"]
    words = ["".join(it.content for it in row) for row in rows]
    seen = translator(language)(N_("To be seen:"))
    once, twice = folded(text), folded(f"{text} {text}")
    assert words == [once, "a lesson", once, twice, seen, once]


class Reader(HTMLParser):
    """Reads the texts of a page."""

    def __init__(self, text):
        super().__init__()
        self.rows, self._open = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, _attrs):
        if tag != "meta":  # which has no end
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if data.strip() and self._open[-1] != "style":
            self.rows.append((self._open[-1], data))


@given(TEXTS)
def test_page(text):
    film = SimpleNamespace(title="a lesson", beats=[told(text)])
    rows = Reader(page(SimpleNamespace(title=text, language="en", films=[film]))).rows
    words = folded(text)
    assert rows[:4] == [("title", words), ("h1", words), ("h2", "a lesson"), ("h3", words)]
    assert rows[4] == ("p", folded(f"{text} {text}"))
    assert rows[-1] == ("li", words)
