"""One writer per output, whatever the outputs are called."""

from __future__ import annotations

import os

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.queue.model import ACTIVE, STATE_WORDS, Entry
from backprop_studio.render.queue.outputs import check_job, check_unclaimed, output_key


@pytest.fixture
def keys(bench):
    (bench.out.parent / "link").symlink_to(bench.out, target_is_directory=True)
    (bench.out.parent / "other").mkdir()
    (bench.out / "b.mp4").touch()
    (bench.out / "c.mp4").symlink_to("b.mp4")
    return lambda *names: {output_key(f"{bench.out}/{name}") for name in names}


@pytest.mark.parametrize(
    "names",
    [
        ("a.mp4", "A.MP4", "../out/a.mp4", "../link/a.mp4", "./a.mp4"),
        ("caf\u00e9.mp4", "cafe\u0301.mp4"),
        ("a%d.png", "a%04d.png"),
        ("gone/a.mp4", "gone/A.mp4"),
    ],
)
def test_one_place_has_many_names(keys, names):
    assert len(keys(*names)) == 1


def test_another_folder_ending_or_link_is_another_place(keys, bench):
    names = ("a.mp4", "a.webm", "../other/a.mp4", "a%d.png", "b%d.png", "b.mp4", "c.mp4")
    names = (*names, "x/a.mp4", "y/a.mp4")
    assert len(keys(*names)) == len(names)
    assert output_key(f"{bench.out}{os.sep}x{os.sep}a.mp4")[0] == str(bench.out / "x")


@pytest.mark.parametrize("state", STATE_WORDS)
def test_an_output_belongs_to_one_video_that_is_still_to_be_drawn(bench, state):
    entry = Entry(id="0" * 32, job=bench.job("a.mp4"), state=state)
    check_unclaimed(bench.job("b.mp4"), [entry])
    if state in ACTIVE:
        with pytest.raises(InputError, match=r"is going to .*a\.mp4 already"):
            check_unclaimed(bench.job("a.mp4"), [entry])
    else:
        check_unclaimed(bench.job("a.mp4"), [entry])


def test_a_lecture_has_its_folder_for_itself_and_its_files(bench):
    lecture = bench.lecture("en", "zh")
    entry = Entry(id="0" * 32, job=lecture)
    inside = [bench.job(f"week/{it}") for it in ("01-tensors.en.mp4", "WEEK.zh.mp4")]
    same_folder = bench.lecture("en", kit=("chapters",), name="other.toml")
    for job in (*inside, lecture, same_folder):
        with pytest.raises(InputError, match="already"):
            check_unclaimed(job, [entry])
    for job in inside:
        with pytest.raises(InputError, match="already"):
            check_unclaimed(lecture, [Entry(id="1" * 32, job=job)])
    beside = [bench.job("01-tensors.en.mp4"), bench.job("week/03-tensors.en.mp4")]
    for job in (*beside, bench.lecture("en", output=str(bench.out / "other"))):
        check_unclaimed(job, [entry])


def test_what_cannot_be_made_is_refused_before_it_is_queued(bench):
    job = bench.lecture("en")
    check_job(job)
    check_job(bench.job("a.mp4"))
    (bench.out / "week").mkdir()
    (bench.out / "week" / "week.en.chapters.txt").write_text("mine")
    wanted = {
        "lecture.not_ours": job,
        "output.no_folder": job.model_copy(update={"output": str(bench.out / "no" / "week")}),
        "file.missing": job.model_copy(update={"lecture": str(bench.out / "gone.toml")}),
    }
    for code, refused in wanted.items():
        with pytest.raises(InputError) as caught:
            check_job(refused)
        assert caught.value.message.code == code
    check_job(job.model_copy(update={"kit": ("video",)}))
    check_job(job.model_copy(update={"languages": ("zh",)}))
    check_job(job.model_copy(update={"overwrite": True}))
