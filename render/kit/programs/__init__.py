"""Lessons as torch programs: the lines that come to every number that a scene shows."""
