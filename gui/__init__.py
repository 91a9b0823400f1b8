"""The window: PySide6. It never imports manim or torch; workers of :mod:`~render` do that."""

import sys

if __name__ == "gui":  # python -m gui in the checkout: it is the package's own window, not a second
    import importlib

    sys.modules[__name__] = importlib.import_module("backprop_studio.gui")
