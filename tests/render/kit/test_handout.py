"""The handout: pages of stills on white, with every text as it was typed, and for every reader."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from pypdf import PdfReader

from backprop_studio.render.messages.jobs import KitOptions
from tests.render.kit.conftest import LECTURE, TITLE

CAPTIONS = ["The first", "The second", "The third"]
SAID = 'It is "a" < b & c; $x$ =;#\\ 二. Why?'


def text_of(reader):
    """Return all that is written, without blanks: a line may be broken anywhere."""
    return "".join("".join(page.extract_text() for page in reader.pages).split())


def squeezed(text):
    return "".join(text.split())


def headings(outline, level=0):
    for it in outline:
        if isinstance(it, list):
            yield from headings(it, level + 1)
        else:
            yield level, it.title


def links(reader):
    for page in reader.pages:
        for it in page.get("/Annots", []):
            if (action := it.get_object().get("/A")) and "/URI" in action:
                yield action["/URI"]


def elements(node):
    """Yield the elements of a PDF's structure."""
    node = node.get_object()
    if isinstance(node, list):
        for it in node:
            yield from elements(it)
    elif hasattr(node, "get") and "/S" in node:
        yield node
        yield from elements(node.get("/K", []))


def alternatives(reader):
    root = reader.trailer["/Root"]["/StructTreeRoot"]["/K"]
    return [it.get("/Alt") for it in elements(root) if it["/S"] == "/Figure"]


@pytest.mark.parametrize(("count", "pages"), [(1, 3), (2, 2), (3, 1), (6, 1)])
def test_stills_stand_on_pages_as_many_as_are_asked_for(make, here, count, pages):
    files = make("handout", options=KitOptions(handout=count))
    assert set(files) == {"01-tiny.en.handout.pdf", "week.en.handout.pdf"}
    reader = PdfReader(files["01-tiny.en.handout.pdf"])
    assert [len(it.images) for it in reader.pages] == [
        min(count, 3 - k * count) for k in range(pages)
    ]
    assert reader.metadata.title == " ".join(TITLE.split())
    root = reader.trailer["/Root"]
    assert root["/Lang"].startswith("en")
    assert root["/MarkInfo"]["/Marked"]
    written = text_of(reader)
    assert all(squeezed(it) in written for it in (TITLE, *CAPTIONS))
    assert (squeezed(SAID) in written) == (count in {1, 2})
    found = list(headings(reader.outline))
    assert found == [(0, " ".join(TITLE.split())), *((1, it) for it in CAPTIONS)]
    seconds = [float(it.rpartition("#t=")[2]) for it in links(reader)]
    assert all(it.startswith("01-tiny.en.mp4#t=") for it in links(reader))
    assert len(seconds) == 3
    assert 0 < seconds[0] < seconds[1] < seconds[2]
    described = alternatives(reader)
    assert [it.partition(";")[0] for it in described] == CAPTIONS
    assert "1.5" in described[0]
    assert here.done.count("material") == 1  # one more, for paper


def test_its_pictures_are_those_for_print_whatever_the_video_s_colours(make):
    dark = make("handout", "stills")
    image = PdfReader(dark["01-tiny.en.handout.pdf"]).pages[0].images[0].image
    picture = image.convert("RGB")
    assert picture.getpixel((3, 3)) == (255, 255, 255)
    assert min(picture.size) == 1080
    still = Image.open(io.BytesIO(dark["01-tiny.en/02-first.png"].read_bytes()))
    assert sum(still.convert("RGB").getpixel((3, 3))) < 3 * 64


def test_the_whole_lecture_counts_on_in_its_own_video(make):
    again = '[[part]]\nscene = "tiny"\nparams = { times = [0.2], frozen = 0.2 }\n'
    files = make("handout", text=LECTURE + again)
    reader = PdfReader(files["week.en.handout.pdf"])
    assert len(reader.pages) == 2
    assert [it for it, _ in headings(reader.outline)] == [0, 1, 1, 1] * 2
    places = [it.split("#t=") for it in links(reader)]
    assert {it for it, _ in places} == {"week.en.mp4"}
    seconds = [float(it) for _, it in places]
    assert seconds == sorted(seconds)
    assert seconds[3] > seconds[2] + 1


def test_equal_lectures_have_equal_handouts(make, tmp_path):
    first = make("handout")["week.en.handout.pdf"].read_bytes()
    assert make("handout", overwrite=True)["week.en.handout.pdf"].read_bytes() == first
