"""The window's state and values; no widget."""
