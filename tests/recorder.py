"""What a test waits for: the events of a worker."""

from __future__ import annotations

import threading

from backprop_studio.render.messages.events import EndEvent, Progress

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
        return self.wait_for(lambda it: isinstance(it, EndEvent) and it.job_id == job_id)

    def wait_for_progress(self, job_id, fraction=0.5):
        return self.wait_for(lambda _: any(it.fraction >= fraction for it in self.progress(job_id)))

    def progress(self, job_id):
        """Return the progress of a job so far."""
        found = [event for event, _ in self.events if isinstance(event, Progress)]
        return [event for event in found if event.job_id == job_id]

    def ends(self, job_id=None):
        found = [event for event, _ in self.events if isinstance(event, EndEvent)]
        return [event for event in found if job_id in (None, event.job_id)]
