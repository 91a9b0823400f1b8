"""Paces: what was drawn here says how long the next one takes."""

from __future__ import annotations

import pytest

from backprop_studio.render.costs import cost_of
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.queue.paces import Paces


def job(scene="backprop", quality="m"):
    picture = FrameFormat.of_quality(quality)
    return VideoJob(id="a", scene=scene, output="/a.mp4", picture=picture)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "cache" / "paces.json"


def test_nothing_is_known_of_a_machine_that_has_drawn_nothing_or_of_a_strange_scene(file):
    paces = Paces(file)
    assert paces.seconds(job(), 60.0) is None
    paces.learn(job(), 60.0, 30.0)
    assert paces.seconds(job("own_scene"), 60.0) is None


def test_what_was_drawn_says_how_long_the_next_one_takes_also_after_a_restart(file):
    usual = cost_of("backprop").seconds
    Paces(file).learn(job(), usual, 30.0)
    paces = Paces(file)
    assert paces.seconds(job(), None) == pytest.approx(30.0)
    assert paces.seconds(job(), 2 * usual) == pytest.approx(60.0)
    assert paces.seconds(job(quality="h"), usual) > 60.0  # twice the frames, and larger ones
    other = paces.seconds(job("loss_surface"), None)
    assert other / 30.0 == pytest.approx(cost_of("loss_surface").work / cost_of("backprop").work)


def test_the_newest_counts_half(file):
    paces = Paces(file)
    for seconds in (30.0, 60.0):
        paces.learn(job(), 59.0, seconds)
    assert paces.seconds(job(), 59.0) == pytest.approx(45.0)


@pytest.mark.parametrize("damage", ["", "{", '{"backprop": "fast"}'])
def test_a_damaged_file_is_begun_anew(file, damage):
    file.parent.mkdir()
    file.write_text(damage)
    paces = Paces(file)
    assert paces.seconds(job(), 60.0) is None
    paces.learn(job(), 60.0, 30.0)
    assert Paces(file).seconds(job(), 60.0) == pytest.approx(30.0)


def test_a_disk_that_refuses_is_no_fault(tmp_path):
    (tmp_path / "file").touch()
    paces = Paces(tmp_path / "file" / "paces.json")
    paces.learn(job(), 60.0, 30.0)
    assert paces.seconds(job(), 60.0) == pytest.approx(30.0)
