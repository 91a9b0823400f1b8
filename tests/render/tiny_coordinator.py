"""The real coordinator with tiny workers: ``python tiny_coordinator.py FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from backprop_studio.render.workers.segment_coordinator import main

sys.exit(main((sys.executable, str(Path(__file__).with_name("tiny_worker.py")), sys.argv[1])))
