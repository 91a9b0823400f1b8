"""What a form says of wrong parameters: which fields, where in them, in whose words."""

from __future__ import annotations

import re
from functools import cache

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.messages import Message
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.gui.model.refusals import refusal_of
from backprop_studio.gui.model.schema import form_of
from backprop_studio.gui.model.words import use_language
from backprop_studio.render.catalogue import scene_ids
from backprop_studio.render.drawing.scene_files import lesson_class
from tests.core.chinese import check_chinese
from tests.core.sentences import check_sentence


@cache
def model_and_form(scene):
    model = lesson_class(scene).Params
    return model, form_of(model.model_json_schema())


def message_of(scene, params):
    """Return why a scene refuses parameters, None if it does not."""
    try:
        validate_params(model_and_form(scene)[0], params)
    except InputError as error:
        return error.message
    return None


def refusal(scene, params, message):
    """Return what a scene's form says of parameters that are refused."""
    form = model_and_form(scene)[1]
    values = {}
    for spec in form.fields():
        branch = params
        for name in spec.path.split("."):
            branch = branch.get(name, spec.default) if isinstance(branch, dict) else spec.default
        values[spec.path] = branch
    return refusal_of(message, form, lambda it: values[it.path])


def refused(scene, params):
    return refusal(scene, params, message_of(scene, params))


@pytest.mark.parametrize(
    ("scene", "params", "paths", "sentence"),
    [
        (
            "backprop",
            {"network": {"weights": [[1, 2]]}},
            "network.weights",
            "Layer 1, row 1: expected a list, found 1.",
        ),
        (
            "backprop",
            {"network": {"sizes": [2, 0, 1]}},
            "network.sizes",
            "Allowed are 1 to 1024 units per layer, found 0.",
        ),
        (
            "backprop",
            {"learning_rate": -1},
            "learning_rate",
            "Expected a number above 0 and up to 1000.",
        ),
        (
            "backprop",
            {"data": {"name": "xor", "file": "a.csv"}},
            "data.name data.file",
            "Data set excludes Table; give one of them.",
        ),
        (
            "backprop",
            {"optimizer": {"beta1": 0.5}},
            "optimizer.beta1 optimizer.name",
            "Optimizer Gradient descent (SGD) has no Beta 1; it takes Weight decay.",
        ),
        (
            "backprop",
            {"data": {"name": "iris", "noise": 0.5}},
            "data.noise",
            "Noise: Iris flowers takes no Noise; it takes Held out, Seed of the data, Standardise.",
        ),
        (
            "backprop",
            {"data": {"file": "/nowhere/a.csv"}},
            "data.file",
            "The file /nowhere/a.csv does not exist.",
        ),
        (
            "gradient_descent",
            {"starts": [1, 2, 3, 4]},
            "starts",
            "Expected at most 3 entries, found 4.",
        ),
        (
            "gradient_descent",
            {"learning_rate": 1e-10},
            "learning_rate",
            "Expected a number from 10⁻⁹ to 10¹².",
        ),
        (
            "learning_rate",
            {"learning_rates": [0.1, "x"]},
            "learning_rates",
            'Entry 2: expected a number from 10⁻⁹ to 10¹², found "x".',
        ),
        ("computation_graph", {"values": {"a": "x"}}, "values", 'a: expected a number, found "x".'),
        (
            "computation_graph",
            {"values": 5},
            "values",
            "Expected keys with values, for example a = 5, b = 3, c = 2.",
        ),
        (
            "directional_derivative",
            {"p": 0, "q": 0},
            "p q",
            "Direction p and Direction q are both 0, which is no direction; give at least one "
            "number.",
        ),
        (
            "loss_surface",
            {"slice": {"second": {"column": 1}}},
            "slice.first.layer slice.second.column",
            "Parameter along x and Parameter along y are the same parameter; choose two different "
            "ones.",
        ),
    ],
)
def test_sentence_beside_the_field_is_in_the_form_s_words(scene, params, paths, sentence):
    found = refused(scene, params)
    assert found.sentence == sentence
    assert found.paths == tuple(paths.split())


@pytest.mark.parametrize(
    ("scene", "params", "column", "full"),
    [
        (
            "gradient_descent",
            {"curve": {"formula": "(w-2)^2+sin(w"}},
            14,
            "Formula: at column 14: expected ) for the bracket opened at column 12.",
        ),
        (
            "derivative",
            {"formula": "(w + 1"},
            7,
            "Function at column 7: expected ) for the bracket opened at column 1.",
        ),
        (
            "backprop",
            {"sample": 99},
            None,
            "Followed sample: 99 is not in the batch; allowed are 1 to 3.",
        ),
        (
            "backprop",
            {"network": {"biases": [[0, "x"]]}},
            None,
            'Biases, layer 1, unit 2: expected a number, found "x".',
        ),
    ],
)
def test_sentence_elsewhere_names_the_field_once(scene, params, column, full):
    found = refused(scene, params)
    assert found.full_sentence == full
    assert found.column == column


def test_what_is_about_no_field_is_said_as_it_is():
    form = form_of(lesson_class("backprop").Params.model_json_schema())
    found = refusal_of(Message.of("x", "memory ran out"), form, lambda it: it.default)
    assert (found.fields, found.sentence) == ((), "Memory ran out.")


WRONG = [None, True, 1.5, "x", [], ["x"], [[["x"]]], [1] * 99, {"a": "x"}, -1e300, 10**30]


def fields_of(key):
    """Yield fields of all scenes, one for each key."""
    seen = set()
    for scene in scene_ids():
        for spec in model_and_form(scene)[1].fields():
            is_typed = spec.kind not in {"choice", "flag"}
            if is_typed and key(spec) not in seen:
                seen.add(key(spec))
                yield scene, spec.path


def kind(spec):
    return spec.types, spec.kind, spec.minimum, spec.maximum, spec.choices


@pytest.mark.parametrize(
    ("key", "least"),
    [
        pytest.param(lambda it: (it.types, it.kind, it.minimum), 40, id="short"),
        pytest.param(lambda it: (it.path, *kind(it)), 400, marks=pytest.mark.slow, id="all"),
    ],
)
def test_every_wrong_value_is_told_in_words_of_the_reader(key, least):
    told = set()
    for scene, path in fields_of(key):
        paths = [spec.path for spec in model_and_form(scene)[1].fields()]
        keys = {name for path in paths for name in path.split(".") if "_" in name} | {
            r"\b[a-z]\w*\.[a-z]\w*"
        }
        for value in WRONG:
            params = value
            for name in reversed(path.split(".")):
                params = {name: params}
            message = message_of(scene, params)
            if message is None:
                continue
            for language, check in (("en", check_sentence), ("zh", check_chinese)):
                use_language(language)
                found = refusal(scene, params, message)
                assert found.fields, (scene, params)
                told.add(found.full_sentence)
                check(found.full_sentence)
                own = re.sub(r'"[^"]*"', "", found.full_sentence)
                assert not [it for it in keys if re.search(rf"\b{it}\b", own)], found
    assert len(told) > least
