from __future__ import annotations

import pytest


@pytest.fixture
def found(tool, tmp_path):
    """Return what is found in a room of files with so many lines each."""

    def found(**lines):
        for name, count in lines.items():
            file = tmp_path / "core" / "base" / f"{name}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("pass\n" * count)
        return list(tool("layout").problems(tmp_path))

    return found


def test_a_room_in_order_is_passed(found):
    assert found(graph=400, graph_records=1, walk=1, __init__=1) == []


def test_a_long_file_is_found(found):
    assert found(walk=401) == ["core/base/walk.py: 401 lines, of which 400 may be"]


def test_a_prefix_in_place_of_a_folder_is_found(found):
    (problem,) = found(graph=1, graph_walk=1, graph_records=1, walk=1)
    assert problem.startswith("core/base: 3 files begin with 'graph'")


def test_a_full_folder_is_found(found):
    files = {f"file{index}": 1 for index in range(20)}
    assert found(**files) == []
    (problem,) = found(**files, one_more=1)
    assert problem.startswith("core/base: 21 files")


def test_lessons_are_as_many_as_there_are(tool, tmp_path):
    (tmp_path / "scenes").mkdir()
    for index in range(30):
        (tmp_path / "scenes" / f"lesson_{index}.py").touch()
    assert list(tool("layout").problems(tmp_path)) == []
