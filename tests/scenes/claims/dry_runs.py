"""Lessons that are told without a picture: beats, sentences and claims, in no time.

Nothing is set in type and nothing moves: a part takes each change at once, and every text is a
square of one em. What a lesson says cannot depend on that.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import Mobject

from backprop_studio.core.base.parameters import validate_params
from backprop_studio.scenes.families import landscape
from backprop_studio.scenes.lesson.board import Board
from backprop_studio.scenes.lesson.lesson import LessonScene
from backprop_studio.scenes.paint import named_glyphs, typeset
from backprop_studio.scenes.parts.surfaces import ground
from tests.manim_settings import manim_settings
from tests.scenes.lesson_runs import SETTINGS, BlindRenderer, lesson_class

INK = (-0.5, -0.5, 0.5, 0.5)
OURS = ("backprop_studio.", "tests.")
COARSE = 7
"""Samples per axis of a surface that nobody sees."""


@dataclass(frozen=True)
class Told:
    """A lesson that was told: what it computed, its beats, and itself."""

    sheet: dict[str, Any]
    beats: list[Any]
    lesson: Any


class AtOnce:
    """Stands for ``part.animate``: each method changes the part itself."""

    def __init__(self, part: Mobject) -> None:
        self._part = part

    def __call__(self, **_: object) -> AtOnce:
        """Take what an animation is told, such as its speed."""
        return self

    def __getattr__(self, name: str) -> Any:
        """Return a method that changes the part."""
        method = getattr(self._part, name)

        def change(*args: Any, **kwargs: Any) -> AtOnce:
            method(*args, **kwargs)
            return self

        return change


def set_nothing(source: str, _colour: object, **_: object) -> typeset.Ink:
    """Return a text that was not set."""
    return typeset.Ink(source, 1.0, 1.0, INK, (), source)


class DryStage:
    """What a lesson is told on; to be entered once for many lessons."""

    def __enter__(self) -> DryStage:
        """Take type and motion away."""
        self._setting = manim_settings(SETTINGS)
        self._setting.__enter__()
        self._kept: list[tuple[Any, str, Any]] = []
        box_of = named_glyphs.box_of
        for module in [it for name, it in sys.modules.items() if name.startswith(OURS)]:
            if vars(module).get("set_type") is typeset.set_type and module is not typeset:
                self._put(module, "set_type", set_nothing)
            if vars(module).get("box_of") is box_of:
                self._put(module, "box_of", lambda *_: INK)
        self._put(Mobject, "animate", property(AtOnce))
        self._put(landscape, "SIDE", COARSE)
        self._put(ground, "isolines", lambda *_: [])
        self._put(ground, "chained", lambda *_: [])
        self._put(Board, "replace", lambda *_: ([], []))
        self._put(LessonScene, "caption_fades", lambda *_: [])
        return self

    def __exit__(self, *_: object) -> None:
        """Put everything back."""
        for holder, name, value in reversed(self._kept):
            setattr(holder, name, value)
        self._setting.__exit__(None, None, None)

    def _put(self, holder: Any, name: str, value: Any) -> None:
        self._kept.append((holder, name, vars(holder)[name]))
        setattr(holder, name, value)

    @staticmethod
    def tell(name: str, params: dict[str, Any], language: str = "en") -> Told:
        """Tell a lesson.

        Raises
        ------
        InputError
            If it is refused.
        """
        kind = lesson_class(name)
        checked = validate_params(kind.Params, params)
        lesson = kind(params=checked, language=language, renderer=BlindRenderer())
        for motion in ("play", "wait", "next_section", "add_subcaption"):
            setattr(lesson, motion, lambda *_, **__: None)
        with np.errstate(all="ignore"):
            lesson.setup()
            lesson.construct()
        return Told(lesson.sheet, lesson.beats, lesson)
