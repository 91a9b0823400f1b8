"""An interrupt at any moment: nothing is left running or lying about, and the next cell works."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

CODE = """
import _thread, os, random, shutil, sys, tempfile, threading, time
from pathlib import Path
import psutil
import backprop_studio as bs

chance, times = random.Random(int(sys.argv[1])), int(sys.argv[2])
for number in range(times):
    made = bs.lesson("derivative", w=2 + number / 1000)  # a film that nobody has kept
    timer = threading.Timer(chance.uniform(0, 6), _thread.interrupt_main)
    try:
        timer.start()
        match number % 3:
            case 0:
                made.video("film.mp4", quality="l")
            case 1:
                made._repr_mimebundle_()
            case 2:
                made.kit("kit", ["video", "stills"], quality="l")
        time.sleep(15)
    except KeyboardInterrupt:
        pass
    timer.cancel()
    assert bs.lesson("derivative", w=3).numbers()["scene"] == "derivative"
    left = [it for it in psutil.Process().children(recursive=True) if "worker" in str(it.cmdline())]
    assert len(left) <= 1, left  # the warm one
    here = Path(tempfile.gettempdir())
    assert len(list(here.glob("backprop-studio-*"))) <= 1  # the warm worker's own
    made = list(Path.cwd().iterdir())  # whole or not at all
    assert {it.name for it in made} <= {"film.mp4", "kit"}
    assert all(len(list(it.iterdir())) > 2 for it in made if it.is_dir())
    for it in made:
        shutil.rmtree(it) if it.is_dir() else it.unlink()
"""


@pytest.mark.parametrize(
    "times", [1, pytest.param(100, marks=[pytest.mark.soak, pytest.mark.timeout(7200)])]
)
def test_an_interrupt_leaves_nothing_behind(times, tmp_path):
    for name in ("temporary", "here"):
        (tmp_path / name).mkdir()
    done = subprocess.run(
        [sys.executable, "-c", CODE, "7", str(times)],
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        cwd=tmp_path / "here",
        capture_output=True,
        text=True,
        timeout=100 + 60 * times,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert not list((tmp_path / "temporary").glob("backprop-studio-*"))
