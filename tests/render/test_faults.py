"""What goes wrong around a render: disks, folders, names, rivals, scenes that never end."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import av
import pytest

from backprop_studio.core.base.errors import InputError, OutputError, SceneError, StudioError
from backprop_studio.core.base.messages import sentence
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.messages.events import Done, Failed
from backprop_studio.render.messages.formats import VIDEO_ENDINGS
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import StillJob, VideoJob
from backprop_studio.render.workers.client import WorkerClient, run_job
from backprop_studio.render.workers.parallel import render_video

ROOM = Path(__file__).parent
SMALL = FrameFormat(width=160, height=90, fps=30)
LONG = {"times": [5.0, 5.0]}


def command(place, *fault):
    script = "faulty_worker.py" if fault else "tiny_worker.py"
    return (sys.executable, str(ROOM / script), *fault, str(place / "scenes"))


def video(target, name="v", **more):
    more = {"params": LONG, "picture": SMALL, **more}
    return VideoJob(id=name, scene="tiny", output=str(target), **more)


def count(path):
    with av.open(path) as container:
        return sum(1 for _ in container.decode(video=0))


# Disks


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_file_that_can_grow_no_further(place):
    target = place / "out" / "a.mp4"
    target.write_bytes(b"old")
    # At this size the film is far above the limit; Manim's own texts are below it.
    picture = FrameFormat(width=640, height=360, fps=30)
    with pytest.raises(OutputError, match=r"a\.mp4 could not be written: file too large"):
        run_job(video(target, picture=picture, overwrite=True), command=command(place, "full"))
    assert target.read_bytes() == b"old"
    assert os.listdir(place / "out") == ["a.mp4"]
    assert os.listdir(place / "temporary") == []


@pytest.fixture
def small_disk(tmp_path):
    """A disk of two hundred kilobytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = "size=200k"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], capture_output=True
    )
    if done.returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("name", ["a.mp4", pytest.param("a.gif", marks=pytest.mark.slow), "%d.png"])
def test_a_full_disk(small_disk, tiny, studio, silent, name):
    picture = FrameFormat(width=640, height=360, fps=30)
    (small_disk / "filler").write_bytes(b"x" * 150_000)
    with pytest.raises(OutputError, match=r"could not be written: no space left on device"):
        studio.video(video(small_disk / name, picture=picture), silent.watch())
    assert os.listdir(small_disk) == ["filler"]


def test_a_disk_that_is_read_only(small_disk, tiny, studio, silent):
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(InputError, match=r"disk is not writable: read-only file system"):
        studio.video(video(small_disk / "a.mp4"), silent.watch())
    assert silent.events == []


# Folders and names


@pytest.mark.slow
def test_a_folder_that_goes_away_while_its_video_is_drawn(place, recorder):
    client = WorkerClient(recorder, command=command(place))
    client.submit(video(place / "out" / "a.mp4", params={"times": [20.0] * 4}))
    recorder.wait_for_progress("v", 0.1)
    shutil.rmtree(place / "out")
    end, _ = recorder.wait_for_end("v")
    assert isinstance(end, Failed)
    assert end.error == "output"
    assert "a.mp4 could not be written: no such file or directory" in sentence(end.message)
    (place / "out").mkdir()
    client.submit(video(place / "out" / "a.mp4", "next"))
    assert isinstance(recorder.wait_for_end("next")[0], Done)
    client.close()


OTHERS = [it for it in itertools.product(VIDEO_ENDINGS, (1, 2)) if it != (".mp4", 1)]


@pytest.mark.parametrize(
    ("ending", "workers"),
    [(".mp4", 1), *(pytest.param(*it, marks=pytest.mark.slow) for it in OTHERS)],
)
def test_what_is_drawn_is_kept_when_only_its_place_has_gone(place, ending, workers):
    name = f"a{ending}"
    job = video(place / "out" / name, params={"times": [0.5]})

    def go_away(progress):
        if progress.phase == "draw":
            shutil.rmtree(place / "out", ignore_errors=True)

    with pytest.raises(OutputError, match=r"no such file.*; the finished video is kept"):
        render_video(job, workers, go_away, command=command(place))
    assert os.listdir(place / "temporary") == []

    (place / "elsewhere").mkdir()
    other = job.model_copy(update={"output": str(place / "elsewhere" / name), "id": "other"})
    kept = VideoCache().deliver(other)
    assert kept is not None
    assert count(other.output) == kept.frames
    assert kept.path == other.output


@pytest.mark.slow
def test_a_video_that_cannot_be_kept_either_is_not_said_to_be(place, monkeypatch):
    monkeypatch.setattr(VideoCache, "keep", lambda *_: False)
    job = video(place / "out" / "a.mp4", params={"times": [0.5]})

    def go_away(_progress):
        shutil.rmtree(place / "out", ignore_errors=True)

    with pytest.raises(OutputError, match=r"nothing was changed\.$"):
        render_video(job, 2, go_away, command=command(place))


