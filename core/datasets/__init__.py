"""Data sets: made by seed, bundled, or read from a user's own files."""
