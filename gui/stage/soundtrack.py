"""The sound of a film, heard while its pictures run."""

from __future__ import annotations

import threading
import time
from contextlib import closing, contextmanager, suppress
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import av
import numpy as np
import numpy.typing as npt
from av.filter import Graph

from backprop_studio.core.base.errors import MissingComponentError, StudioError
from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RATE = 48_000
"""Samples per second."""

CHANNELS = 2
BLOCK = RATE // 50
"""Samples that are handed over at a time: what a pause waits for."""

APART = 0.08
"""Seconds of film between sound and picture that are put right."""

_SLOWEST = 0.5
"""Of what changes the speed and keeps the pitch in one go."""

Samples = npt.NDArray[np.float32]
"""Shape (samples, CHANNELS)."""

_one_at_a_time = threading.Lock()
"""PortAudio opens and closes for one thread at a time."""

_PATIENCE = 0.05
"""Seconds that closing waits for a system that is slow to open its output."""


class Loudspeaker(Protocol):
    """Where samples go."""

    @property
    def delay(self) -> float:
        """Seconds until a sample is heard that is written now."""

    def begin(self) -> None:
        """Get ready for samples."""

    def write(self, samples: Samples) -> None:
        """Wait until there is room, and take them."""

    def drop(self) -> None:
        """Forget what was not heard yet."""

    def close(self) -> None:
        """Let go of the device."""


