"""Network, panel and boards never cover each other, in every shape of the frame."""

from __future__ import annotations

import pytest

from backprop_studio.scenes.families.training_step.places import places_for
from backprop_studio.scenes.stage.rooms import rooms_for


def overlap(first, second):
    """Return the area that two boxes share."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    return max(width, 0.0) * max(height, 0.0)


@pytest.mark.parametrize("frame", [(128 / 9, 8.0), (32 / 3, 8.0), (8.0, 128 / 9)])
@pytest.mark.parametrize("captions", [True, False])
def test_nothing_covers_the_picture(frame, captions):
    rooms = rooms_for(*frame, captions=captions)
    places = places_for(rooms, *frame)
    assert overlap(places.network, places.panel) == 0
    assert overlap(places.picture, rooms.board) == 0
    assert overlap(places.above, places.large) == 0
    for box in (places.network, places.panel):
        assert overlap(box, places.picture) == pytest.approx((box[2] - box[0]) * (box[3] - box[1]))
