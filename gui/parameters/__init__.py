"""The form of a scene's parameters."""
