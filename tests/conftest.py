"""Before anything loads Qt or reads a setting: no screen, no folders of the user's, signals on."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import signal
import tempfile
from pathlib import Path

import pytest
from _pytest.doctest import DoctestModule
from rich.logging import RichHandler

_HOME = Path(tempfile.mkdtemp(prefix="studio-tests-"))

# A shell that starts the tests in the background lets them, and all that they start, ignore Ctrl-C;
# nohup does so with the end of the terminal. What is handled here is not ignored by children.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
    folder = _HOME / name.lower()
    folder.mkdir()
    os.environ[name] = str(folder)
os.environ["XDG_VIDEOS_DIR"] = str(_HOME / "videos")


# Thousands of modules and tests stay to the end: looking for garbage among them costs seconds.
gc.disable()


def pytest_collection_finish():
    """Look no more at what is there by now: every later search passes it by."""
    gc.freeze()
    gc.enable()


def pytest_configure(config):
    """Load what is large before lines are counted: torch and Manim take four times as long then."""
    if hasattr(config, "workerinput") and config.pluginmanager.hasplugin("_cov"):
        importlib.import_module("manim")
        importlib.import_module("torch")


@pytest.fixture(autouse=True)
def log_not_started():
    """Undo what a start of the log does to its process: the next test may look at the records.

    Before a test, too: what lasts for several of them may have started it.
    """
    end_log()
    yield
    end_log()


def end_log():
    """Have the log as a new process has it that does not load Manim.

    Manim has the root logger write what anybody logs to the terminal.
    """
    root, ours = logging.getLogger(), logging.getLogger("backprop_studio")
    for handler in ours.handlers[1:]:  # the first one is the silent one of a new process
        ours.removeHandler(handler)
        handler.close()
    ours.setLevel(logging.NOTSET)
    ours.propagate = True
    for handler in [it for it in root.handlers if isinstance(it, RichHandler)]:
        root.removeHandler(handler)
    root.setLevel(logging.WARNING)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file():
    """Look for examples in the project's code only: what tests start is not to be imported."""
    collected = yield
    return [it for it in collected if not isinstance(it, DoctestModule)]


def pytest_unconfigure() -> None:
    """Remove the folders."""
    import shutil

    shutil.rmtree(_HOME, ignore_errors=True)
