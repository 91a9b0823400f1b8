from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from backprop_studio.render.messages.jobs import StillJob
from tests.recorder import PATIENCE, Recorder


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture(scope="session")
def fake_command():
    return (sys.executable, str(Path(__file__).with_name("fake_worker.py")))


@pytest.fixture
def still():
    """Make a job for the fake worker."""
    numbers = iter(range(1000))

    def make(act, **more):
        return StillJob(id=f"{act}-{next(numbers)}", scene="any", params={"act": act, **more})

    return make


@pytest.fixture
def wait_until_dead():
    def wait(pid):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                os.kill(pid, 0)
                if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
                    return
            except (ProcessLookupError, FileNotFoundError):
                return
            time.sleep(0.02)
        pytest.fail(f"process {pid} is still alive")

    return wait


@pytest.fixture
def scenes_folder(tmp_path, monkeypatch):
    """Give the catalogue a folder of scenes of the test's own; the shared parts stay."""
    from backprop_studio import scenes

    folder = tmp_path / "scenes"
    folder.mkdir()
    # Where the room is looked for.
    monkeypatch.setattr(scenes.__spec__, "origin", str(folder / "__init__.py"))
    monkeypatch.setattr(scenes, "__path__", [*scenes.__path__, str(folder)])
    known = set(sys.modules)
    yield folder
    for name in set(sys.modules) - known:
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == folder:
            del sys.modules[name]
            delattr(scenes, name.removeprefix("backprop_studio.scenes."))


@pytest.fixture
def tiny(scenes_folder):
    """Put the tiny lesson into the catalogue."""
    source = Path(__file__).with_name("tiny_scene.py").read_text(encoding="utf-8")
    (scenes_folder / "tiny.py").write_text(source, encoding="utf-8")
    return "tiny"


@pytest.fixture
def planted(scenes_folder):
    """Put the lesson with a place for a fault into the catalogue."""
    source = (Path(__file__).parent / "lint" / "planted_scene.py").read_text(encoding="utf-8")
    (scenes_folder / "planted.py").write_text(source, encoding="utf-8")
    return "planted"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder of scenes for workers, one for outputs, one for what is temporary."""
    for name in ("scenes", "out", "temporary"):
        (tmp_path / name).mkdir()
    source = Path(__file__).with_name("tiny_scene.py").read_text(encoding="utf-8")
    (tmp_path / "scenes" / "tiny.py").write_text(source, encoding="utf-8")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path


@pytest.fixture
def studio(tmp_path):
    """Draw in this process."""
    from backprop_studio.render.drawing.studio import Studio

    return Studio(tmp_path / "media")


class Silent:
    """A watch that nobody looks at, and that cancels when told to."""

    def __init__(self):
        self.events = []
        self.cancel_at = None
        self.steps = 0

    def cancelled(self):
        self.steps += 1
        return self.cancel_at is not None and self.steps > self.cancel_at

    def watch(self):
        from backprop_studio.render.drawing.progress import Watch

        clock = iter(range(10**9))
        return Watch("job", self.events.append, self.cancelled, lambda: next(clock))


@pytest.fixture
def silent():
    return Silent()
