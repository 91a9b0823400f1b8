"""The doctor: what works on this machine, what is missing, and what to do about it.

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

from backprop_studio.core.base.i18n import N_, Translate
from backprop_studio.core.base.messages import Message, listed, os_reason
from backprop_studio.render.versions import untested
from backprop_studio.render.voice.probing import look_for_espeak, look_for_piper
from backprop_studio.render.voice.programmed import ESPEAK_ADVICE, PIPER_ADVICE

if TYPE_CHECKING:
    from collections.abc import Callable

_PROBE_SECONDS = 60.0
_DISK_NEEDED = 500 * 1024 * 1024

_SETUP = Message.of("doctor.setup", N_("run `make run` in the project's folder, which installs it"))


def _on_debian(packages: str) -> Message:
    text = N_("{setup}; on Debian it needs {packages}")
    return Message.of("doctor.debian", text, setup=_SETUP, packages=packages)


@dataclass(frozen=True)
class Check:
    """One thing to look at.

    Attributes
    ----------
    name : str
        What it is, as the user knows it; an English key of the translation catalogue.
    look : callable
        Returns whether it is there, and a version or a reason.
    advice : Message
        What to do when it is missing.
    needed : bool
        Whether videos cannot be made without it.
    quick : bool
        Whether it takes no time, and so comes first.
    """

    name: str
    look: Callable[[], tuple[bool, Message]]
    advice: Message
    needed: bool = True
    quick: bool = False


@dataclass(frozen=True)
class Finding:
    """The outcome of a check."""

    check: Check
    ready: bool
    detail: Message

    @property
    def state(self) -> str:
        """The English word for what was found."""
        if self.ready:
            return N_("OK")
        return N_("Missing") if self.check.needed else N_("Absent")

    def line(self, translate: Translate = str) -> str:
        """Return the finding in one line."""
        word = translate(self.state)
        line = f"{word:7}  {translate(self.check.name)}: {self.detail.words(translate)}"
        return line if self.ready else f"{line}; {self.check.advice.words(translate)}"


def probe(code: str) -> Callable[[], tuple[bool, Message]]:
    """Return a look that runs code in another process; what it prints is the detail."""

    def look() -> tuple[bool, Message]:
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
            text = N_("it could not be tried ({fault})")
            return False, Message.of("doctor.untried", text, fault=type(error).__name__)
        works = done.returncode == 0
        lines = (done.stdout if works else done.stderr).strip().splitlines()
        if lines:
            return works, Message.plain(lines[-1])
        if works:
            return True, Message.of("doctor.works", N_("works"))
        text = N_("it ended with code {code}")
        return False, Message.of("doctor.ended", text, code=done.returncode)

    return look


def _python() -> tuple[bool, Message]:
    return sys.version_info >= (3, 11), Message.plain(sys.version.split()[0])


def _screen() -> tuple[bool, Message]:
    if sys.platform in {"win32", "darwin"}:
        return True, Message.of("doctor.own_screen", N_("comes with the system"))
    for variable in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(variable):
            return True, Message.plain(f"{variable}={os.environ[variable]}")
    text = N_("neither WAYLAND_DISPLAY nor DISPLAY is set")
    return False, Message.of("doctor.no_screen", text)


def _versions() -> tuple[bool, Message]:
    if found := untested():
        text = N_("not tested with {libraries}")
        return False, Message.of("doctor.untested", text, libraries=listed(found))
    return True, Message.of("doctor.tested", N_("all of them were tested"))


def _disk() -> tuple[bool, Message]:
    try:
        free = min(shutil.disk_usage(folder).free for folder in (".", tempfile.gettempdir()))
    except OSError as error:
        text = N_("the working folder cannot be read ({reason})")
        return False, Message.of("doctor.no_folder", text, reason=os_reason(error))
    size = f"{free / 1024**3:.1f}"
    return free >= _DISK_NEEDED, Message.of("doctor.free", N_("{size} GB free"), size=size)


_VERSION = "from importlib.metadata import version; print(version('{}'))"
_TYPST = "import typst; typst.compile(b'$ x^2 $', format='svg'); " + _VERSION.format("typst")
_FONT = "import manimgx_fonts_cjk; " + _VERSION.format("manimgx-fonts-cjk")
_ENCODER = "import av; print(av.codec.Codec('libx264', 'w').long_name)"
_QT = "from PySide6 import QtCore, QtGui, QtWidgets; print(QtCore.__version__)"
_SOUND = "import sounddevice; print(sounddevice.get_portaudio_version()[1])"
_QT_LIBRARIES = "libegl1 libgl1 libxkbcommon-x11-0 libdbus-1-3 libxcb-cursor0"

_OTHER_PYTHON = Message.of("doctor.python", N_("install Python 3.11 or newer"))
_OTHER_PYAV = Message.of(
    "doctor.pyav", N_("install a PyAV that has libx264; {setup}"), setup=_SETUP
)
_OTHER_VERSIONS = Message.of(
    "doctor.versions", N_("pictures may differ from ours; {setup}"), setup=_SETUP
)
_NO_WINDOW = Message.of("doctor.screen", N_("the window needs one; the command line does not"))
_MAKE_ROOM = Message.of(
    "doctor.room", N_("make room: a lecture needs up to 500 MB while it is rendered")
)

CHECKS: tuple[Check, ...] = (
    Check(N_("Python"), _python, _OTHER_PYTHON, quick=True),
    Check(N_("torch (computes)"), probe("import torch; print(torch.__version__)"), _SETUP),
    Check(
        N_("Manim (draws)"),
        probe("import manim; print(manim.__version__)"),
        _on_debian("libcairo2-dev libpango1.0-dev pkg-config"),
    ),
    Check(N_("Typst (formulas)"), probe(_TYPST), _SETUP),
    Check(N_("H.264 encoder (videos)"), probe(_ENCODER), _OTHER_PYAV),
    Check(N_("Chinese font"), probe(_FONT), _SETUP),
    Check(N_("Qt (the window)"), probe(_QT), _on_debian(_QT_LIBRARIES)),
    Check(N_("Versions"), _versions, _OTHER_VERSIONS, needed=False, quick=True),
    Check(N_("Screen"), _screen, _NO_WINDOW, needed=False, quick=True),
    Check(
        N_("PortAudio (sound in the window)"),
        probe(_SOUND),
        _on_debian("libportaudio2"),
        needed=False,
    ),
    Check(N_("espeak-ng (draft voice)"), look_for_espeak, ESPEAK_ADVICE, needed=False),
    Check(N_("piper (natural voice)"), look_for_piper, PIPER_ADVICE, needed=False),
    Check(N_("Disk"), _disk, _MAKE_ROOM, quick=True),
)
"""Everything that is looked at, in the order of the report."""


def examine(
    checks: tuple[Check, ...] = CHECKS,
    tell: Callable[[int, Finding], object] = lambda _number, _finding: None,
) -> list[Finding]:
    """Look at everything, several things at a time.

    Parameters
    ----------
    checks : tuple of Check
        What is looked at.
    tell : callable
        Called with each finding as soon as it is there, and with its check's number; on any thread.
    """

    def look(number: int) -> Finding:
        finding = Finding(checks[number], *checks[number].look())
        tell(number, finding)
        return finding

    numbers = sorted(range(len(checks)), key=lambda number: not checks[number].quick)
    with ThreadPoolExecutor(max_workers=4) as pool:
        findings = dict(zip(numbers, pool.map(look, numbers), strict=True))
    return [findings[number] for number in sorted(findings)]
