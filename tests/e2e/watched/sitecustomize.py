"""Every Python process that finds this folder on its path notes which files it has loaded."""

import atexit
import json
import os
import signal
import sys
from collections import defaultdict
from pathlib import Path


def loaded(folder):
    """Return the names of the modules that were made of each file in a folder."""
    names = defaultdict(dict)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if file.startswith(folder + os.sep) and "/.venv/" not in file:
            names[os.path.realpath(file)].setdefault(id(module), name)
    return {file: sorted(modules.values()) for file, modules in names.items()}


def write():
    """Leave a note, named after the process."""
    command = " ".join(sys.orig_argv[1:])
    note = {"command": command, "files": loaded(os.environ["WATCHED_FOLDER"])}
    target = Path(os.environ["WATCHED_NOTES"]) / f"{os.getpid()}.json"
    target.write_text(json.dumps(note), encoding="utf-8")


def write_and_end(number, _frame):
    """Do so before a worker is ended by the signal."""
    write()
    os._exit(128 + number)


if "WATCHED_NOTES" in os.environ:
    atexit.register(write)
    signal.signal(signal.SIGTERM, write_and_end)
