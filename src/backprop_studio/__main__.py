"""``python -m backprop_studio``: the command line."""

from __future__ import annotations

import sys

from backprop_studio.cli.start import main

if __name__ == "__main__":
    sys.exit(main())
