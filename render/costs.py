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
        Of the other frames, by beats: in the mean, and then in each of the beat's plays.
    """

    seconds: float
    work: float
    still: float
    beats: dict[str, list[float]]

    def moving(self, beat: str, plays: int) -> list[float]:
        """Return what a frame costs in each of a beat's plays in which something moves.

        Parameters can bring beats and plays that were not measured; these cost a middle.
        """
        mean, *each = self.beats.get(beat, [sum(it[0] for it in self.beats.values())])
        if beat not in self.beats:
            mean /= len(self.beats)
        return each if len(each) == plays else [mean] * plays


@cache
def _table() -> dict[str, SceneCost]:
    return TypeAdapter(dict[str, SceneCost]).validate_json(TABLE_FILE.read_bytes())


def cost_of(scene: str) -> SceneCost | None:
    """Return what a scene costs; None for one that was never measured."""
    return _table().get(scene)
