"""A real lecture that speaks, in the browser: played through, and each state judged by axe-core."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.render.kit.player.conftest import at_end, chromium, opened, until, values_of
from tests.render.kit.player.test_in_browser import faults_of

__all__ = ["chromium", "opened"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed"),
]

LECTURE = """
format = 1
title = { en = "One weight", zh = "一个权重" }
languages = ["en", "zh"]
quality = "l"
captions = "off"
voice = "espeak"
[[part]]
scene = "chain_rule"
notes = "Stop at the question."
"""

PLAYERS = {"en": "single", "zh": "folder"}

LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "telephone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "at 200 %": {"viewport": {"width": 683, "height": 384}, "device_scale_factor": 2},
    "without motion": {"reduced_motion": "reduce"},
}


@pytest.fixture(scope="module")
def page_files(tmp_path_factory):
    """The players of a lecture in English, as one file, and in Chinese, as a folder."""
    folder = tmp_path_factory.mktemp("player")
    pages = {}
    for language, player in PLAYERS.items():
        text = LECTURE.replace('["en", "zh"]', f'["{language}"]')
        (folder / "week.toml").write_text(text, encoding="utf-8")
        start = "import sys; from backprop_studio.cli.start import main; sys.exit(main())"
        command = [sys.executable, "-c", start, "lecture", folder / "week.toml"]
        command += ["-o", folder / language, "--kit", "player", "--player", player]
        subprocess.run(command, check=True, capture_output=True)
        pages[language] = folder / language / f"week.{language}.player.html"
    return pages


def lesson_of(path):
    (lesson,) = values_of(path.read_text(encoding="utf-8"))["lessons"]
    return lesson


@pytest.mark.parametrize("language", PLAYERS)
def test_it_is_heard_and_read_from_beginning_to_end(page_files, opened, language):
    path = page_files[language]
    lesson = lesson_of(path)
    page = opened(path)
    page.evaluate(
        """() => {
          window.seen = new Set();
          const line = document.getElementById("subtitle");
          const note = () => line.textContent && seen.add(line.textContent);
          new MutationObserver(note).observe(line, {childList: true});
          film.playbackRate = 4;
        }"""
    )
    page.keyboard.press("Space")
    for question in (it for step in lesson["steps"] for it in step["questions"]):
        until(page, "it.state === 'asking'", 120_000)
        assert page.locator("#question-text").inner_text() == question["text"]
        here = page.evaluate("film.currentTime")
        # The clock of a film that runs four times as fast is some frames behind what is painted.
        assert question["at"] - 0.3 <= here < question["until"]
        page.keyboard.press("Enter")  # the focus is on the button that goes on
    count = len(lesson["steps"])
    until(page, f"it.step === '{count}'", 120_000)
    at_end(page, count)
    decoded, muted = page.evaluate("[film.webkitAudioDecodedByteCount, film.muted]")
    seconds = lesson["steps"][-1]["last"] / lesson["fps"]
    assert not muted
    assert decoded > 2_000 * seconds  # in each second: 16 kbit/s at least
    cues = {text for step in lesson["steps"] for _, _, text in step["cues"]}
    assert set(page.evaluate("[...seen]")) == cues


@pytest.mark.parametrize("look", LOOKS)
def test_no_state_has_a_barrier(page_files, opened, look):
    path = page_files["en"]
    lesson = lesson_of(path)
    (asking, *_) = (k for k, it in enumerate(lesson["steps"], start=1) if it["questions"])
    page = opened(path, **LOOKS[look])
    states = {}

    def judge(state):
        states[state] = faults_of(page)

    judge("at the beginning")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#subtitle:not([hidden])")
    judge("with a subtitle")
    page.keyboard.press("ArrowRight")
    at_end(page, 1)
    page.locator("#details-open").press("Enter")
    judge("with or without text and numbers")
    page.locator("#details-open").press("Enter")
    judge("the other way round")
    page.keyboard.press("o")
    judge("over all steps")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    judge("keys")
    page.keyboard.press("Escape")
    page.keyboard.type(str(asking))
    page.keyboard.press("Enter")
    until(page, f"it.step === '{asking}' && it.state === 'playing'")
    judge("before the question")
    page.keyboard.press("PageDown")
    until(page, "it.state === 'asking'")
    judge("asking")
    page.keyboard.press("1")
    page.keyboard.press("PageDown")
    at_end(page, asking)
    judge("answered")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    judge("full screen")
    page.keyboard.press("f")
    page.keyboard.press("b")
    judge("black")
    page.keyboard.press("b")
    page.keyboard.press("End")
    at_end(page, len(lesson["steps"]))
    judge("at the end")
    assert {state: faults for state, faults in states.items() if faults} == {}
