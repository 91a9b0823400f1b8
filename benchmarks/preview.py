"""What a lecturer waits for: a still after a change, the first frame after a click, the frames.

All of it from one warm worker, through the pipe, as the window asks for it: stills at 720p with a
parameter that was never asked for before, and the flagship lesson as a stream at 480p30.
``python -m benchmarks.preview [SCENE ...]``.
"""

from __future__ import annotations

import argparse
import itertools
import queue
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.gui.model.schema import form_of
from backprop_studio.render.catalogue import scene_ids
from backprop_studio.render.drawing.scene_files import lesson_class
from backprop_studio.render.messages.events import Cancelled, Done, Failed, Frame, Planned
from backprop_studio.render.messages.jobs import PreviewJob, StillJob
from backprop_studio.render.workers.client import WorkerClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.render.messages.events import Event
    from backprop_studio.render.messages.jobs import Job, SceneJob

__all__ = ["main"]

SCENE = "backprop"
STILLS, CLICKS = 6, 10
STILL_LIMIT_MS = 300.0
SPEED_LIMIT = 1.0
ALL_AT_ONCE = 10**6


class Change(NamedTuple):
    """A parameter and a value that is not its default."""

    path: str
    value: Any

    @property
    def params(self) -> dict[str, Any]:
        """As a job wants them."""
        *groups, name = self.path.split(".")
        found: dict[str, Any] = {name: self.value}
        for group in reversed(groups):
            found = {group: found}
        return found


class Worker:
    """A warm worker, and how long it takes to say something."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._numbers = itertools.count()
        self.client = WorkerClient(lambda event, _attachment: self._events.put(event))

    def ask(self, job: SceneJob, until: type[Event]) -> tuple[float, list[Event]]:
        """Return the seconds until an event of this kind, and all events so far.

        Raises
        ------
        StudioError
            If the job fails.
        """
        job = job.model_copy(update={"id": f"{job.scene}-{next(self._numbers)}"})
        events: list[Event] = []
        start = time.perf_counter()
        self.client.submit(_as_job(job))
        while not (events and isinstance(events[-1], until)):
            event = self._events.get()
            if getattr(event, "job_id", "") == job.id:
                events.append(event)
            if isinstance(event, Failed) and event.job_id == job.id:
                raise StudioError(event.message)
        took = time.perf_counter() - start
        if not isinstance(events[-1], Done):
            self._give_up(job.id)
        return took, events

    def _give_up(self, job_id: str) -> None:
        self.client.cancel(job_id)
        while not isinstance(event := self._events.get(), Cancelled) or event.job_id != job_id:
            pass


def main() -> int:
    """Measure, print, and return 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", help="for the stills; all if none")
    scenes = parser.parse_args().scenes or scene_ids()
    worker = Worker()
    with worker.client:
        worker.ask(StillJob(id="warm", scene=SCENE), Done)
        kept = [_stream(worker), _first_frames(worker), _stills(worker, scenes)]
    return int(not all(kept))


def _stream(worker: Worker) -> bool:
    """Stream the flagship as fast as it comes, first with texts and pictures unseen."""
    speeds = []
    for _ in range(3):
        job = PreviewJob(id="", scene=SCENE, ahead=ALL_AT_ONCE)
        took, events = worker.ask(job, Done)
        planned = next(event for event in events if isinstance(event, Planned))
        speeds.append(planned.duration / took)
    size = f"{job.picture.height}p{job.picture.fps}"
    sent = [event.attachment for event in events if isinstance(event, Frame)]
    print(
        f"{SCENE} as a stream at {size}: {speeds[0]:.1f} seconds of video per second at first, "
        f"{statistics.median(speeds[1:]):.1f} afterwards (promised {SPEED_LIMIT:g}); "
        f"{len(sent)} pictures, {sum(sent) / len(sent) / 1024:.0f} KiB each, "
        f"{sum(sent) / 2**20:.0f} MiB in all",
        flush=True,
    )
    return min(speeds) >= SPEED_LIMIT


