"""Moodle and GIFT: what their importers need, and every text as it was typed."""

from __future__ import annotations

import html
import re

import pytest
from lxml import etree

from backprop_studio.render.kit.exercises.draw import exercises_of
from backprop_studio.render.kit.exercises.gift import escaped, gift
from backprop_studio.render.kit.exercises.moodle import moodle_xml
from backprop_studio.render.kit.exercises.paper import papers_of
from backprop_studio.render.kit.exercises.subjects import SUBJECTS
from tests.render.kit.exercises.test_answers import own

TITLE = 'A "quote" & <b> {1:NUMERICAL:=2} ~ = # : \\ $x$ // \\n 反向 传播'
GAP = re.compile(r"\{(\d+):NUMERICAL:=(-?\d+(?:\.\d+)?):(\d+(?:\.\d+)?(?:e-\d+)?)\}")


@pytest.fixture(scope="module", params=["en", "zh"])
def papers(request):
    subject = SUBJECTS["chain_rule"]
    found = exercises_of(subject, own("chain_rule"), 1, 3)
    return papers_of(TITLE, subject.text, found, request.param)


def text_of(html_text):
    lines = re.sub(r"<br>|</?p>|</?ol>|</?li>", "\n", html_text)
    return [html.unescape(it) for it in lines.split("\n") if it]


def test_moodle_finds_what_it_needs(papers):
    """As its importer reads it (qformat_xml): there is no schema."""
    text = moodle_xml(papers, TITLE)
    assert text.startswith("<?xml ")  # which it wants in the first line
    quiz = etree.fromstring(text.encode())
    assert quiz.tag == "quiz"
    place, *questions = quiz
    assert place.get("type") == "category"
    category = place.findtext("category/text")
    assert category.startswith("$course$/top/")
    # In a path of categories "//" stands for a slash.
    steps = re.split(r"(?<!/)/(?!/)", category.removeprefix("$course$/top/"))
    assert [it.replace("//", "/") for it in steps] == [TITLE]
    assert len(questions) == len(papers)
    for question, paper in zip(questions, papers, strict=True):
        assert question.get("type") == "cloze"
        assert question.findtext("name/text") == paper.title
        asked, told = question.find("questiontext"), question.find("generalfeedback")
        assert asked.get("format") == told.get("format") == "html"
        body = asked.findtext("text")
        etree.HTML(body)
        gaps = GAP.findall(body)
        assert body.count("{") == len(gaps) == len(paper.rows)
        for (weight, answer, tolerance), row in zip(gaps, paper.rows, strict=True):
            assert int(weight) >= 1
            assert answer == row.answer
            assert float(tolerance) == row.tolerance > 0
        lines = text_of(GAP.sub("", body))
        assert lines[0] == paper.text
        assert {*paper.rules, *paper.given} <= set(lines)
        assert text_of(told.findtext("text")) == [it.line for it in paper.rows]
        assert 0 < float(question.findtext("penalty")) <= 1
        assert question.findtext("hidden") == "0"


def read_gift(text):
    """Read GIFT as Moodle does: blocks apart, escapes aside, title, format, text, answer."""
    keep = {f"\\{it}": f"\ue000{ord(it)};" for it in "\\~=#{}:"}
    blocks = [it for it in re.split(r"\n\s*\n", text) if it.strip()]
    found = []
    for block in blocks:
        if block.startswith("$CATEGORY:"):
            # Here Moodle puts nothing back but backslashes.
            assert not re.search(r"(?<!\\)(\\\\)*\\[:#={}~n]", block)
            found.append(block.removeprefix("$CATEGORY:").strip().replace("\\\\", "\\"))
            continue
        for sign, aside in keep.items():
            block = block.replace(sign, aside)
        block = block.replace("\\n", "\n").strip()
        title, rest = re.fullmatch(r"::([^:]*)::(.*)", block, re.DOTALL).groups()
        kind, asked, answer = re.fullmatch(
            r"\[(\w+)\]([^{}]*)\{#([^{}]*)\}", rest, re.DOTALL
        ).groups()
        value, _, told = answer.partition("####")
        number, _, tolerance = value.partition(":")

        def plain(it):
            return re.sub("\ue000(\\d+);", lambda code: chr(int(code[1])), it).strip()

        found.append(
            (plain(title), kind, plain(asked), float(number), float(tolerance), plain(told))
        )
    return found


def test_gift_is_read_back_as_it_was_meant(papers):
    category, *questions = read_gift(gift(papers, TITLE))
    assert category == f"$course$/top/{TITLE.replace('/', '//')}"
    rows = [(paper, k, row) for paper in papers for k, row in enumerate(paper.rows, 1)]
    assert len(questions) == len(rows)
    for (title, kind, asked, number, tolerance, told), (paper, k, row) in zip(
        questions, rows, strict=True
    ):
        assert title == f"{paper.title}, {k}"
        assert kind == "plain"
        assert asked.split("\n") == [
            paper.text, *paper.rules, *paper.given, f"{row.text} {row.name}"
        ]  # fmt: skip
        assert number == float(row.answer)
        assert tolerance == row.tolerance
        assert told == row.line


@pytest.mark.parametrize("text", [TITLE, "\\", "\\\\n", "::a::{#3}", "#### ", "a\n\nb", "= ~ %50%"])
def test_no_sign_of_gift_is_taken_for_one(text):
    ((title, _, asked, *_),) = read_gift(f"::{escaped(text)}::[plain]{escaped(text)} {{#1:0}}")
    assert title == asked == " ".join(text.split())
