"""The real worker with a folder of scenes of the test's own: ``python tiny_worker.py FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

import render.catalogue
import scenes
from render.worker import main

folder = Path(sys.argv[1])
original = render.catalogue.package_folder
render.catalogue.package_folder = lambda name: folder if name == "scenes" else original(name)
render.catalogue._cache_folder = lambda: folder.parent / "cache"
scenes.__path__.append(str(folder))
sys.exit(main())
