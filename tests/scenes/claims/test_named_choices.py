"""A named choice alone, all else as it comes, shows something: nothing leaves, nothing is zero."""

from __future__ import annotations

import pytest

from tests.scenes.claims.dry_runs import DryStage
from tests.scenes.edges import bounds, is_refused, nested
from tests.scenes.lesson_runs import SCENES

EMPTY = {
    *("outside", "none", "both_left", "diverges", "breaks", "not_finite"),
    *("stays", "level", "zero", "stationary", "nothing"),
}
"""Verdicts of a lesson that has nothing to show."""

TOLD_SO = {
    # The lessons are about them.
    "learning_rate": {"diverges"},
    # All weights 0: that nothing moves is what it shows.
    "backprop network.init=zeros": EMPTY,
}


def choices(name):
    """Return the choices of a scene that have names, one by one."""
    named = [
        edge for edge in bounds(name) if isinstance(edge[1], str) and not is_refused(name, edge)
    ]
    return [{}, *map(nested, named)]


SOME = 13
"""Of so many choices one is for every day; which one, goes round with the scenes."""


@pytest.mark.parametrize(("number", "name"), list(enumerate(SCENES)))
def test_some_named_choices_alone_have_something_to_show(number, name):
    check(name, choices(name)[number % SOME :: SOME])


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENES)
def test_a_named_choice_alone_has_something_to_show(name):
    check(name, choices(name))


def check(name, sets):
    """Tell a scene with each set of parameters, and look for verdicts of nothing."""
    with DryStage() as stage:
        for params in sets:
            told = stage.tell(name, params)
            allowed = TOLD_SO.get(name, set()) | TOLD_SO.get(f"{name} {_words(params)}", set())
            shown = [
                (said.beat, said.claim)
                for said in told.lesson.claims
                if said.claim.name != "axes" and said.claim.verdict in EMPTY - allowed
            ]
            assert not shown, f"{params}: {shown}"


def _words(params):
    path = []
    while isinstance(params, dict) and params:
        ((key, params),) = params.items()
        path.append(key)
    return f"{'.'.join(path)}={params}"
