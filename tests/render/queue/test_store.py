from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.events import Done
from backprop_studio.render.queue.model import FORMAT, QueueState
from backprop_studio.render.queue.operations import paused
from backprop_studio.render.queue.store import QueueStore, queue_folder

PATIENCE = 60.0


@pytest.fixture
def filled(bench):
    """A queue of two videos that has been closed; the version before it has one."""
    bench.queue.pause().result(PATIENCE)
    bench.add("a.mp4", "b.mp4")
    bench.queue.close()
    return bench


def read(file):
    return [entry["job"]["output"][-5:] for entry in json.loads(file.read_bytes())["entries"]]


def test_the_queue_is_in_the_users_data_folder():
    assert queue_folder().parts[-2:] == ("backprop-studio", "queue")


def test_the_newest_version_and_the_one_before_it_are_kept(filled):
    assert read(filled.folder / "queue.json") == ["a.mp4", "b.mp4"]
    assert read(filled.folder / "queue.json.last") == ["a.mp4"]
    assert json.loads((filled.folder / "queue.json").read_bytes())["format"] == FORMAT


@pytest.mark.parametrize(
    "damage",
    [
        *(b"", b"{", b"\xff\xfe", b"[]", b"null", b"[" * 100_000),
        *(b'{"format": "2"}', b'{"format": 0}', b'{"format": true}', b'{"entries": []}'),
        b'{"format": 1, "entries": [{}]}',
        b'{"format": 1, "colour": 3}',
        b'{"format": 1, "is_paused": "yes"}',
        b'{"format": 2, "reason": 3}',
    ],
)
def test_a_damaged_file_is_set_aside_and_the_version_before_it_is_used(filled, damage):
    (filled.folder / "queue.json").write_bytes(damage)
    filled.open()
    assert filled.names() == ["a.mp4"]
    (message,) = filled.queue.messages
    assert "queue.json could not be read and is kept as queue.damaged-1.json" in message.words()
    assert (filled.folder / "queue.damaged-1.json").read_bytes() == damage
    filled.add("c.mp4")
    assert read(filled.folder / "queue.json") == ["a.mp4", "c.mp4"]
    assert read(filled.folder / "queue.json.last") == ["a.mp4"]


def test_entries_that_cannot_be_are_damage(filled):
    file = filled.folder / "queue.json"
    whole = json.loads(file.read_bytes())
    twice = whole | {"entries": [whole["entries"][0]] * 2}
    running = whole | {"entries": [entry | {"state": "running"} for entry in whole["entries"]]}
    outside = whole | {"entries": [whole["entries"][0] | {"id": "../../precious"}]}
    for number, damaged in enumerate((twice, running, outside), 1):
        file.write_text(json.dumps(damaged))
        filled.open()
        filled.queue.close()
        assert filled.names() == ["a.mp4"]
        assert (filled.folder / f"queue.damaged-{number}.json").is_file()


def test_both_versions_damaged_are_both_set_aside(filled):
    for name in ("queue.json", "queue.json.last"):
        (filled.folder / name).write_bytes(name.encode())
    filled.open()
    assert filled.names() == []
    assert len(filled.queue.messages) == 2
    kept = [(filled.folder / f"queue.damaged-{number}.json").read_text() for number in (1, 2)]
    assert kept == ["queue.json", "queue.json.last"]


def test_a_folder_in_the_files_place_is_set_aside(filled):
    (filled.folder / "queue.json").unlink()
    (filled.folder / "queue.json").mkdir()
    filled.open()
    assert filled.names() == ["a.mp4"]
    assert (filled.folder / "queue.damaged-1.json").is_dir()


def test_a_missing_newest_file_is_replaced_by_the_version_before_it(filled):
    (filled.folder / "queue.json").unlink()
    filled.open()
    assert filled.names() == ["a.mp4"]
    assert filled.queue.messages == ()


def test_a_queue_whose_messages_were_texts_is_read_and_written_anew(bench):
    """As version 1 of the file had it, up to November 2026."""
    bench.queue.close()
    job = {"id": "given", "scene": "backprop", "output": str(bench.out / "a.mp4")}
    entry = {"job": job, "details": "", "names": {}, "result": None}
    failed = entry | {"id": "1" * 32, "state": "failed", "message": "The scene is wrong."}
    waiting = entry | {"id": "2" * 32, "state": "paused", "message": ""}
    old = {
        "format": 1,
        "is_paused": True,
        "reason": "Paused: no room.",
        "entries": [failed, waiting],
    }
    (bench.folder / "queue.json").write_text(json.dumps(old))
    bench.open()
    assert bench.queue.messages == ()
    assert bench.reason() == "Paused: no room."
    assert bench.said() == ["The scene is wrong.", ""]
    assert bench.states() == ["failed", "paused"]
    bench.queue.remove("1" * 32).result(PATIENCE)
    kept = json.loads((bench.folder / "queue.json").read_bytes())
    assert (kept["format"], kept["reason"]["code"]) == (FORMAT, "words")
    assert kept["entries"][0]["message"] is None


@pytest.mark.parametrize("name", ["queue.json", "queue.json.last"])
def test_a_newer_format_is_refused_and_left_alone(filled, name):
    newer = b'{"format": 3, "colour": 3}'
    if name != "queue.json":
        (filled.folder / "queue.json").unlink()
    (filled.folder / name).write_bytes(newer)
    for _ in range(2):
        with pytest.raises(InputError, match="newer version of this program; update") as error:
            filled.open()
    assert "\n" not in str(error.value)
    assert (filled.folder / name).read_bytes() == newer
    assert not list(filled.folder.glob("queue.damaged-*"))


