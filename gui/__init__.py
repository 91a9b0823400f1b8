"""The window: PySide6. It never imports manim or torch; workers of :mod:`render` do that."""
