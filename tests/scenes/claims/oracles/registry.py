"""What each claim says, worked out once more from the answer sheet alone.

None of this asks core: an oracle says whether a verdict may be told of these numbers.
"""

from __future__ import annotations

import math

ORACLES = {}


def oracle(*names):
    """Register what judges claims of some names."""

    def register(judge):
        ORACLES.update(dict.fromkeys(names, judge))
        return judge

    return register


def at(sheet, path):
    """Return what stands at a path of a sheet."""
    for part in path.split(".") if path else ():
        sheet = sheet[int(part)] if isinstance(sheet, list) else sheet[part]
    return sheet


def number(value):
    """Return a number; what JSON has no number for is none."""
    return math.nan if value is None else float(value)


def printed(value, digits=4):
    """Return a number as it is read."""
    return f"{value:.{digits - 1}e}" if value else "0"


def sign_of(value):
    """Return "positive", "negative" or "zero"."""
    return "positive" if value > 0 else "negative" if value < 0 else "zero"
