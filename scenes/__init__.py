"""The pictures: one file per scene; :mod:`scenes.parts` holds what they share."""
