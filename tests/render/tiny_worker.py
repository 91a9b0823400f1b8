"""The real worker with a folder of scenes of the test's own: ``python tiny_worker.py FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

import backprop_studio.render.catalogue
from backprop_studio import scenes
from backprop_studio.render.workers.worker import main

folder = Path(sys.argv[1])
original = backprop_studio.render.catalogue.package_folder
backprop_studio.render.catalogue.package_folder = lambda name: (
    folder if name == "scenes" else original(name)
)
backprop_studio.render.catalogue._cache_folder = lambda: folder.parent / "cache"
scenes.__path__.append(str(folder))
sys.exit(main())
