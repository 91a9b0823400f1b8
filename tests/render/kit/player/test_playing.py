"""The player plays a lecture through by itself, with sound; fingers and remote controls step it."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from backprop_studio.render.messages.jobs import KitOptions
from tests.render.kit.player.conftest import at_end, until

SPOKEN = """
const parse = JSON.parse;
JSON.parse = (text) => Object.assign(parse(text), { spoken: true, captioned: false });
window.handlers = {};
navigator.mediaSession.setActionHandler = (name, action) => (handlers[name] = action);
"""
"""Says that there is sound, and keeps what the system's keys would call."""

RATE = 48_000


def add_tone(path):
    """Put a tone into a silent film; its pictures are copied."""
    with_sound = path.with_suffix(".sound.mp4")
    with av.open(path) as silent, av.open(with_sound, "w") as film:
        (pictures,) = silent.streams.video
        copied = film.add_stream_from_template(pictures)
        tone = film.add_stream("aac", rate=RATE, layout="mono")
        seconds = float(pictures.duration * pictures.time_base)
        for packet in silent.demux(pictures):
            if packet.dts is not None:
                packet.stream = copied
                film.mux(packet)
        size = tone.codec_context.frame_size or 1024
        for at in range(0, int(seconds * RATE), size):
            wave = 0.4 * np.sin(2 * np.pi * 440 * np.arange(at, at + size) / RATE)
            frame = av.AudioFrame.from_ndarray(wave[None].astype(np.float32), "fltp", "mono")
            frame.rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
            film.mux(tone.encode(frame))
        film.mux(tone.encode(None))
    with_sound.replace(path)


@pytest.fixture
def page_file(make):
    """A player in the form of a folder, whose film has sound."""
    files = make("player", options=KitOptions(player="folder"))
    (film,) = (
        it for name, it in files.items() if name.startswith("week.en.player/") and ".mp4" in name
    )
    add_tone(film)
    return files["week.en.player.html"]


def test_it_plays_through_by_itself_with_sound_and_subtitles(page_file, opened):
    page = opened(page_file, SPOKEN)
    page.evaluate(
        """() => {
          window.seen = new Set();
          const line = document.getElementById("subtitle");
          const note = () => seen.add(line.textContent.replaceAll("\\n", " "));
          new MutationObserver(note).observe(line, {childList: true});
        }"""
    )
    page.evaluate("document.getElementById('film').playbackRate = 8")
    page.keyboard.press("Space")
    at_end(page, 3)
    names = ["muted", "volume", "webkitAudioDecodedByteCount", "currentTime", "duration"]
    film = page.evaluate(f"({names}).map(it => film[it])")
    film = dict(zip(names, film, strict=True))
    assert (film["muted"], film["volume"]) == (False, 1)
    assert film["webkitAudioDecodedByteCount"] > 4_000
    assert film["currentTime"] == pytest.approx(film["duration"], abs=0.2)
    said = " ".join(page.evaluate("[...seen]"))
    assert 'It is "a" < b & c; $x$ =;#\\ 二.' in said
    assert "Why?" in said
    page.locator("#sound").click()
    assert page.evaluate("document.getElementById('film').muted")


def test_fingers_and_keys_of_remotes_step_it(page_file, opened):
    page = opened(page_file, SPOKEN, has_touch=True, viewport={"width": 390, "height": 844})
    devtools = page.context.new_cdp_session(page)
    box = page.locator("#frame").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 4

    def wipe(across):
        def touch(kind, *points):
            points = [{"x": x, "y": y} for x, y in points]
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        touch("touchStart", middle)
        for share in (0.3, 0.6, 1):
            touch("touchMove", (middle[0] + share * across, middle[1]))
        touch("touchEnd")

    def step(act, number):
        act()
        until(page, f"it.step === '{number}' && it.state !== 'moving'")
        if page.locator("#player").get_attribute("data-place") != "end":
            act()
        at_end(page, number)

    step(lambda: wipe(-150), 1)
    step(lambda: wipe(-150), 2)
    wipe(150)
    at_end(page, 1)
    step(lambda: page.keyboard.press("PageDown"), 2)
    page.keyboard.press("PageUp")
    at_end(page, 1)
    step(lambda: page.keyboard.press("MediaTrackNext"), 2)
    page.keyboard.press("MediaTrackPrevious")
    at_end(page, 1)
    page.evaluate("handlers.play()")
    until(page, "it.state === 'playing'")
    page.evaluate("handlers.play()")
    page.evaluate("handlers.pause()")
    until(page, "it.state === 'stopped'")
    assert page.locator("#play").get_attribute("aria-label") == "Play"
    page.touchscreen.tap(*middle)
    until(page, "it.state === 'playing'")
    page.touchscreen.tap(*middle)
    until(page, "it.state === 'stopped'")
