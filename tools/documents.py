"""Check that the documents name only files that exist, and that both READMEs say the same.

The Chinese README has the headings, commands and keys of the English one in the same order.
"""

from __future__ import annotations

import re
import sys
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")
DOCUMENTS = (*READMES, "ARCHITECTURE.md", "CONTRIBUTING.md")

OUTPUT = ("media/", "dist/")
"""What need not be there."""

CODE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"(?<![\w./~-])[\w.-]+(?:/[\w.*-]+)*/?")
LINK = re.compile(r"\]\(([^):#]+)\)")


def paths_of(text: str) -> set[str]:
    """Return the paths that a document names in code, and the targets of its links."""
    code = [block for _, block in CODE.findall(text)]
    code += re.findall(r"`([^`\n]+)`", CODE.sub("", text))
    words = {word for piece in code for word in PATH.findall(piece)}
    # Of a file that somebody will write, the folder is to be there.
    return {re.sub(r"\w*NAME.*", "", word) for word in words} | set(LINK.findall(text))


def missing_files(root: Path, name: str) -> Iterator[str]:
    """Yield the files and folders of ours that a document names and that do not exist.

    Ours is what begins with a folder of the project, and a Python file without a folder.
    """
    top = {path.name for path in root.iterdir() if not path.name.startswith(".")}
    for path in sorted(paths_of((root / name).read_text(encoding="utf-8"))):
        first, folder, _ = path.partition("/")
        is_ours = first in top if folder else path.endswith((".py", ".md"))
        if not is_ours or path.startswith(OUTPUT):
            continue
        if not any(root.glob(path) if folder else _named(root, path)):
            yield f"{name}: there is no {path}"


def _named(root: Path, name: str) -> Iterator[Path]:
    folders = (it for it in root.iterdir() if it.is_dir() and not it.name.startswith("."))
    yield from root.glob(name)
    for folder in folders:
        yield from folder.rglob(name)


def skeleton(text: str) -> list[str]:
    """Return what is equal in all languages: depths of headings, commands, keys in tables."""
    lines = []
    for part in re.split(r"(^```.*?^```)", text, flags=re.DOTALL | re.MULTILINE):
        if part.startswith("```"):
            lines += commands(part)
        else:
            lines += re.findall(r"^(#+) ", part, re.MULTILINE)
            lines += re.findall(r"^\|[^|`]*\|? *(`[^|]+`) *\|", part, re.MULTILINE)
    return lines


def commands(block: str) -> Iterator[str]:
    """Yield the lines of a block without remarks, and without values that a person would read."""
    for line in block.splitlines():
        command = re.split(r"\s{2,}|\s*#|\s=\s", line)[0]
        if command:
            yield command


def out_of_step(first: str, second: str) -> Iterator[str]:
    """Yield the first place where two READMEs differ."""
    for ours, theirs in zip_longest(skeleton(first), skeleton(second), fillvalue="(nothing)"):
        if ours != theirs:
            yield f"{READMES[1]}: {theirs!r} where {READMES[0]} has {ours!r}"
            return


def main() -> int:
    """Print what is wrong."""
    found = [problem for name in DOCUMENTS for problem in missing_files(ROOT, name)]
    found += out_of_step(*((ROOT / name).read_text(encoding="utf-8") for name in READMES))
    print(*found, sep="\n", end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
