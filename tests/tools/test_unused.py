from __future__ import annotations

import pytest

CORE = """
from dataclasses import dataclass

@dataclass
class Record:
    loss: float
    forgotten: float

def dead():
    pass
"""


@pytest.fixture
def unused(tool, tmp_path, monkeypatch):
    """The tool, in a project of two files."""
    module = tool("unused")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "ROOMS", ("core", "scenes"))
    monkeypatch.setattr(module, "ALLOWED", {})
    for name, text in {
        "core/record.py": CORE,
        "scenes/descent.py": "class Descent:\n    text = 'step.0.loss'\nDescent.text\nRecord\n",
    }.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    return module


def test_what_no_line_uses_is_found(unused, capsys):
    assert unused.main() == 1
    out = capsys.readouterr().out
    assert out.count("unused") == 2
    assert "'forgotten'" in out
    assert "'dead'" in out


def test_what_is_allowed_is_passed_until_it_is_used(unused, capsys, monkeypatch):
    monkeypatch.setattr(unused, "ALLOWED", {"forgotten": "a field", "de*": "called by others"})
    assert unused.main() == 0
    monkeypatch.setattr(unused, "ALLOWED", {"Record": "a class", "forgotten": "", "dead": ""})
    assert unused.main() == 1
    assert capsys.readouterr().out.strip() == "tools/unused.py: Record is used now"
