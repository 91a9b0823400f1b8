"""The tiny lesson, which also tells what runs it; tests copy it into its scenes folder."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from backprop_studio.scenes.tiny import Params as TinyParams
from backprop_studio.scenes.tiny import Tiny

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.user_paths import user_path


class Params(TinyParams):
    """What the test chooses."""

    file: str = ""
    note: str = ""
    hang_at_first: bool = False
    end_of_worker: bool = False


class Watched(Tiny):
    """Adds a line to a note in each run: its process, and the one that this was started by."""

    Params = Params

    def compute(self) -> dict[str, Any]:
        given = self.params
        if given.note:
            with Path(given.note).open("a") as note:
                print(json.dumps([os.getpid(), os.getppid()]), file=note)
        if given.end_of_worker:
            os.kill(os.getppid(), signal.SIGKILL)
        sheet = super().compute()
        if given.file:
            path = user_path(given.file)
            if not path.exists():
                raise InputError(f"{path} is not there")
            sheet |= {"text": path.read_text(), "path": str(path)}
        return sheet

    def tell(self) -> None:
        self.wait(0.1)
        while self.params.hang_at_first and Path(self.params.note).read_text().count("\n") == 1:
            time.sleep(0.05)
        super().tell()
