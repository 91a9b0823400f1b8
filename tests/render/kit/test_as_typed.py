"""What is typed comes out of each kind of file, read by a parser that did not write it.

Subtitles, Markdown and the transcript's page are in ``render/lecture/test_round_trips.py``.
"""

from __future__ import annotations

import ast
import csv
import html
import io
import json
import subprocess
import tempfile
import tokenize
import zipfile
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import unquote

import av
import nbformat
import numpy as np
import pytest
import tomlkit
import webvtt
from hypothesis import given, settings
from lxml import etree
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from backprop_studio.render.kit.chapters import CHAPTERS
from backprop_studio.render.kit.exercises.files import EXERCISES
from backprop_studio.render.kit.handout import HANDOUT
from backprop_studio.render.kit.manifest import NAME, write_manifest
from backprop_studio.render.kit.numbers import NUMBERS
from backprop_studio.render.kit.player.scorm import SCORM
from backprop_studio.render.kit.player.writing import PLAYER
from backprop_studio.render.kit.slides import SLIDES
from backprop_studio.render.kit.source.code import lesson_program
from backprop_studio.render.kit.source.manim_scene import SOURCE
from backprop_studio.render.kit.source.notebook import notebook
from backprop_studio.render.kit.subtitles import SUBTITLES
from backprop_studio.render.kit.told import Filmed, Told
from backprop_studio.render.kit.transcript import TRANSCRIPT
from backprop_studio.render.kit.video import VIDEO
from backprop_studio.render.lecture.file import in_language, lecture_of, sentences_of
from backprop_studio.render.lecture.lessons import lessons_of
from backprop_studio.render.messages.jobs import KitOptions
from backprop_studio.render.messages.results import BeatMark, SentenceMark, VideoResult
from tests.render.kit.exercises.test_question_banks import GAP, read_gift, text_of
from tests.render.kit.player.conftest import values_of
from tests.render.kit.source.test_notebook import seen
from tests.render.lecture.test_round_trips import Reader
from tests.render.typed_texts import SHORT, TEXTS, folded, joined
from tests.scenes.lesson_runs import run_lesson

SCENE = "derivative"
FPS, SECONDS = 15, 12
BEATS = ("title", "point", "slope", "end")


@cache
def picture():
    stream = io.BytesIO()
    Image.new("RGB", (160, 90), (16, 16, 32)).save(stream, "PNG")
    return stream.getvalue()


@cache
def film_file():
    """Return the bytes of a film of as many frames as the lesson has."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.mp4")
        with av.open(path, "w") as out:
            stream = out.add_stream("libx264", rate=FPS, options={"preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = 854, 480, "yuv420p"
            frame = av.VideoFrame.from_ndarray(np.zeros((480, 854, 3), np.uint8), format="rgb24")
            for _ in range(FPS * SECONDS * len(BEATS)):
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return path.read_bytes()


@lru_cache
def sheet():
    return run_lesson(SCENE).lesson.answer_sheet()


class Film(Filmed):
    """A lesson whose pictures and numbers are there, and have not to be drawn."""

    def stills(self):
        return [picture() for _ in self.shots]

    def printed(self):
        return [(it.beat, picture()) for it in self.shots]

    @property
    def sheet(self):
        found = sheet()
        first = {**found["shown"][0], "beat": "point", "name": self.typed, "text": "2"}
        own = {**found["parameters"], "said": self.typed}
        return {**found, "parameters": own, "shown": [first, *found["shown"][1:]]}

    @property
    def typed(self):
        return self.result.title

    @property
    def clips(self):
        found = [self.work / f"{it.name}.mp4" for it in self.shots]
        for path in found:
            path.write_bytes(b"a clip")
        return found


def lecture_with(text, folder):
    """Return a lecture in which all that can be typed is this text, read from its file."""
    script = {"en": {"point": [text, f"{text} {text}"]}}
    part = {"scene": SCENE, "title": text, "notes": text, "script": script}
    values = {"format": 1, "title": text, "quality": "l", "part": [part] * 3}
    return lecture_of(tomlkit.dumps(values), folder / "week.toml")


def beats_with(sentences, text):
    said = tuple(
        SentenceMark(text=it, start=SECONDS + k, end=SECONDS + k + 1)
        for k, it in enumerate(sentences)
    )
    own = {"title": "", "point": sentences[0], "slope": folded(text), "end": "The end"}
    return tuple(
        BeatMark(
            name=name,
            caption=caption,
            start=SECONDS * k,
            end=SECONDS * (k + 1),
            sentences=said if name == "point" else (),
            seen=(folded(text),) if k else (),
        )
        for k, (name, caption) in enumerate(own.items())
    )


def told_of(text, folder, *, is_whole=False):
    lecture = lecture_with(text, folder)
    work = folder / "work"
    work.mkdir(exist_ok=True)
    (lessons,) = lessons_of(lecture, work)
    films = []
    for lesson in lessons if is_whole else lessons[:1]:
        sentences = sentences_of(lecture.parts[0].script, "en")["point"]
        frames = FPS * SECONDS * len(BEATS)
        given = {"width": 854, "height": 480, "fps": FPS, "frames": frames}
        beats = beats_with(sentences, text)
        result = VideoResult(
            path=str(lesson.video), title=text, duration=frames / FPS, beats=beats, **given
        )
        lesson.video.write_bytes(film_file())
        films.append(Film(lesson, result, work))
    title = in_language(lecture.header.title, "en") if is_whole else films[0].title
    name = "week.en" if is_whole else lessons[0].name
    return Told(
        lecture, name, title, "en", tuple(films), is_whole, KitOptions(students=2, handout=3)
    )


def written(item, text, folder, *, is_whole=False):
    """Write what is told as one kind; return what was told, and the files by their endings."""
    told = told_of(text, folder, is_whole=is_whole)
    out = folder / "out"
    out.mkdir()
    remark = item.write(told, out)
    assert remark is None or remark.code == "pages.boxes"
    return told, {it.name.removeprefix(told.name): it for it in out.iterdir() if it.is_file()}


def as_lines(text):
    """Return a text whose lines end alike."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def slides(text, folder):
    _, files = written(SLIDES, text, folder)
    deck = Presentation(files[".pptx"])
    assert deck.core_properties.title == text
    title, point, slope, _ = deck.slides
    frames = [
        [it.text_frame.text for it in slide.shapes if it.has_text_frame] for slide in deck.slides
    ]
    assert frames[0] == [text]
    assert title.notes_slide.notes_text_frame.text == as_lines(text)
    assert frames[1][:2] == [folded(text), f"{text} · 2 of 4"]
    assert point.notes_slide.notes_text_frame.text == f"{folded(text)} {folded(f'{text} {text}')}"
    (movie,) = (it for it in slope.shapes if it.shape_type == 16)
    assert movie._element.nvPicPr.cNvPr.get("descr") == f"{folded(text)}; {folded(text)}"


