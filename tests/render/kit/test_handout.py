"""The handout: pages of stills on white, with every text as it was typed, and for every reader."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from backprop_studio.core.base.errors import SceneError
from backprop_studio.render.drawing.seen import plain_text
from backprop_studio.render.kit import handout
from backprop_studio.render.kit.pages import write_pages
from backprop_studio.render.messages.jobs import KitOptions, PlanJob
from backprop_studio.render.messages.results import BeatMark
from backprop_studio.render.workers.batch import labelling
from tests.render.kit.conftest import LECTURE, TITLE
from tests.scenes.lesson_runs import SCENES

TEMPLATE = Path(handout.__file__).with_name("handout.typ")

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


def structure(path):
    return PdfReader(path).trailer["/Root"]["/StructTreeRoot"]["/K"]


def alternatives(path):
    return [it.get("/Alt") for it in elements(structure(path)) if it["/S"] == "/Figure"]


slow = pytest.mark.slow
COUNTS = [
    (2, 2),
    pytest.param(3, 1, marks=slow),
    pytest.param(1, 3, marks=slow),
    pytest.param(6, 1, marks=slow),
]


@pytest.mark.parametrize(("count", "pages"), COUNTS)
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
    described = alternatives(files["01-tiny.en.handout.pdf"])
    assert [it.partition(";")[0] for it in described] == CAPTIONS
    assert "1.5" in described[0]
    assert here.done.count("material") == 1  # one more, for paper


def test_the_lecture_s_own_choice_holds_where_none_is_asked_for(make):
    files = make("handout", text=LECTURE.replace("[[part]]", "handout = 1\n[[part]]", 1))
    assert len(PdfReader(files["01-tiny.en.handout.pdf"]).pages) == 3


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


def test_pictures_for_paper_that_fail_leave_the_rest(make, here, monkeypatch):
    def material(job, watch):
        if job.theme == "print":
            raise SceneError("fall", "it fell")
        return drawn(job, watch)

    drawn, run = here.studio.material, here.run

    def labelled_run(tasks, on_event, **more):
        for task in tasks:
            with labelling(task.label):
                run([task], on_event, **more)

    monkeypatch.setattr(here.studio, "material", material)
    monkeypatch.setattr(here, "run", labelled_run)
    failures = []
    files = make("handout", "stills", on_failure=failures.append)
    assert {it.partition("/")[0] for it in files} == {"01-tiny.en"}
    assert [(it.name, it.item) for it in failures] == [
        ("week.en", "handout"),
        ("01-tiny.en", "handout"),
    ]
    with pytest.raises(SceneError, match="it fell"):
        make("handout", overwrite=True)


@slow
@pytest.mark.parametrize("frame", ["4:3", "9:16"])
@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_stills_of_any_shape_stay_on_their_pages(make, frame, count):
    text = LECTURE.replace('quality = "l"', f'quality = "l"\nframe = "{frame}"')
    files = make("handout", text=text, options=KitOptions(handout=count))
    reader = PdfReader(files["01-tiny.en.handout.pdf"])
    assert len(reader.pages) == -(-3 // count)
    wide, high = map(int, frame.split(":"))
    assert sum(len(pictures_on(it)) for it in reader.pages) == 3
    for page in reader.pages:
        for width, height, left, bottom in pictures_on(page):
            assert width / height == pytest.approx(wide / high, rel=0.02)
            assert left > 30
            assert left + width < float(page.mediabox.width) - 30
            assert bottom > 40
            assert bottom + height < float(page.mediabox.height) - 30


def pictures_on(page):
    """Return width, height, left and bottom of each picture, in points."""
    found = []

    def note(operator, _operands, matrix, _text_matrix):
        if operator == b"Do":
            width, _, _, height, left, bottom = matrix
            found.append((width, abs(height), left, min(bottom, bottom + height)))

    page.extract_text(visitor_operand_before=note)
    return found


@slow
def test_equal_lectures_have_equal_handouts(make):
    first = make("handout")["week.en.handout.pdf"].read_bytes()
    assert make("handout", overwrite=True)["week.en.handout.pdf"].read_bytes() == first


COLOURS = re.compile(r"\b(blue|orange|green|yellow|red|pink|purple)\b")


@pytest.mark.parametrize(
    "scene", [pytest.param(it, marks=() if it == "derivative" else slow) for it in SCENES]
)
def test_formulas_of_every_scene_can_be_set_and_nobody_speaks_of_colours(
    scene, studio, silent, tmp_path
):
    for language in ("en", "zh"):
        job = PlanJob(id=scene, scene=scene, theme="print", language=language)
        beats = [BeatMark.model_validate(it) for it in studio.planned(job, silent.watch())["beats"]]
        assert not COLOURS.search(" ".join(it.text for beat in beats for it in beat.sentences))
        shown = [
            {
                **dict.fromkeys(("caption", "script", "description", "time", "link"), "x"),
                "formulas": [{"typst": it, "said": plain_text(f"${it}$")} for it in beat.formulas],
                "picture": "/a.png",
                "share": 16 / 9,
            }
            for beat in beats
        ]
        Image.new("L", (16, 9)).save(tmp_path / "a.png")
        lesson = {"title": "x", "subtitle": "", "beats": shown}
        target = tmp_path / "a.pdf"
        look = {"title": "x", "language": language, "pictures": tmp_path}
        write_pages(TEMPLATE, {"count": 2, "lessons": [lesson]}, target, **look)
        formulas = [it for beat in beats for it in beat.formulas]
        assert formulas or scene not in {"chain_rule", "derivative"}
        assert all("rgb" not in it for it in formulas)
        said = [it.get("/Alt") for it in elements(structure(target)) if it["/S"] == "/Formula"]
        assert said == [plain_text(f"${it}$") for it in formulas]
