"""The queue on a worker process that plays its part."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from backprop_studio.render.queue.operations import INTERRUPTED, RESTORED
from backprop_studio.render.workers.client import Limits, WorkerClient
from tests.render.queue.scripted_queue import PATIENCE, said

ROOM = Path(__file__).parent


@pytest.fixture
def open_queue(bench, fake_command):
    bench.queue.close()
    client = partial(WorkerClient, command=fake_command, limits=Limits(cancel=0.2))
    return partial(bench.open, client=client)


def states_are(*wanted):
    return lambda state: [entry.state for entry in state.entries] == list(wanted)


def test_videos_are_drawn_around_a_worker_that_crashes(bench, open_queue):
    queue = open_queue()
    for number, act in enumerate(("video", "crash", "leave", "garbage", "video")):
        queue.add(bench.job(f"{number}.mp4", params={"act": act}))
    state = bench.wait_for(states_are("done", "failed", "failed", "failed", "done"))
    messages = [said(entry.message) for entry in state.entries if entry.state == "failed"]
    assert messages[0] == "The render process stopped unexpectedly (signal 9)."
    assert messages[1] == "The render process stopped unexpectedly (exit code 7)."
    assert messages[2].startswith("The render process sent something unreadable")
    assert state.entries[1].details == "late output"
    assert sorted(os.listdir(bench.out)) == ["0.mp4", "4.mp4"]


def test_a_worker_that_is_deaf_to_a_cancel_is_replaced(bench, open_queue):
    queue = open_queue()
    first = queue.add(bench.job("a.mp4", params={"act": "stage_and_hang"})).result(PATIENCE)
    queue.add(bench.job("b.mp4", params={"act": "video"}))
    bench.wait_for(states_are("running", "waiting"))
    queue.cancel(first.id)
    bench.wait_for(states_are("cancelled", "done"))
    assert os.listdir(bench.out) == ["b.mp4"]


@pytest.mark.parametrize("is_killed", [True, False])
def test_a_program_that_ends_leaves_its_video_interrupted_and_no_worker(
    bench, open_queue, fake_command, wait_until_dead, is_killed
):
    command = [sys.executable, str(ROOM / "queue_program.py"), str(bench.folder), *fake_command]
    program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with program:
        for number, act in enumerate(("video", "obey", "video")):
            job = bench.job(f"{number}.mp4", params={"act": act})
            program.stdin.write(job.model_dump_json().encode() + b"\n")
        program.stdin.flush()
        worker, added = None, 0
        while worker is None or added < 3:
            line = program.stdout.readline().decode()
            assert line, "the program ended"
            added += line == "added\n"
            if line.startswith("drawing 1 "):
                worker = int(line.split()[2])
        if is_killed:
            program.kill()
        else:
            program.stdin.close()  # it ends without having closed its queue
            assert program.wait(PATIENCE) == 0
    wait_until_dead(worker)
    open_queue()
    bench.settle()
    assert bench.states() == ["done", "interrupted", "waiting"]
    assert bench.queue.state.entries[1].message == INTERRUPTED
    assert bench.queue.state.reason == RESTORED
    assert os.listdir(bench.out) == ["0.mp4"]
    bench.queue.resume()
    bench.wait_for(states_are("done", "interrupted", "done"))
