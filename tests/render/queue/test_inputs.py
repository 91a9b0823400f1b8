from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.user_paths import FOLDER_VARIABLE
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.messages.jobs import LectureJob, VideoJob
from backprop_studio.render.queue.inputs import INPUTS_LIMIT, Inputs


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "flowers 花.csv"
    file.write_text("old")
    return file


@pytest.fixture
def digits(tmp_path):
    folder = tmp_path / "digits"
    (folder / "deeper").mkdir(parents=True)
    for name in ("images", "labels"):
        (folder / name).write_bytes(b"12")
    return folder


@pytest.fixture
def inputs(tmp_path):
    return Inputs(tmp_path / "copies")


def job_with(*paths, **params):
    params |= {"file": [str(path) for path in paths]} if paths else {}
    return VideoJob(id="a", scene="backprop", output="/a.mp4", params=params)


def test_a_copy_is_as_the_file_was_and_called_as_it_is(inputs, table, tmp_path):
    job, names = inputs.take("entry", job_with(table, rate=0.5))
    table.write_text("new")
    (copy,) = job.params["file"]
    assert Path(copy).read_text() == "old"
    assert Path(copy).is_relative_to(tmp_path / "copies" / "entry")
    assert Path(copy).name == table.name
    assert names == {copy: str(table)}
    assert job.params["rate"] == 0.5


def test_files_in_lists_and_folders_are_copied_and_names_are_not_paths(inputs, table, digits):
    sets = [{"file": str(table)}, {"folder": str(digits)}]
    job, names = inputs.take("a", job_with(sets=sets, file="", name="images"))
    assert (job.params["file"], job.params["name"]) == ("", "images")
    assert sorted(os.listdir(job.params["sets"][1]["folder"])) == ["images", "labels"]
    assert list(names.values()) == [str(table), str(digits)]


def test_a_relative_path_starts_at_the_users_folder(inputs, table, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(table.parent))
    job, _ = inputs.take("a", job_with(table.name))
    assert Path(job.params["file"][0]).read_text() == "old"


def test_files_of_one_name_are_told_apart(inputs, tmp_path):
    given = [tmp_path / place / "a.csv" for place in ("one", "other")]
    for path in given:
        path.parent.mkdir()
        path.write_text(path.parent.name)
    job, _ = inputs.take("a", job_with(*given))
    assert [Path(it).read_text() for it in job.params["file"]] == ["one", "other"]


@pytest.mark.parametrize(
    ("named", "words"),
    [("gone.csv", "no such file"), ("pipe", "it is not an ordinary file"), ("a\0b", ".*null")],
)
def test_what_cannot_be_copied_is_refused_and_leaves_nothing(inputs, tmp_path, table, named, words):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match=f"cannot be read: {words}"):
        inputs.take("a", job_with(table, tmp_path / named))
    assert os.listdir(tmp_path / "copies") == []


