"""What travels between threads: nobody can change it on its way."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import FrozenInstanceError, fields

import pytest

from backprop_studio.render.messages.events import Progress
from backprop_studio.render.queue.messages import Advanced, Changed, Requested
from backprop_studio.render.queue.model import QueueState

PROGRESS = Progress(job_id="a", phase="draw", fraction=0.5)


MESSAGES = [Changed(QueueState()), Advanced("a", PROGRESS), Requested(print, Future())]


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_stays_as_it_was_sent(message):
    for field in fields(message):
        with pytest.raises(FrozenInstanceError):
            setattr(message, field.name, None)
