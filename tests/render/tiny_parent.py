"""Renders the tiny lesson as ``render`` does: ``python tiny_parent.py SCENES OUTPUT JOBS``."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.workers.parallel import render_video

scenes, output, jobs = sys.argv[1:]
job = VideoJob(
    id=uuid.uuid4().hex,
    scene="tiny",
    params={"times": [5.0, 5.0]},
    picture=FrameFormat(width=160, height=90, fps=30),
    output=output,
    overwrite=True,
)
worker = (sys.executable, str(Path(__file__).with_name("tiny_worker.py")), scenes)
render_video(job, int(jobs), lambda progress: print(progress.phase, flush=True), command=worker)
