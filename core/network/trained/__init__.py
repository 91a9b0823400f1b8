"""Which parameters an update moves, by names such as ``2.bias.1``."""
