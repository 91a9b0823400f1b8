"""What works on this machine, what is missing, and what to do about it.

Every component is tried in a process of its own: some of them end the process, or take seconds to
load, when something they need is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop_studio.render.versions import untested

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CHECKS", "Check", "Finding", "examine"]

_PROBE_SECONDS = 60.0
_DISK_NEEDED = 500 * 1024 * 1024

_SETUP = "run `make run` in the project's folder, which installs it"
_QT_LIBRARIES = "libegl1 libgl1 libxkbcommon-x11-0 libdbus-1-3 libxcb-cursor0"


@dataclass(frozen=True)
class Check:
    """One thing to look at.

    Attributes
    ----------
    name : str
        What it is, as the user knows it.
    look : callable
        Returns whether it is there, and a version or a reason.
    advice : str
        What to do when it is missing.
    needed : bool
        Whether videos cannot be made without it.
    """

    name: str
    look: Callable[[], tuple[bool, str]]
    advice: str
    needed: bool = True


@dataclass(frozen=True)
class Finding:
    """The outcome of a check."""

    check: Check
    ready: bool
    detail: str

    @property
    def line(self) -> str:
        """One line for people."""
        if self.ready:
            return f"Ready    {self.check.name}: {self.detail}"
        weight = "Missing " if self.check.needed else "Absent  "
        return f"{weight} {self.check.name}: {self.detail}; {self.check.advice}"


def _probe(code: str) -> Callable[[], tuple[bool, str]]:
    """Return a look that runs code in another process; what it prints is the detail."""

    def look() -> tuple[bool, str]:
        try:
            # The working folder is not on the path: a file called torch.py there is not torch.
            done = subprocess.run(
                [sys.executable, "-P", "-c", code],
                capture_output=True,
                text=True,
                timeout=_PROBE_SECONDS,
                cwd=tempfile.gettempdir(),
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return False, f"it could not be tried ({type(error).__name__})"
        lines = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
        if done.returncode == 0:
            return True, lines[-1] if lines else "works"
        return False, lines[-1] if lines else f"it ended with code {done.returncode}"

    return look


def _screen() -> tuple[bool, str]:
    if sys.platform in {"win32", "darwin"}:
        return True, "comes with the system"
    for variable in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(variable):
            return True, f"{variable}={os.environ[variable]}"
    return False, "neither WAYLAND_DISPLAY nor DISPLAY is set"


def _versions() -> tuple[bool, str]:
    found = untested()
    return not found, f"not tested with {', '.join(found)}" if found else "all of them were tested"


def _disk() -> tuple[bool, str]:
    try:
        free = min(shutil.disk_usage(folder).free for folder in (".", tempfile.gettempdir()))
    except OSError as error:
        return False, f"the working folder cannot be read ({error.strerror})"
    return free >= _DISK_NEEDED, f"{free / 1024**3:.1f} GB free"


CHECKS: tuple[Check, ...] = (
    Check(
        "Python",
        lambda: (sys.version_info >= (3, 11), sys.version.split()[0]),
        "install Python 3.11 or newer",
    ),
    Check("torch (computes)", _probe("import torch; print(torch.__version__)"), _SETUP),
    Check(
        "Manim (draws)",
        _probe("import manim; print(manim.__version__)"),
        f"{_SETUP}; on Debian it needs libcairo2-dev libpango1.0-dev pkg-config",
    ),
    Check(
        "Typst (formulas)",
        _probe(
            "import typst; from importlib.metadata import version;"
            "typst.compile(b'$ x^2 $', format='svg'); print(version('typst'))"
        ),
        _SETUP,
    ),
    Check(
        "H.264 encoder (videos)",
        _probe("import av; print(av.codec.Codec('libx264', 'w').long_name)"),
        f"install a PyAV that has libx264; {_SETUP}",
    ),
    Check(
        "Chinese font",
        _probe(
            "import manimgx_fonts_cjk; from importlib.metadata import version;"
            "print(version('manimgx-fonts-cjk'))"
        ),
        _SETUP,
    ),
    Check(
        "Qt (the window)",
        _probe("from PySide6 import QtCore, QtGui, QtWidgets; print(QtCore.__version__)"),
        f"{_SETUP}; on Debian it needs {_QT_LIBRARIES}",
    ),
    Check(
        "Qt Multimedia (plays videos in the window)",
        _probe("from PySide6 import QtCore, QtMultimedia; print(QtCore.__version__)"),
        "apt-get install libpulse0; until then the system's player is used",
        needed=False,
    ),
    Check(
        "Versions",
        _versions,
        f"pictures may differ from ours; {_SETUP}",
        needed=False,
    ),
    Check("Screen", _screen, "the window needs one; the command line does not", needed=False),
    Check("Disk", _disk, "make room: a lecture needs up to 500 MB while it is rendered"),
)
"""Everything that is looked at, in the order of the report."""


def examine(checks: tuple[Check, ...] = CHECKS) -> list[Finding]:
    """Look at everything, several things at a time."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        results = pool.map(lambda check: check.look(), checks)
        return [
            Finding(check, ready, detail)
            for check, (ready, detail) in zip(checks, results, strict=True)
        ]