def test_a_second_owner_is_refused_until_the_first_has_closed(bench):
    with pytest.raises(InputError, match=r"is in use by another window or program; close .*") as it:
        QueueStore(bench.folder)
    assert "\n" not in str(it.value)
    bench.queue.close()
    QueueStore(bench.folder).close()


def test_a_killed_owner_holds_nothing(tmp_path):
    script = (
        "import sys, pathlib\n"
        "from backprop_studio.render.queue.store import QueueStore\n"
        "store = QueueStore(pathlib.Path(sys.argv[1]))\n"
        "print('open', flush=True)\n"
        "sys.stdin.read()\n"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with owner:
        assert owner.stdout.readline() == b"open\n"
        with pytest.raises(InputError, match="in use"):
            QueueStore(tmp_path)
        owner.kill()
        assert owner.wait(PATIENCE) == -signal.SIGKILL
    QueueStore(tmp_path).close()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be made"):
        QueueStore(tmp_path / "file" / "queue")


def test_a_disk_that_refuses_a_request_leaves_all_as_it_was(bench, monkeypatch):
    bench.queue.pause().result(PATIENCE)
    bench.add("a.mp4")
    before = bench.queue.state

    def refuse(*_args, **_more):
        raise OutputError("full", "the disk is full")

    monkeypatch.setattr("backprop_studio.render.queue.store.write_atomically", refuse)
    error = bench.queue.add(bench.job("b.mp4")).exception(PATIENCE)
    assert isinstance(error, OutputError)
    assert isinstance(bench.queue.resume().exception(PATIENCE), OutputError)
    assert bench.queue.state == before


def test_an_end_that_cannot_be_written_pauses_and_is_written_later(bench, monkeypatch):
    bench.add("a.mp4", "b.mp4")

    def refuse(*_args, **_more):
        raise OutputError("full", "the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("backprop_studio.render.queue.store.write_atomically", refuse)
        bench.end(Done)
        assert bench.states() == ["done", "waiting"]
        assert bench.queue.state.is_paused
        assert bench.reason() == "Paused: the disk is full."
    bench.queue.resume().result(PATIENCE)
    bench.settle()
    assert bench.states() == ["done", "running"]
    kept = QueueState.model_validate_json((bench.folder / "queue.json").read_bytes())
    assert kept == bench.queue.state


def test_nothing_begins_that_cannot_be_written_down(bench, monkeypatch):
    bench.queue.pause().result(PATIENCE)
    bench.add("a.mp4")
    original = QueueStore.save

    def save(store, state):
        if any(entry.state == "running" for entry in state.entries):
            raise OutputError("full", "the disk is full")
        original(store, state)

    monkeypatch.setattr(QueueStore, "save", save)
    bench.queue.resume().result(PATIENCE)
    bench.settle()
    assert bench.states() == ["waiting"]
    assert bench.reason() == "Paused: the disk is full."
    assert bench.clients == []


def test_what_is_no_text_is_one_sentence(filled):
    store = QueueStore(filled.folder)
    entry = store.state.entries[0].model_copy(update={"details": "\udcff"})
    with pytest.raises(OutputError, match=r"queue\.json cannot be written: "):
        store.save(store.state.model_copy(update={"entries": (entry,)}))
    store.close()


def test_nothing_but_the_queues_own_files_is_left(filled):
    store = QueueStore(filled.folder)
    for number in range(5):
        store.save(paused(store.state, Message.plain(f"reason {number}")))
    store.close()
    assert sorted(os.listdir(filled.folder)) == ["queue.json", "queue.json.last", "queue.lock"]


def test_a_state_that_is_there_already_is_not_written_again(tmp_path):
    store = QueueStore(tmp_path / "queue")
    one, two = (paused(store.state, Message.plain(text)) for text in ("one", "two"))
    for state in (one, two, two):
        store.save(state)
    store.close()
    kept = [
        QueueState.model_validate_json((tmp_path / "queue" / name).read_bytes())
        for name in ("queue.json", "queue.json.last")
    ]
    assert kept == [two, one]


def test_only_of_the_newest_file_is_there_a_version_before_it(filled):
    for name in ("queue.json", "queue.json.last"):
        (filled.folder / name).write_bytes(b"?")
    store = QueueStore(filled.folder)
    store.close()
    told = [message.words() for message in store.messages]
    assert ["the version before it" in it for it in told] == [True, False]


def test_the_folder_is_the_same_wherever_the_program_goes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = QueueStore(Path("a/queue"))
    monkeypatch.chdir("/")
    store.save(paused(store.state))
    store.close()
    assert (tmp_path / "a" / "queue" / "queue.json").is_file()


def test_a_damaged_file_that_cannot_be_set_aside_is_one_sentence_and_no_lock(filled, monkeypatch):
    (filled.folder / "queue.json").write_bytes(b"?")

    def refuse(*_args):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        for _ in range(2):
            with pytest.raises(OutputError, match=r"queue\.json is damaged and cannot be renamed"):
                QueueStore(filled.folder)
    QueueStore(filled.folder).close()
