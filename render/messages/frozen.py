"""The base of all models that travel between processes: frozen, checked, JSON both ways."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Cannot be changed, and refuses what it does not know."""

    # "constants": nan and inf must reach the other side as they are, to be refused by name there.
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")
