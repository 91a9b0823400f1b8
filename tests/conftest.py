"""Before anything loads Qt or reads a setting: no screen, and none of the user's own folders."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_HOME = Path(tempfile.mkdtemp(prefix="studio-tests-"))

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
    folder = _HOME / name.lower()
    folder.mkdir()
    os.environ[name] = str(folder)


def pytest_unconfigure() -> None:
    """Remove the folders."""
    import shutil

    shutil.rmtree(_HOME, ignore_errors=True)
