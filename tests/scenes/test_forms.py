"""The form of every scene: no choice leads into an error, and what does not act changes nothing."""

from __future__ import annotations

import json
import random
from contextlib import suppress

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.gui.model.schema import form_of
from tests.manim_settings import manim_settings
from tests.scenes.lesson_runs import SCENES, SETTINGS, BlindRenderer, lesson_class

NOT_HERE = {"mnist", "fashion_mnist"}
"""Sets that come from a folder of the user's."""

NO_CLASSES = {"double", "line"}
"""Sets that a lesson on classes has to refuse."""

BY_HAND = {"network.loss", "network.output_activation"}
"""Choices that fit only some data, as their messages say."""


class Hand:
    """Somebody who chooses in the form of a scene."""

    def __init__(self, name):
        self.params = lesson_class(name).Params
        self.form = form_of(self.params.model_json_schema())
        self.values = {}
        self.resolved = self.params().resolved()

    def give(self, spec, value):
        along = self.form.along(spec, value, self.values, self.resolved)
        for path, it in {**along, spec.path: value}.items():
            self.values[path] = it
            if it == self.form.by_path[path].default:
                del self.values[path]

    def check(self):
        params = validate_params(self.params, self.form.given(self.values, self.resolved))
        self.check_film(params)
        self.resolved = params.resolved()
        return params

    def check_film(self, params):
        """Check that what a film carries is enough for the form to ask for the same again."""
        given = json.loads(json.dumps(params.model_dump(mode="json", exclude_unset=True)))
        assert self.form.unknown_in(given) == []
        values = {
            path: value
            for path, value in self.form.values_in(given).items()
            if value != self.form.by_path[path].default
        }
        assert all(self.form.by_path[path].may_hold(value) for path, value in values.items())
        # A value that acts no more since the last choice is not asked for again.
        film, hand = (self.form.given(it, params.resolved()) for it in (values, self.values))
        assert validate_params(self.params, film) == validate_params(self.params, hand)

    def shown(self):
        specs = self.form.fields()
        return [it for it in specs if self.form.is_shown(it, self.values, self.resolved)]


def choices_of(name, spec):
    refused = NOT_HERE | (NO_CLASSES if name == "classification" else set())
    return [value for value, _ in spec.choices if value not in refused]


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("steps", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_no_choice_leads_into_an_error(name, steps):
    hand, chance = Hand(name), random.Random(f"{name} {steps}")
    for _ in range(steps):
        shown = [it for it in hand.shown() if it.kind == "choice" and it.path not in BY_HAND]
        if not shown:
            break
        spec = chance.choice(shown)
        value = chance.choice(choices_of(name, spec))
        before = dict(hand.values)
        hand.give(spec, value)
        try:
            hand.check()
        except InputError as error:
            pytest.fail(f"{before} + {spec.path}={value}: {error}")


@pytest.mark.parametrize("name", SCENES)
def test_every_field_has_a_way_to_be_written(name):
    """An open list is told by what stands for it or by an example, and is read as it is told."""
    hand = Hand(name)
    for spec in hand.form.fields():
        value = hand.resolved.get(spec.path, spec.default)
        if spec.lists and value is None:
            assert spec.example, spec.path
            assert isinstance(spec.parse(spec.example), list)
        elif value is not None and spec.kind == "text" and not spec.picker:
            assert spec.parse(spec.text_of(value)) == value, spec.path


@pytest.mark.parametrize("name", SCENES)
def test_writing_what_stands_there_anyway_changes_nothing(name):
    hand = Hand(name)
    for path, value in hand.resolved.items():
        alone = Hand(name)
        spec = alone.form.by_path[path]
        if spec.own is None and alone.form.is_shown(spec, {}, alone.resolved):
            alone.give(spec, value)
            found = alone.check() and alone.resolved
            same = found.keys() & hand.resolved.keys()
            assert {it: found[it] for it in same} == {it: hand.resolved[it] for it in same}, path


def sheet(name, params):
    """Return what a lesson computes, without its parameters."""
    with manim_settings(SETTINGS):
        lesson = lesson_class(name)(renderer=BlindRenderer(), params=params)
        found = lesson.compute()
    found.pop("parameters", None)
    return json.dumps(found, sort_keys=True, default=str)


def nested(values):
    """Return values by dotted paths as parameters."""
    result = {}
    for path, value in values.items():
        *groups, last = path.split(".")
        branch = result
        for group in groups:
            branch = branch.setdefault(group, {})
        branch[last] = value
    return result


def another(spec, resolved):
    """Return a value that a field is not likely to have."""
    if spec.choices:
        return next((it for it, _ in reversed(spec.choices) if it not in NOT_HERE), None)
    if spec.kind == "flag":
        return not spec.default
    if spec.kind in {"integer", "number"}:
        present = resolved.get(spec.path, spec.default)
        low = spec.minimum or 0
        return int(low) + 2 if spec.kind == "integer" else 0.75 if present != 0.75 else 0.25
    return spec.parse(spec.example) if spec.example else None


@pytest.mark.parametrize("name", SCENES)
def test_a_field_that_is_not_shown_changes_nothing(name):
    """Its value makes no other numbers, or is refused."""
    hand = Hand(name)
    asleep = [it for it in hand.form.fields() if hand.form.acts(it, {}, hand.resolved) is False]
    usual = sheet(name, hand.check()) if asleep else ""
    for spec in asleep:
        # Beside it stands what decides that it sleeps.
        deciding = {it.path for conditions in spec.when for it in conditions}
        known = {it: hand.form.by_path[it].default for it in deciding & hand.form.by_path.keys()}
        given = {it: value for it, value in known.items() if value is not None}
        given = nested({**given, spec.path: another(spec, hand.resolved)})
        with suppress(InputError):
            assert sheet(name, validate_params(hand.params, given)) == usual, spec.path


@pytest.mark.parametrize("name", SCENES)
def test_what_is_used_most_comes_first(name):
    """Fields that wait in the drawer are none of the first, and some field is in sight."""
    shown = [it for it in Hand(name).shown() if not it.advanced]
    assert shown
    rates = [at for at, it in enumerate(shown) if it.path == "learning_rate" and not it.when]
    assert all(at < 4 for at in rates)
