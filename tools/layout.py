"""Check that one can see the house: short files, and folders in place of prefixes.

A folder of source holds at most 20 files, no three of which begin with the same word; a file has at
most 400 lines. The lessons are as many as there are: one file of ``scenes/`` is one lesson.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
ROOMS = ("cli", "core", "gui", "notebook", "render", "scenes", "tools", "benchmarks")
MOST_FILES = 20
MOST_LINES = 400
MOST_OF_ONE_PREFIX = 2


def crowded(folder: Path) -> Iterator[str]:
    """Say what is wrong with the files of one folder."""
    files = [file for file in folder.glob("*.py") if file.stem != "__init__"]
    if len(files) > MOST_FILES:
        yield f"{len(files)} files, of which {MOST_FILES} may be; give them folders"
    for prefix, count in Counter(file.stem.split("_")[0] for file in files).items():
        if count > MOST_OF_ONE_PREFIX:
            yield f"{count} files begin with {prefix!r}: they are a folder of that name"


def long_file(file: Path) -> Iterator[str]:
    """Say whether one file is too long."""
    lines = len(file.read_text(encoding="utf-8").splitlines())
    if lines > MOST_LINES:
        yield f"{lines} lines, of which {MOST_LINES} may be"


def problems(root: Path) -> Iterator[str]:
    """Yield a line for everything that is wrong below a root."""
    files = sorted(file for room in ROOMS for file in (root / room).rglob("*.py"))
    folders = sorted({file.parent for file in files} - {root / "scenes"})
    for path, check in [(it, crowded) for it in folders] + [(it, long_file) for it in files]:
        yield from (f"{path.relative_to(root)}: {problem}" for problem in check(path))


def main() -> int:
    """Print what is wrong."""
    found = list(problems(ROOT))
    print(*found, sep="\n", end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
