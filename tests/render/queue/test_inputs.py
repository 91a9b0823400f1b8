from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.messages import Message
from backprop_studio.core.base.user_paths import FOLDER_VARIABLE
from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.queue.inputs import INPUTS_LIMIT, Inputs

PATIENCE = 60.0


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "flowers 花.csv"
    file.write_text("old")
    return file


def copies(bench):
    folder = bench.folder / "inputs"
    return sorted(file for file in folder.rglob("*") if file.is_file()) if folder.exists() else []


def test_a_queued_job_sees_the_file_as_it_was(bench, table):
    bench.queue.pause()
    bench.add("a.mp4", params={"data": {"file": str(table)}})
    table.write_text("new")
    bench.queue.resume()
    bench.settle()
    seen = Path(bench.client.running.params["data"]["file"])
    assert seen.read_text() == "old"
    assert seen.name == table.name
    assert seen.is_relative_to(bench.folder)


def test_a_file_that_is_gone_does_not_matter_after_a_restart(bench, table):
    bench.queue.pause()
    bench.add("a.mp4", params={"data": {"file": str(table)}})
    bench.queue.close()
    table.unlink()
    bench.open()
    bench.queue.resume()
    bench.settle()
    assert Path(bench.client.running.params["data"]["file"]).read_text() == "old"


def test_files_in_lists_and_folders_are_copied_and_names_are_not_paths(bench, table, tmp_path):
    folder = tmp_path / "digits"
    (folder / "deeper").mkdir(parents=True)
    (folder / "images").write_bytes(b"1")
    (folder / "labels").write_bytes(b"2")
    given = {"sets": [{"file": str(table)}, {"folder": str(folder)}], "file": "", "name": "images"}
    bench.add("a.mp4", params=given)
    seen = bench.client.running.params
    assert (seen["file"], seen["name"]) == ("", "images")
    assert sorted(os.listdir(seen["sets"][1]["folder"])) == ["images", "labels"]
    assert len(copies(bench)) == 3


def test_a_relative_path_starts_at_the_users_folder(bench, table, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(table.parent))
    bench.add("a.mp4", params={"file": table.name})
    assert Path(bench.client.running.params["file"]).read_text() == "old"


def test_copies_go_with_their_entry(bench, table):
    first, second = bench.add("a.mp4", "b.mp4", params={"file": str(table)})
    assert len(copies(bench)) == 2
    bench.end(Done)
    bench.queue.clear_finished().result(PATIENCE)
    bench.settle()
    (left,) = copies(bench)
    assert second in left.parts
    assert first not in left.parts
    bench.end(Done)
    bench.queue.remove(second).result(PATIENCE)
    assert copies(bench) == []
    assert table.read_text() == "old"


@pytest.mark.parametrize("named", ["nothing.csv", "pipe"])
def test_what_cannot_be_copied_is_refused_at_once(bench, tmp_path, named):
    os.mkfifo(tmp_path / "pipe")
    error = bench.queue.add(bench.job(params={"file": str(tmp_path / named)})).exception(PATIENCE)
    assert isinstance(error, InputError)
    assert f"{named} cannot be read: " in str(error)
    assert bench.queue.state.entries == ()
    assert copies(bench) == []


def test_files_beyond_the_limit_are_refused(tmp_path, bench, table):
    inputs = Inputs(tmp_path / "inputs", limit=5)
    job, names = inputs.take("a", bench.job(params={"file": str(table)}))
    assert list(names) == [job.params["file"]]
    with pytest.raises(InputError, match=r"is too big for the queue.* at most 0 MB"):
        inputs.take("b", bench.job(params={"sets": [{"file": str(table)}] * 2}))
    assert os.listdir(tmp_path / "inputs") == ["a"]


