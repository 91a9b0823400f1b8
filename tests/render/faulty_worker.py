"""The tiny worker under a hard limit: ``python faulty_worker.py FAULT SCENES``."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path

fault = sys.argv.pop(1)


def forbid_network() -> None:
    """End the process at the first attempt to reach anything, even itself."""

    def listen(event: str, arguments: object) -> None:
        if event.startswith("socket.") and event != "socket.__new__":
            os.write(2, f"network: {event} {arguments}\n".encode())
            os._exit(77)

    sys.addaudithook(listen)


def limit_files() -> None:
    """Let no file grow beyond 60 kB, as on a disk that is full."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))


{"network": forbid_network, "full": limit_files}[fault]()
runpy.run_path(str(Path(__file__).with_name("tiny_worker.py")), run_name="__main__")