NAMES = [
    "反向 传播.mp4",
    'it\'s "so" & co #1.mp4',
    "100% %s %d.mp4",
    "two\nlines.mp4",
    "-o.mp4",
    " .mp4",
    "file:a.mp4",
    "\N{COMBINING ACUTE ACCENT}é🎬.gif",
    "x" * 251 + ".mp4",
    "反" * 83 + "x.webm",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_every_name_that_the_disk_takes(tmp_path, tiny, studio, silent, name):
    folder = tmp_path / "it's a 目录 %d\n#1"
    folder.mkdir()
    small = FrameFormat(width=32, height=18, fps=5)
    result = studio.video(video(folder / name, picture=small, params={}), silent.watch())
    assert os.listdir(folder) == [name]
    assert count(folder / name) == result.frames


def test_a_link_is_replaced_and_not_what_it_leads_to(tmp_path, tiny, studio, silent):
    (tmp_path / "mine").write_bytes(b"mine")
    link = tmp_path / "out.mp4"
    link.symlink_to(tmp_path / "mine")
    small = FrameFormat(width=32, height=18, fps=5)
    studio.video(video(link, picture=small, params={}, overwrite=True), silent.watch())
    assert (tmp_path / "mine").read_bytes() == b"mine"
    assert not link.is_symlink()


# Rivals


@pytest.mark.slow
@pytest.mark.parametrize("overwrite", [True, False])
def test_two_renders_of_the_same_scene_at_once(place, recorder, overwrite):
    """To one place: the last wins, or the second is told; each result is whole."""
    target = place / "out" / "a.mp4"
    clients = [WorkerClient(recorder, command=command(place)) for _ in range(2)]
    for number, client in enumerate(clients):
        client.submit(video(target, f"v{number}", overwrite=overwrite))
    ends = [recorder.wait_for_end(f"v{number}")[0] for number in range(2)]
    for client in clients:
        client.close()
    done = [end for end in ends if isinstance(end, Done)]
    told = [end for end in ends if isinstance(end, Failed)]
    assert len(done) == (2 if overwrite else 1)
    for end in told:
        assert "appeared" in sentence(end.message) or "already exists" in sentence(end.message)
    assert count(target) == done[0].result["frames"]
    assert os.listdir(place / "out") == ["a.mp4"]


# Scenes

MANY = """
from manim import RIGHT, Dot

from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.scenes.lesson.lesson import LessonScene


class Params(LessonParams):
    plays: int = 0


class Many(LessonScene):
    title = "Many"
    summary = "Many plays"
    chapter = "Tests"
    Params = Params

    def compute(self):
        self.sheet = {}
        return self.sheet

    def tell(self):
        if not self.params.plays:
            return
        self.beat("only", "Many plays.")
        dot = Dot()
        self.add(dot)
        for _ in range(self.params.plays):
            self.play(dot.animate.shift(0.0001 * RIGHT), run_time=0.1)
"""


@pytest.fixture
def many(scenes_folder, tmp_path, studio, silent):
    (scenes_folder / "many.py").write_text(MANY, encoding="utf-8")

    def many(plays):
        job = VideoJob(
            id="many",
            scene="many",
            params={"plays": plays},
            picture=FrameFormat(width=32, height=18, fps=10),
            output=str(tmp_path / "many.mp4"),
        )
        return studio.video(job, silent.watch())

    return many


def test_a_scene_without_an_animation_is_told(many, tmp_path):
    with pytest.raises(SceneError, match="no animation"):
        many(0)
    assert not (tmp_path / "many.mp4").exists()


def test_a_scene_of_many_plays(many):
    plays = 10_000 if os.environ.get("BACKPROP_STUDIO_SOAK_ROUNDS") else 200
    assert many(plays).frames >= plays


# The network


@pytest.mark.parametrize("beat", ["data", pytest.param(None, marks=pytest.mark.slow)])
def test_nothing_is_fetched_and_nobody_is_called(place, beat):
    """The worker ends at the first use of a socket."""
    shutil.copy(ROOM.parents[1] / "scenes" / "classification.py", place / "scenes")
    picture = FrameFormat(width=320, height=180)
    job = StillJob(id="s", scene="classification", picture=picture, language="zh", beat=beat)
    run_job(job, command=command(place, "network"))


@pytest.mark.slow
def test_the_guard_against_the_network_sees_it(place):
    source = (place / "scenes" / "tiny.py").read_text(encoding="utf-8")
    call = "import socket; socket.create_connection(('127.0.0.1', 9))"
    source = source.replace('self.sheet = {"values"', f'{call}\n        self.sheet = {{"values"')
    assert call in source
    (place / "scenes" / "tiny.py").write_text(source, encoding="utf-8")
    with pytest.raises(StudioError, match=r"stopped unexpectedly \(exit code 77\)"):
        run_job(video(place / "out" / "a.mp4"), command=command(place, "network"))
