"""The protocol of a kit: which files a kind has, what it needs, and how it writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backprop_studio.core.base.messages import Message
    from backprop_studio.render.kit.told import Told

Write: TypeAlias = "Callable[[Told, Path], Message | None]"
"""Writes files into a folder. What it returns says why one of them is left out; a fault is raised,
and the files of this kind are then missing, whatever it has written of them."""


@dataclass(frozen=True)
class Item:
    """One kind of file that a kit has.

    Attributes
    ----------
    endings : tuple of str
        The files' names behind the name of what is told. One such as ``/*.png`` stands for files
        in a folder of that name, of which nobody knows before how many there are.
    write : callable
        See :data:`Write`.
    of_lesson, of_whole : bool
        Whether each lesson has such files, and all lessons of a language together.
    needs_material : bool
        Whether it is made of the beats' pictures or of the answer sheet.
    needs_print : bool
        Whether it is made of pictures for paper.
    """

    endings: tuple[str, ...]
    write: Write
    of_lesson: bool = True
    of_whole: bool = True
    needs_material: bool = False
    needs_print: bool = False

    def names(self, name: str, *, is_whole: bool) -> list[str]:
        """Return the names of the files of a lesson, or of all lessons together.

        Examples
        --------
        >>> Item((".srt", ".vtt"), lambda told, folder: None).names("a", is_whole=True)
        ['a.srt', 'a.vtt']
        """
        is_made = self.of_whole if is_whole else self.of_lesson
        return [name + ending for ending in self.endings] if is_made else []


def write_text(path: Path, text: str) -> None:
    """Write a text with the same line ends on every system."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
