from __future__ import annotations

import json
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def chromium():
    """Debian's Chromium without a window; without it there is nothing to try."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        options = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


def values_of(html):
    """Return what a page was given, as a browser finds it."""
    from lxml import html as parser

    (script,) = parser.fromstring(html).xpath("//script[@id='story']")
    return json.loads(script.text)


@pytest.fixture
def opened(chromium):
    """Open a page from the disk with the network cut; what goes wrong in it fails the test."""
    faults, contexts = [], []

    def opened(path, before="", **look):
        look = {"viewport": {"width": 1366, "height": 768}} | look
        context = chromium.new_context(offline=True, **look)
        contexts.append(context)
        context.add_init_script(before)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda it: it.url.startswith("http") and faults.append(it.url))
        page.goto(path.as_uri())
        until(page, "it.state === 'stopped'")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def until(page, what, milliseconds=30_000):
    """Wait until something is so of the player's state."""
    text = f"(it => {what})(document.getElementById('player').dataset)"
    page.wait_for_function(text, timeout=milliseconds)


def at_end(page, number):
    until(page, f"it.step === '{number}' && it.place === 'end' && it.state === 'stopped'")
