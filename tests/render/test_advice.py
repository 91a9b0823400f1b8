"""Who does what a sentence of lecture, farm, queue or voice says is no longer refused for that."""

from __future__ import annotations

import contextlib
import json
import socket
import stat
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from pydantic import BaseModel, Field, ValidationError

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import LANGUAGES
from backprop_studio.render.farm import connection
from backprop_studio.render.farm.payload import pack
from backprop_studio.render.farm.receiving import check_output
from backprop_studio.render.lecture import data_files, folder
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.lecture.layout import WantedPart, changed_text
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import NumbersJob, StillJob, VideoJob
from backprop_studio.render.queue import operations
from backprop_studio.render.queue.model import Entry, QueueState
from backprop_studio.render.queue.outputs import check_unclaimed
from backprop_studio.render.queue.owner_lock import OwnerLock
from backprop_studio.render.voice import recordings
from backprop_studio.render.voice.programmed import PIPER_VARIABLE, Espeak, Piper
from backprop_studio.render.voice.recordings import Recordings
from backprop_studio.render.voice.source import Saying
from backprop_studio.render.voice.words.pronunciations import read_pronunciations
from backprop_studio.render.workers.failures import error_in
from tests.recorder import PATIENCE
from tests.render.farm.cluster import open_and_close, until
from tests.render.queue.scripted_queue import Bench

HEAD, PART = 'format = 1\ntitle = "A"\n', '[[part]]\nscene = "tensors"\n'


def refused(code, act):
    """Do what is refused, and return the fields of the message that says so."""
    with pytest.raises(StudioError) as caught:
        act()
    (found,) = [it for it in caught.value.message.every() if it.code == code]
    return found.fields


def languages_in(fields):
    """The languages that a sentence names."""
    return [it for it in LANGUAGES if it in fields["allowed"].words()]


# Lectures: the text that is refused, and what is written instead

EDITS = [
    ("lecture.no_format", f'title = "A"\n{PART}', lambda f: f"format = {f['expected']}\n{{}}"),
    ("lecture.parts", HEAD, lambda _: f"{{}}{PART}"),
    ("languages.wrong", f"{HEAD}languages = ['zh', 'zh']\n{PART}", None),
    ("title.language", f"format = 1\ntitle = {{fr = 'A'}}\n{PART}", None),
    ("title.no_text", f"format = 1\ntitle = 3\n{PART}", None),
    ("title.long", f"format = 1\ntitle = '{'x' * 201}'\n{PART}", None),
    ("title.control", f'format = 1\ntitle = "\\u0007"\n{PART}', None),
    ("lecture.path_outside", f"{HEAD}{PART}params.data.file = '../a.csv'\n", None),
    ("script.wrong", f"{HEAD}{PART}script.en = 3\n", None),
]
INSTEAD = {
    "languages.wrong": lambda f: ("languages = ['zh', 'zh']", f"languages = {languages_in(f)}"),
    "title.language": lambda f: ("fr =", f"{languages_in(f)[0]} ="),
    "title.no_text": lambda _: ("title = 3", "title = {en = 'A', zh = 'B'}"),
    "title.long": lambda f: ("x" * 201, "x" * f["allowed"]),
    "title.control": lambda _: ("\\u0007", "seen"),
    "lecture.path_outside": lambda _: ("../a.csv", "a.csv"),
    "script.wrong": lambda _: ("script.en = 3", "script.en = {index = ['One.', 'Two.']}"),
}


@pytest.mark.parametrize(("code", "text", "around"), EDITS, ids=[it[0] for it in EDITS])
def test_a_lecture_that_is_written_as_is_said_is_read(tmp_path, code, text, around):
    file = tmp_path / "week.toml"
    file.write_text(text)
    fields = refused(code, lambda: read_lecture(file))
    if around is None:
        old, new = INSTEAD[code](fields)
        assert old in text
        file.write_text(text.replace(old, new))
    else:
        file.write_text(around(fields).replace("{}", text))
    read_lecture(file)


def test_lessons_below_a_heading_each_can_be_changed(tmp_path):
    wanted = [WantedPart(0, {"scene": "tensors", "title": "B"})]
    text = f"{HEAD}part = [{{scene = 'tensors'}}]\n"
    refused("lecture.notation", lambda: changed_text(text, tmp_path / "a.toml", {}, wanted))
    assert "B" in changed_text(f"{HEAD}{PART}", tmp_path / "a.toml", {"title": "A"}, wanted)


