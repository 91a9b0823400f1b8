"""What an hour of lecture costs: the memory of its export, its slides, and when its player is open.

A few lessons at 720p, drawn once and repeated, each time with a title of its own, until they are an
hour; the whole kit in one process, whose memory is measured while it runs. ``python -m
benchmarks.hour``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import zipfile
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psutil

from benchmarks.jobs import run

if TYPE_CHECKING:
    from backprop_studio.render.files.cache import VideoCache
    from backprop_studio.render.lecture.lessons import Lesson

__all__ = ["main"]

SCENES = ("directional_derivative", "loss_surface", "momentum", "chain_rule", "linear_regression")
REPEATED = 7
HOUR, QUARTER = 3600.0, 900.0

SLIDES = 200e6
"""Bytes that the slides of an hour may have."""

MORE_MEMORY = 1.3
"""How much more memory an hour may take than its first seventh."""

OPEN = 2.0
"""Seconds in which the player is there."""

_PART = '[[part]]\nscene = "{scene}"\ntitle = "{number}"\n'


def lecture_file(folder: Path, name: str, repeated: int) -> Path:
    """Write a lecture of the scenes, so many times."""
    scenes = SCENES * repeated
    parts = (_PART.format(scene=it, number=k) for k, it in enumerate(scenes, start=1))
    file = folder / f"{name}.toml"
    file.write_text('format = 1\ntitle = "Long"\nquality = "m"\n' + "".join(parts))
    return file


def lessons(file: Path, folder: Path) -> list[Lesson]:
    """Return the lessons of a lecture."""
    from backprop_studio.render.lecture.file import read_lecture
    from backprop_studio.render.lecture.lessons import lessons_of

    return list(chain(*lessons_of(read_lecture(file), folder)))


def repeat_kept(cache: VideoCache, once: list[Lesson], often: list[Lesson], work: Path) -> None:
    """Let what is kept of lessons be that of their repetitions: only the title's card differs."""
    from backprop_studio.render.messages.jobs import material_job_of

    for number, lesson in enumerate(often):
        first = once[number % len(once)]
        film, data = work / "film.mp4", work / "material.json"
        result = cache.fetch(first.job, film)
        cache.keep(lesson.job, film, result)
        for is_print in (False, True):
            old, new = (
                material_job_of(it.job, it.job.id, is_print=is_print) for it in (first, lesson)
            )
            cache.fetch_material(old, data)
            cache.keep(new, data)


def export(folder: Path, file: Path) -> tuple[float, list[float]]:
    """Make everything; return the seconds, and the megabytes of the process four times a second."""
    command = [sys.executable, "-m", "backprop_studio.cli.commands", "lecture", str(file)]
    command += ["-o", str(folder / file.stem), "--kit", "all", "--students", "5"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    start = time.perf_counter()
    with (folder / "said.txt").open("w") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
    held, program = [], psutil.Process(process.pid)
    while process.poll() is None:
        held.append(program.memory_info().rss / 1e6 if program.is_running() else 0.0)
        time.sleep(0.25)
    if process.returncode:
        raise RuntimeError((folder / "said.txt").read_text()[-500:])
    return time.perf_counter() - start, held


def slides_bytes(file: Path) -> int:
    """Return how large slides are if no two of them share a clip or a poster."""
    with zipfile.ZipFile(file) as package:
        sizes = {it.filename: it.compress_size for it in package.infolist()}
        shared = sum(size for name, size in sizes.items() if "/media/" not in name)
        media = 0
        for name in sizes:
            if name.startswith("ppt/slides/_rels/"):
                text = package.read(name).decode()
                used = {it for it in sizes if f'"../media/{it.rpartition("/")[2]}"' in text}
                media += sum(sizes[it] for it in used)
    return shared + media


def seconds_to_open(page: Path) -> tuple[float, float]:
    """Return after how many seconds a page shows its first picture, and after how many it plays."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=options)
        view = browser.new_context(offline=True).new_page()
        start = time.perf_counter()
        view.goto(page.as_uri(), wait_until="commit")
        seen = "document.querySelector('.still.seen')?.complete"
        view.wait_for_function(f"document.getElementById('player') && {seen}", timeout=60_000)
        shown = time.perf_counter() - start
        view.keyboard.press("Space")
        playing = "document.getElementById('film').currentTime > 0"
        view.wait_for_function(playing, timeout=60_000)
        plays = time.perf_counter() - start
        browser.close()
    return shown, plays


def main() -> int:
    """Measure, print, and return 1 if a promise is broken."""
    from backprop_studio.render.files.cache import VideoCache

    with TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        short, long = (lecture_file(folder, it, k) for it, k in (("once", 1), ("hour", REPEATED)))
        run(folder, "lecture", str(short), "-o", str(folder / "drawn"), "--kit", "stills,handout")
        repeat_kept(VideoCache(), lessons(short, folder), lessons(long, folder), folder)
        (_, few), (took, many) = (export(folder, it) for it in (short, long))
        slides = slides_bytes(folder / "hour" / "hour.en.pptx")
        shown, plays = seconds_to_open(folder / "hour" / "hour.en.player.html")
    thirds = [max(many[k * len(many) // 3 : (k + 1) * len(many) // 3]) for k in range(3)]
    print(
        f"an hour of {len(SCENES) * REPEATED} lessons, all but their videos: {took:.0f} s; "
        f"memory at most {max(many):.0f} MB ({', '.join(f'{it:.0f}' for it in thirds)} in its "
        f"thirds), {max(few):.0f} MB for a seventh (promised: {MORE_MEMORY:g} times that); slides "
        f"{slides / 1e6:.0f} MB (promised: below {SLIDES / 1e6:.0f}); the player shows its first "
        f"picture after {shown:.1f} s and plays after {plays:.1f} s (promised: {OPEN:g})",
        flush=True,
    )
    is_flat = max(many) <= MORE_MEMORY * max(few)
    return int(not (is_flat and slides < SLIDES and shown < OPEN))


if __name__ == "__main__":
    sys.exit(main())