def test_a_disk_that_is_full_is_one_sentence(inputs, tmp_path, table, monkeypatch):
    def refuse(_source, _target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", refuse)
    with pytest.raises(OutputError) as caught:
        inputs.take("a", job_with(table))
    assert str(caught.value) == f"{table} cannot be copied for the queue: no space left on device."
    assert os.listdir(tmp_path / "copies") == []


def test_the_limit_is_of_all_files_together_and_can_be_reached(tmp_path, table):
    Inputs(tmp_path / "copies", limit=6).take("a", job_with(table, table))
    with pytest.raises(InputError, match=r"is too big for the queue.* at most 0 MB"):
        Inputs(tmp_path / "copies", limit=5).take("b", job_with(table, table))
    assert os.listdir(tmp_path / "copies") == ["a"]


def test_an_entry_may_have_files_of_200_megabytes(inputs, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "copyfile", lambda _, target: target.touch())
    with (tmp_path / "big").open("wb") as file:
        file.truncate(INPUTS_LIMIT)  # takes no room
    inputs.take("a", job_with(tmp_path / "big"))
    with (tmp_path / "big").open("wb") as file:
        file.truncate(200_000_001)
    with pytest.raises(InputError, match="at most 200 MB"):
        inputs.take("b", job_with(tmp_path / "big"))


def test_what_is_copied_lasts(tmp_path, inputs, table, digits, monkeypatch):
    lasting = set()
    monkeypatch.setattr("backprop_studio.render.queue.inputs.sync", lasting.add)
    for number, source in enumerate((table, digits)):
        job, _ = inputs.take(f"{number}", job_with(source))
        assert set(Path(tmp_path, "copies").rglob("*")) <= lasting
        assert tmp_path / "copies" in lasting
        assert Path(job.params["file"][0]) in lasting


def test_the_copies_of_some_entries_are_kept(inputs, tmp_path, table):
    inputs.keep_only(set())  # there is no folder yet
    for entry_id in "abc":
        inputs.take(entry_id, job_with(table))
    inputs.keep_only({"a", "c"})
    assert sorted(os.listdir(tmp_path / "copies")) == ["a", "c"]
    inputs.drop("a")
    inputs.drop("nobody")
    assert os.listdir(tmp_path / "copies") == ["c"]


@pytest.mark.parametrize("what", ["other content", "a file more", "a file less", "nothing", "gone"])
def test_a_folder_has_changed_when_its_files_have(inputs, digits, what):
    _, names = inputs.take("a", job_with(digits))
    match what:
        case "other content":
            (digits / "labels").write_bytes(b"13")
        case "a file more":
            (digits / "more").write_bytes(b"")
        case "a file less":
            (digits / "labels").unlink()
        case "gone":
            shutil.rmtree(digits)
    assert inputs.changed(names) == ([] if what in ("nothing", "gone") else [str(digits)])


def test_a_file_has_changed_when_its_content_has_and_not_its_time(inputs, table):
    _, names = inputs.take("a", job_with(table))
    os.utime(table, (1, 1))
    assert inputs.changed(names) == []
    (copy,) = names
    table.write_text("new")
    for file in (table, copy):
        os.utime(file, (1, 1))
    assert inputs.changed(names) == [str(table)]
    assert inputs.changed({copy: table.name}) == []  # whose folder nobody knows any more
    table.unlink()
    assert inputs.changed(names) == []


def test_a_folder_that_cannot_be_read_has_not_changed(inputs, digits, monkeypatch):
    _, names = inputs.take("a", job_with(digits))
    (digits / "images").write_bytes(b"2")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", lambda _: os.listdir("/nowhere/at/all"))
        assert inputs.changed(names) == []
    assert inputs.changed(names) == [str(digits)]


def test_a_lecture_is_copied_with_all_that_it_names(inputs, table, digits, tmp_path):
    (tmp_path / "data").mkdir()
    table.rename(tmp_path / "data" / table.name)
    (tmp_path / "in").symlink_to("data")
    file = tmp_path / "week.toml"
    text = 'format = 1\ntitle = "A"\n' + "".join(
        f'[[part]]\nscene = "tensors"\nparams = {{ {key} = "{path}" }}\n'
        for key, path in (("file", f"in/{table.name}"), ("folder", "./digits"), ("file", "in/./x"))
    )
    file.write_text(text)
    job = LectureJob(id="a", lecture=str(file), output="/out")
    with pytest.raises(InputError, match="x cannot be read"):
        inputs.take("entry", job)
    assert not (tmp_path / "copies" / "entry").exists()
    file.write_text(text.replace("in/./x", f"data/{table.name}"))
    taken, names = inputs.take("entry", job)
    assert taken == job.model_copy(update={"lecture": taken.lecture})
    assert next(iter(names)) == taken.lecture
    own = tmp_path / "data" / table.name
    linked = tmp_path / "in" / table.name
    assert list(names.values()) == [str(it) for it in (file, linked, digits, own)]
    for changed in (file, own):
        changed.write_text("new")
    found = [part.params for part in read_lecture(Path(taken.lecture)).parts]
    assert [Path(it["file"]).read_text() for it in found if "file" in it] == ["old", "old"]
    assert sorted(os.listdir(found[1]["folder"])) == ["images", "labels"]
    assert set(Inputs.changed(names)) == {str(it) for it in (file, linked, own)}


def test_a_lecture_is_spoken_by_the_voice_beside_it(inputs, tmp_path):
    text = 'format = 1\ntitle = "A"\nvoice = "recordings:takes"\n[[part]]\nscene = "tensors"\n'
    (tmp_path / "week.toml").write_text(text)
    (tmp_path / "pronunciations.toml").write_text('[en]\na = "b"\n')
    job = LectureJob(id="a", lecture=str(tmp_path / "week.toml"), output="/o")
    taken, _ = inputs.take("a", job)
    assert taken.voice == f"recordings:{tmp_path / 'takes'}"
    assert (Path(taken.lecture).parent / "pronunciations.toml").is_file()
    taken, _ = inputs.take("b", job.model_copy(update={"voice": "espeak"}))
    assert taken.voice == "espeak"


def test_a_lecture_behind_a_link_keeps_its_name(inputs, tmp_path):
    (tmp_path / "real").mkdir()
    text = 'format = 1\ntitle = "A"\n[[part]]\nscene = "tensors"\nparams.file = "d.csv"\n'
    (tmp_path / "real" / "w.toml").write_text(text)
    (tmp_path / "real" / "d.csv").write_text("1")
    link = tmp_path / "week.toml"
    link.symlink_to("real/w.toml")
    job, names = inputs.take("a", LectureJob(id="a", lecture=str(link), output="/o"))
    assert Path(job.lecture).name == "week.toml"
    assert not Path(job.lecture).is_symlink()
    assert list(names.values()) == [str(link), str(tmp_path / "real" / "d.csv")]
