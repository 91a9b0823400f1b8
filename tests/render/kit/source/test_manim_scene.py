"""Manim source: a scene that is the lesson, and that an author can go on from."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import av
import pytest
from manim import config

from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.kit.source.manim_scene import scene_source
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.lecture.making import make_lecture
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import Card, VideoJob
from tests.manim_settings import manim_settings
from tests.scenes.lesson_runs import SCENES, SETTINGS, BlindRenderer, run_lesson

TITLE = 'It\'s "a" < b & {x};\n$x$ =;#\\ 二 \'\'\'"""'
PARAMS = {"eps": [1.0, 0.1], "formula": "w^2"}
SCRIPT = {"point": (TITLE, "Why?")}

LECTURE = f"""
format = 1
title = "Week"
quality = "l"
[[part]]
scene = "tensors"
title = '''{TITLE.replace("'''", "")}'''
params = {{ pace = 4.0 }}
"""


def job(scene="derivative", **more):
    given = {"params": PARAMS, "script": SCRIPT, "card": Card(lecture=TITLE, number=3)} | more
    return VideoJob(id="1", scene=scene, output="/unused.mp4", **given)


@pytest.fixture
def load(tmp_path):
    """Read a source as Manim does, and return its only scene."""

    def load(text):
        file = tmp_path / "01-a.en.scene.py"
        file.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location("01-a.en.scene", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        (scene,) = [
            it
            for it in vars(module).values()
            if isinstance(it, type) and it.__module__ == module.__name__
        ]
        return scene

    return load


def told(scene):
    with manim_settings(SETTINGS):
        lesson = scene(renderer=BlindRenderer())
        lesson.setup()
        lesson.construct()
    return lesson


def test_it_tells_the_lesson_with_its_parameters_words_and_title(load):
    kind = load(scene_source(job(language="zh", theme="light"), TITLE, "a.scene.py", ["point"]))
    lesson = told(kind)
    assert kind.__name__ == "MyDerivative"
    assert (lesson.language, lesson.theme.name) == ("zh", "light")
    assert (lesson.card.title, lesson.card.lecture, lesson.card.number) == (TITLE, TITLE, 3)
    assert lesson.params.eps == (1.0, 0.1)
    said = {it.name: [row.text for row in lesson.reading.sentences(it.name)] for it in lesson.beats}
    assert said["point"] == list(SCRIPT["point"])
    usual = run_lesson("derivative", PARAMS, language="zh").lesson
    assert [it.name for it in lesson.beats] == ["title", *(it.name for it in usual.beats)]
    texts = [(it.beat, it.name, it.text) for it in lesson.shown]
    assert texts == [(it.beat, it.name, it.text) for it in usual.shown]


def test_its_own_beats_work_as_they_are_proposed(load):
    text = scene_source(job(card=None), "T", "a.scene.py", ["point"])
    beats = [it.name for it in told(load(text)).beats]
    lines = [it.replace("# self", "self").replace("# circle", "circle") for it in text.split("\n")]
    assert [it.name for it in told(load("\n".join(lines))).beats] == [
        "welcome",
        *beats,
        "my_question",
    ]


def test_a_data_file_is_looked_for_beside_it(load, tmp_path):
    (tmp_path / "my 'points'.csv").write_text("x,y\n0,1\n1,3.5\n2,5\n")
    params = {"data": {"file": "/somewhere/else/my 'points'.csv"}, "steps": 5}
    text = scene_source(job("linear_regression", params=params, script={}), "T", "a.scene.py", [])
    assert "somewhere" not in text
    assert told(load(text)).sheet["fit"]["y"] == [1.0, 3.5, 5.0]


@pytest.mark.parametrize(("shape", "size"), [("16:9", (427, 240)), ("9:16", (136, 240))])
def test_it_has_the_shape_of_the_lesson(load, shape, size):
    picture = FrameFormat.of_quality("m", shape=shape)
    text = scene_source(job(picture=picture, script={}, card=None), "T", "a.scene.py", [])
    with manim_settings(SETTINGS):
        load(text)
        assert (config.pixel_width, config.pixel_height) == size


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_can_be_gone_on_from(scene, load):
    text = scene_source(job(scene, params={}, script={}), "T", "a.scene.py", [])
    beats = [it.name for it in told(load(text)).beats]
    assert beats == ["title", *(it.name for it in run_lesson(scene, keep_parts=False).lesson.beats)]


@pytest.mark.slow
def test_manim_draws_the_lesson_as_it_was_exported(here, tmp_path):
    file, out = tmp_path / "week.toml", tmp_path / "out"
    file.write_text(LECTURE, encoding="utf-8")
    given = {"runner": here, "cache": VideoCache(tmp_path / "cache")}
    make_lecture(read_lecture(file), out, ("video", "source"), lambda *_: None, **given)
    program, source = Path(sys.executable).with_name("manim"), out / "01-tensors.en.scene.py"
    run = subprocess.run(
        [str(it) for it in (program, "-ql", "--media_dir", tmp_path / "media", source)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=tmp_path,
    )
    assert run.returncode == 0, run.stderr
    (drawn,) = (tmp_path / "media").rglob("MyTensors.mp4")
    pictures = []
    for file in (out / "01-tensors.en.mp4", drawn):
        with av.open(file) as video:
            frames = [it.to_ndarray(format="gray") for it in video.decode(video=0)]
        pictures.append(frames)
    ours, manims = pictures
    assert len(ours) == len(manims)
    for at in (len(ours) // 3, len(ours) - 1):
        apart = abs(ours[at].astype(int) - manims[at].astype(int))
        assert apart.mean() < 2
