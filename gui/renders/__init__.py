"""The render queue in the window."""
