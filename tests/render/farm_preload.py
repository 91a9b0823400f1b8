"""Loaded by the Dask workers of the tests: their render processes have the test's scenes."""

from __future__ import annotations

import json
import os

from backprop_studio.render.farm.remote_job import processes

processes.command = json.loads(os.environ["STUDIO_TEST_COMMAND"])
