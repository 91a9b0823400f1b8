"""The cell magic: TOML in a cell is what keywords are in Python."""

from __future__ import annotations

import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell

import backprop_studio as bs
from backprop_studio.gui.catalogue.shipped import shipped_catalogue
from backprop_studio.render.catalogue import store_catalogue


@pytest.fixture(scope="module")
def shell():
    store_catalogue(list(shipped_catalogue().scenes))
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "backprop_studio")
    yield shell
    InteractiveShell.clear_instance()


def lesson_of(shell, line, cell):
    return shell.run_cell_magic("lesson", line, cell)


def test_a_cell_is_what_keywords_are(shell):
    cell = 'learning_rate = 0.5\nlanguage = "zh"\n[network]\npreset = "xor"\n'
    made = lesson_of(shell, " backprop ", cell)
    asked = bs.lesson("backprop", learning_rate=0.5, language="zh", network="xor")
    assert vars(made) == vars(asked)


@pytest.mark.parametrize(
    ("line", "cell", "said"),
    [
        ("", "\n", "the scene is missing"),
        ("backprob", "\n", "did you mean 'backprop'?"),
        ("backprop", "learning_rate = 1\n\npace == 2", "line 4, column 7"),
        ("backprop", "learning_rate = -1", "learning_rate: -1; expected a number above 0"),
        ("backprop", "[network]\nsizes = [2]", "network.sizes"),
        ("backprop", 'model = "net"', "model"),
        ("backprop", 'theme = "pink"', "theme"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_or_field(shell, line, cell, said):
    with pytest.raises(bs.InputError) as caught:
        lesson_of(shell, line, cell)
    assert said.lower() in str(caught.value).lower()


def test_a_notebook_shows_errors_as_one_sentence(shell, capsys):
    shell.run_cell("%%lesson backprop\nlearning_rate = -1")
    shown = capsys.readouterr()
    lines = [it for it in (shown.out + shown.err).splitlines() if it.strip()]
    assert len(lines) == 1
    assert lines[0].startswith("InputError: Wrong value for learning_rate: -1")


def test_a_line_is_a_lesson_with_its_own_values(shell):
    assert vars(shell.run_line_magic("lesson", "derivative")) == vars(bs.lesson("derivative"))


def test_magic_of_manim_goes_on_working():
    code = (
        "from IPython.core.interactiveshell import InteractiveShell as S; s = S.instance();"
        "s.run_line_magic('load_ext', 'backprop_studio'); import manim;"
        "assert {'manim', 'lesson'} <= set(s.magics_manager.magics['cell'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr[-2000:]
