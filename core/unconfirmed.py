"""The sentence about gradients that no second computation has confirmed; without torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, counted, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_NAMED = 4
"""Gradients of one kind that a sentence names."""

_REASONS = {
    "differs": N_("{count} from central differences: {paths}"),
    "unresolved": N_("{count} too small for central differences to tell: {paths}"),
    "corner": N_("{count} at a corner, where there is no derivative: {paths}"),
}
_COUNTS = {
    "differs": (N_("{number} gradient differs"), N_("{number} gradients differ")),
    "unresolved": (N_("{number} gradient is"), N_("{number} gradients are")),
    "corner": (N_("{number} gradient is"), N_("{number} gradients are")),
}


def unconfirmed_message(verification: Mapping[str, Any]) -> Message | None:
    """Return what a verification has not confirmed; None if it has confirmed all it looked at.

    Parameters
    ----------
    verification : mapping
        As :func:`core.network.verify.verification` returns it.

    Examples
    --------
    >>> found = {"unconfirmed": [{"path": "layers.0.dL_db.0", "reason": "corner"}]}
    >>> unconfirmed_message(found).words()
    'not confirmed: 1 gradient is at a corner, where there is no derivative: layers.0.dL_db.0'
    """
    parts = []
    for reason, text in _REASONS.items():
        paths = [it["path"] for it in verification["unconfirmed"] if it["reason"] == reason]
        if paths:
            named = listed([*paths[:MOST_NAMED], *["..."] * (len(paths) > MOST_NAMED)])
            count = counted(len(paths), *_COUNTS[reason])
            parts.append(Message.of(f"gradients.{reason}", text, count=count, paths=named))
    if not parts:
        return None
    text = N_("not confirmed: {parts}")
    return Message.of("gradients.unconfirmed", text, parts=listed(parts))
