"""The queue's messages in both languages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import get_args

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.messages import Message
from backprop_studio.gui.model.words import said, use_language
from backprop_studio.gui.renders.words import (
    STATE_WORDS,
    changes_text,
    facts_of,
    held_text,
    is_about_space,
    problem_text,
    short_held_text,
    summary_text,
)
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.queue import operations, owner
from backprop_studio.render.queue.model import Entry, QueueState, State
from backprop_studio.render.queue.owner_lock import OwnerLock
from backprop_studio.render.queue.space import Space


def entry(number=1, state="waiting", **job):
    given = {"id": "a", "scene": "backprop", "output": "/videos/a.mp4"} | job
    return Entry(id=f"{number:032x}", job=VideoJob(**given), state=state)


def space(free):
    return Space(usage=lambda _folder: SimpleNamespace(free=free))


def gone(_folder):
    raise OSError("gone")


def taken(folder):
    """Return what a second owner of a queue gets to hear."""
    lock = OwnerLock(folder / "queue.lock")
    try:
        with pytest.raises(InputError) as refused:
            OwnerLock(folder / "queue.lock")
    finally:
        lock.release()
    return refused.value.message


TOO_LITTLE = space(4_000_000).shortage(entry().job)
assert TOO_LITTLE is not None
ABOUT_SPACE = (
    TOO_LITTLE,
    space(4_000_000).ran_out(entry().job),
    Space(usage=gone).ran_out(entry().job),
)
OTHERS = (operations.RESTORED, operations.INTERRUPTED, owner.FAULT)
"""What the queue says of itself, from where it says it."""


def test_what_the_queue_says_is_known_in_both_languages():
    messages = (*ABOUT_SPACE, *OTHERS)
    english = [said(message) for message in messages]
    use_language("zh")
    for message, text in zip(messages, english, strict=True):
        assert said(message) != text
        assert any("\u4e00" <= letter <= "\u9fff" for letter in said(message))
        for value in message.fields.values():
            assert str(value) in said(message)


def test_only_a_full_disk_can_be_overruled():
    assert all(map(is_about_space, ABOUT_SPACE))
    assert not any(map(is_about_space, (*OTHERS, None)))


def test_a_queue_that_another_window_has_is_told_by_what_it_means(tmp_path):
    text = problem_text(taken(tmp_path))
    assert text.startswith("Another window has the render queue")
    other = problem_text(Message.of("folder", "the folder {folder} cannot be made", folder="/a"))
    assert other.startswith("The folder /a cannot be made. ")
    assert other.endswith("ends with this window.")
    use_language("zh")
    assert problem_text(taken(tmp_path)) != text


def test_every_state_has_words():
    assert set(STATE_WORDS) == set(get_args(State))


@pytest.mark.parametrize(
    ("job", "facts"),
    [
        ({}, "English · 720p · MP4 · a.mp4"),
        ({"language": "zh", "output": "/v/b.webm"}, "中文 · 720p · WEBM · b.webm"),
        ({"picture": FrameFormat.of_quality("k")}, "English · 4K · MP4 · a.mp4"),
        ({"picture": FrameFormat.of_quality("l")}, "English · 480p · MP4 · a.mp4"),
        (
            {"picture": FrameFormat.of_quality("h", shape="9:16")},
            "English · 1080p 9:16 · MP4 · a.mp4",
        ),
        ({"picture": FrameFormat.of_quality("m", shape="4:3")}, "English · 720p 4:3 · MP4 · a.mp4"),
    ],
)
def test_the_facts_of_a_video(job, facts):
    assert facts_of(entry(**job)) == facts


def test_settings_tell_two_videos_apart_in_the_user_s_words(state, entries):
    state.catalogue = entries
    params = {
        "learning_rate": 0.5,
        "network": {"sizes": [2, 2], "activation": "sigmoid", "file": "/copy/0/w.json"},
        "data": {"file": f"/copy/1/{'x' * 40}.csv"},
        "gone": 3,
    }
    names = {"/copy/0/w.json": "/home/me/weights.json"}
    copied = entry(params=params).model_copy(update={"names": names})
    told = changes_text(state, copied)
    assert "Learning rate 0.5" in told
    assert "Sizes " in told
    assert "Activation sigmoid" in told
    assert "File weights.json" in told
    assert told.endswith("x.csv") or "x.csv ·" in told
    assert "/" not in told
    assert changes_text(state, entry()) == ""
    assert changes_text(state, entry(scene="unknown", params={"a": 1})) == ""


def test_the_summary_counts_what_there_is():
    states = ("running", "waiting", "paused", "failed", "interrupted", "done", "done", "cancelled")
    entries = tuple(entry(at, state) for at, state in enumerate(states))
    assert summary_text(QueueState(entries=entries)) == (
        "1 being drawn · 2 waiting · 1 failed · 1 interrupted · 2 ready"
    )
    assert summary_text(QueueState()) == ""


def test_why_nothing_begins():
    running, waiting = entry(1, "running"), entry(2)
    paused = QueueState(is_paused=True, entries=(waiting,))
    assert "before you resume it" in held_text(paused)
    assert "will still be finished" in held_text(
        paused.model_copy(update={"entries": (running, waiting)})
    )
    assert short_held_text(paused) == held_text(paused)
    ran_full = "Paused: the disk ran full."
    for reason, short in (
        (ABOUT_SPACE[0], "Paused: 4 MB free, about 500 MB needed."),
        (ABOUT_SPACE[1], ran_full),
        (ABOUT_SPACE[2], ran_full),
        (operations.RESTORED, said(operations.RESTORED)),
    ):
        paused = QueueState(is_paused=True, reason=reason, entries=(entry(),))
        assert held_text(paused) == said(reason)
        assert short_held_text(paused) == short
