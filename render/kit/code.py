"""Torch code: a plain program that computes every number of a lesson and asserts it."""

from __future__ import annotations

import hashlib
import re
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
from backprop_studio.render.kit.programs.choice import program_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.render.kit.told import Told

ENDING = ".lesson.py"

_SECONDS = 120
"""That a program may take."""

_BEGIN = "import math"

_GIVEN = "parameters."

_FUNCTION, _MANY_LINES = re.compile("\n+def "), re.compile("\n{4,}")

_HEAD = '''\
# {title}
#
# Computes with torch every number that the lesson shows, and ends with an error if one of them
# is another:
#
#     python {name}

import math
import re
from decimal import Decimal

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)

found = {{}}


def note(name, value):
    """Keep a number, or each number of a list or tensor, by its place in the answer sheet."""
    if torch.is_tensor(value):
        value = value.detach().clone().tolist()
    if isinstance(value, (list, tuple)):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        for key, part in value.items():
            note(f"{{name}}.{{key}}", part)
    else:
        found[name] = value


'''

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
    shown = Decimal(f"{{digits or sign + '1'}}e{{power or 0}}")
    value, half = Decimal(value), Decimal((0, (5,), shown.as_tuple().exponent - 1))
    return value.is_finite() and abs(value - shown) <= half + abs(value) * Decimal("1e-9")


for beat, name, text in SHOWN:
    assert name in found, f"{{beat}}: {{name}} was not computed"
    assert agrees(found[name], text), f"{{beat}}: {{name}} is {{found[name]:.12g}}, not {{text}}"
print(f"{{len(SHOWN)}} numbers are as the lesson shows them")
'''


def _write(told: Told, folder: Path) -> Message | None:
    (film,) = told.films
    path = folder / f"{told.name}{ENDING}"
    text = lesson_program(film.lesson.job.scene, film.sheet, told.title, path.name)
    if isinstance(text, Message):
        return text
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


def lesson_program(scene: str, sheet: Mapping[str, Any], title: str, name: str) -> str | Message:
    """Return the program of a lesson, or why there is none.

    Parameters
    ----------
    sheet : mapping
        The answer sheet.
    title, name : str
        Of the lesson and of the file.
    """
    body = program_of(scene, sheet)
    if isinstance(body, Message):
        return body
    rows = {(it["beat"], it["name"], it["text"]): None for it in sheet["shown"]}
    given = {it["name"]: it["value"] for it in sheet["shown"] if it["name"].startswith(_GIVEN)}
    if given:
        lines = "\n".join(f'note("{name}", {value!r})' for name, value in given.items())
        body = f"# What the lesson was given.\n{lines}\n\n{body}"
    shown = "\n".join(f"    {row!r}," for row in rows)
    head = _HEAD.format(title=" ".join(title.split()), name=name)
    text = f"{head}\n{body}{_FOOT.format(rows=shown)}"
    # Two lines are left free before a function, and nowhere more.
    return _MANY_LINES.sub("\n\n\n", _FUNCTION.sub("\n\n\ndef ", text))


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
