"""What frames of each scene cost: measured once (``benchmarks/costs.py``), and kept in a table.

Only proportions count: how fast this machine is shows while it draws.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

TABLE_FILE = Path(__file__).with_suffix(".json")


class SceneCost(BaseModel, frozen=True):
    """The cost of a scene with its default parameters.

    Attributes
    ----------
    seconds : float
        Length of its video.
    work : float
        Processor seconds for all of it.
    still : float
        Of a frame in which nothing moves.
    beats : dict
        Of the other frames, by beats.
    """

    seconds: float
    work: float
    still: float
    beats: dict[str, float]

    def moving(self, beat: str) -> float:
        """Return what a frame costs in which something moves; in an unknown beat, a middle one."""
        return self.beats.get(beat) or sum(self.beats.values()) / len(self.beats)


@cache
def _table() -> dict[str, SceneCost]:
    return TypeAdapter(dict[str, SceneCost]).validate_json(TABLE_FILE.read_bytes())


def cost_of(scene: str) -> SceneCost | None:
    """Return what a scene costs; None for one that was never measured."""
    return _table().get(scene)
