"""Small films, and what is in a file of one."""

from __future__ import annotations

import threading

import av
import numpy as np

from backprop_studio.render.messages.frame_format import FrameFormat

SMALL = FrameFormat(width=64, height=48, fps=25)
RED, GREEN, BLUE = (224, 32, 16), (16, 200, 40), (24, 40, 208)


def plain(colour, picture=SMALL):
    return np.full((picture.height, picture.width, 4), (*colour, 255), np.uint8)


def fill(film, *shown):
    """Write colours, each with how often it is shown, and finish."""
    for colour, repeat in shown:
        film.write(plain(colour, SMALL), repeat)
    film.finish()


def colours(path, layout="rgb24"):
    """Return the mean colour of each frame of a video."""
    with av.open(path) as container:
        frames = [it.to_ndarray(format=layout) for it in container.decode(video=0)]
    return np.array([it.mean((0, 1)) for it in frames])


def packets(path):
    with av.open(path) as container:
        return [it for it in container.demux(video=0) if it.pts is not None]


def film_threads():
    return [it for it in threading.enumerate() if it.name == "film"]
