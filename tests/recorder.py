"""What a test waits for: the events of a worker."""

from __future__ import annotations

import threading

from backprop_studio.render.messages.events import Cancelled, Done, Failed, Progress

PATIENCE = 240.0
"""Seconds after which a test gives up waiting; never a measure of speed."""


class Recorder:
    """Keeps every event and lets a test wait for one."""

    def __init__(self):
        self.events = []
        self._changed = threading.Condition()

    def __call__(self, event, attachment):
        with self._changed:
            self.events.append((event, attachment))
            self._changed.notify_all()

    def wait_for(self, condition):
        with self._changed:
            found = self._changed.wait_for(
                lambda: next((pair for pair in self.events if condition(pair[0])), None), PATIENCE
            )
        assert found, f"not among {[event for event, _ in self.events]}"
        return found

    def wait_for_end(self, job_id):
        return self.wait_for(
            lambda event: isinstance(event, Done | Failed | Cancelled) and event.job_id == job_id
        )

    def wait_for_progress(self, job_id, fraction=0.5):
        return self.wait_for(
            lambda event: (
                isinstance(event, Progress)
                and event.job_id == job_id
                and event.fraction >= fraction
            )
        )

    def progress(self, job_id):
        """Return the progress of a job so far."""
        return [
            event
            for event, _ in self.events
            if isinstance(event, Progress) and event.job_id == job_id
        ]

    def ends(self, job_id=None):
        return [
            event
            for event, _ in self.events
            if isinstance(event, Done | Failed | Cancelled) and job_id in (None, event.job_id)
        ]
