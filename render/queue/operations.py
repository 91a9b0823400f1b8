"""What can be done to a queue: functions from one state to the next.

They touch neither files nor processes, so a change is either made as a whole or refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.queue.model import STATE_WORDS
from backprop_studio.render.queue.outputs import check_unclaimed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.render.queue.model import Entry, QueueState, State

INTERRUPTED = Message.of(
    "queue.interrupted", N_("the program ended while this video was being drawn")
)
RESTORED = Message.of(
    "queue.restored", N_("the queue is as the program left it; nothing begins before you resume it")
)

_RETRIED: frozenset[State] = frozenset({"failed", "cancelled", "interrupted"})
_CLEARED: frozenset[State] = frozenset({"done", "cancelled"})


def added(state: QueueState, entry: Entry) -> QueueState:
    """Return the queue with an entry at its end.

    Raises
    ------
    InputError
        If another entry that is still to be drawn has the same output.
    """
    check_unclaimed(entry.job, state.entries)
    return _with(state, (*state.entries, entry))


def moved(state: QueueState, entry_id: str, position: int) -> QueueState:
    """Return the queue with an entry at another position, from 0; beyond the end is the end.

    Raises
    ------
    InputError
        If there is no such entry.
    """
    entry = state.entry(entry_id)
    others = [it for it in state.entries if it is not entry]
    others.insert(max(0, position), entry)
    return _with(state, tuple(others))


def paused(state: QueueState, reason: Message | None = None) -> QueueState:
    """Return the queue when nothing new begins; an earlier reason gives way."""
    return state.model_copy(update={"is_paused": True, "reason": reason})


def resumed(state: QueueState) -> QueueState:
    """Return the queue when it goes on: what it had stopped for waits for its turn again."""
    entries = tuple(it.put("waiting") if it.state == "paused" else it for it in state.entries)
    return state.model_copy(update={"is_paused": False, "reason": None, "entries": entries})


def retried(state: QueueState, entry_id: str) -> QueueState:
    """Return the queue when an entry that came to nothing waits again, where it is.

    Raises
    ------
    InputError
        If there is nothing to retry, or another entry has its output by now.
    """
    entry = state.entry(entry_id)
    if entry.state not in _RETRIED:
        text = N_(
            "this video is {state}; only one that failed, was cancelled or was interrupted can "
            "be tried again"
        )
        raise InputError("queue.no_retry", text, state=STATE_WORDS[entry.state])
    check_unclaimed(entry.job, state.entries)
    return replaced(state, entry.put("waiting"))


def cancelled(state: QueueState, entry_id: str) -> QueueState:
    """Return the queue when an entry that has not begun is no longer to be drawn.

    Raises
    ------
    InputError
        If it has begun or ended.
    """
    entry = state.entry(entry_id)
    if entry.state not in ("waiting", "paused"):
        text = N_("this video is {state}; only one that waits can be taken back")
        raise InputError("queue.no_cancel", text, state=STATE_WORDS[entry.state])
    return replaced(state, entry.put("cancelled"))


def removed(state: QueueState, entry_id: str) -> QueueState:
    """Return the queue without an entry; what it has drawn stays where it is.

    Raises
    ------
    InputError
        If there is no such entry, or it is being drawn.
    """
    entry = state.entry(entry_id)
    if entry.state == "running":
        text = N_("this video is being drawn; cancel it before it is removed")
        raise InputError("queue.no_removal", text)
    return _with(state, tuple(it for it in state.entries if it is not entry))


def cleared(state: QueueState) -> QueueState:
    """Return the queue without what is done or cancelled.

    What failed or was interrupted stays, because it may be tried again.
    """
    return _with(state, tuple(it for it in state.entries if it.state not in _CLEARED))


def relocated(state: QueueState, paths: Mapping[str, str]) -> QueueState:
    """Return the queue when files have other names; what is being drawn goes where it was going.

    Parameters
    ----------
    state : QueueState
    paths : mapping
        From the old path of an output to the new one.
    """

    def moved(entry: Entry) -> Entry:
        job, result = entry.job, entry.result
        if entry.state == "running" or job.output not in paths:
            return entry
        changes: dict[str, object] = {"job": job.model_copy(update={"output": paths[job.output]})}
        if isinstance(result, VideoResult):
            path = paths.get(result.path, result.path)
            changes["result"] = result.model_copy(update={"path": path})
        return entry.model_copy(update=changes)

    return _with(state, tuple(map(moved, state.entries)))


def replaced(state: QueueState, entry: Entry) -> QueueState:
    """Return the queue with what has become of an entry."""
    return _with(state, tuple(entry if it.id == entry.id else it for it in state.entries))


def restored(state: QueueState) -> QueueState:
    """Return the queue as a program finds it that did not see how the one before it ended.

    Nothing begins by itself: it is paused if there is anything that could begin or be tried again.
    """
    for entry in state.entries:
        if entry.state == "running":
            return interrupted(state, entry.id)
    is_open = any(entry.is_active or entry.state == "interrupted" for entry in state.entries)
    return paused(state, RESTORED) if is_open and not state.is_paused else state


def interrupted(state: QueueState, entry_id: str) -> QueueState:
    """Return the queue when the program has ended, or is about to, while an entry was drawn."""
    state = replaced(state, state.entry(entry_id).put("interrupted", message=INTERRUPTED))
    return state if state.is_paused else paused(state, RESTORED)


def _with(state: QueueState, entries: tuple[Entry, ...]) -> QueueState:
    return state.model_copy(update={"entries": entries})
