"""Paths in parameters: found wherever they stand, and nothing else taken for one."""

from __future__ import annotations

from backprop_studio.render.files.data_paths import paths_in, with_paths

PARAMS = {
    "data": {"file": "a.csv", "folder": "digits", "name": "images"},
    "sets": [{"file": "b.csv"}, ({"file": "c.csv"},)],
    "file": ["d.csv", "e.csv"],
    "files": "no.csv",
    "rate": 0.5,
}


def test_paths_in_tables_and_lists_are_changed():
    assert with_paths(PARAMS, str.upper) == {
        "data": {"file": "A.CSV", "folder": "DIGITS", "name": "images"},
        "sets": [{"file": "B.CSV"}, [{"file": "C.CSV"}]],
        "file": ["D.CSV", "E.CSV"],
        "files": "no.csv",
        "rate": 0.5,
    }
    assert PARAMS["data"]["file"] == "a.csv", "what was given has changed"


def test_no_text_and_no_name_are_no_paths():
    given = {"file": "", "folder": None, "data": {"file": 3, "folder": True}}
    assert with_paths(given, str.upper) == given
    assert paths_in(given) == []
    assert with_paths("a.csv", str.upper) == "a.csv"


def test_paths_are_listed_in_their_order():
    assert paths_in(PARAMS) == ["a.csv", "digits", "b.csv", "c.csv", "d.csv", "e.csv"]
