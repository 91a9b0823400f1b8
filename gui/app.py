"""Starts the window. Nothing here may import manim or torch: workers do that."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError, MissingComponentError, StudioError
from backprop_studio.core.base.i18n import LANGUAGES, N_, system_language, translator
from backprop_studio.core.base.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

QT_PACKAGES = (
    "libegl1 libgl1 libdbus-1-3 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 "
    "libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-xinerama0 libxcb-xfixes0"
)

NO_SCREEN = N_(
    "no screen was found (DISPLAY and WAYLAND_DISPLAY are not set), so the window cannot open; "
    "backprop-studio render makes videos without one"
)
OPEN_ALREADY = N_("Backprop Studio is open; its window is in front now.")
NO_QT = N_('Qt cannot start: {reason}; on Debian or Ubuntu "sudo apt install {packages}" helps')
NO_X11 = N_(
    "Qt cannot open a window on X11: {reason}; on Debian or Ubuntu "
    '"sudo apt install {packages}" helps'
)


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and return the exit code when it is closed."""
    options = parse(argv)
    try:
        _require_file(options.file)
        _require_screen()
        _require_qt()
        return _run(options)
    except StudioError as error:
        translate = translator(options.language or system_language())
        # There is no window to say it in.
        print(sentence(error.message, translate), file=sys.stderr)  # noqa: T201
        return error.exit_code


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m backprop_studio.gui",
        description="Choose a lesson, see it at once, render it, play it.",
    )
    parser.add_argument("file", nargs="?", type=Path, help="a lecture or a video to open")
    parser.add_argument("--language", choices=LANGUAGES, help="language of the window")
    parser.add_argument("--lesson-language", choices=LANGUAGES, help="language of the lesson")
    parser.add_argument("--appearance", choices=("system", "light", "dark"))
    parser.add_argument(
        "--size", type=_size, metavar="WxH", help="size of the window, such as 1440x900"
    )
    parser.add_argument(
        "--screenshot",
        type=Path,
        metavar="FILE.png",
        help="wait for the picture of the lesson, save a picture of the window, and quit",
    )
    parser.add_argument(
        "--new-window", action="store_true", help="open another window if there is one"
    )
    parser.add_argument("--verbose", action="store_true", help="log more, and to this terminal too")
    return parser.parse_args(argv)


def _size(text: str) -> tuple[int, int]:
    width, separator, height = text.lower().partition("x")
    if not (separator and width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form WxH, such as 1440x900")
    return int(width), int(height)


def _require_file(path: Path | None) -> None:
    """Refuse a file that is not there.

    Raises
    ------
    InputError
        If a file was named that does not exist.
    """
    if path is not None and not path.is_file():
        raise InputError("file.absent", N_("the file {file} does not exist"), file=path)


def _require_screen() -> None:
    """Refuse to start where Qt would abort the process.

    Raises
    ------
    MissingComponentError
        If there is no display on a system that needs one.
    """
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        raise MissingComponentError("qt.no_screen", NO_SCREEN)


def _require_qt() -> None:
    """Import Qt, or say which package is missing.

    Raises
    ------
    MissingComponentError
        If a library that Qt needs is not installed.
    """
    try:
        from PySide6 import QtWidgets  # noqa: F401
    except ImportError as error:
        raise MissingComponentError(
            "qt.no_start", NO_QT, reason=str(error), packages=QT_PACKAGES
        ) from error


def _run(options: argparse.Namespace) -> int:
    # What an import makes stays: looking for garbage among it costs a tenth of the imports' time.
    # The session looks for garbage itself.
    gc.disable()
    from backprop_studio.gui.first_window import FirstWindow
    from backprop_studio.gui.session import Session, application
    from backprop_studio.gui.toolkit.faults import install_exception_hook
    from backprop_studio.render.log import is_logging, start_log

    if not is_logging():
        start_log("window", verbose=options.verbose)
    _check_platform_plugin()
    application()
    first = FirstWindow()
    if not (options.new_window or options.screenshot) and first.hands_over(options.file):
        # Said where the second start was typed; its window is already in front.
        translate = translator(options.language or system_language())
        print(translate(OPEN_ALREADY))  # noqa: T201
        return 0
    session = Session(options)
    first.asked.connect(session.come_forward)
    install_exception_hook()
    session.hear_signals()
    code = session.run()
    first.close()
    return code


def _check_platform_plugin() -> None:
    """Find a missing xcb library before Qt does: Qt would abort without a word for users.

    Raises
    ------
    MissingComponentError
        If a library of the X11 plugin is not there.
    """
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    uses_x11 = wanted.startswith("xcb") or (not wanted and not os.environ.get("WAYLAND_DISPLAY"))
    if not sys.platform.startswith("linux") or not uses_x11:
        return
    import ctypes

    from PySide6.QtCore import QLibraryInfo

    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    plugin = folder / "platforms" / "libqxcb.so"
    if not plugin.is_file():
        return
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        raise MissingComponentError(
            "qt.no_x11", NO_X11, reason=str(error), packages=QT_PACKAGES
        ) from error
