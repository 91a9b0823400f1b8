"""The player in Chromium, from the disk and with the network cut."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tests.render.kit.player.conftest import at_end, until, values_of

ASKED = """
const parse = JSON.parse;
JSON.parse = (text) => {
  const story = parse(text);
  for (const lesson of story.lessons ?? []) {
    const question = {text: "Up?", at: 0.35, until: 0.37, choices: ["Yes", "No"], right: 1};
    lesson.steps[0].questions = [question];
  }
  return story;
};
"""
"""Puts a question into the first step, of which the tiny lesson has none."""


@pytest.fixture
def files(make):
    return make("stills", "player", "scorm")


def faults_of(page):
    """Return what axe-core finds against WCAG 2.1 AA."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [(it["id"], it["nodes"][0]["html"]) for it in found.response["violations"]]


def test_it_is_stepped_through_and_each_stop_is_the_beat_s_still(files, opened):
    page = opened(files["01-tiny.en.player.html"])
    assert faults_of(page) == []
    for number, name in enumerate(("02-first", "03-second", "04-third"), start=1):
        page.keyboard.press("PageDown")
        until(page, f"it.step === '{number}' && it.state !== 'moving'")
        if page.locator("#player").get_attribute("data-place") != "end":
            page.keyboard.press("ArrowRight")
        at_end(page, number)
        data = page.locator("#frame").screenshot()
        shot = Image.open(io.BytesIO(data)).convert("RGB")
        still = Image.open(files[f"01-tiny.en/{name}.png"]).convert("RGB").resize(shot.size)
        difference = np.abs(np.asarray(shot).astype(int) - np.asarray(still).astype(int))
        assert difference.mean() < 3
    assert "Step 3 of 3: The third" in page.locator("#live").inner_text()
    page.keyboard.press("ArrowLeft")
    at_end(page, 2)
    page.keyboard.press("Home")
    until(page, "it.step === '1' && it.place === 'start'")
    page.keyboard.press("End")
    at_end(page, 3)


@pytest.mark.slow
def test_every_state_can_be_used_by_everybody(files, opened):
    page = opened(files["01-tiny.en.player.html"], color_scheme="dark")
    assert faults_of(page) == []
    page.keyboard.press("n")
    assert page.locator("#numbers").inner_text().split()[-3:] == ["1.500", "values.0", "1.5"]
    assert faults_of(page) == []
    page.keyboard.press("o")
    assert page.locator("#overview").is_visible()
    assert faults_of(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert faults_of(page) == []
    page.locator("#letters").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    assert page.locator("#black").is_hidden()


@pytest.mark.slow
def test_a_question_waits_for_the_answer(files, opened):
    page = opened(files["01-tiny.en.player.html"], ASKED)
    page.keyboard.press("ArrowRight")
    until(page, "it.state === 'asking'")
    assert page.locator("#question-text").inner_text() == "Up?"
    offered = page.locator("#choices button").all_inner_texts()
    assert offered == ["1Yes", "2No", "Go on"]
    assert faults_of(page) == []
    page.keyboard.press("2")
    at_end(page, 1)
    page.keyboard.press("o")
    assert "Right predictions: 1 of 1" in page.locator("#tally").inner_text()


@pytest.mark.slow
def test_the_presenter_sees_what_comes_next(files, opened):
    page = opened(files["01-tiny.en.player.html"])
    with page.expect_popup() as popup:
        page.keyboard.press("p")
    window = popup.value
    window.wait_for_function("document.querySelector('[data-part=then]').src !== ''")
    assert window.locator("[data-part=then-title]").inner_text() == "The second"
    assert "Why?" in window.locator("[data-part=script]").inner_text()
    assert faults_of(window) == []
    window.keyboard.press("End")
    at_end(page, 3)
    assert window.locator("[data-part=then-title]").inner_text() == "This is the last step."


@pytest.mark.slow
def test_who_wants_no_motion_sees_stills(files, opened):
    page = opened(files["01-tiny.en.player.html"], reduced_motion="reduce")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".still.seen")
    at_end(page, 1)
    assert page.locator(".still.seen").first.is_visible()
    values = values_of(files["01-tiny.en.player.html"].read_text(encoding="utf-8"))
    assert values["lessons"][0]["steps"][0]["still"] == 1


PLATFORM = """
if (window === window.top) {
  window.calls = []; window.kept = {};
  window.API = {
    LMSInitialize: (it) => { calls.push(["LMSInitialize", it]); return "true"; },
    LMSGetValue: (name) => kept[name] ?? "",
    LMSSetValue: (name, value) => { kept[name] = value; calls.push([name, value]); return "true"; },
    LMSCommit: () => { calls.push(["LMSCommit"]); return "true"; },
    LMSFinish: (it) => { calls.push(["LMSFinish", it]); return "true"; },
  };
}
"""


def test_a_course_tells_the_platform_where_one_is_and_what_was_predicted(files, opened, tmp_path):
    import zipfile

    with zipfile.ZipFile(files["week.en.scorm.zip"]) as package:
        package.extractall(tmp_path / "course")
    page = opened(tmp_path / "course" / "index.html", PLATFORM + ASKED)
    assert page.evaluate("kept['cmi.core.lesson_status']") == "incomplete"
    page.keyboard.press("ArrowRight")
    until(page, "it.state === 'asking'")
    page.keyboard.press("1")
    at_end(page, 1)
    kept = page.evaluate("kept")
    assert kept["cmi.interactions.0.student_response"] == "a"
    assert kept["cmi.interactions.0.correct_responses.0.pattern"] == "b"
    assert kept["cmi.interactions.0.result"] == "wrong"
    assert kept["cmi.core.score.raw"] == "0"
    page.keyboard.press("End")
    at_end(page, 3)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    kept, calls = page.evaluate("kept"), page.evaluate("calls")
    assert kept["cmi.core.lesson_status"] == "completed"
    assert kept["cmi.core.lesson_location"] == "01-tiny.en.third"
    assert [calls[0], calls[-2:]] == [["LMSInitialize", ""], [["LMSCommit"], ["LMSFinish", ""]]]
    hours, minutes, seconds = kept["cmi.core.session_time"].split(":")
    assert (len(hours), len(minutes), len(seconds)) == (4, 2, 5)
