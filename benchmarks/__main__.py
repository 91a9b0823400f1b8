"""Runs every benchmark, or those named, each in a process; exits with 1 if a promise is broken."""

from __future__ import annotations

import argparse
import subprocess
import sys

BENCHMARKS = (
    *(
        "loss_grid",
        "recording",
        "memory",
        "walk",
        "flagship",
        "video",
        "lessons",
        "preview",
        "jobs",
        "kit",
        "hour",
    ),
    "window",
    "estimates",
)


def main() -> int:
    """Run them one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    names = parser.parse_args().names or BENCHMARKS
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    broken = []
    for name in names:
        print(f"--- {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            broken.append(name)
    if broken:
        print(f"broken promises: {', '.join(broken)}", file=sys.stderr)
    return int(bool(broken))


if __name__ == "__main__":
    raise SystemExit(main())
