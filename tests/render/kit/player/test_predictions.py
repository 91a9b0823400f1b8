"""Before a prediction is made, nothing that the player shows or says has its answer."""

from __future__ import annotations

import pytest

from tests.render.kit.player.conftest import at_end, until

ASKED = """
const parse = JSON.parse;
JSON.parse = (text) => {
  const story = parse(text);
  if (!story.lessons) return story;
  const step = story.lessons[0].steps[1];
  const begin = step.first / story.lessons[0].fps;
  const at = begin + 0.3;
  step.questions = [{text: "Up?", at, until: at + 0.1, choices: ["Yes", "No"], right: 1}];
  step.cues = [[begin, at, "First this."], [at + 0.1, at + 9, "SECRET."]];
  step.script = "First this. SECRET.";
  step.seen = ["SECRET"];
  step.numbers = [["SECRET", "1", "1.0"]];
  return story;
};
"""
"""Puts a question into the second step, and its answer into all that is told behind it."""


SEEN = "[...document.querySelectorAll('.still.seen')].map(it => it.src)"
"""The stills that lie over the film."""


@pytest.fixture
def page_file(make):
    return make("player")["01-tiny.en.player.html"]


def told(page):
    """Return what there is to be read and, for a screen reader, to be heard."""
    return page.locator("body").inner_text() + page.locator("body").aria_snapshot()


def pictured(page):
    """Return the steps whose pictures the overview shows."""
    page.keyboard.press("o")
    page.wait_for_function(
        "[...document.querySelectorAll('#overview img:not([hidden])')].every(it => it.src)"
    )
    shown = page.locator("#overview li:has(img:visible)").all_inner_texts()
    page.keyboard.press("Escape")
    return [it.split("\n")[0] for it in shown]


@pytest.mark.parametrize(
    "motion", ["no-preference", pytest.param("reduce", marks=pytest.mark.slow)]
)
def test_no_answer_is_told_before_it_is_given(page_file, opened, motion):
    page = opened(page_file, ASKED, reduced_motion=motion)
    page.keyboard.press("n")
    page.keyboard.press("End")
    at_end(page, 3)
    assert pictured(page) == ["1The first"]
    page.evaluate("film.playbackRate = 0.0625")  # so that there is time to look before the question
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    until(page, "it.step === '2' && it.state === 'playing'")
    assert page.locator("#details-script").inner_text() == "First this."
    assert "SECRET" not in told(page)
    page.keyboard.press("PageDown")
    until(page, "it.state === 'asking'")
    before = page.evaluate(SEEN)
    assert "SECRET" not in told(page)
    assert "Up?" in page.locator("#live").inner_text()
    page.keyboard.press("2")
    until(page, "it.state === 'playing'")
    assert page.locator("#details-script").inner_text() == "First this. SECRET."
    page.evaluate("film.playbackRate = 8")
    at_end(page, 2)
    assert "Your prediction: No, right. SECRET." in page.locator("#live").inner_text()
    assert pictured(page) == ["1The first", "2The second", "3The third"]
    answer = page.evaluate("document.querySelectorAll('#overview img')[1].src")
    assert answer not in before
    assert (answer in page.evaluate(SEEN)) == (motion == "reduce")
