"""What the command line loads, and what it does with its streams."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.cli.conftest import ROOT

PROGRAM = f"{sys.executable} -m backprop_studio.cli.commands"
MISTAKE = f"{PROGRAM} render backprob"


def shell(command):
    """Run a line as users do: streams keep what they cannot write, unless Python is told not to."""
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONUNBUFFERED"}
    whole = ["bash", "-o", "pipefail", "-c", command]
    done = subprocess.run(whole, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a disk that is always full")
@pytest.mark.parametrize("arguments", ["--version", "--help"])
def test_a_result_that_cannot_be_written_is_a_fault_of_the_disk(arguments):
    code, _, said = shell(f"{PROGRAM} {arguments} > /dev/full")
    assert code == 5
    assert said == "error: Standard output could not be written: no space left on device.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        (f"{PROGRAM} --help | true", 0),  # a reader that leaves early
        (f"{PROGRAM} --version <&- >&- 2>&-", 0),
        (f"{MISTAKE} <&- >&- 2>&-", 2),
        (f"{MISTAKE} 2> /dev/full", 2),
    ],
)
def test_nobody_needs_to_listen(command, code):
    assert shell(command) == (code, "", "")


def test_an_interrupt_while_it_is_loading_is_no_traceback():
    code = (
        "import os, signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'typer':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from backprop_studio.cli.start import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_what_starts_it_is_the_command_line_which_loads_neither_manim_nor_torch_nor_qt():
    code = (
        "import sys; from backprop_studio.cli.start import main; sys.argv[1:] = ['--help']; main();"
        "print([m for m in ('manim', 'torch', 'PySide6', 'av', 'scenes') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--version" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
