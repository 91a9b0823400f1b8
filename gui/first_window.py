"""One window for one user and one screen: a second start brings the first one to the front.

A lock says who is first; it ends with its process, however that ends, so what a killed one has left
of its socket is only rubbish. The socket carries what the second start was asked to open.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.render.queue.owner_lock import OwnerLock

if TYPE_CHECKING:
    from collections.abc import Mapping

ANSWER_MS = 10_000
"""A window that has not answered by then hangs, and another one is opened."""

TRY_SECONDS = 0.1
LONGEST_ADDRESS = 100
"""Bytes of a socket's path; the shortest limit of a system is 104."""

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")
TOKEN = "XDG_ACTIVATION_TOKEN"
"""By which a launcher lets a Wayland compositor know that the user has asked for the window."""

_ANSWER = b"shown\n"
_MOST_BYTES = 65_536
_log = logging.getLogger(__name__)


class FirstWindow(QObject):
    """The place at which further starts of the program announce themselves.

    Parameters
    ----------
    folder : Path, optional
        Of the lock; by default that of the user's data.

    Signals
    -------
    asked : str
        The program was started again, with this file; empty without one.
    """

    asked = Signal(str)

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self._folder = folder or Path(platformdirs.user_data_dir("backprop-studio"))
        self._lock: OwnerLock | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def hands_over(self, file: Path | None) -> bool:
        """Be the first window, or hand over to the one that is.

        Parameters
        ----------
        file : Path or None
            What this start was asked to open.

        Returns
        -------
        bool
            Whether another window has taken over. If it does not answer, or nobody can tell which
            is the first, there is no reason not to open one.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            key = _screen_key(self._folder)
            self._lock = OwnerLock(self._folder / f"window-{key}.lock")
        except InputError:
            if _hand_over(_address(self._folder), file):
                return True
            _log.warning("the window that is open does not answer")
        except (OSError, OutputError) as error:
            _log.warning("whether another window is open cannot be found out: %s", error)
        else:
            self._listen(_address(self._folder))
        return False

    def close(self) -> None:
        """Let the next start be the first."""
        self._server.close()
        if self._lock is not None:
            self._lock.release()

    def _listen(self, address: str) -> None:
        QLocalServer.removeServer(address)
        if not self._server.listen(address):
            _log.warning("a second start will not be heard: %s", self._server.errorString())

    def _on_connection(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.readyRead.connect(lambda it=caller: self._on_words(it))
            caller.disconnected.connect(caller.deleteLater)
            self._on_words(caller)

    def _on_words(self, caller: QLocalSocket) -> None:
        if not caller.canReadLine():
            if caller.bytesAvailable() > _MOST_BYTES:
                caller.abort()
            return
        try:
            words = json.loads(bytes(caller.readLine(_MOST_BYTES).data()))
            file, token = str(words["file"]), str(words["token"])
        except (ValueError, KeyError, TypeError):
            caller.abort()
            return
        if token:
            os.environ[TOKEN] = token
        self.asked.emit(file)
        caller.write(_ANSWER)
        caller.flush()


def _hand_over(address: str, file: Path | None) -> bool:
    """Tell the first window, which may just be starting; return whether it has answered."""
    words = {"file": str(file.absolute()) if file else "", "token": os.environ.get(TOKEN, "")}
    deadline = time.monotonic() + ANSWER_MS / 1000
    while time.monotonic() < deadline:
        socket = QLocalSocket()
        if _is_ours(address):
            socket.connectToServer(address)
        is_asked = socket.state() is not QLocalSocket.LocalSocketState.UnconnectedState
        if is_asked and socket.waitForConnected(ANSWER_MS):
            socket.write(json.dumps(words).encode() + b"\n")
            return socket.waitForBytesWritten(ANSWER_MS) and socket.waitForReadyRead(ANSWER_MS)
        time.sleep(TRY_SECONDS)
    return False


def _is_ours(address: str) -> bool:
    """Whether nobody else can have put a socket there to hear what is opened."""
    if os.name != "posix":
        return True
    try:
        return os.stat(address).st_uid == os.getuid()
    except OSError:
        return False


def _address(folder: Path) -> str:
    """Return the address of the socket, as short as the path of one must be."""
    name = f"backprop-studio-{_screen_key(folder)}"
    if os.name != "posix":
        return name
    places = (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp")
    paths = [os.path.join(it, f"{name}-{os.getuid()}") for it in places if os.path.isdir(it)]
    return next((it for it in paths if len(os.fsencode(it)) <= LONGEST_ADDRESS), name)


def _screen_key(folder: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Return what is another for another user's data and on another screen."""
    words = "\0".join([str(folder), *(environment.get(it, "") for it in SCREENS)])
    return hashlib.sha256(words.encode()).hexdigest()[:16]
