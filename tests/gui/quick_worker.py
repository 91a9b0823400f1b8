"""A worker that films a grey second instead of a lesson, and so is ready at once.

Its file is staged, verified and placed as a lesson's is.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from backprop_studio.render.files.video_target import VideoTarget
from backprop_studio.render.messages.events import Done, Progress
from tests.render import fake_worker

FRAMES = 20


def film(job, _inbox):
    size = (job.picture.height, job.picture.width, 4)
    with tempfile.TemporaryDirectory() as scratch, VideoTarget(job).staged() as staged:
        with staged.film(Path(scratch), "", (), 1) as made:
            for number in range(FRAMES):
                made.write(np.full(size, 5 * number, np.uint8))
                fraction = number / FRAMES
                fake_worker.send(Progress(job_id=job.id, phase="draw", fraction=fraction))
                time.sleep(0.02)
            made.finish()
        staged.deliver(FRAMES)
    result = {"path": job.output, "frames": FRAMES, "duration": 1.0, "beats": []}
    fake_worker.send(Done(job_id=job.id, result=result | job.picture.model_dump()))


fake_worker.ACTS["ok"] = film
fake_worker.main(sys.argv[1:])
