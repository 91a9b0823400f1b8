"""The numbers: networks, data and training, computed by torch and handed out as frozen records.

Nothing here knows Manim or Qt. Torch is imported by :mod:`core.engine` and :mod:`core.verify`
alone, so that the window can use the parameter models without paying for it.
"""
