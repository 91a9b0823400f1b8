"""Flashes: what WCAG counts, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.render.lint.flashes import Flashes

FPS = 30
WHOLE = (slice(None), slice(None))


def counted(per_second, dark, light, where=WHOLE, seconds=2, ramp=1):
    """Return the flashes of a film in which a part changes that often between two colours."""
    flashes = Flashes(FPS)
    for frame in range(FPS * seconds):
        phase = (frame * per_second / FPS) % 1
        share = min(1.0, ramp * (0.5 - abs(phase - 0.5)) * 2) if ramp > 1 else float(phase >= 0.5)
        picture = np.full((90, 160, 3), dark, np.uint8)
        colour = np.asarray(dark) + share * (np.asarray(light, float) - dark)
        picture[where] = colour.round().astype(np.uint8)
        flashes.add(picture)
    assert flashes.frames == FPS * seconds
    return flashes


BLACK, WHITE, GREY = (0, 0, 0), (255, 255, 255), (128, 128, 128)


@pytest.mark.parametrize("per_second", [1, 2, 3, 5, 10])
def test_each_flash_within_a_second_counts(per_second):
    flashes = counted(per_second, BLACK, WHITE)
    assert flashes.most == per_second
    assert counted(per_second, BLACK, WHITE, ramp=3).most == per_second


@pytest.mark.parametrize(
    ("dark", "light"),
    [(BLACK, (80, 80, 80)), ((235, 235, 235), WHITE), (GREY, GREY), ((60, 60, 60), (90, 90, 90))],
    ids=["a twelfth", "both light", "none", "dim"],
)
def test_small_changes_are_no_flashes(dark, light):
    assert counted(6, dark, light).most == 0


def test_a_rise_without_a_fall_is_none():
    flashes = Flashes(FPS)
    for level in [*range(0, 255, 5), *[255] * 60]:
        flashes.add(np.full((90, 160, 3), level, np.uint8))
    assert flashes.most == 0


def test_saturated_red_flashes_where_the_luminance_stays():
    assert counted(5, (127, 127, 127), (255, 0, 0)).most == 5
    assert counted(5, (127, 127, 127), (0, 149, 0)).most == 0


@pytest.mark.parametrize(("side", "most"), [(0.14, 0), (0.18, 5)])
def test_only_what_takes_a_quarter_of_ten_degrees_counts(side, most):
    """A quarter of a ninth of the picture is a sixth of each side."""
    where = (slice(10, 10 + round(90 * side)), slice(20, 20 + round(160 * side)))
    assert counted(5, BLACK, WHITE, where).most == most


def test_flashes_in_two_places_far_apart_are_not_added():
    flashes = Flashes(FPS)
    for frame in range(2 * FPS):
        picture = np.zeros((90, 160, 3), np.uint8)
        if frame // 3 % 2:
            picture[:12, :20] = picture[-12:, -20:] = 255
        flashes.add(picture)
    assert flashes.most == 0
