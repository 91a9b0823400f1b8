"""``python -m backprop_studio.gui``."""

from __future__ import annotations

import sys

from backprop_studio.gui.app import main

if __name__ == "__main__":
    sys.exit(main())
