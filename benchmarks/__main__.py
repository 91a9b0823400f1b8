"""Runs every benchmark in a process of its own; the exit code is 1 if a promise is broken."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = ("loss_grid", "recording", "memory", "walk", "video", "lessons", "preview", "jobs")


def main() -> int:
    """Run them one after the other."""
    broken = []
    for name in BENCHMARKS:
        print(f"--- {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            broken.append(name)
    if broken:
        print(f"broken promises: {', '.join(broken)}", file=sys.stderr)
    return int(bool(broken))


if __name__ == "__main__":
    raise SystemExit(main())