def test_an_output_that_is_moved_away_or_may_be_replaced_is_made(tmp_path):
    mine = tmp_path / "a.mp4"
    mine.write_text("mine")
    check = lambda **how: folder.check_files(tmp_path, ["a.mp4"], **{"overwrite": False} | how)  # noqa: E731
    refused("lecture.not_ours", check)
    check(overwrite=True)
    mine.rename(tmp_path / "b.mp4")
    check()


def test_a_lecture_with_a_shorter_name_and_one_that_has_waited_are_made(tmp_path):
    long = "x" * 252 + ".mp4"
    check = lambda name: folder.check_files(tmp_path, [name], overwrite=False)  # noqa: E731
    fields = refused("lecture.long_name", lambda: check(long))
    check("x" * (fields["allowed"] - 4) + ".mp4")

    def run():
        with folder.LectureFolder(tmp_path):
            pass

    with folder.LectureFolder(tmp_path):
        refused("lecture.in_use", run)
    run()


@pytest.mark.parametrize("code", ["lecture.no_single_file", "lecture.file_too_big"])
def test_data_that_are_moved_into_the_folder_are_taken(tmp_path, monkeypatch, code):
    monkeypatch.setattr(data_files, "LARGEST_COPY", 3)
    here = tmp_path / "lecture"
    here.mkdir()
    data = tmp_path / "data"
    if code == "lecture.file_too_big":
        data.write_text("1,2\n")
    else:
        data.mkdir()

    def take(path):
        return data_files.DataFiles(here).inside({"data": {"file": str(path)}})

    fields = refused(code, lambda: take(data))
    moved = data.rename(Path(fields["folder"]) / data.name)
    assert take(moved) == {"data": {"file": "data"}}


# The queue


def entry(tmp_path, name, state="waiting"):
    job = VideoJob(id="v", scene="tiny", picture=FrameFormat(), output=str(tmp_path / name))
    return Entry(id=str(len(name)) * 32, job=job, state=state)


def test_another_name_or_an_earlier_removal_makes_room_in_the_queue(tmp_path):
    first, again = (entry(tmp_path, "a.mp4") for _ in range(2))
    state = QueueState(entries=(first,))
    refused("queue.output_taken", lambda: operations.added(state, again))
    operations.added(state, entry(tmp_path, "other.mp4"))
    check_unclaimed(again.job, operations.removed(state, first.id).entries)


def test_what_is_cancelled_can_be_removed_and_tried_again(tmp_path):
    running = entry(tmp_path, "a.mp4", "running")
    state = QueueState(entries=(running,))
    refused("queue.no_removal", lambda: operations.removed(state, running.id))
    refused("queue.no_retry", lambda: operations.retried(state, running.id))
    refused("queue.no_cancel", lambda: operations.cancelled(state, running.id))
    cancelled = QueueState(entries=(running.put("cancelled"),))
    assert operations.removed(cancelled, running.id).entries == ()
    waits = operations.retried(cancelled, running.id)
    assert operations.cancelled(waits, running.id).entries[0].state == "cancelled"


def test_a_queue_goes_to_the_next_when_its_owner_is_closed(tmp_path):
    first = OwnerLock(tmp_path / "queue.lock")
    refused("queue.in_use", lambda: OwnerLock(tmp_path / "queue.lock"))
    first.release()
    OwnerLock(tmp_path / "queue.lock").release()


def test_a_video_with_whole_paths_and_values_is_queued(tmp_path):
    bench = Bench(tmp_path)
    bench.open()

    def add(**changed):
        bench.queue.add(bench.job(**changed)).result(PATIENCE)

    with contextlib.closing(bench.queue):
        refused("queue.relative_output", lambda: add(output="a.mp4"))
        refused("queue.no_json", lambda: add(params={"a": "\ud800"}))
        add(params={"a": "a"}, output=str(bench.out / "a.mp4"))


# Voices


def tone(path, seconds, loud=0.3):
    rate = 22_050
    sound = loud * np.sin(np.arange(round(seconds * rate)) / 10)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((sound * 32767).astype("<i2").tobytes())


