"""What travels to a farm and back."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import (
    InputError,
)
from backprop_studio.render.farm.payload import Item, pack, read_video, unpack
from backprop_studio.render.farm.versions import versions
from backprop_studio.render.messages.jobs import CatalogueJob, NumbersJob, StillJob, VideoJob


def test_a_job_and_its_files_arrive_in_a_folder_of_its_own(tmp_path, monkeypatch):
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "sets").mkdir(parents=True)
    (here / "数据 a.csv").write_bytes(b"\x00\xff")
    (here / "sets" / "b").write_bytes(b"b")
    (here / "sets" / "deeper").mkdir()
    monkeypatch.chdir(here)
    params = {
        "data": {"file": "数据 a.csv", "name": "file"},
        "rows": [{"folder": str(here / "sets")}, {"file": ""}],
        "network": {"file": "/no/where"},
    }
    asked = VideoJob(id="v", scene="tiny", params=params, output="/x/y.webm", overwrite=True)
    request = pack(asked, {"a": "1"})
    assert request.items == (Item("0/数据 a.csv", b"\x00\xff"), Item("1/sets/b", b"b"))
    there.mkdir()
    job = unpack(request, there)
    assert job.params == {
        "data": {"file": str(there / "0/数据 a.csv"), "name": "file"},
        "rows": [{"folder": str(there / "1/sets")}, {"file": ""}],
        "network": {"file": str(there / "2/where")},
    }
    assert (job.id, job.output, job.overwrite) == ("v", str(there / "video.webm"), False)
    found = {it.relative_to(there).as_posix() for it in there.rglob("*") if it.is_file()}
    assert found == {"0/数据 a.csv", "1/sets/b"}
    assert {request.names[it] for it in ("0/数据 a.csv", "video.webm")} == {
        "数据 a.csv",
        "/x/y.webm",
    }


def test_too_much_is_refused(tmp_path):
    data = tmp_path / "data.csv"
    data.write_bytes(b"1" * 100)
    job = NumbersJob(id="n", scene="tiny", params={"a": {"file": str(data)}})
    with pytest.raises(InputError, match=r"data\.csv is too much to send"):
        pack(job, {}, limit=99)
    assert len(pack(job, {}, limit=100).items) == 1
    with pytest.raises(InputError, match="a farm sends at most 0 MB back"):
        read_video(data, limit=99)
    assert read_video(data, limit=100) == b"1" * 100
    assert read_video(tmp_path / "none") is None


@pytest.mark.parametrize("job", [CatalogueJob(id="c"), StillJob(id="s", scene="tiny")])
def test_what_a_farm_does_not_do(job):
    with pytest.raises(TypeError, match="a farm does no"):
        pack(job, {})


def test_the_versions_name_everything_that_draws():
    found = versions()
    assert {"Python", "torch", "manim", "distributed"} <= set(found)
    assert "none" not in found.values()
