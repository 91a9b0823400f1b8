"""The list of scenes."""