class SystemLoudspeaker:
    """The system's usual output.

    Raises
    ------
    MissingComponentError
        If there is none, now or when something is to be heard.
    """

    def __init__(self) -> None:
        try:
            import sounddevice
        except OSError as error:
            text = N_("no sound: the library PortAudio is not installed")
            raise MissingComponentError("sound.no_library", text) from error
        self._fault = sounddevice.PortAudioError
        with _one_at_a_time, self._said():
            self._stream = sounddevice.OutputStream(
                samplerate=RATE, channels=CHANNELS, dtype="float32", latency="high"
            )

    @property
    def delay(self) -> float:
        """Seconds until a sample is heard that is written now."""
        with self._said():
            return float(max(self._stream.latency - self._stream.write_available / RATE, 0.0))

    def begin(self) -> None:
        """Get ready for samples."""
        with self._said():
            self._stream.start()

    def write(self, samples: Samples) -> None:
        """Wait until there is room, and take them."""
        with self._said():
            self._stream.write(samples)

    def drop(self) -> None:
        """Forget what was not heard yet."""
        with self._said():
            self._stream.abort()

    def close(self) -> None:
        """Let go of the device."""
        with _one_at_a_time, suppress(self._fault):
            self._stream.close()

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Say in one sentence what PortAudio cannot do."""
        try:
            yield
        except self._fault as error:
            text = N_("no sound: the system has no loudspeaker")
            raise MissingComponentError("sound.no_device", text) from error


class SoundFile:
    """The sound in a film, from any time on and at any speed.

    Parameters
    ----------
    path : Path
        A file with sound.
    """

    def __init__(self, path: Path) -> None:
        self._container = av.open(str(path), metadata_errors="replace")
        self._stream = self._container.streams.audio[0]
        self._base = self._stream.time_base or Fraction(1, RATE)
        self._origin = _origin(self._container)

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def blocks(self, seconds: float, speed: float) -> Iterator[Samples]:
        """Yield the sound from a time of the film on, as it is heard at a speed."""
        waiting, skip = _silence(0), None
        for began, samples in self._converted(seconds, speed):
            if skip is None:  # what is decoded begins with a packet, not with the time
                skip = round((seconds - began) / speed * RATE)
                waiting, skip = _silence(max(-skip, 0)), max(skip, 0)
            waiting = np.concatenate([waiting, samples[skip:]])
            skip = max(skip - len(samples), 0)
            while len(waiting) >= BLOCK:
                yield waiting[:BLOCK]
                waiting = waiting[BLOCK:]
        yield waiting

    def _converted(self, seconds: float, speed: float) -> Iterator[tuple[float, Samples]]:
        """Yield samples, and when the first of all begins."""
        graph = _graph(self._stream, speed)
        offset = int(max(seconds, 0.0) / self._base) + int(self._origin / self._base)
        self._container.seek(max(offset, 0), stream=self._stream)
        began = None
        for frame in self._container.decode(self._stream):
            at = float((frame.pts or 0) * self._base - self._origin)
            if began is None and at + frame.samples / frame.sample_rate <= seconds:
                continue
            began = at if began is None else began
            graph.push(frame)
            for samples in _pulled(graph):
                yield began, samples
        if began is not None:
            graph.push(None)
            for samples in _pulled(graph):
                yield began, samples


class Beginning(NamedTuple):
    """When which time of a film is seen, and how fast it runs from there.

    Attributes
    ----------
    clock : float
        Of :func:`time.monotonic`.
    seconds : float
        Time of the film.
    speed : float
        1 is real time.
    """

    clock: float
    seconds: float
    speed: float


class Soundtrack:
    """Plays the sound of a film in a thread of its own, beside its pictures.

    Parameters
    ----------
    path : Path
        A film with sound.
    fail : callable
        Told once, in the thread, why nothing is heard.
    open_speaker, clock : callable
        Where it is heard, and seconds like those of a :class:`Beginning`.
    """

    def __init__(
        self,
        path: Path,
        fail: Callable[[StudioError], object],
        open_speaker: Callable[[], Loudspeaker] = SystemLoudspeaker,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._fail = fail
        self._open_speaker = open_speaker
        self._clock = clock
        self._changed = threading.Condition()
        self._wanted: Beginning | None = None
        self._is_closed = False
        self._is_muted = False
        self._thread = threading.Thread(target=self._run, name="soundtrack", daemon=True)

    def start(self) -> None:
        """Be ready to play."""
        self._thread.start()

    def run(self, clock: float, seconds: float, speed: float) -> None:
        """Let it be heard from there on: what a :class:`Beginning` is made of."""
        with self._changed:
            self._wanted = Beginning(clock, seconds, speed)
            self._changed.notify()

    def rest(self) -> None:
        """Be silent until it is to run again."""
        with self._changed:
            self._wanted = None
            self._changed.notify()

    def set_muted(self, is_muted: bool) -> None:
        """Run unheard, or be heard."""
        self._is_muted = is_muted

    def close(self) -> None:
        """Be silent, and let go of file and loudspeaker."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        # A file that breaks off is silent from there on: its pictures say what is wrong with it.
        with suppress(OSError, ValueError), closing(SoundFile(self._path)) as file:
            try:
                with closing(self._open_speaker()) as speaker:
                    self._serve(file, speaker)
            except StudioError as error:
                self._fail(error)

    def _serve(self, file: SoundFile, speaker: Loudspeaker) -> None:
        """Play what is wanted until nothing is any more."""
        while (beginning := self._next()) is not None:
            speaker.begin()
            if self._play(file, speaker, beginning):
                self._wait_for_another(beginning)
            speaker.drop()

    def _next(self) -> Beginning | None:
        """Wait until something is to be heard; return what, or nothing at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._wanted is not None)
            return None if self._is_closed else self._wanted

    def _wait_for_another(self, beginning: Beginning) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_other(beginning))

    def _is_other(self, beginning: Beginning) -> bool:
        return self._is_closed or self._wanted is not beginning

    def _play(self, file: SoundFile, speaker: Loudspeaker, beginning: Beginning) -> bool:
        """Play until something else is wanted, or to the end; return whether that was reached."""

        def due() -> float:
            """Return the time of the film that is seen when what is written now is heard."""
            clock = self._clock() + speaker.delay
            return beginning.seconds + (clock - beginning.clock) * beginning.speed

        position = due()
        for block in file.blocks(position, beginning.speed):
            if self._is_other(beginning) or abs(due() - position) > APART:
                return False
            speaker.write(block * 0 if self._is_muted else block)
            position += len(block) / RATE * beginning.speed
        return True


def _origin(container: Any) -> Fraction:
    """Return when the film begins, in the time of its streams: where its pictures do."""
    (video,) = container.streams.video[:1] or (None,)
    if video is None or video.start_time is None or video.time_base is None:
        return Fraction(0)
    return Fraction(video.start_time * video.time_base)


def _graph(stream: Any, speed: float) -> Graph:
    """Return what brings a stream to our rate and to a speed, at its pitch."""
    graph = Graph()
    source = graph.add_abuffer(template=stream)
    # One channel stays one: FFmpeg would make it quieter on two.
    layout = "mono" if stream.channels == 1 else "stereo"
    form = f"sample_rates={RATE}:sample_fmts=flt:channel_layouts={layout}"
    chain = [source, graph.add("aformat", form)]
    while speed < _SLOWEST:
        chain.append(graph.add("atempo", str(_SLOWEST)))
        speed /= _SLOWEST
    if speed != 1:
        chain.append(graph.add("atempo", str(speed)))
    chain.append(graph.add("abuffersink"))
    for first, second in pairwise(chain):
        first.link_to(second)
    graph.configure()
    return graph


def _pulled(graph: Graph) -> Iterator[Samples]:
    while True:
        try:
            frame: Any = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        samples = frame.to_ndarray().reshape(frame.samples, -1)
        yield np.broadcast_to(samples, (len(samples), CHANNELS))


def _silence(count: int) -> Samples:
    return np.zeros((count, CHANNELS), np.float32)
