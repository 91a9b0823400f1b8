"""Torch code: a plain program that computes every number of a lesson and asserts it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.kit.item import Item, write_text
from backprop_studio.render.kit.programs import program_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.render.kit.told import Told

ENDING = ".lesson.py"

_SECONDS = 120
"""That a program may take."""

_BEGIN = "import math"

_HEAD = """\
# {title}
#
# Computes with torch every number that the lesson shows, and ends with an error if one of them
# is another:
#
#     python {name}

import math
import re

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)

found = {{}}
"""

_FOOT = '''
# Beat, path in the answer sheet, and the number as it stands on the screen.
SHOWN = [
{rows}
]


def agrees(value, text):
    """Return whether a value, rounded as on the screen, is what stands there."""
    text = text.replace("\\u2212", "-")
    if text in {{"?", "\\u221e", "-\\u221e"}}:
        return math.isnan(value) if text == "?" else value == float(text.replace("\\u221e", "inf"))
    digits, sign, power = re.fullmatch(
        r"(-?[0-9.]+)?(?: times )?(?:(-?)10\\^\\(?(-?[0-9]+)\\)?)?", text
    ).groups()
    digits, power = digits or f"{{sign or ''}}1", int(power or 0)
    unit = 10.0 ** (power - len(digits.partition(".")[2]))
    return abs(value - float(digits) * 10.0**power) <= 0.5 * unit + 1e-9 * abs(value)


for beat, name, text in SHOWN:
    value = found[name].item() if torch.is_tensor(found[name]) else found[name]
    assert agrees(value, text), f"{{beat}}: {{name}} is {{value:.12g}}, not {{text}}"
print(f"{{len(SHOWN)}} numbers are as the lesson shows them")
'''


def _write(told: Told, folder: Path) -> Message | None:
    (film,) = told.films
    path = folder / f"{told.name}{ENDING}"
    text = lesson_program(film.lesson.job.scene, film.sheet, told.title, path.name)
    if text is None:
        reason = N_("there is no program yet for the scene '{scene}'")
        return Message.of("code.none", reason, scene=film.lesson.job.scene)
    write_text(path, text)
    proof = _proof(text)
    fault = None if proof.exists() else run_program(path)
    if fault is None:
        with suppress(OSError):  # it is run again the next time
            proof.parent.mkdir(parents=True, exist_ok=True)
            proof.touch()
        return None
    path.unlink()
    reason = N_("its program does not come to the lesson's numbers ({fault})")
    return Message.of("code.differs", reason, fault=fault)


def _proof(text: str) -> Path:
    """Return the file that says that a program was run and came to its numbers."""
    code = text[text.index(_BEGIN) :]  # what is before it is for people
    digest = hashlib.sha256(f"{version('torch')}\0{sys.version}\0{code}".encode()).hexdigest()
    return Path(platformdirs.user_cache_dir("backprop-studio"), "programs", digest)


def lesson_program(scene: str, sheet: Mapping[str, Any], title: str, name: str) -> str | None:
    """Return the program of a lesson, or None if its scene has none.

    Parameters
    ----------
    sheet : mapping
        The answer sheet.
    title, name : str
        Of the lesson and of the file.
    """
    body = program_of(scene, sheet)
    if body is None:
        return None
    rows = {(it["beat"], it["name"], it["text"]): None for it in sheet["shown"]}
    shown = "\n".join(f"    {row!r}," for row in rows)
    head = _HEAD.format(title=" ".join(title.split()), name=name)
    return f"{head}\n{body}{_FOOT.format(rows=shown)}"


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


CODE = Item((ENDING,), _write, of_whole=False, needs_material=True)
