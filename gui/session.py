"""One run of the program: application, fonts, window, and the README's picture of it."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from backprop_studio.core.base.errors import OutputError
from backprop_studio.gui.catalogue.shipped import shipped_catalogue
from backprop_studio.gui.keeping.files import KeptFiles, session_file
from backprop_studio.gui.keeping.keeper import Keeper
from backprop_studio.gui.model.settings import load_preferences
from backprop_studio.gui.model.state import AppState
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.renders.link import QueueLink
from backprop_studio.gui.stage.playback import load_decoder
from backprop_studio.gui.toolkit.faults import show_failure
from backprop_studio.gui.toolkit.fonts import use_fonts
from backprop_studio.gui.toolkit.garbage import Garbage
from backprop_studio.gui.toolkit.icons import app_icon
from backprop_studio.gui.toolkit.theme import theme
from backprop_studio.gui.window import MainWindow
from backprop_studio.gui.worker_link import WorkerLink
from backprop_studio.render.catalogue import cached_catalogue
from backprop_studio.render.code_key import has_known_imports

if TYPE_CHECKING:
    import argparse

    from backprop_studio.gui.model.values import Preview

SCREENSHOT_LIMIT_MS = 120_000
SIGNAL_CHECK_MS = 300
WARM_UP_MS = 4000
SWITCH_SECONDS = 0.0005
"""How long the window waits for a thread that runs Python: a tenth of what is usual."""


class Session:
    """The application and its window.

    Parameters
    ----------
    options : argparse.Namespace
        The command line.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        sys.setswitchinterval(SWITCH_SECONDS)
        self._app = application()
        use_fonts(self._app)
        self._garbage = Garbage(self._app)
        self._code = 0
        self._is_warm = False
        self.state = AppState()
        self.state.window_language = self.state.lesson_language = _system_language()
        load_preferences(self.state)
        self._files = KeptFiles(session_file())
        if options.screenshot:
            self.state.old_videos_offered = True  # nobody is there to answer
        else:
            self.state.restore(self._files.read())
        self._take_options()
        theme().use(self.state.appearance)
        self._qt_words = QTranslator(self._app)
        self._use_qt_words()
        self.state.listen(self._use_qt_words, "window_language")
        self.window = MainWindow(self.state, WorkerLink(), QueueLink())
        # Whoever logs out is not asked: what is being drawn waits in the queue.
        self._app.commitDataRequest.connect(self.window.keep_all)
        self.keeper: Keeper | None = None
        if not options.screenshot:
            self._keep()
        # A Python signal handler runs only when Python does: wake up for Ctrl-C.
        self._wake = QTimer()
        self._wake.timeout.connect(lambda: None)
        self._wake.start(SIGNAL_CHECK_MS)

    def _keep(self) -> None:
        """Keep what is set, from now on, and say what was wrong with what was kept."""
        window = self.window
        self.keeper = Keeper(self.state, window.layout_memory, self._files)
        window.leaving.connect(self.keeper.flush)
        # What ends the user's session ends this program as soon as this has returned.
        self._app.commitDataRequest.connect(self.keeper.wait)
        self.keeper.failed.connect(lambda text: show_failure(window, text))
        if self._files.message is not None:
            more = tr("The lessons begin with their own values; videos and queue are as they were.")
            if not self._files.may_write:
                more = tr("What you set now is not kept.")
            text = f"{said(self._files.message)} {more}"
            QTimer.singleShot(0, window, lambda: show_failure(window, text))

    def open_file(self, path: Path) -> None:
        """Show a file that the program was started with."""
        self.window.open_file(path)

    def come_forward(self, file: str) -> None:
        """Be in front, with the file that the program was started with once more."""
        self.window.come_forward()
        if file:
            self.open_file(Path(file))

    def run(self) -> int:
        """Show the window and return the exit code when it is closed."""
        options = self._options
        if options.size:
            self.window.resize(*options.size)
            self.window.fit_columns()
        self.window.show()
        self._start()
        if options.file is not None:
            self.open_file(options.file.absolute())
        if options.screenshot is not None:
            self._prepare_screenshot(options.screenshot)
        self.state.listen(self._on_preview, "preview")
        self._app.exec()
        if self.keeper is not None:
            self.keeper.close()
        # Widgets go before the state they look at, not in the order of Python's farewell.
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete.value)
        return self._code

    def _start(self) -> None:
        """Show the scenes as they are; at the first start on a machine, as they were shipped."""
        known = cached_catalogue() if has_known_imports() else None
        if known is not None:
            self.window.start(known)
        else:
            self.window.start(shipped_catalogue().scenes or None, is_provisional=True)

    def _on_preview(self) -> None:
        """Use the pause after the first picture to warm up what draws and plays videos."""
        if self.state.preview.image is not None and not self._is_warm:
            self._is_warm = True
            self._garbage.settle()
            QTimer.singleShot(WARM_UP_MS // 4, self.window, load_decoder)
            QTimer.singleShot(WARM_UP_MS, self.window, self.window.services.renders.warm_up)

    def quit(self) -> None:
        """Close the window and end."""
        self.window.close()
        self._app.quit()

    def hear_signals(self) -> None:
        """End when the system or a terminal asks for it, as at the end of the user's session.

        Nobody is asked then, and nothing is lost: all is kept, and comes back with the next start.
        """
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda *_: self._end())

    def _end(self) -> None:
        self.window.keep_all()
        self.quit()

    def _take_options(self) -> None:
        options, state = self._options, self.state
        state.window_language = options.language or state.window_language
        state.lesson_language = options.lesson_language or state.lesson_language
        state.appearance = options.appearance or state.appearance

    def _use_qt_words(self) -> None:
        """Translate Qt's own dialogs."""
        self._app.removeTranslator(self._qt_words)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        is_chinese = self.state.window_language == "zh"
        if is_chinese and self._qt_words.load("qtbase_zh_CN", folder):
            self._app.installTranslator(self._qt_words)

    def _prepare_screenshot(self, target: Path) -> None:
        """Wait for the lesson's picture and the small ones, save the window, and quit."""
        began = time.monotonic()

        def look() -> None:
            preview: Preview = self.state.preview
            if preview.error:
                self._end_screenshot(said(preview.error))
                return
            is_there = preview.image is not None and not preview.is_awaited
            is_late = (time.monotonic() - began) * 1000 > SCREENSHOT_LIMIT_MS
            if is_there and (is_late or self.window.thumbnails.is_complete):
                QTimer.singleShot(400, lambda: self._take_screenshot(target))
            elif is_late:
                self._end_screenshot(tr("No picture came in time."))
            else:
                QTimer.singleShot(200, look)

        look()

    def _take_screenshot(self, target: Path) -> None:
        is_saved = self.window.grab().save(str(target))
        problem = tr("{file} cannot be written.").format(file=target)
        self._end_screenshot("" if is_saved else problem)

    def _end_screenshot(self, problem: str) -> None:
        if problem:
            print(problem, file=sys.stderr)  # noqa: T201 (this option is for a terminal)
            self._code = OutputError.exit_code
        self.quit()


def application() -> QApplication:
    """Return the process's application, made if there is none."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    app = QApplication(["backprop-studio"])
    app.setApplicationName("backprop-studio")
    app.setApplicationDisplayName("Backprop Studio")
    app.setDesktopFileName("backprop-studio")
    app.setStyle("Fusion")
    app.setWindowIcon(app_icon())
    return app


def _system_language() -> str:
    return "zh" if QLocale.system().language() == QLocale.Language.Chinese else "en"