def test_a_disk_that_is_full_is_one_sentence(tmp_path, bench, table, monkeypatch):
    def refuse(_source, _target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", refuse)
    error = bench.queue.add(bench.job(params={"file": str(table)})).exception(PATIENCE)
    assert isinstance(error, OutputError)
    assert str(error) == f"{table} cannot be copied for the queue: no space left on device."
    assert os.listdir(bench.folder / "inputs") == []


def test_copies_of_an_entry_that_was_refused_are_removed(bench, table, monkeypatch):
    def refuse(*_args, **_more):
        raise OutputError("the disk is full")

    monkeypatch.setattr("backprop_studio.render.queue.store.write_atomically", refuse)
    bench.queue.add(bench.job(params={"file": str(table)})).exception(PATIENCE)
    assert copies(bench) == []


def test_messages_name_files_as_the_user_does(bench, table):
    bench.add("a.mp4", params={"data": {"file": str(table)}})
    copy = bench.client.running.params["data"]["file"]
    message = Message.of("file.empty", "{field}: {file} has no rows", field="data.file", file=copy)
    bench.fail(message, details=f"in {copy}")
    assert bench.said() == [f"data.file: {table} has no rows."]
    assert bench.queue.state.entries[0].details == f"in {table}"


def test_copies_that_belong_to_nobody_are_removed_at_the_next_start(bench, table):
    bench.add("a.mp4", params={"file": str(table)})
    bench.queue.close()
    stray = bench.folder / "inputs" / ("0" * 32) / "0"
    stray.mkdir(parents=True)
    (stray / "left.csv").touch()
    bench.open()
    assert [file.name for file in copies(bench)] == [table.name]


def test_copies_stay_as_long_as_a_damaged_queue_may_speak_of_them(bench, table):
    bench.add("a.mp4", params={"file": str(table)})
    bench.queue.close()
    for name in ("queue.json", "queue.json.last"):
        (bench.folder / name).write_bytes(b"?")
    bench.open()
    bench.queue.close()
    bench.open()
    assert len(copies(bench)) == 1


def test_a_file_that_has_changed_since_is_told_while_and_after_its_video_is_drawn(bench, table):
    bench.queue.pause()
    bench.add("a.mp4", params={"data": {"file": str(table)}})
    table.write_text("new")
    bench.queue.resume()
    bench.settle()
    remark = f"Changed since this video was queued: {table}. The video shows what was in it then."
    assert bench.said() == [remark]
    bench.end(Done)
    assert bench.states() == ["done"]
    assert bench.said() == [remark]


def test_a_file_that_changes_while_its_video_is_drawn_is_told_at_the_end(bench, table):
    bench.add("a.mp4", params={"file": str(table)})
    assert bench.said() == [""]
    table.write_text("new")
    bench.end(Done)
    assert str(table) in bench.said()[0]


def test_a_changed_file_does_not_hide_why_a_video_failed(bench, table):
    bench.add("a.mp4", params={"file": str(table)})
    table.write_text("new")
    bench.fail("The scene is wrong.")
    assert bench.said() == ["The scene is wrong."]


@pytest.mark.parametrize("what", ["other content", "a file more", "a file less", "nothing"])
def test_a_folder_has_changed_when_its_files_have(tmp_path, what):
    folder = tmp_path / "digits"
    folder.mkdir()
    for name in ("images", "labels"):
        (folder / name).write_bytes(b"12")
    inputs = Inputs(tmp_path / "copies")
    _, names = inputs.take("a", job_with(folder))
    match what:
        case "other content":
            (folder / "labels").write_bytes(b"13")
        case "a file more":
            (folder / "more").write_bytes(b"")
        case "a file less":
            (folder / "labels").unlink()
    assert inputs.changed(names) == ([] if what == "nothing" else [str(folder)])


def test_a_file_that_is_gone_or_was_named_from_another_folder_has_not_changed(tmp_path, table):
    inputs = Inputs(tmp_path / "copies")
    _, names = inputs.take("a", job_with(table))
    (copy,) = names
    table.write_text("new")
    assert inputs.changed({copy: table.name}) == []
    table.unlink()
    assert inputs.changed(names) == []


def test_what_is_copied_lasts(tmp_path, table, monkeypatch):
    lasting = set()
    monkeypatch.setattr("backprop_studio.render.queue.inputs.sync", lasting.add)
    for number, source in enumerate((table, table.parent)):
        job, _ = Inputs(tmp_path / "copies").take(f"{number}", job_with(source))
        assert set(Path(tmp_path, "copies").rglob("*")) <= lasting
        assert tmp_path / "copies" in lasting
        assert Path(job.params["file"]) in lasting


def test_the_limit_is_of_all_files_together_and_can_be_reached(tmp_path, table):
    for given, is_kept in ((3, True), (2, False)):
        inputs = Inputs(tmp_path / f"{given}", limit=given)
        if is_kept:
            inputs.take("a", job_with(table))
            continue
        with pytest.raises(InputError, match="too big"):
            inputs.take("a", job_with(table))


def test_an_entry_may_have_files_of_200_megabytes(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "copyfile", lambda _, target: target.touch())
    big = tmp_path / "big"
    for size in (200_000_000, 200_000_001):
        with big.open("wb") as file:
            file.truncate(size)  # takes no room
        if size <= INPUTS_LIMIT:
            Inputs(tmp_path / "copies").take("a", job_with(big))
    with pytest.raises(InputError, match="at most 200 MB"):
        Inputs(tmp_path / "copies").take("b", job_with(big))
    assert os.listdir(tmp_path / "copies") == ["a"]


def test_files_of_one_name_are_told_apart(tmp_path):
    for place in ("one", "other"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "a.csv").write_text(place)
    given = [str(tmp_path / place / "a.csv") for place in ("one", "other")]
    asked = job_with("").model_copy(update={"params": {"file": given}})
    job, names = Inputs(tmp_path / "copies").take("a", asked)
    assert [Path(it).read_text() for it in job.params["file"]] == ["one", "other"]
    assert names == dict(zip(job.params["file"], given, strict=True))


def test_the_copies_of_some_entries_are_kept(tmp_path, table):
    inputs = Inputs(tmp_path / "copies")
    inputs.keep_only(set())  # there is no folder yet
    for entry_id in "abc":
        inputs.take(entry_id, job_with(table))
    inputs.keep_only({"a", "c"})
    assert sorted(os.listdir(tmp_path / "copies")) == ["a", "c"]
    inputs.drop("a")
    inputs.drop("nobody")
    assert os.listdir(tmp_path / "copies") == ["c"]


def test_what_is_no_path_is_said(tmp_path):
    with pytest.raises(InputError, match=r"cannot be read: .*null"):
        Inputs(tmp_path / "copies").take("a", job_with("a\0b"))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="it is not an ordinary file"):
        Inputs(tmp_path / "copies").take("a", job_with(tmp_path / "pipe"))


def test_a_file_has_changed_when_its_content_has_and_not_its_time(tmp_path, table):
    inputs = Inputs(tmp_path / "copies")
    _, names = inputs.take("a", job_with(table))
    os.utime(table, (1, 1))
    assert inputs.changed(names) == []
    table.write_text("new")
    assert inputs.changed(names) == [str(table)]


def test_a_folder_that_is_gone_or_cannot_be_read_has_not_changed(tmp_path, monkeypatch):
    folder = tmp_path / "digits"
    folder.mkdir()
    (folder / "images").write_bytes(b"1")
    inputs = Inputs(tmp_path / "copies")
    _, names = inputs.take("a", job_with(folder))
    (folder / "images").write_bytes(b"2")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", lambda _: os.listdir("/nowhere/at/all"))
        assert inputs.changed(names) == []
    assert inputs.changed(names) == [str(folder)]
    shutil.rmtree(folder)
    assert inputs.changed(names) == []


def job_with(path):
    picture = FrameFormat()
    params = {"file": str(path)}
    return VideoJob(id="a", scene="backprop", output="/a.mp4", picture=picture, params=params)
