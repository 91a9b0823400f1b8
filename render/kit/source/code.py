"""Torch code: a plain program that computes every number of a lesson and asserts it."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.kit.item import Item, write_text
from backprop_studio.render.kit.programs.choice import program_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.render.kit.told import Told

ENDING = ".lesson.py"

_SECONDS = 120
"""That a program may take."""

_GIVEN = "parameters."

_FUNCTION, _MANY_LINES = re.compile("\n+def "), re.compile("\n{4,}")

_HEAD = """\
# {title}
#
# Computes with torch every number that the lesson shows, and ends with an error if one of them
# is another:
#
#     python {name}

"""

BEGIN = '''\
import math
import re
from decimal import Decimal

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)

found = {}


def note(name, value):
    """Keep a number, or each number of a list or tensor, by its place in the answer sheet."""
    if torch.is_tensor(value):
        value = value.detach().clone().tolist()
    if isinstance(value, (list, tuple)):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        for key, part in value.items():
            note(f"{name}.{key}", part)
    else:
        found[name] = value
'''

AGREES = '''\
def agrees(value, text):
    """Return whether a value, rounded as on the screen, is what stands there."""
    text = text.replace("\\u2212", "-")
    if text in {"?", "\\u221e", "-\\u221e"}:
        return math.isnan(value) if text == "?" else value == float(text.replace("\\u221e", "inf"))
    digits, sign, power = re.fullmatch(
        r"(-?[0-9.]+)?(?: times )?(?:(-?)10\\^\\(?(-?[0-9]+)\\)?)?", text
    ).groups()
    shown = Decimal(f"{digits or sign + '1'}e{power or 0}")
    value, half = Decimal(value), Decimal((0, (5,), shown.as_tuple().exponent - 1))
    return value.is_finite() and abs(value - shown) <= half + abs(value) * Decimal("1e-9")
'''

_END = """\
for beat, name, text in SHOWN:
    assert name in found, f"{beat}: {name} was not computed"
    assert agrees(found[name], text), f"{beat}: {name} is {found[name]:.12g}, not {text}"
print(f"{len(SHOWN)} numbers are as the lesson shows them")
"""


@dataclass(frozen=True)
class Program:
    """What a lesson's numbers are computed with.

    Attributes
    ----------
    body : str
        The lines that compute them, between :data:`BEGIN` and :data:`AGREES`.
    rows : tuple of (str, str, str)
        Of each number shown: the beat, its path in the answer sheet, and how it stands there.
    """

    body: str
    rows: tuple[tuple[str, str, str], ...]

    @property
    def code(self) -> str:
        """All of it, without what is for people."""
        rows = "\n".join(f"    {row!r}," for row in self.rows)
        comment = "# Beat, path in the answer sheet, and the number as it stands on the screen."
        shown = f"{comment}\nSHOWN = [\n{rows}\n]\n"
        return tidy("\n".join([BEGIN, "", self.body, shown, "", AGREES, "", _END]))

    def text(self, title: str, name: str) -> str:
        """Return the program of a lesson with this title, as a file of this name."""
        return _HEAD.format(title=" ".join(title.split()), name=name) + self.code


def tidy(code: str) -> str:
    r"""Return code with two free lines before a function, and nowhere more.

    Examples
    --------
    >>> tidy("x = 1\ndef f():\n    pass\n\n\n\n\nf()\n").count("\n\n\n")
    2
    """
    return _MANY_LINES.sub("\n\n\n", _FUNCTION.sub("\n\n\ndef ", code))


def lesson_program(scene: str, sheet: Mapping[str, Any]) -> Program | Message:
    """Return the program of a lesson, or why there is none.

    Parameters
    ----------
    sheet : mapping
        The answer sheet.
    """
    body = program_of(scene, sheet)
    if isinstance(body, Message):
        return body
    given = {it["name"]: it["value"] for it in sheet["shown"] if it["name"].startswith(_GIVEN)}
    if given:
        lines = "\n".join(f'note("{name}", {value!r})' for name, value in given.items())
        body = f"# What the lesson was given.\n{lines}\n\n{body}"
    rows = dict.fromkeys((it["beat"], it["name"], it["text"]) for it in sheet["shown"])
    return Program(body, tuple(rows))


def proven_program(told: Told) -> Program | Message:
    """Return the program of a lesson that comes to its numbers, or why there is none."""
    (film,) = told.films
    program = lesson_program(film.lesson.job.scene, film.sheet)
    if isinstance(program, Message):
        return program
    proof = _proof(program)
    if proof.exists():
        return program
    with tempfile.TemporaryDirectory(prefix="backprop-studio-") as folder:
        path = Path(folder, f"lesson{ENDING}")
        write_text(path, program.code)
        fault = run_program(path)
    if fault is not None:
        reason = N_("its program does not come to the lesson's numbers ({fault})")
        return Message.of("code.differs", reason, fault=fault)
    with suppress(OSError):  # it is run again the next time
        proof.parent.mkdir(parents=True, exist_ok=True)
        proof.touch()
    return program


def _proof(program: Program) -> Path:
    """Return the file that says that a program was run and came to its numbers."""
    known = f"{version('torch')}\0{sys.version}\0{program.code}"
    digest = hashlib.sha256(known.encode()).hexdigest()
    return Path(platformdirs.user_cache_dir("backprop-studio"), "programs", digest)


def run_program(path: Path) -> str | None:
    """Run a program; return its last words if it fails."""
    done = subprocess.run(
        [sys.executable, path.name],
        cwd=path.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or ["?"])[-1]


def _write(told: Told, folder: Path) -> Message | None:
    program = proven_program(told)
    if isinstance(program, Message):
        return program
    path = folder / f"{told.name}{ENDING}"
    write_text(path, program.text(told.title, path.name))
    return None


CODE = Item((ENDING,), _write, of_whole=False, needs_material=True)
