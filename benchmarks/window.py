"""How long the window's loop keeps a key waiting: at the start, in use, while a video plays.

The real program on a screen without a graphics card, as in a virtual machine or over a remote
desktop. The machine must be quiet: what is measured is the time between two turns of the loop.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.gui.screen.studio import Screen, Studio, missing

LIMIT_MS = 100.0
SCENES = ("classification", "backprop", "loss_surface", "optimizers", "backprop", "learning_rate")


def main() -> int:
    """Measure, print, and return 1 if the promise is broken."""
    if absent := missing():
        print(f"left out: {', '.join(absent)} not installed")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        screen = Screen(Path(folder))
        try:
            visits = [_visit(screen, Path(folder), name) for name in ("first", "second")]
            return int(not all(visits))
        finally:
            screen.close()


def _visit(screen: Screen, folder: Path, name: str) -> bool:
    """Work in the window as a lecturer does; the second time its caches are there."""
    studio = Studio(screen.environment, folder)
    try:
        studio.wait_for_picture()
        kept = [_tell(studio, f"{name} start", within=1000.0)]
        studio.wait("window.thumbnails.is_complete", 600)
        kept.append(_tell(studio, f"{name} start, small pictures"))
        for scene in SCENES:
            studio.do(f"state.select_scene('{scene}')")
            studio.wait_for_picture()
            time.sleep(0.5)
        kept.append(_tell(studio, "choosing scenes"))
        for language in ("zh", "en"):
            studio.do(f"state.window_language = '{language}'")
            time.sleep(1)
        kept.append(_tell(studio, "another language"))
        studio.key("space")
        studio.wait("state.live.value == 'playing'")
        time.sleep(5)
        studio.do("window.services.live.stop()")
        kept.append(_tell(studio, "the lesson plays while it is drawn"))
        studio.do("state.select_scene('derivative')")
        studio.wait_for_picture()
        studio.click("window.render_bar.render_button")
        studio.wait("state.render.phase.value in {'done', 'failed'}", 600)
        kept.append(_tell(studio, "a render"))
        studio.click("window.render_bar.show_video")
        studio.wait("window.services.player.position > 10_000")
        kept.append(_tell(studio, f"ten seconds of its video, {studio.memory():.0f} MiB"))
        studio.close()
        return all(kept)
    finally:
        studio.end()


def _tell(studio: Studio, what: str, within: float = LIMIT_MS) -> bool:
    stalls = studio.stalls()
    longest = max(stalls, key=lambda it: it[1], default=(0, 0.0, 0.0, ""))
    took = 1e3 * longest[1]
    print(f"{what}: at most {took:.0f} ms between two turns (promised {within:.0f})", flush=True)
    if took > within:
        print(f"    {1e3 * longest[2]:.0f} ms of it at work; {longest[3]}", flush=True)
    return took <= within


if __name__ == "__main__":
    raise SystemExit(main())
