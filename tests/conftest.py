"""Before anything loads Qt or reads a setting: no screen, no folders of the user's, Ctrl-C on."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

_HOME = Path(tempfile.mkdtemp(prefix="studio-tests-"))

# A shell that starts the tests in the background lets them, and all that they start, ignore Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# nohup lets them ignore the end of their terminal: they may, but not what they start.
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)

for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
    folder = _HOME / name.lower()
    folder.mkdir()
    os.environ[name] = str(folder)


def pytest_unconfigure() -> None:
    """Remove the folders."""
    import shutil

    shutil.rmtree(_HOME, ignore_errors=True)
