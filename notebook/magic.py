"""``%%lesson``: a lesson of a cell that holds its parameters as TOML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.user_files import toml_values
from backprop_studio.notebook.opening import lesson

if TYPE_CHECKING:
    from backprop_studio.notebook.lesson import Lesson

NAME = "lesson"

_OWN = ("scene", "model")
"""What :func:`lesson` takes and no TOML can say."""


def lesson_magic(line: str, cell: str = "") -> Lesson:
    """Return the lesson of a cell, or of a line; the notebook plays it.

    Parameters
    ----------
    line : str
        The scene's id.
    cell : str
        TOML, none in ``%lesson``: parameters as in a lecture file, ``language`` and ``theme``.

    Raises
    ------
    InputError
        If the scene, the TOML or a parameter is wrong; lines are counted as the cell shows them.

    Examples
    --------
    >>> lesson_magic("backprop", 'network.preset = "xor"')
    <Lesson backprop: network>
    >>> lesson_magic("backprop", "learning_rate 1")
    Traceback (most recent call last):
        ...
    backprop_studio.core.base.errors.InputError: The cell %%lesson is not valid TOML: Expected \
'=' after a key in a key/value pair (at line 2, column 15).
    """
    scene = line.strip()
    if not scene:
        raise InputError("magic.no_scene", N_("behind %%lesson the scene is missing"))
    # The line of the magic is the first of the cell.
    values: dict[str, Any] = toml_values(f"\n{cell}", Path(f"%%{NAME}"), N_("cell"))
    for name in _OWN:
        if name in values:
            text = N_("{field} cannot be set in a cell of %%lesson; the scene stands behind it")
            raise InputError("magic.own", text, field=name)
    return lesson(scene, **values)


def register(shell: Any) -> None:
    """Let an IPython shell know the magic."""
    shell.register_magic_function(lesson_magic, "line_cell", NAME)
