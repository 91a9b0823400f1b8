"""Backprop Studio turns the training of small neural networks into lecture videos.

In Python and in notebooks::

    import backprop_studio as bs

    lesson = bs.lesson("backprop", network={"preset": "xor"}, learning_rate=0.5)
    lesson.still("loss")
    lesson.video("xor.mp4")
    bs.graph(loss)    # the graph that torch recorded, of any code

What ``__all__`` names is public and follows semantic versioning; everything else may change.

The rooms, one below the other: ``gui``, ``cli`` and ``notebook`` are what a person uses, ``render``
makes files, ``scenes`` draws, and ``core`` computes. In the repository they lie at the top; here is
a link to each.

Examples
--------
>>> import backprop_studio as bs
>>> sorted(bs.__all__)[:3]
['Beat', 'Graph', 'InputError']
"""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backprop_studio.core.base.errors import (
        InputError,
        MissingComponentError,
        OutputError,
        SceneError,
        StudioError,
        TimeLimitError,
    )
    from backprop_studio.core.base.i18n import Language
    from backprop_studio.notebook.catalogue import Scene, scenes
    from backprop_studio.notebook.graph import Graph, graph
    from backprop_studio.notebook.lesson import Lesson
    from backprop_studio.notebook.opening import lesson
    from backprop_studio.render.messages.results import BeatMark as Beat

__all__ = [
    "Beat",
    "Graph",
    "InputError",
    "Lesson",
    "MissingComponentError",
    "OutputError",
    "Scene",
    "SceneError",
    "StudioError",
    "TimeLimitError",
    "graph",
    "lesson",
    "scenes",
]

_HOMES = {
    "Beat": ("render.messages.results", "BeatMark"),
    "Graph": ("notebook.graph", "Graph"),
    "Lesson": ("notebook.lesson", "Lesson"),
    "Scene": ("notebook.catalogue", "Scene"),
    "graph": ("notebook.graph", "graph"),
    "lesson": ("notebook.opening", "lesson"),
}
"""Where a name is found once somebody asks for it: until then nothing is loaded."""


def _found(name: str) -> Any:
    from importlib import import_module

    if name == "scenes":
        return import_module(f"{__name__}.scenes")
    home, its_name = _HOMES.get(name, ("core.base.errors", name))
    return getattr(import_module(f"{__name__}.{home}"), its_name)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = _found(name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: Any) -> None:
    """Let a notebook know ``%%lesson``; it is called by ``%load_ext backprop_studio``."""
    from backprop_studio.notebook.magic import register

    register(shell)


class _Scenes(types.ModuleType):
    """The room of this name, which can be called: ``scenes()`` are the lessons that are in it.

    Whoever imports a lesson's file binds the room to this name, so that a function would be lost.
    """

    def __call__(self, language: Language = "en") -> list[Scene]:
        """Return the lessons; see :func:`backprop_studio.notebook.catalogue.scenes`."""
        from backprop_studio.notebook.catalogue import scenes as found

        return found(language)


class _Package(types.ModuleType):
    """The module of the package: its room ``scenes``, once loaded, can be called."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "scenes" and isinstance(value, types.ModuleType):
            value.__class__ = _Scenes
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
