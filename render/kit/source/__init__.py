"""Lessons as sources: a torch program, a scene of Manim, a notebook."""
