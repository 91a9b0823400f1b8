"""The installed commands, from a folder that is not the project's."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import av
import numpy as np
import pytest
import srt
from safetensors.numpy import save_file

from backprop_studio.render.drawing.configuration import configured
from backprop_studio.render.drawing.lessons import OpenedLesson
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import PlanJob

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(outside, tmp_path):
    def run(*arguments, module="backprop_studio.cli.commands"):
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=tmp_path,
            env=outside,
            capture_output=True,
            text=True,
            timeout=280,
        )

    return run


PACE = 4
FIRST_PLAYS, LAST = ["-n", "0,12"], 12


def frames_of_plan(size, rate, plays):
    """Return how many frames our own plan of the lesson has, or so many of its plays."""
    picture = FrameFormat(width=size[0], height=size[1], fps=rate)
    job = PlanJob(id="plan", scene="backprop", params={"pace": PACE}, picture=picture)
    with tempfile.TemporaryDirectory() as media, configured(picture, Path(media)):
        plan, _ = OpenedLesson(job).walk()
    return sum(play.frames for play in plan.plays[:plays])


@pytest.mark.parametrize(
    ("options", "size", "rate", "plays"),
    [
        (["-ql", "-r", "320,180", *FIRST_PLAYS], (320, 180), 15, LAST + 1),
        pytest.param(["-ql"], (854, 480), 15, None, marks=pytest.mark.slow),
        pytest.param(["-qm"], (1280, 720), 30, None, marks=pytest.mark.slow),
    ],
)
def test_plain_manim_renders_the_scene_from_another_folder(
    run, outside, tmp_path, options, size, rate, plays
):
    (tmp_path / "params.json").write_text(f'{{"pace": {PACE}}}')
    outside["BACKPROP_STUDIO_PARAMS"] = "params.json"
    done = run(*options, str(ROOT / "scenes" / "backprop.py"), module="manim")
    assert done.returncode == 0, done.stderr[-2000:]
    (path,) = [path for path in tmp_path.rglob("*.mp4") if "partial_movie_files" not in path.parts]
    with av.open(path) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.width, context.height) == size
        assert stream.base_rate == rate
        assert stream.codec_tag == "avc1"
        times = [frame.time for frame in container.decode(video=0)]
    assert len(times) == frames_of_plan(size, rate, plays)
    steps = {after - before for before, after in itertools.pairwise(times)}
    # Manim joins its parts at whole microseconds: over hundreds of joints up to a millisecond.
    assert max(steps) - min(steps) <= 0.03 * max(steps)


@pytest.mark.slow
def test_a_wrong_parameter_is_one_line_and_exit_code_2(run, tmp_path):
    old = tmp_path / "old.mp4"
    old.write_bytes(b"old")
    done = run("render", "backprop", "-o", "old.mp4", "--overwrite", "--set", "learning_rat=1")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "did you mean learning_rate?" in done.stderr
    assert os.listdir(tmp_path) == ["old.mp4"]
    assert old.read_bytes() == b"old"


def write_weights(path):
    """Write a network of sizes 2, 3, 1."""
    generator = np.random.default_rng(0)
    shapes = {"0.weight": (3, 2), "0.bias": (3,), "2.weight": (1, 3), "2.bias": (1,)}
    save_file({name: generator.normal(size=shape) for name, shape in shapes.items()}, path)


def test_files_are_found_and_the_sheet_is_all_that_is_printed(run, tmp_path):
    (tmp_path / "nets").mkdir()
    write_weights(tmp_path / "nets" / "x.safetensors")
    (tmp_path / "table.csv").write_text("x1,x2,y\n1,2,3\n4,5,6\n")
    done = run(
        "numbers", "backprop", "--verify", "--set", "network.file=nets/x.safetensors",
        "--set", "data.file=table.csv", "--set", "network.loss=mse",
    )  # fmt: skip
    assert done.returncode == 0
    # How the table was read, and nothing that could not be confirmed.
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["table.csv", "Inputs"]
    sheet = json.loads(done.stdout)
    first = np.random.default_rng(0).normal(size=(3, 2))
    np.testing.assert_allclose(sheet["layers"][0]["weight"], first, rtol=1e-6)
    assert sheet["parameters"]["network"]["file"] == "nets/x.safetensors"
    assert sheet["inputs"] == [[1.0, 2.0], [4.0, 5.0]]
    assert sheet["verification"]["max_relative_error"] <= 1e-6


@pytest.mark.slow
def test_a_wrong_weights_file_is_one_line_and_exit_code_2(run, tmp_path):
    path = tmp_path / "x.safetensors"
    write_weights(path)
    path.write_bytes(path.read_bytes()[:-5])
    done = run("numbers", "backprop", "--set", f"network.file={path.name}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "x.safetensors" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("number", "code", "jobs"),
    [
        (signal.SIGINT, 130, "1"),
        pytest.param(signal.SIGINT, 130, "2", marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, 143, "2", marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, 129, "2", marks=pytest.mark.slow),
    ],
)
def test_an_interrupt_ends_the_workers_and_leaves_nothing(outside, tmp_path, number, code, jobs):
    temporary = tmp_path / "tmp"
    folder = tmp_path / "out"
    temporary.mkdir()
    folder.mkdir()
    command = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "backprop_studio.cli.commands",
            "render",
            "backprop",
            "-q",
            "l",
            "--jobs",
            jobs,
        ],
        cwd=folder,
        env={**outside, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with command:
        assert "backprop" in command.stderr.readline()  # drawing has begun
        command.send_signal(number)
        rest = command.stderr.read()
        assert command.wait(60) == code
    assert "Traceback" not in rest
    assert os.listdir(folder) == []
    assert os.listdir(temporary) == []


LECTURE = """
format = 1
title = "Week 1"
languages = ["zh"]
quality = "l"
[[part]]
scene = "tensors"
params = { pace = 4 }
[[part]]
scene = "chain_rule"
title = "一个权重"
params = { pace = 4, steps = 1 }
"""


@pytest.mark.slow
def test_a_lecture_is_drawn_once_and_after_a_change_only_what_changed(run, outside, tmp_path):
    outside["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    file = tmp_path / "week1.toml"
    file.write_text(LECTURE)
    usual = ("--kit", "video,subtitles,chapters,transcript")
    done = run("lecture", "week1.toml", "-o", "out", *usual)
    assert done.returncode == 0, done.stderr
    made = sorted(path.name for path in (tmp_path / "out").iterdir() if path.name[0] != ".")
    names = ["01-tensors.zh", "02-chain_rule.zh", "week1.zh"]
    kinds = ("mp4", "srt", "vtt", "md", "transcript.html", "descriptions.vtt")
    videos = [f"{name}.mp4" for name in names]
    assert made == sorted(
        [
            "week1.zh.chapters.txt",
            *(f"{name}.{kind}" for name in names for kind in kinds),
        ]
    )
    assert sorted(done.stdout.splitlines()) == [f"out/{name}" for name in made]
    lengths = [length_of(tmp_path / "out" / name) for name in videos]
    assert lengths[2] == pytest.approx(lengths[0] + lengths[1], abs=1 / 15)
    with av.open(tmp_path / "out" / "week1.zh.mp4") as container:
        chapters = container.chapters()
    starts = [float(it["start"] * it["time_base"]) for it in chapters]
    titles = [it["metadata"]["title"] for it in chapters]
    assert titles[0] == "张量：阶、形状与轴"
    assert starts[titles.index("一个权重")] == pytest.approx(lengths[0], abs=1 / 15)
    first, second, captions = [
        list(srt.parse((tmp_path / "out" / f"{name}.srt").read_text("utf-8"))) for name in names
    ]
    assert all(a.end <= b.start for a, b in itertools.pairwise(captions))
    assert [it.content for it in captions] == [it.content for it in [*first, *second]]
    shift = captions[len(first)].start - second[0].start
    assert shift.total_seconds() == pytest.approx(lengths[0], abs=1 / 15)

    old = (tmp_path / "out" / "02-chain_rule.zh.mp4").read_bytes()
    file.write_text(LECTURE.replace("pace = 4 }", "pace = 3 }"))
    done = run("lecture", "week1.toml", "-o", "out", *usual)
    assert done.returncode == 0, done.stderr
    assert "02-chain_rule.zh, kept from before" in done.stderr
    assert "01-tensors.zh, drawn" in done.stderr
    assert (tmp_path / "out" / "02-chain_rule.zh.mp4").read_bytes() == old
    assert length_of(tmp_path / "out" / "01-tensors.zh.mp4") > lengths[0]


def length_of(path):
    with av.open(path) as container:
        return container.duration / 1e6


@pytest.mark.slow
def test_a_wrong_parameter_of_the_last_lesson_is_told_before_anything_is_written(run, tmp_path):
    file = tmp_path / "week1.toml"
    file.write_text(LECTURE.replace("steps = 1", 'steps = "one"'))
    done = run("lecture", "week1.toml", "-o", "out")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "week1.toml, part 2 (chain_rule)" in done.stderr
    assert "steps" in done.stderr
    assert os.listdir(tmp_path) == ["week1.toml"]


@pytest.mark.slow
def test_the_same_video_is_drawn_once(run, outside, tmp_path):
    outside["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    common = ("render", "chain_rule", "-q", "l", "--set", "pace=4", "--set", "steps=1")
    first = run(*common, "-o", "a.mp4")
    assert first.returncode == 0, first.stderr
    again = run(*common, "-o", "b.mp4")
    assert (again.returncode, again.stderr) == (0, "")
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
