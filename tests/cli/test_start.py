"""What the command line loads, and what it does with its streams."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.cli.conftest import ROOT

VERSION = f"{sys.executable} -m backprop_studio.cli.commands --version"
MISTAKE = f"{sys.executable} -m backprop_studio.cli.commands render backprob"


def test_a_reader_that_leaves_early_is_no_error():
    command = f"{sys.executable} -m backprop_studio.cli.commands --help | true"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def shell(command):
    """Run a line as users do: streams keep what they cannot write, unless Python is told not to."""
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a disk that is always full")
@pytest.mark.parametrize("arguments", ["--version", "--help", "scenes --json"])
def test_a_result_that_cannot_be_written_is_a_fault_of_the_disk(arguments):
    code, _, said = shell(
        f"{sys.executable} -m backprop_studio.cli.commands {arguments} > /dev/full"
    )
    assert code == 5
    assert said == "error: Standard output could not be written: no space left on device.\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a disk that is always full")
def test_an_error_that_cannot_be_written_keeps_its_code():
    assert shell(f"{MISTAKE} 2> /dev/full") == (2, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.parametrize(
    ("command", "code"), [(f"{VERSION} <&- >&- 2>&-", 0), (f"{MISTAKE} <&- >&- 2>&-", 2)]
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


def test_what_starts_it_is_the_command_line():
    code = (
        "import sys; from backprop_studio.cli.start import main; "
        "sys.argv[1:] = ['--version']; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


def test_the_command_line_loads_neither_manim_nor_torch_nor_qt():
    code = (
        "import sys; from backprop_studio.cli.commands import main; main(['--help']);"
        "print([m for m in ('manim', 'torch', 'PySide6', 'av', 'scenes') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
