"""The example notebooks: they are made of their sources, and every cell runs and agrees."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import torch
from nbclient import NotebookClient

from backprop_studio.core.base.i18n import LANGUAGES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "notebooks"
NAMES = sorted(it.stem for it in (FOLDER / "source").glob("*.py"))


def test_each_is_made_of_its_source():
    made = {f"{name}.{language}" for name in NAMES for language in LANGUAGES}
    assert len(made) == 10
    assert made == {it.stem for it in FOLDER.glob("*.ipynb")}
    tool = [sys.executable, str(ROOT / "tools" / "notebooks.py"), "--check"]
    assert subprocess.run(tool, check=False).returncode == 0, "run tools/notebooks.py"


def test_languages_differ_in_words_alone():
    for name in NAMES:
        books = [nbformat.read(FOLDER / f"{name}.{it}.ipynb", as_version=4) for it in LANGUAGES]
        kinds = [[cell.cell_type for cell in book.cells] for book in books]
        assert kinds[0] == kinds[1]
        codes = [
            [cell.source for cell in book.cells[1:] if cell.cell_type == "code"][1:]
            for book in books
        ]
        assert codes[0] == codes[1]


@pytest.fixture
def _own_numbers():
    """The precision that torch has, whatever the cells make of it."""
    before = torch.get_default_dtype()
    yield
    torch.set_default_dtype(before)


@pytest.mark.filterwarnings("ignore::UserWarning")  # what is said of the table
@pytest.mark.usefixtures("_own_numbers", "capsys")
@pytest.mark.parametrize(
    "name", [it if it == "one_weight" else pytest.param(it, marks=pytest.mark.slow) for it in NAMES]
)
def test_what_lessons_show_is_what_torch_computes(name):
    """Every cell as a program: nothing is played, and each assertion holds."""
    book = nbformat.read(FOLDER / f"{name}.en.ipynb", as_version=4)
    cells = [it.source for it in book.cells if it.cell_type == "code"]
    assert any("assert" in it for it in cells)
    space = {"__name__": "__main__"}
    for source in cells:
        exec(source, space)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_kernel_runs_it(name, language, tmp_path):
    book = nbformat.read(FOLDER / f"{name}.{language}.ipynb", as_version=4)
    NotebookClient(book, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [
        output.data
        for cell in book.cells
        for output in cell.get("outputs", [])
        if output.output_type in {"display_data", "execute_result"}
    ]
    played = [it for it in shown if "text/html" in it and "<iframe" in it["text/html"]]
    lessons = [it for it in book.cells if it.cell_type == "code" and it.source.endswith("\nlesson")]
    assert len(played) >= len(lessons) >= 1
    assert all("image/png" in it for it in shown if "text/html" in it)
