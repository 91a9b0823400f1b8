"""Mobjects of surfaces, in three dimensions and as maps."""