def player(text, folder):
    _, files = written(PLAYER, text, folder)
    page = files[".player.html"].read_text(encoding="utf-8")
    values = values_of(page)
    (lesson,) = values["lessons"]
    assert (values["title"], values["lecture"], lesson["title"]) == (text, text, text)
    assert lesson["notes"] == text
    step = lesson["steps"][0]
    assert (step["title"], step["seen"]) == (folded(text), [folded(text)])
    assert step["numbers"][0][0] == text
    assert joined("".join(it[2] for it in step["cues"])) == joined(text) * 3
    head = page.partition("<style>")[0]
    assert ("title", folded(text)) in Reader(head.partition("<head>")[2].partition("<link")[0]).rows


def transcript(text, folder):
    _, files = written(TRANSCRIPT, text, folder)
    track = webvtt.from_string(files[".descriptions.vtt"].read_text(encoding="utf-8"))
    found = [html.unescape(it.raw_text) for it in track.captions]
    assert found[0] == f"{folded(text)}; {folded(text)}"
    rows = Reader(files[".transcript.html"].read_text(encoding="utf-8")).rows
    assert rows[1] == ("h1", folded(text))


def subtitles(text, folder):
    _, files = written(SUBTITLES, text, folder)
    track = webvtt.from_string(files[".vtt"].read_text(encoding="utf-8"))
    found = "".join(html.unescape(it.raw_text) for it in track.captions)
    assert joined(found) == joined(text) * 3


def outline(reader):
    rows = list(reader.outline)
    while rows:
        it = rows.pop(0)
        if isinstance(it, list):
            rows = [*it, *rows]
        else:
            yield it.title


def handout(text, folder):
    _, files = written(HANDOUT, text, folder)
    reader = PdfReader(files[".handout.pdf"])
    assert reader.metadata.title == folded(text)
    assert list(outline(reader)) == [*[folded(text)] * 3, "The end"]
    assert_on_paper(reader, text, 2)


def assert_on_paper(reader, text, least):
    """Assert that a text stands on pages, as far as its letters run from left to right."""
    if set(text) <= {chr(it) for it in range(32, 127)} | {"\n"}:
        found = joined("".join(page.extract_text() for page in reader.pages))
        assert found.count(joined(text)) >= least


def exercises(text, folder):
    told, files = written(EXERCISES, text, folder)
    for ending in (".exercises.pdf", ".solutions.pdf"):
        reader = PdfReader(files[ending])
        assert folded(text) in reader.metadata.title
        assert_on_paper(reader, text, told.options.students)
    title = f"{folded(text)}, sheet 1"
    quiz = etree.parse(files[".exercises.xml"]).getroot()
    place = quiz[0].findtext("category/text").removeprefix("$course$/top/")
    assert place == folded(text).replace("/", "//")
    assert quiz[1].findtext("name/text") == title
    body = quiz[1].findtext("questiontext/text")
    assert body.count("{") == len(GAP.findall(body)) > 0
    assert text_of(GAP.sub("", body))
    category, first, *_ = read_gift(files[".exercises.gift"].read_text(encoding="utf-8"))
    assert category == f"$course$/top/{place}"
    assert first[0] == f"{title}, 1"