def _first_frames(worker: Worker) -> bool:
    """Click on play after each change, when its still is there, and before it is."""
    changes = _changes(SCENE)
    _, events = worker.ask(StillJob(id="", scene=SCENE), Done)
    marks = events[-1].result["beats"] if isinstance(events[-1], Done) else []
    middle = marks[len(marks) // 2]["name"]
    for name, has_still, beat in (
        ("at the start, its still shown", True, None),
        ("in the middle, its still shown", True, middle),
        ("at the start, no still yet", False, None),
    ):
        times = []
        for change in itertools.islice(changes, CLICKS):
            if has_still:
                worker.ask(StillJob(id="", scene=SCENE, params=change.params), Done)
            job = PreviewJob(id="", scene=SCENE, params=change.params, beat=beat)
            times.append(worker.ask(job, Frame)[0] * 1e3)
        print(
            f"first frame after the click, {name}: median {statistics.median(times):.0f} ms, "
            f"slowest {max(times):.0f} ms of {CLICKS}",
            flush=True,
        )
    return True


def _stills(worker: Worker, scenes: list[str]) -> bool:
    """Ask for every scene's stills, each of another beat with another value."""
    times: dict[str, list[float]] = {}
    for scene in scenes:
        try:
            times[scene] = _stills_of(worker, scene)
        except StudioError as error:
            print(f"{scene}: left out: {error}", flush=True)
    middles = {scene: statistics.median(row) for scene, row in times.items()}
    every = sorted(itertools.chain.from_iterable(times.values()))
    if not every:
        return False
    middle = statistics.median(middles.values())
    late = every[min(len(every) - 1, round(0.95 * len(every)))]
    print(
        f"still after a change, {len(times)} of {len(scenes)} scenes: median {middle:.0f} ms, "
        f"p95 {late:.0f} ms of {len(every)} (promised: a median of at most {STILL_LIMIT_MS:g})"
    )
    return middle <= STILL_LIMIT_MS


def _stills_of(worker: Worker, scene: str) -> list[float]:
    """Return the milliseconds that some stills of a scene take."""
    changes = _changes(scene)
    first = next(changes, None)
    if first is None:
        raise StudioError("no number of it can be changed")
    _, events = worker.ask(StillJob(id="", scene=scene), Done)
    result = events[-1].result if isinstance(events[-1], Done) else {}
    beats = [beat["name"] for beat in result["beats"]]
    # Evenly spread over the lesson, the last included.
    chosen = [beats[(len(beats) * k) // STILLS - 1] for k in range(1, STILLS + 1)]
    times = []
    for beat, change in zip(chosen, itertools.chain([first], changes), strict=False):
        job = StillJob(id="", scene=scene, params=change.params, beat=beat)
        times.append(worker.ask(job, Done)[0] * 1e3)
    print(
        f"{scene}: median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms "
        f"({first.path})",
        flush=True,
    )
    return times


def _changes(scene: str) -> Iterator[Change]:
    """Yield values of one parameter of a scene that its schema and its checks allow."""
    params = lesson_class(scene).Params
    form = form_of(params.model_json_schema())
    own = [spec for spec in form.fields() if spec.path != "pace" and form.acts(spec, {}, {})]
    for kind in ("number", "integer", "literal", "mapping"):
        for spec in own:
            if spec.kind == kind and spec.default is not None:
                found = [
                    change
                    for change in (Change(spec.path, value) for value in _values(spec))
                    if _is_allowed(params, change)
                ]
                if len(found) >= STILLS:
                    yield from found
                    return


def _values(spec: FieldSpec) -> Iterator[Any]:
    """Yield values near a field's default."""
    for step in range(1, 3 * CLICKS + 1):
        yield _moved(spec.default, step)


def _moved(value: Any, step: int) -> Any:
    """Return a number, or the numbers inside a value, moved a little."""
    if isinstance(value, dict):
        return {name: _moved(part, step) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_moved(part, step) for part in value]
    if isinstance(value, float):
        return round(value * (1 - 0.01 * step) - 0.001 * step, 6)
    return value + step if isinstance(value, int) and not isinstance(value, bool) else value


def _is_allowed(params: Any, change: Change) -> bool:
    try:
        validate_params(params, change.params)
    except StudioError:
        return False
    return True


def _as_job(job: Any) -> Job:
    return job  # type: ignore[no-any-return]


if __name__ == "__main__":
    sys.exit(main())
