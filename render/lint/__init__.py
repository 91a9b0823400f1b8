"""The picture lint: finds what a viewer would stumble over, at every beat of a lesson.

It walks through a lesson as a film does, draws some moments with a margin around the frame, once
with and once without texts, and holds the rules of :mod:`render.lint.rules` against them.
"""
