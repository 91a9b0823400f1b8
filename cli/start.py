"""The first thing that ``backprop-studio`` runs, before the second that loading the rest takes."""

from __future__ import annotations

import signal


def main() -> int:
    """Run the command line; an interrupt while it is loading ends it without a traceback.

    Returns
    -------
    int
        Exit code.
    """
    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not so under nohup
    if is_ours:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from backprop_studio.cli.commands import main as run

    if is_ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return run()
