"""Runs a lesson without encoding, and notes what stands on the frame at every moment."""

from __future__ import annotations

import importlib
import json
import math
import pickle
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from manim import CairoRenderer

from backprop_studio import scenes
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.lesson import LessonScene
from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.stage.directed_lesson import DirectedLesson
from tests.manim_settings import manim_settings

if TYPE_CHECKING:
    import numpy as np


P = TypeVar("P", bound=Painted)

SCENES = sorted(
    path.stem for path in Path(scenes.__file__).parent.glob("*.py") if path.stem[0] != "_"
)
"""Every scene file, so that a new one is tested without being named here."""

SETTINGS = {
    "pixel_width": 427,
    "pixel_height": 240,
    "frame_rate": 30,
    "disable_caching": True,
    "progress_bar": "none",
    "verbosity": "ERROR",
}
CLASSIC = {"pixel_width": 320, "pixel_height": 240}
TALL = {"pixel_width": 240, "pixel_height": 427}


def lesson_class(name):
    """Return the one lesson that a scene file defines."""
    module = importlib.import_module(f"backprop_studio.scenes.{name}")
    (lesson,) = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, LessonScene)
        and value.__module__ == module.__name__
    ]
    return lesson


class BlindRenderer(CairoRenderer):
    """Manim's renderer, which skips to the end of every play and draws nothing."""

    def __init__(self):
        super().__init__(camera_class=PaintingCamera, skip_animations=True)

    def update_frame(self, *args, **kwargs):
        """Draw nothing."""

    def save_static_frame_data(self, *args, **kwargs):
        """Keep nothing."""


@dataclass
class Moment:
    """The frame after a play."""

    beat: str
    texts: list[str]
    parts: list[Painted]


@dataclass
class Run:
    """A lesson that was walked through to its end."""

    lesson: LessonScene
    moments: list[Moment] = field(default_factory=list)
    pictures: dict[str, np.ndarray] = field(default_factory=dict)
    kept: dict[int, tuple[Painted, bytes, Painted]] = field(default_factory=dict)
    """Parts, their contents when they were last copied, and the copies."""
    lines: list[tuple[str, str]] = field(default_factory=list)
    """Beats, and the lines of torch that were written in them."""


def run_lesson(name, params=None, **more):
    """Walk through a lesson, or return the last walk with the same words: nobody changes it.

    Parameters
    ----------
    **more
        See :func:`walk_through`.
    """
    if more.keys() & {"draw", "card", "computed"}:
        return walk_through(name, params, **more)
    return _walked(json.dumps([name, params or {}, more]))


@lru_cache(maxsize=8)
def _walked(words):
    name, params, more = json.loads(words)
    return walk_through(name, params, **more)


def walk_through(
    name,
    params=None,
    *,
    language="en",
    theme="dark",
    draw=False,
    settings=None,
    card=None,
    keep_parts=True,
    computed=None,
):
    """Walk through a lesson; with ``draw``, keep the last picture of each beat.

    Parameters
    ----------
    keep_parts : bool
        Copy the parts of every moment, not only their texts.
    computed : dict, optional
        Takes what the lesson has computed, and gives it to the next with the same parameters: the
        numbers are those of all languages.
    """
    lesson_type = lesson_class(name)
    with manim_settings({**SETTINGS, **(settings or {})}):
        renderer = (
            CairoRenderer(camera_class=PaintingCamera, skip_animations=True)
            if draw
            else BlindRenderer()
        )
        lesson = lesson_type(
            params=validate_params(lesson_type.Params, params or {}),
            language=language,
            theme=theme,
            renderer=renderer,
            card=card,
        )
        run = Run(lesson)
        _watch(run, draw, keep_parts)
        if computed is not None:
            _compute_once(lesson, computed)
        lesson.setup()
        lesson.construct()
    return run


def _compute_once(lesson, computed):
    compute = lesson.compute

    def once():
        if computed:
            vars(lesson).update(computed["state"])
        else:
            before = dict(vars(lesson))
            computed["result"] = compute()
            now = vars(lesson).items()
            computed["state"] = {key: it for key, it in now if before.get(key, before) is not it}
        result: dict[str, Any] = computed["result"]
        return result

    lesson.compute = once  # type: ignore[method-assign]


