from __future__ import annotations

import gc
from contextlib import suppress

import pytest

from backprop_studio.render.workers.imports import uncollected


@pytest.fixture(autouse=True)
def collector():
    """Leave the garbage collector as it was, and give it back what a test alone has frozen."""
    was_on, was_frozen = gc.isenabled(), gc.get_freeze_count() > 0
    yield
    if not was_frozen:
        gc.unfreeze()
    (gc.enable if was_on else gc.disable)()


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_rests_meanwhile_and_is_as_before_afterwards(on):
    (gc.enable if on else gc.disable)()
    with suppress(ModuleNotFoundError), uncollected():
        assert not gc.isenabled()
        raise ModuleNotFoundError  # as many libraries do
    assert gc.isenabled() is on


def test_what_was_made_meanwhile_is_never_looked_through_again():
    with uncollected():
        made = [[number] for number in range(1000)]
    looked_through = {id(thing) for thing in gc.get_objects()}
    assert not looked_through & {id(thing) for thing in made}
    assert id(later := [made]) in {id(thing) for thing in gc.get_objects()}
    assert later
