"""What the user has set comes back, whatever has become of the scenes."""

from __future__ import annotations

import datetime
import json

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.gui.model.snapshot import FORMAT, Snapshot, read_snapshot
from backprop_studio.gui.model.state import AppState


def spec(state, path):
    return next(it for it in state.form.fields() if it.path == path)


def again(state, catalogue):
    """Return the state of the next run."""
    other = AppState()
    other.restore(read_snapshot(state.snapshot().to_json(), "session.json"))
    other.catalogue = catalogue
    return other


def test_every_scene_s_values_come_back_and_the_one_on_the_stage(state, entries):
    state.catalogue = entries
    state.select_scene("backprop")
    given = {
        "learning_rate": 0.25,
        "network.sizes": [2, 4, 4, 1],
        "network.weights": [[1.5, float("nan")], [float("inf"), datetime.date(2026, 1, 1)]],
        "network.file": "/home/\udcff/w.safetensors",
        "data.target_column": "half typed",
    }
    for path, value in given.items():
        state.set_param(spec(state, path), value)
    state.select_scene("descent")
    state.set_param(spec(state, "learning_rate"), "0.")  # in the middle of typing
    state.beat = "forward"
    other = again(state, entries)
    assert (other.scene, other.beat) == ("descent", "forward")
    assert other.given_params() == {"learning_rate": "0."}
    other.select_scene("backprop")
    for path in ("learning_rate", "network.sizes", "network.file", "data.target_column"):
        assert other.value(spec(other, path)) == given[path]
    assert repr(other.value(spec(other, "network.weights"))[0]) == "[1.5, nan]"
    assert again(other, entries).snapshot() == other.snapshot()


def test_what_no_longer_fits_is_left_out_and_scenes_that_are_gone_are_kept(state, entries):
    values = {
        "backprop": {
            "learning_rate": 0.5,
            "no.such.field": 1,
            "network.activation": "no longer a choice",
            "network.sizes": {"a": 1},
            "data.target_column": True,
        },
        "gone": {"steps": 3},
    }
    state.restore(Snapshot(scene="gone", beat="end", values=values))
    state.catalogue = entries
    assert state.given_params() == {}
    assert not state.has_scene(state.scene)
    state.select_scene("backprop")
    assert state.given_params() == {"learning_rate": 0.5}
    kept = state.snapshot().values
    assert kept == {"backprop": {"learning_rate": 0.5}, "gone": {"steps": 3}}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b"{}",
        b'{"format": "1"}',
        b'{"format": 0}',
        b'{"format": 1, "scene": 3}',
        b'{"format": 1, "values": {"backprop": [1]}}',
    ],
)
def test_damage_is_told_from_a_newer_file(data):
    with pytest.raises(ValueError, match=r"."):
        read_snapshot(data, "session.json")


def test_a_newer_file_is_refused_and_one_that_says_more_is_read():
    newer = json.dumps({"format": FORMAT + 1, "anything": True}).encode()
    with pytest.raises(InputError, match=r"session\.json was written by a newer version"):
        read_snapshot(newer, "session.json")
    more = json.dumps({"format": FORMAT, "scene": "tensors", "part": "p1"}).encode()
    assert read_snapshot(more, "session.json") == Snapshot(scene="tensors")