def _watch(run, draw, keep_parts):
    lesson = run.lesson
    play, close = lesson.play, lesson._close_beat

    def watched_play(*args, **kwargs):
        play(*args, **kwargs)
        run.moments.append(Moment(lesson.beats[-1].name, *_visible(run, keep_parts)))

    def watched_close():
        if lesson.beats and draw:
            lesson.renderer.static_image = None
            lesson.renderer.update_frame(lesson)
            run.pictures[lesson.beats[-1].name] = lesson.renderer.get_frame()[:, :, :3]
        close()

    lesson.play, lesson._close_beat = watched_play, watched_close
    if isinstance(lesson, BoardLesson):
        write = lesson.write

        def watched_write(code, *args, **kwargs):
            run.lines.append((lesson.beats[-1].name, code))
            write(code, *args, **kwargs)

        lesson.write = watched_write
    if isinstance(lesson, DirectedLesson):
        run_line = lesson.run_line

        def watched_line(code, *args, **kwargs):
            if code:
                run.lines.append((lesson.beats[-1].name, code))
            run_line(code, *args, **kwargs)

        lesson.run_line = watched_line  # type: ignore[method-assign]


def _visible(run, keep_parts):
    parts = [
        part
        for mobject in run.lesson.mobjects
        for part in mobject.get_family()
        if isinstance(part, Painted) and part.opacity > 0
    ]
    # Copies: the parts themselves go on changing.
    copies = [_copy_of(part, run.kept) for part in parts] if keep_parts else []
    return [text for part in parts for text in part.texts()], copies


def _copy_of(part, kept):
    """Copy a part, or return its last copy if nothing of it has changed: most stand still."""
    try:
        contents = pickle.dumps(vars(part), pickle.HIGHEST_PROTOCOL)
    except (AttributeError, TypeError, pickle.PicklingError):  # it holds a function
        return part.copy()
    if id(part) not in kept or kept[id(part)][1] != contents:
        kept[id(part)] = part, contents, part.copy()
    return kept[id(part)][2]


def shown(run, name):
    """Return the texts with which a number of the answer sheet was shown."""
    return {number.text for number in run.lesson.shown if number.name == name}


def captions(run):
    """Return the captions by their beats."""
    return {beat.name: beat.caption for beat in run.lesson.beats}


def on_screen(run, beat):
    """Return all texts of a beat."""
    return "\n".join(text for moment in run.moments if moment.beat == beat for text in moment.texts)


def parts_at(run, beat, kind):
    """Return the parts of a kind that stand on the frame at the end of a beat."""
    moment = [moment for moment in run.moments if moment.beat == beat][-1]
    return [part for part in moment.parts if isinstance(part, kind)]


def part_at(run, beat, kind):
    """Return the only part of a kind at the end of a beat."""
    (part,) = parts_at(run, beat, kind)
    return part


_COLOUR = re.compile(r'rgb\("#[0-9a-f]+"\)')
_DECIMAL = re.compile(r"−?\d+\.\d+")
_SCIENTIFIC = re.compile(r"−?\d(?:\.\d+)? times 10\^\(-?\d+\)")
_WHOLE = re.compile(r"−?\d+")
_TICK = re.compile(r"""#"−?[\d.]+(?:e[+-]\d+)?"|\$[−-]?[\d.]+ dot 10\^\S+\$|\$10\^\S+\$""")
_REACH = re.compile(r"±[\d.]+")


def numbers_in(text):
    """Return every number that a viewer would see in a piece of markup and take for a value.

    These are all numbers with a point, and a whole number that stands alone. The ticks of an axis
    and the reach of a scale are round numbers of their own.
    """
    if _TICK.fullmatch(text):
        return []
    if _WHOLE.fullmatch(text):
        return [text]
    text = _REACH.sub("", _COLOUR.sub("", text))
    return [*_SCIENTIFIC.findall(text), *_DECIMAL.findall(_SCIENTIFIC.sub("", text))]


def reads_as(text, value):
    """Return whether a printed number is a value rounded to the decimals it has."""
    if math.isinf(value):
        return text == ("∞" if value > 0 else "−∞")
    if "10^(" in text:
        return _reads_as_power(text, value)
    expected = f"{value:.{len(text.partition('.')[2])}f}"
    if float(expected) == 0:
        expected = expected.removeprefix("-")  # a zero has no sign
    return text == expected.replace("-", "−")


def _reads_as_power(text, value):
    """Return whether digits times a power of ten are a value rounded to these digits."""
    mantissa, _, power = text.replace("−", "-").rpartition("10^(")
    mantissa, exponent = mantissa.removesuffix(" times "), int(power.removesuffix(")"))
    mantissa = {"": "1", "-": "-1"}.get(mantissa, mantissa)
    decimals = len(mantissa.partition(".")[2])
    # What is short has lost zeros, so that more digits than it shows may be right.
    return any(
        Decimal(f"{value:.{digits}e}") == Decimal(mantissa).scaleb(exponent)
        for digits in range(decimals, decimals + 16)
    )