def test_recordings_that_are_named_and_recorded_as_is_said_are_heard(tmp_path, monkeypatch):
    monkeypatch.setattr(recordings, "MOST_SECONDS", 2)
    said = Saying("backprop", "loss", 2, 2, "A sentence.")
    fields = refused("voice.no_recordings", lambda: Recordings(tmp_path))
    file = tmp_path / fields["example"]
    for code, spoil in {
        "voice.long": lambda: tone(file, 3),
        "voice.nothing_heard": lambda: tone(file, 1, loud=0.0),
        "voice.unreadable": lambda: file.write_bytes(b"RIFF"),
    }.items():
        spoil()
        refused(code, lambda: Recordings(tmp_path).speak(said, "en"))
        tone(file, 1)
        assert Recordings(tmp_path).speak(said, "en").size


def test_programs_and_voices_that_are_put_where_is_said_are_found(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(PIPER_VARIABLE, raising=False)

    def program(name):
        file = tmp_path / name
        file.write_text(f"#!{sys.executable}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return file

    voice = tmp_path / "a.onnx"
    refused("voice.get_espeak", lambda: Espeak({}))
    program("espeak-ng")
    Espeak({})
    refused("voice.no_file", lambda: Piper(voice, {}))
    voice.write_bytes(b"voice")
    fields = refused("voice.no_description", lambda: Piper(voice, {}))
    about = {"audio": {"sample_rate": 22_050}, "espeak": {"voice": "en-us"}}
    Path(fields["description"]).write_text(json.dumps(about))
    fields = refused("voice.get_piper", lambda: Piper(voice, {}))
    monkeypatch.setenv(fields["variable"], str(program("my-piper")))
    Piper(voice, {})


def test_tables_of_pronunciations_that_are_allowed_are_read(tmp_path):
    file = tmp_path / "pronunciations.toml"
    file.write_text('[fr]\nIris = "a"\n')
    fields = refused("pronunciations.table", lambda: read_pronunciations(tmp_path))
    file.write_text("".join(f'[{it}]\nIris = "a"\n' for it in languages_in(fields)))
    assert read_pronunciations(tmp_path) == {"en": {"Iris": "a"}, "zh": {"Iris": "a"}}


# The farm


def test_what_is_asked_of_a_farm_as_is_said_is_taken(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(connection, "_ANSWER_SECONDS", 0.2)
    refused("farm.no_address", lambda: open_and_close("somewhere"))
    # An address of the form that is shown is one, whether or not anybody answers there.
    refused("farm.silent", lambda: open_and_close("tcp://localhost:9"))
    job = VideoJob(id="v", scene="tiny", picture=FrameFormat(), output=str(tmp_path / "a-%d.png"))
    refused("farm.no_sequence", lambda: check_output(job))
    check_output(job.model_copy(update={"output": str(tmp_path / "a.mp4")}))
    (tmp_path / "a.csv").write_text("1" * 100)
    much = NumbersJob(id="n", scene="tiny", params={"a": {"file": str(tmp_path / "a.csv")}})
    refused("farm.files_too_big", lambda: pack(much, {}, limit=99))


@pytest.mark.slow
def test_the_commands_that_are_named_start_a_farm(tmp_path, monkeypatch):
    """`dask scheduler`, then `dask worker ADDRESS`, as the sentences say one after the other."""
    pytest.importorskip("distributed")
    monkeypatch.setattr(connection, "_ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(connection, "_WORKERS_SECONDS", 0.5)
    dask = str(Path(sys.executable).with_name("dask"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    with contextlib.ExitStack() as started:

        def start(*command):
            log = started.enter_context((tmp_path / "log").open("ab"))
            process = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)
            started.callback(process.wait, PATIENCE)
            started.callback(process.terminate)

        refused("farm.silent", lambda: open_and_close(address))
        start(dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        until(lambda: code_at(address) != "farm.silent")
        found = refused("farm.no_worker", lambda: open_and_close(address))
        start(dask, "worker", found["address"], "--no-dashboard", "--nthreads", "1")
        until(lambda: code_at(address) is None)


def code_at(address):
    try:
        open_and_close(address)
    except StudioError as error:
        return error.message.code
    return None


# Nothing of pydantic is read by a user


class Bounded(BaseModel):
    share: float = Field(gt=0, lt=1)
    name: str = ""


@pytest.mark.parametrize("given", [{"share": 2}, {"share": "x"}, {}, {"share": 0.5, "name": [1]}])
def test_a_wrong_value_that_a_scene_finds_is_said_in_our_words(given):
    with pytest.raises(ValidationError) as caught:
        Bounded.model_validate(given)
    said = str(error_in(StillJob(id="s", scene="tiny"), caught.value))
    assert all(it["msg"].lower() not in said.lower() for it in caught.value.errors())
    assert "pydantic" not in said.lower()
    assert "share" in said or "name" in said
