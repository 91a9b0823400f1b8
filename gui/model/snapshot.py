"""What a user has set in the window, as it lies on the disk between two runs."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, Field

from backprop_studio.render.files.kept import check_format

FORMAT = 1
"""Of the file; a newer one was written by a newer program."""


class Snapshot(BaseModel, frozen=True, strict=True, extra="ignore"):
    """The work that a restart brings back.

    Attributes
    ----------
    scene : str
        The scene on the stage.
    beat : str or None
        The beat that was chosen.
    values : dict
        Of every scene, the values that are not its defaults, by their paths.
    """

    scene: str = ""
    beat: str | None = None
    values: dict[str, dict[str, Any]] = Field(default_factory=dict)

    def to_json(self) -> bytes:
        """Return it as it is written; letters are escaped, so that even broken ones survive."""
        kept = {"format": FORMAT, "scene": self.scene, "beat": self.beat, "values": self.values}
        # A date in a list that was typed as TOML is no JSON; its text is refused just the same.
        return json.dumps(kept, default=str, separators=(",", ":")).encode()


def read_snapshot(data: bytes, source: str) -> Snapshot:
    """Read a snapshot from its JSON.

    Raises
    ------
    InputError
        If a newer program has written it.
    ValueError
        If it is damaged.
    """
    check_format(data, FORMAT, source)
    return Snapshot.model_validate(json.loads(data))
