"""The real coordinator with tiny workers: ``python tiny_coordinator.py FOLDER``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from backprop_studio import scenes
from backprop_studio.render.workers.segment_coordinator import main

folder = Path(sys.argv[1])
scenes.__spec__.origin = str(folder / "__init__.py")
os.environ["XDG_CACHE_HOME"] = str(folder.parent / "cache")
sys.exit(main((sys.executable, str(Path(__file__).with_name("tiny_worker.py")), sys.argv[1])))
