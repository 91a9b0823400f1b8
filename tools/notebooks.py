"""Make the example notebooks of their sources.

``python tools/notebooks.py`` writes ``examples/notebooks/NAME.LANGUAGE.ipynb`` of each
``examples/notebooks/source/NAME.py``, where a cell that is marked with ``lang`` is of that language
alone. ``--check`` writes nothing and fails if that would change a file.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import jupytext
import nbformat

from backprop_studio.core.base.i18n import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbformat import NotebookNode

FOLDER = Path(__file__).parents[1] / "examples" / "notebooks"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook_of(source: str, language: str) -> NotebookNode:
    """Return a source as a notebook without outputs, with the cells of one language."""
    book = jupytext.reads(source, fmt="py:percent")
    book.cells = [it for it in book.cells if it.metadata.get("lang", language) == language]
    for number, cell in enumerate(book.cells):
        cell.metadata, cell.id = {}, f"cell-{number}"
        if cell.cell_type == "code":
            cell.source = cell.source.strip("\n")
    book.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    nbformat.validate(book)
    return book


def notebooks() -> Iterator[tuple[Path, str]]:
    """Yield all example notebooks with what is to be in them."""
    for source in sorted((FOLDER / "source").glob("*.py")):
        for language in LANGUAGES:
            book = notebook_of(source.read_text(encoding="utf-8"), language)
            text: str = nbformat.writes(book, indent=1, ensure_ascii=False)
            yield FOLDER / f"{source.stem}.{language}.ipynb", f"{text}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the notebooks, or look whether they are as they should be."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--check", action="store_true", help="write nothing")
    asked, old = parser.parse_args(arguments), 0
    for path, text in notebooks():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        old += 1
        if asked.check:
            print(f"{path.relative_to(FOLDER.parents[1])} is not made of its source")
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
    return int(asked.check and old > 0)


if __name__ == "__main__":
    sys.exit(main())
