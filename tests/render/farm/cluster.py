"""A scheduler and workers on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backprop_studio.cli.runners import runner_at
from tests.recorder import PATIENCE

HERE = Path(__file__).parents[1]


class Cluster:
    """A scheduler and workers in processes of their own, as the README has them started."""

    def __init__(self, folder, command, workers, *more):
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._command = command
        self._processes = []
        self._start("scheduler", "--port", "0", "--no-dashboard")
        for number in range(workers):
            named = ["--nthreads", "1", "--name", str(number), "--no-dashboard", *more]
            folders = ["--local-directory", str(folder), "--preload", str(HERE / "farm_preload.py")]
            self._start("worker", *named, *folders)

    def _start(self, what, *arguments):
        environment = os.environ | {
            "STUDIO_TEST_COMMAND": json.dumps(self._command),
            # The first death is bad luck, the second is the job's fault.
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        }
        command = [sys.executable, "-m", "dask", what, "--host", "127.0.0.1"]
        command += ["--scheduler-file", str(self._file), *arguments]
        where = {"env": environment, "cwd": self._folder}
        with (self._folder / "log").open("ab") as log:
            self._processes.append(subprocess.Popen(command, stdout=log, stderr=log, **where))

    @property
    def address(self):
        # It is there before anything is written into it.
        until(lambda: self._file.exists() and self._file.stat().st_size)
        return json.loads(self._file.read_text())["address"]

    @property
    def scheduler(self):
        return self._processes[0]

    def close(self):
        """End the workers first: one that loses its scheduler meanwhile takes longer."""
        for group in (self._processes[1:], self._processes[:1]):
            for process in group:
                process.terminate()
            for process in group:
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()


def until(condition):
    """Wait for something that another process does."""
    tick = threading.Event()
    for _ in range(int(PATIENCE) * 20):
        if condition():
            return
        tick.wait(0.05)
    pytest.fail("it never happened")


def open_and_close(address):
    """Ask for a farm, which may be refused."""
    with runner_at(address):
        pass
