"""One writer per output, whatever the outputs are called."""

from __future__ import annotations

import os

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.queue.model import ACTIVE, STATE_WORDS, Entry
from backprop_studio.render.queue.outputs import check_unclaimed, output_key


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
    check_unclaimed(str(bench.out / "b.mp4"), [entry])
    if state in ACTIVE:
        with pytest.raises(InputError, match=r"is going to .*a\.mp4 already"):
            check_unclaimed(str(bench.out / "a.mp4"), [entry])
    else:
        check_unclaimed(str(bench.out / "a.mp4"), [entry])
