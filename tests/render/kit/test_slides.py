"""Slides: what PowerPoint is given is what was typed, what was drawn and what was filmed."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation

from backprop_studio.render.messages.jobs import KitOptions
from tests.render.kit.conftest import TITLE

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


def ids(slide, path):
    return [it.get("id") for it in slide._element.iter(f"{P}{path}")]


def texts(slide):
    return [it.text_frame.text for it in slide.shapes if it.has_text_frame]


@pytest.mark.parametrize("autoplay", [False, True])
def test_each_beat_is_a_slide_with_its_clip(make, autoplay):
    kit = ("slides",) if autoplay else ("stills", "clips", "slides")
    files = make(*kit, options=KitOptions(autoplay=autoplay))
    own, whole = (Presentation(files[it]) for it in ("01-tiny.en.pptx", "week.en.pptx"))
    assert own.slide_width / own.slide_height == pytest.approx(16 / 9, rel=1e-3)
    assert own.core_properties.title == TITLE
    title, *slides = own.slides
    assert texts(title) == [TITLE]
    assert title.notes_slide.notes_text_frame.text == '"Say" <b>it</b> & {{x}}'
    assert [texts(it)[0] for it in slides] == ["The first", "The second", "The third"]
    assert [texts(it)[1] for it in slides] == [f"{TITLE} · {k} of 4" for k in (2, 3, 4)]
    said = [it.notes_slide.notes_text_frame.text for it in slides]
    assert said == ['It is "a" < b & c; $x$ =;#\\ 二. Why?', "The second", "The third"]
    assert [texts(it)[0] for it in list(whole.slides)[2:]] == [texts(it)[0] for it in slides]
    for slide, name in zip(slides, ("02-first", "03-second", "04-third"), strict=True):
        (movie,) = (it for it in slide.shapes if it.shape_type == 16)
        described = movie._element.nvPicPr.cNvPr.get("descr")
        assert described.startswith(texts(slide)[0])
        assert ("1.5" in described) == (name == "02-first")
        shapes = {it.get("spid") for it in slide._element.iter(f"{P}spTgt")}
        assert shapes == {str(movie.shape_id)}
        nodes = ids(slide, "cTn")
        assert len(nodes) == len(set(nodes))
        effects = [it.get("nodeType") for it in slide._element.iter(f"{P}cTn")]
        assert ("afterEffect" in effects) == autoplay
        assert movie.left >= 0 and movie.left + movie.width <= own.slide_width  # noqa: PT018
        assert movie.width / movie.height == pytest.approx(854 / 480, rel=1e-3)
        if not autoplay:
            media = [it.blob for it in slide.part.package.iter_parts() if "media" in it.partname]
            assert files[f"01-tiny.en/{name}.mp4"].read_bytes() in media
            poster = Image.open(io.BytesIO(movie.poster_frame.blob)).convert("RGB")
            still = Image.open(files[f"01-tiny.en/{name}.png"])
            assert np.abs(np.asarray(poster).astype(int) - np.asarray(still)).max() <= 8


def test_slides_have_the_shape_of_the_lecture(make):
    from tests.render.kit.conftest import LECTURE

    text = LECTURE.replace('quality = "l"', 'quality = "l"\nframe = "4:3"')
    deck = Presentation(make("slides", text=text)["01-tiny.en.pptx"])
    assert deck.slide_width / deck.slide_height == pytest.approx(4 / 3, rel=1e-3)
    places = [(it.left, it.left + it.width) for slide in deck.slides for it in slide.shapes]
    assert all(low >= 0 and high <= deck.slide_width for low, high in places)
