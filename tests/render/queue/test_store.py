from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.queue.model import Entry, QueueState
from backprop_studio.render.queue.operations import added, paused
from backprop_studio.render.queue.store import QueueStore, queue_folder

FILES = ("queue.json", "queue.json.last")


@pytest.fixture
def folder(bench, tmp_path):
    """A queue of two videos; the version before it has one."""
    folder = tmp_path / "store"
    store = QueueStore(folder)
    state = store.state
    for number, name in enumerate(("a.mp4", "b.mp4")):
        state = added(state, Entry(id=f"{number:032x}", job=bench.job(name)))
        store.save(state)
    store.close()
    return folder


def opened(folder):
    """Return a store that was opened and closed."""
    store = QueueStore(folder)
    store.close()
    return store


def names(state):
    return [entry.job.output[-5:] for entry in state.entries]


def kept(folder):
    return [QueueState.model_validate_json((folder / name).read_bytes()) for name in FILES]


def refuse(*_args, **_more):
    raise PermissionError(13, "Permission denied")


def test_the_newest_version_and_the_one_before_it_are_kept(folder):
    assert [names(state) for state in kept(folder)] == [["a.mp4", "b.mp4"], ["a.mp4"]]
    store = opened(folder)
    assert names(store.state) == ["a.mp4", "b.mp4"]
    for number in range(5):
        store.save(paused(store.state, Message.plain(f"reason {number}")))
    assert [it.reason.words() for it in kept(folder)] == ["reason 4", "reason 3"]
    assert sorted(os.listdir(folder)) == [*FILES, "queue.lock"]


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"[]", b"[" * 100_000, b'{"format": 0}'])
def test_a_damaged_file_is_set_aside_and_the_version_before_it_is_used(folder, damage):
    (folder / "queue.json").write_bytes(damage)
    store = opened(folder)
    assert names(store.state) == ["a.mp4"]
    (message,) = store.messages
    assert "queue.json could not be read and is kept as queue.damaged-1.json" in message.words()
    assert "the version before it" in message.words()
    assert (folder / "queue.damaged-1.json").read_bytes() == damage
    store.save(paused(store.state, Message.plain("changed")))
    assert [names(state) for state in kept(folder)] == [["a.mp4"], ["a.mp4"]]


def test_both_versions_damaged_are_both_set_aside(folder):
    for name in FILES:
        (folder / name).write_bytes(name.encode())
    store = opened(folder)
    assert names(store.state) == []
    told = [message.words() for message in store.messages]
    assert ["the version before it" in it for it in told] == [True, False]
    assert [(folder / f"queue.damaged-{number}.json").read_text() for number in (1, 2)] == [*FILES]


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_missing_newest_file_is_replaced_by_the_version_before_it(folder, is_folder):
    (folder / "queue.json").unlink()
    if is_folder:
        (folder / "queue.json").mkdir()
    store = opened(folder)
    assert names(store.state) == ["a.mp4"]
    assert len(store.messages) == (folder / "queue.damaged-1.json").is_dir() == is_folder


def test_a_queue_whose_messages_were_texts_is_read_and_written_anew(bench):
    """As version 1 of the file had it, up to November 2026."""
    bench.queue.close()
    job = {"id": "given", "scene": "backprop", "output": str(bench.out / "a.mp4")}
    entry = {"job": job, "details": "", "names": {}, "result": None}
    failed = entry | {"id": "1" * 32, "state": "failed", "message": "The scene is wrong."}
    waiting = entry | {"id": "2" * 32, "state": "paused", "message": ""}
    old = {"is_paused": True, "reason": "Paused: no room.", "entries": [failed, waiting]}
    (bench.folder / "queue.json").write_text(json.dumps(old | {"format": 1}))
    bench.open()
    assert bench.queue.messages == ()
    assert bench.reason() == "Paused: no room."
    assert bench.said() == ["The scene is wrong.", ""]
    assert bench.states() == ["failed", "paused"]
    bench.add("b.mp4")
    found = json.loads((bench.folder / "queue.json").read_bytes())
    assert (found["format"], found["reason"]["code"]) == (2, "words")
    assert found["entries"][1]["message"] is None


@pytest.mark.parametrize("name", FILES)
def test_a_newer_format_is_refused_and_left_alone(folder, name):
    newer = b'{"format": 4, "colour": 3}'
    if name != "queue.json":
        (folder / "queue.json").unlink()
    (folder / name).write_bytes(newer)
    for _ in range(2):
        with pytest.raises(InputError, match="newer version of this program; update"):
            QueueStore(folder)
    assert (folder / name).read_bytes() == newer
    assert not list(folder.glob("queue.damaged-*"))


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be made"):
        QueueStore(tmp_path / "file" / "queue")


def test_what_is_no_text_is_one_sentence(folder):
    store = opened(folder)
    entry = store.state.entries[0].model_copy(update={"details": "\udcff"})
    with pytest.raises(OutputError, match=r"queue\.json cannot be written: "):
        store.save(store.state.model_copy(update={"entries": (entry,)}))


def test_a_state_that_is_there_already_is_not_written_again(tmp_path):
    store = opened(tmp_path)
    one, two = (paused(store.state, Message.plain(text)) for text in ("one", "two"))
    for state in (one, two, two):
        store.save(state)
    assert kept(tmp_path) == [two, one]


def test_the_folder_is_the_users_and_the_same_wherever_the_program_goes(tmp_path, monkeypatch):
    assert queue_folder().parts[-2:] == ("backprop-studio", "queue")
    monkeypatch.chdir(tmp_path)
    store = opened(Path("a/queue"))
    monkeypatch.chdir("/")
    store.save(paused(store.state))
    assert (tmp_path / "a" / "queue" / "queue.json").is_file()


def test_a_damaged_file_that_cannot_be_set_aside_is_one_sentence_and_no_lock(folder, monkeypatch):
    (folder / "queue.json").write_bytes(b"?")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        for _ in range(2):
            with pytest.raises(OutputError, match=r"queue\.json is damaged and cannot be renamed"):
                QueueStore(folder)
    opened(folder)


def test_copies_of_nobody_go_unless_a_damaged_queue_may_speak_of_them(folder):
    copies = folder / "inputs"
    for entry_id in ("0" * 32, "f" * 32):
        (copies / entry_id).mkdir(parents=True)
    opened(folder)
    assert os.listdir(copies) == ["0" * 32]
    for name in FILES:
        (folder / name).write_bytes(b"?")
    for _ in range(2):
        opened(folder)
    assert os.listdir(copies) == ["0" * 32]
