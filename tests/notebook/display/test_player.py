"""A lesson in a cell: small enough to be sent, and something to see where nothing plays."""

from __future__ import annotations

import io
import json
import threading
from base64 import b64decode

import av
import numpy as np
import pytest
from lxml import html as parser
from PIL import Image

from backprop_studio.core.base.errors import WorkInterruptedError
from backprop_studio.notebook import rendering
from backprop_studio.notebook.apart import Stop, run_apart
from backprop_studio.notebook.display import player, showing
from backprop_studio.notebook.display.cell import Poster, player_bundle, poster_bundle
from backprop_studio.notebook.display.page import CELL_BYTES, Played
from backprop_studio.notebook.display.showing import Request, bundle_of
from backprop_studio.notebook.display.small_film import write_small
from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob


def png_of(colour=(20, 60, 120)):
    stream = io.BytesIO()
    Image.new("RGB", (854, 480), colour).save(stream, "PNG")
    return stream.getvalue()


POSTER = Poster(png_of(), 'A "b" <c> & d', "en")


@pytest.fixture
def request_of(studio, silent, tiny, monkeypatch, tmp_path):
    """Ask for the tiny lesson, which is drawn in this process."""

    class Here:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def capacity(self, _wanted):
            return 1

        def run(self, tasks, on_event, *, workers=None):
            results = [studio.video(it.job, silent.watch()) for it in tasks]
            made = [Done(job_id="x", result=it.model_dump(mode="json")) for it in results]
            for task, done in zip(tasks, made, strict=True):
                on_event(task, done)
            return made

    def run(job, _stop):
        return Done(job_id=job.id, result=studio.material(job, silent.watch())), b""

    monkeypatch.setattr(rendering, "WarmWorkers", Here)
    monkeypatch.setattr(player, "run", run)
    # Manim is drawn by the thread that asks: the machinery of threads is tested by itself.
    monkeypatch.setattr(showing, "run_apart", lambda work, on_main: work(Stop(on_main)))
    monkeypatch.chdir(tmp_path)

    def request_of(**more):
        picture = FrameFormat.of_quality("l")
        job = VideoJob(id="job", scene=tiny, params={}, picture=picture, output="/film.mp4")
        return Request(job, POSTER, **more)

    return request_of


def frame_of(bundle):
    tree = parser.fromstring(bundle["text/html"])
    (frame,) = tree.xpath("//iframe")
    return tree, frame


def test_the_player_stands_in_the_cell_and_is_small_enough(request_of, tmp_path):
    bundle = bundle_of(request_of())
    assert len(json.dumps(bundle).encode()) <= CELL_BYTES
    _, frame = frame_of(bundle)
    page = parser.fromstring(frame.get("srcdoc"))
    (script,) = page.xpath("//script[@id='story']")
    (lesson,) = json.loads(script.text)["lessons"]
    assert [it["title"] for it in lesson["steps"]] == ["The first", "The second", "The third"]
    pieces = page.xpath(f"//script[@data-medium='{lesson['film']}' and text()]/text()")
    film = tmp_path / "carried.mp4"
    film.write_bytes(b"".join(map(b64decode, pieces)))
    with av.open(film) as container:
        assert container.streams.video[0].height == 480
        seconds = float(container.duration / av.time_base)
    assert seconds == pytest.approx(lesson["steps"][-1]["last"] / lesson["fps"], abs=0.01)
    assert "allow-same-origin" not in frame.get("sandbox")


def test_what_has_no_room_in_a_cell_is_a_page_beside_the_notebook(
    request_of, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(showing, "CELL_BYTES", 1000)
    before = set(tmp_path.iterdir())
    bundle = bundle_of(request_of())
    (page,) = {it for it in tmp_path.iterdir() if it.suffix == ".html"} - before
    _, frame = frame_of(bundle)
    assert frame.get("src") == page.name
    assert page.name in capsys.readouterr().out
    assert not [it for it in tmp_path.iterdir() if it.name.startswith(".")]
    again = bundle_of(request_of(is_embedded=False))
    assert frame_of(again)[1].get("src") == page.name
    assert capsys.readouterr().out == ""


def test_without_frames_and_scripts_there_is_a_picture_and_what_to_do():
    played = Played('<p class="x">&amp;</p>', "T", 3, 83.0)
    tree, frame = frame_of(player_bundle(POSTER, played))
    assert frame.get("srcdoc") == played.page
    frame.drop_tree()
    assert not tree.xpath("//script")
    (image,) = tree.xpath("//img")
    assert POSTER.title in image.get("alt")
    drawn = Image.open(io.BytesIO(b64decode(image.get("src").partition(",")[2])))
    assert drawn.size == (854, 480)
    assert "Trust it" in tree.text_content()
    assert "1:23" in tree.text_content()


def test_the_picture_comes_first_and_is_there_for_pages_that_play_nothing():
    bundle = poster_bundle(POSTER)
    assert b64decode(bundle["image/png"]) == POSTER.png
    assert "iframe" not in bundle["text/html"]
    assert POSTER.title in bundle["text/plain"]


@pytest.fixture
def film(tmp_path):
    """A film that is hard to make small: noise that moves."""
    path, random = tmp_path / "noise.mp4", np.random.default_rng(3)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=15, options={"crf": "12", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(30):
            grey = random.integers(0, 255, (15, 20, 3), np.uint8).repeat(8, 0).repeat(8, 1)
            grey[number : number + 40, 30:90] = 240
            frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def test_a_film_is_as_small_as_is_asked_or_is_not_there(film, tmp_path):
    target, stop = tmp_path / "small.mp4", Stop(lambda _: None)
    whole = film.stat().st_size
    assert write_small(film, target, whole, stop, is_spoken=False)
    assert target.read_bytes() == film.read_bytes()
    assert write_small(film, target, whole // 3, stop, is_spoken=False)
    assert target.stat().st_size <= whole // 3
    with av.open(str(target)) as container:
        times = [it.time for it in container.decode(video=0)]
    assert times[0] == 0
    assert times[-1] >= 28 / 15 - 1e-6
    assert not write_small(film, target, 500, stop, is_spoken=False)
    assert not target.exists()


def test_work_that_is_interrupted_ends_before_the_interrupt_goes_on():
    ended = threading.Event()
    waits = threading.Event()

    def work(stop):
        woken = threading.Event()
        try:
            with stop.waking(woken.set):
                waits.set()
                stop.say("begun")
                woken.wait(20)
                stop.check()
        finally:
            ended.set()

    def interrupt(_said):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_apart(work, on_main=interrupt)
    assert waits.is_set()
    assert ended.is_set()


def test_what_is_told_to_stop_does_not_begin_to_wait():
    stop = Stop(lambda _: None)
    stop.set()
    with pytest.raises(WorkInterruptedError), stop.waking(lambda: None):
        pytest.fail("it began")
    with pytest.raises(WorkInterruptedError):
        stop.check()


def test_a_fault_of_the_work_is_raised_where_it_was_asked_for():
    def work(_stop):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_apart(work)