def chapters(text, folder):
    _, files = written(CHAPTERS, text, folder, is_whole=True)
    rows = files[".chapters.txt"].read_text(encoding="utf-8").splitlines()
    assert [it.split(" ", 1) for it in rows] == [
        [f"0{SECONDS * len(BEATS) * k // 60}:{SECONDS * len(BEATS) * k % 60:02}", folded(text)]
        for k in range(3)
    ]


def numbers(text, folder):
    _, files = written(NUMBERS, text, folder)
    found = json.loads(files[".numbers.json"].read_text(encoding="utf-8"))
    assert found["parameters"]["said"] == text
    with files[".numbers.csv"].open(encoding="utf-8-sig", newline="") as stream:
        _, row, *_ = list(csv.reader(stream))
    assert row[:3] == ["point", cell(folded(text)), cell(text)]


def cell(text):
    """Return a text as a table has it: what a spreadsheet would work out is marked as text."""
    return f"\t{text}" if text[0] in "=+-@" else text


def program(text, _folder):
    code = lesson_program(SCENE, sheet()).text(text, "a.lesson.py")
    ast.parse(code)
    comments = [
        it.string
        for it in tokenize.generate_tokens(io.StringIO(code).readline)
        if it.type == tokenize.COMMENT
    ]
    assert comments[0] == f"# {folded(text)}"


def source(text, folder):
    _, files = written(SOURCE, text, folder)
    code = files[".scene.py"].read_text(encoding="utf-8")
    values = {
        it.targets[0].id: it.value for it in ast.parse(code).body if isinstance(it, ast.Assign)
    }
    script = ast.literal_eval(values["SCRIPT"])
    assert script == {"point": [folded(text), folded(f"{text} {text}")]}
    card = {it.arg: ast.literal_eval(it.value) for it in values["CARD"].keywords}
    assert card == {"title": text, "lecture": text, "number": 1}


def notes(text, folder):
    told = told_of(text, folder)
    book = nbformat.reads(notebook(told, lesson_program(SCENE, sheet())), as_version=4)
    assert book.metadata.title == text
    texts = [seen(it.source) for it in book.cells if it.cell_type == "markdown"]
    assert texts[0][0] == folded(text)
    assert [folded(text), folded(f"{text} {text} {text}")] in [it[:2] for it in texts]


def course(text, folder):
    _, files = written(SCORM, text, folder, is_whole=True)
    with zipfile.ZipFile(files[".scorm.zip"]) as package:
        root = etree.fromstring(package.read("imsmanifest.xml"))
        page = package.read("index.html").decode()
    titles = [it.text for it in root.iter("{*}title")]
    assert titles == [folded(text)] * 2
    assert values_of(page)["title"] == text


def video(text, folder):
    _, files = written(VIDEO, text, folder, is_whole=True)
    ask = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_chapters"]
    done = subprocess.run([*ask, files[".mp4"]], capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert found["format"]["tags"]["title"] == text
    named = [it["tags"]["title"] for it in found["chapters"]]
    assert named == [*[folded(text)] * 3, "The end"] * 3


def manifest(text, folder):
    told = told_of(text, folder)
    write_manifest(told.lecture, told.films, {}, folder)
    found = json.loads((folder / NAME).read_text(encoding="utf-8"))
    assert found["title"] == text
    assert found["lessons"][told.name]["parameters"]["said"] == text


KINDS = {
    it.__name__: it
    for it in (
        *(slides, player, transcript, subtitles, handout, exercises, chapters, numbers, program),
        *(source, notes, course, video, manifest),
    )
}


def come_back(kind, text):
    with tempfile.TemporaryDirectory() as folder:
        KINDS[kind](text, Path(folder))


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_special_somewhere_comes_out_as_typed(kind):
    for text in SHORT:
        come_back(kind, text)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_any_text_comes_out_as_typed(kind):
    settings(deadline=None)(given(TEXTS)(lambda text: come_back(kind, text)))()


STEM = """a 'b' "c" {d} $x$ #1 %41 & =;~ [e](f) <g> 反向 e\u0301 👩\u200d🔬 .h"""


def test_files_are_called_as_the_lecture_s_file_is(make):
    files = make("subtitles", "handout", "player", name=STEM, options=KitOptions(player="folder"))
    whole = f"{STEM}.en"
    assert {f"{whole}.{it}" for it in ("srt", "vtt", "handout.pdf", "player.html")} <= set(files)
    assert set(linked(PdfReader(files[f"{whole}.handout.pdf"]))) == {f"{whole}.mp4"}
    page = files[f"{whole}.player.html"]
    media = values_of(page.read_text(encoding="utf-8"))["media"]
    assert media
    assert all((page.parent / unquote(it["source"])).is_file() for it in media)


def linked(reader):
    for page in reader.pages:
        for it in page.get("/Annots", []):
            if (action := it.get_object().get("/A")) and "/URI" in action:
                yield unquote(action["/URI"].partition("#")[0])
