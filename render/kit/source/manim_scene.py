"""Manim source: a lesson with its parameters as a scene that an author can go on from."""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from backprop_studio.render.catalogue import scene_file
from backprop_studio.render.files.data_paths import paths_in, with_paths
from backprop_studio.render.kit.item import Item, write_text
from backprop_studio.render.kit.programs.texts import literal

if TYPE_CHECKING:
    from backprop_studio.render.kit.told import Told
    from backprop_studio.render.messages.jobs import VideoJob

ENDING = ".scene.py"

_HEAD = '''\
# {title}
#
# This lesson as a scene of Manim, to go on from. It needs Backprop Studio, where the lesson is:
#
#     manim -ql {name}
#
{beats}
# Each is told by a method of {kind}, in backprop_studio/scenes/{scene}.py, which can be
# overridden here.
{files}\

{imports}\
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.scenes.{scene} import {kind}, Params
from backprop_studio.scenes.lesson.title_card import TitleCard

{frame}\
{parameters}
{script}
{card}


class {name_of_class}({kind}):
    """The lesson, and what is told before and behind it."""

    def __init__(self, *args, **kwargs):
        params = validate_params(Params, PARAMETERS)
        look = {{"language": "{language}", "theme": "{theme}", "script": SCRIPT, "card": CARD}}
        super().__init__(*args, params=params, **{{**look, **kwargs}})

    def tell(self):
        # Own beats can come before the lesson. A beat is a caption, a chapter and a still:
        # self.beat("welcome", "What this lesson is good for")
        # self.hold(2.0)

        super().tell()

        # And behind it. What the lesson has drawn is still there (self.mobjects):
        # self.beat("my_question", "What would another learning rate do?")
        # circle = Circle(color=YELLOW)
        # self.move(FadeIn(circle), seconds=1.0)
        # self.hold(2.0)
'''

_IMPORTS = """\
from pathlib import Path

from manim import *

"""
"""The first of them where a file is beside the scene."""

_FRAME = """\
# The lesson was made for a frame of this shape; its height is what -ql, -qm or -qh ask for.
config.pixel_width = 2 * round(config.pixel_height * {width} / {height} / 2)

"""

_USUAL = 16 / 9
_NEARLY = 0.01
"""A shape differs by no more where pixels are whole numbers."""


def _write(told: Told, folder: Path) -> None:
    (film,) = told.films
    path = folder / f"{told.name}{ENDING}"
    beats = [it.name for it in film.beats]
    write_text(path, scene_source(film.lesson.job, film.title, path.name, beats))


def scene_source(job: VideoJob, title: str, name: str, beats: list[str]) -> str:
    """Return the scene of a lesson.

    Parameters
    ----------
    job : VideoJob
        As the lesson is drawn.
    title, name : str
        Of the lesson and of the file.
    beats : list of str
        The beats' names.
    """
    kind = _lesson_class(job.scene)
    files = sorted({Path(it).name for it in paths_in(job.params)})
    beside = f"# Put {', '.join(files)} beside this file.\n" if files else ""
    parameters = literal("PARAMETERS = ", with_paths(job.params, _Beside))
    is_usual = abs(job.picture.width / job.picture.height - _USUAL) < _NEARLY
    size = {"width": job.picture.width, "height": job.picture.height}
    card = "CARD = None"
    if job.card is not None:
        number = job.card.number
        given = {"title": title, "lecture": job.card.lecture, "number": number}
        card = "# None: no title before the lesson.\nCARD = TitleCard(\n"
        card += "".join(literal(f"    {name}=", it, ",\n") for name, it in given.items()) + ")"
    return _HEAD.format(
        title=" ".join(title.split()),
        name=name,
        beats=_commented(f"Its beats: {', '.join(beats)}."),
        files=beside,
        kind=kind,
        scene=job.scene,
        name_of_class=f"My{kind}",
        imports=_IMPORTS if files else _IMPORTS.partition("\n\n")[2],
        frame="" if is_usual else _FRAME.format(**size),
        parameters=parameters,
        script=literal("SCRIPT = ", {beat: list(it) for beat, it in job.script.items()}),
        card=card,
        language=job.language,
        theme=job.theme,
    )


class _Beside:
    """The path of a file that is beside the program."""

    def __init__(self, path: str) -> None:
        self._name = Path(path).name

    def __repr__(self) -> str:
        return f"str(Path(__file__).with_name({self._name!r}))"


def _commented(text: str) -> str:
    return fill(text, 96, initial_indent="# ", subsequent_indent="# ")


def _lesson_class(scene: str) -> str:
    """Return what the lesson's class is called, without importing it."""
    tree = ast.parse(scene_file(scene).read_text(encoding="utf-8"))
    return next(
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef) and any(map(_names_params, node.body))
    )


def _names_params(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign):
        return False
    return any(isinstance(it, ast.Name) and it.id == "Params" for it in statement.targets)


SOURCE = Item((ENDING,), _write, of_whole=False)
