"""The player's files: what was typed comes out, and the page holds or names its media."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from backprop_studio.render.kit.player.page import page_text
from backprop_studio.render.kit.player.story import Story
from backprop_studio.render.kit.player.words import WORDS
from tests.render.kit.conftest import LECTURE
from tests.render.kit.player.conftest import values_of

ODD = "</script><!-- \"q\" 'q' <b>&amp; \\n $x$ {y} 二 \U0001f600 \u2028 <!-- put: story -->"


def test_one_page_has_everything_in_it(make):
    files = make("video", "stills", "player")
    html = files["01-tiny.en.player.html"].read_text(encoding="utf-8")
    values = values_of(html)
    (lesson,) = values["lessons"]
    assert [it["title"] for it in lesson["steps"]] == ["The first", "The second", "The third"]
    assert lesson["notes"] == '"Say" <b>it</b> & {{x}}'
    assert lesson["steps"][0]["script"] == 'It is "a" < b & c; $x$ =;#\\ 二. Why?'
    assert lesson["steps"][0]["numbers"] == [["values.0", "1.500", "1.5"]]
    assert (lesson["steps"][0]["first"], lesson["card"]) == (0, 0)
    film = lesson["film"]
    pieces = re.findall(rf'<script [^>]*data-medium="{film}">([^<]*)</script>', html)
    carried = b"".join(map(base64.b64decode, pieces))
    assert carried == files["01-tiny.en.mp4"].read_bytes()
    assert "http" not in re.sub(r"http://www.w3.org/\S+", "", html.partition("data-medium")[0])
    whole = values_of(files["week.en.player.html"].read_text(encoding="utf-8"))
    assert whole["title"] == values["lecture"]


def test_a_folder_has_its_films_beside_the_page(make, tmp_path):
    from backprop_studio.render.messages.jobs import KitOptions

    files = make("player", options=KitOptions(player="folder"))
    page = files["01-tiny.en.player.html"]
    sources = [it["source"] for it in values_of(page.read_text(encoding="utf-8"))["media"]]
    assert all((page.parent / it).is_file() for it in sources)
    beside = {name for name in files if name.startswith("01-tiny.en.player/")}
    assert beside == set(sources)
    assert {Path(it).suffix for it in beside} == {".mp4", ".webp"}


def test_every_sign_comes_out_as_it_was_typed():
    words = dict.fromkeys(WORDS, "w")
    values = {"title": ODD, "language": "en", "words": words, "odd": {ODD: [ODD, "\r\n\t\x00"]}}
    html = page_text(Story(values | {"media": []}))
    found = values_of(html)
    assert (found["odd"], found["title"]) == (values["odd"], ODD)


CHINESE = LECTURE.replace('quality = "l"', 'quality = "l"\nlanguages = ["zh"]')


def test_a_chinese_page_speaks_chinese(make):
    html = make("player", text=CHINESE)["01-tiny.zh.player.html"].read_text(encoding="utf-8")
    values = values_of(html)
    assert values["language"] == "zh-Hans"
    own = [key for key in WORDS if not re.search(r"[\u3400-\u9fff]", values["words"][key])]
    assert own == ["at_time"]  # two clocks and a stroke
