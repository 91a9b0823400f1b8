"""Colours of classes: one for a class's points and name, and its tint for what is taken for it."""

from __future__ import annotations

import numpy as np

from backprop_studio.scenes.paint.style import Rgb, Theme, rgb_of

FAINTEST, STRONGEST = 0.12, 0.42
"""Share of a class's colour in its region, where it barely wins and where it is certain."""

BORDER = 0.6
"""Share of the text's colour where one region ends and another begins."""


_COLOURS: dict[str, tuple[Rgb, ...]] = {
    "dark": tuple(map(rgb_of, ("#ffb000", "#b98bff", "#3fd0c9", "#ff6fae", "#e2e8ef"))),
    "light": tuple(map(rgb_of, ("#b86a00", "#6a1fd0", "#007f86", "#c2186f", "#33404d"))),
    "print": tuple(map(rgb_of, ("#000000", "#8c8c8c", "#4a4a4a", "#b5b5b5", "#6a6a6a"))),
}


def class_colour(theme: Theme, index: int) -> Rgb:
    """Return the colour of a class counted from 0; they come again when all are used."""
    colours = _COLOURS[theme.name]
    return colours[index % len(colours)]


def region_colours(theme: Theme, probabilities: np.ndarray) -> np.ndarray:
    """Return the colour of each place of a plane: its likeliest class, stronger if surer.

    Parameters
    ----------
    probabilities : (rows, columns, classes) array

    Returns
    -------
    (rows, columns, 3) array of red, green and blue from 0 to 1
    """
    count = probabilities.shape[2]
    colours = np.array([class_colour(theme, k) for k in range(count)])
    # Of more than one class even the likeliest has at least 1 / count.
    surer = (probabilities.max(axis=2) - 1 / count) / (1 - 1 / count) if count > 1 else 1.0
    share = FAINTEST + (STRONGEST - FAINTEST) * np.clip(surer, 0, 1)
    page = np.array(theme.background)
    classes = probabilities.argmax(axis=2)
    tinted: np.ndarray = page + (colours[classes] - page) * np.asarray(share)[..., None]
    border = np.zeros(classes.shape, dtype=bool)
    border[:, :-1] |= classes[:, :-1] != classes[:, 1:]
    border[:-1] |= classes[:-1] != classes[1:]
    tinted[border] = page + (np.array(theme.text) - page) * BORDER
    return tinted
