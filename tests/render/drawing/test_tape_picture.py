"""The picture of a tape can be read, and says what the tape says."""

from __future__ import annotations

import io

import cairo
import numpy as np
import pytest
from PIL import Image

from backprop_studio.core.tape.folding import folded
from backprop_studio.core.tape.reading import read_tape
from backprop_studio.render.drawing.tape_picture import PIXELS, TapePicture
from backprop_studio.render.lint.legibility import overlap_depth
from backprop_studio.render.lint.rules import SMALLEST_EM, TOUCH
from backprop_studio.render.lint.texts import TextWatch
from backprop_studio.render.messages.jobs import TapeJob
from backprop_studio.scenes.paint.style import SHORT_SIDE
from backprop_studio.scenes.paint.typeset import watched
from tests.core.tape.programs import LARGE, PROGRAMS, book_squares, convolution, micrograd

SOME = (micrograd, convolution, PROGRAMS[7])


def picture(program, **look):
    return TapePicture(TapeJob(id="1", tape=folded(read_tape(*program())), **look))


def seen_in(drawn):
    """The texts of a picture as the picture lint sees them, and the picture's size in pixels."""
    width, height = (int(np.ceil(length * PIXELS)) for length in drawn.size)
    ctx = cairo.Context(cairo.ImageSurface(cairo.FORMAT_RGB24, width, height))
    ctx.scale(PIXELS, PIXELS)
    watch = TextWatch(hide=False, shift=(0, 0))
    with watched(watch):
        drawn.paint(ctx)
    return watch.seen, (width, height)


def check(program, **look):
    texts, (width, height) = seen_in(picture(program, **look))
    assert texts
    smallest = SMALLEST_EM * SHORT_SIDE / 720 * PIXELS
    for text in texts:
        left, top, right, bottom = text.box
        assert min(left, top) >= 0, text.name
        assert right <= width, text.name
        assert bottom <= height, text.name
        assert text.em >= smallest - 0.05, text.name
    for k, one in enumerate(texts):
        for other in texts[k + 1 :]:
            (a, b, c, d), (e, f, g, h) = one.box, other.box
            if max(a, e) < min(c, g) and max(b, f) < min(d, h):
                assert overlap_depth(one, other) <= TOUCH, (one.name, other.name)


@pytest.mark.parametrize("program", SOME, ids=lambda it: it.__name__)
def test_some_pictures_can_be_read(program):
    check(program)


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS + LARGE, ids=lambda it: it.__name__)
def test_pictures_can_be_read(program):
    check(program)


def test_it_has_torchs_names_shapes_and_numbers():
    drawn = picture(book_squares)
    words = " ".join(text.ink.markup for text in seen_in(drawn)[0]).replace("\\", "")
    for word in ("MulBackward0", "SumBackward0", "AccumulateGrad", "(4,)", "[0, 2, 4, 6]", "14"):
        assert word in words
    assert drawn.view.place.is_downward
    place = dict(zip((it.id for it in drawn.view.nodes), drawn.view.place.centres, strict=True))
    tape = read_tape(*book_squares())
    for edge in tape.edges:
        assert place[edge.tail][1] > place[edge.head][1]


def test_why_nothing_flows_is_written_below_it_in_the_readers_language():
    y, names = book_squares()
    y.backward()
    tape = read_tape(y, names)
    words = {}
    for language in ("en", "zh"):
        drawn = TapePicture(TapeJob(id="1", tape=tape, language=language))
        words[language] = seen_in(drawn)[0][-1].ink.markup
        assert "retain" in words[language]
    assert words["en"] != words["zh"]


def test_its_png_has_the_themes_colours():
    grounds = {}
    for theme in ("dark", "light"):
        found = Image.open(io.BytesIO(picture(book_squares, theme=theme).png()))
        grounds[theme] = sum(found.convert("RGB").getpixel((1, 1)))
        assert np.ptp(np.asarray(found.convert("L"))) > 150
    assert grounds["dark"] < 150 < 600 < grounds["light"]
