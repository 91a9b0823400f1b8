"""The real worker with a folder of scenes of the test's own: ``python tiny_worker.py FOLDER``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from backprop_studio import scenes
from backprop_studio.render.workers.worker import main

folder = Path(sys.argv[1])
scenes.__spec__.origin = str(folder / "__init__.py")
os.environ["XDG_CACHE_HOME"] = str(folder.parent / "cache")
scenes.__path__.append(str(folder))
sys.exit(main())
