"""Limits of the graph lessons: bounds of their parameters and of the functions behind them."""

from __future__ import annotations

MAX_ENTRIES = 16
"""Of a vector: more numbers than a line holds."""

MAX_SAMPLES = 100
"""Of the data that one weight is trained on."""

MAX_SIZE = 64
"""Of an axis of a tensor."""

MAX_STEPS = 1000
"""Of one weight on one sample."""

MAX_UPDATES = 20_000
"""Of one weight on data, about ten seconds."""

MAX_VARIABLES = 12
"""Of a graph of a formula."""
