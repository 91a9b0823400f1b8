"""Every field of every scene is given what it is not, and what is said then is ours and works.

Three ways lead in: assignments of the command line, files of parameters, and the window's form.
"""

from __future__ import annotations

import itertools
import json
import re

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import translator
from backprop_studio.core.base.messages import Message, sentence
from backprop_studio.core.base.parameters import (
    parse_assignments,
    read_parameter_file,
    validate_params,
)
from backprop_studio.gui.model.words import use_language
from backprop_studio.render.catalogue import scene_ids
from tests.core.chinese import check_chinese
from tests.gui.model.test_refusals import model_and_form, refusal

DEEPEST = 5

WRONG = (
    *('"abc"', '""', f'"{"a" * 3000}"', "true", "0", "-1", "0.5", "nan", "inf", "-inf", "1e300"),
    *("12345678901234567890", "[]", '[1, "a"]', "[[1, 2], [3]]", "[nan]", "[true]", "[{a = 1}]"),
    *("{}", "{zzz = 1}", "{a = {b = 1}}", "2026-01-01", "2026-01-01T00:00:00"),
)
"""Kinds of values, as TOML has them."""

STRANGE = (10**400, -(10**30), None, "\ud800", [None], "two\nlines")
"""Values that only a program can hand over."""

_LIBRARY = re.compile(
    r"Input should|[Vv]alidation error|[Ff]ield required|type=|pydantic|Extra inputs|Value error"
    r"|Assertion|Unable to|NoneType|(?:function|model|lax|tagged|constrained)-|\b\w+\[\w+"
)
"""How pydantic speaks, and what it calls the branches of a type."""


def fields_of(group, definitions, path=()):
    """Yield the ways into a schema, with the schema of what is there; 0 is a list's first entry."""
    for key, field in group.get("properties", {}).items():
        here = (*path, key)
        yield here, field
        for branch in [field, *field.get("anyOf", []), *field.get("allOf", [])]:
            for inner, more in ((branch, ()), (branch.get("items", {}), (0,))):
                if "$ref" in inner and len(here) < DEEPEST:
                    target = definitions[inner["$ref"].rsplit("/", 1)[1]]
                    yield from fields_of(target, definitions, (*here, *more))


def every_field():
    """Return each field once, in the first scene that has it."""
    found = {}
    for scene in scene_ids():
        schema = model_and_form(scene)[0].model_json_schema()
        for path, field in fields_of(schema, schema.get("$defs", {})):
            found.setdefault(json.dumps([path, field], sort_keys=True), (scene, path))
    return list(found.values())


def nested(path, value):
    for key in reversed(path):
        value = {key: value} if isinstance(key, str) else [value]
    return value


def refused(scene, params):
    """Return what is said of parameters, or None if they are taken."""
    try:
        validate_params(model_and_form(scene)[0], params)
    except InputError as error:
        return error.message
    return None


def check_words(message):
    """What is said is ours, in both languages, and names fields as they are called."""
    english = sentence(message)
    without_values = re.sub(r'"[^"]*(?:"|…)|\[[^]]*(?:\]|…)|\{[^}]*(?:\}|…)', "", english)
    assert not _LIBRARY.search(without_values), english
    assert {it.code for it in message.every()}.isdisjoint({"words", "expected.other"}), english
    chinese = translator("zh")
    for it in message.every():
        assert re.fullmatch(r"[\w.]*", str(it.fields.get("field", ""))), english
        if re.search("[a-z]{3}", re.sub(r"\{\w+\}", "", it.text)):
            assert chinese(it.text) != it.text


THIRDS = [0, *(pytest.param(k, marks=pytest.mark.slow) for k in (1, 2))]


@pytest.mark.parametrize("third", THIRDS)
def test_no_wrong_kind_is_answered_in_the_words_of_a_library(tmp_path, third):
    ways = itertools.cycle(["command line", "file", "window"])
    count = 0
    for scene, path in every_field()[third::3]:
        for text, way in zip(WRONG, ways, strict=False):
            given = way_in(tmp_path, path, text, way)
            message = refused(scene, given)
            if message is not None:
                count += 1
                check_words(message)
                if way == "window" and "{" not in text:
                    check_form(scene, given, message)
        for value in STRANGE:
            message = refused(scene, nested(path, value))
            if message is not None:
                check_words(message)
    assert count > 400


def way_in(folder, path, text, way):
    """Return parameters as they come in."""
    if way == "command line" and 0 not in path:
        return parse_assignments([f"{'.'.join(path)}={text}"])
    for key in reversed(path):
        text = f"{{{key} = {text}}}" if isinstance(key, str) else f"[{text}]"
    file = folder / "given.toml"
    file.write_text(f"given = {text}", encoding="utf-8")
    return read_parameter_file(file)["given"]


def check_form(scene, params, message):
    """In the window it is a sentence in its language."""
    use_language("zh")
    try:
        check_chinese(refusal(scene, params, message).full_sentence)
    finally:
        use_language("en")


# What is advised works


def advised(message):
    """Yield the values that a refusal of one value names as right."""
    expected = message.fields.get("expected")
    for it in expected.every() if isinstance(expected, Message) else ():
        fields = it.fields
        if it.code == "hint.near":
            yield fields["near"]
        if it.code in {"bounds.from_to", "bounds.at_least", "bounds.up_to"}:
            yield from (fields[end] for end in ("low", "high") if end in fields)
        if it.code in {"list", "either"}:
            items = fields.get("items", ())
            yield from (item for item in items if isinstance(item, str))


def test_what_a_refusal_names_is_taken():
    followed = 0
    for scene, path in every_field():
        for value in ("abc", "reluu", -(10**30), 10**30):
            message = refused(scene, nested(path, value))
            if message is None or message.code != "parameter.wrong":
                continue
            for better in advised(message):
                followed += 1
                again = refused(scene, nested(path, as_field(better)))
                is_same = again is not None and again.code == "parameter.wrong"
                assert not is_same or again.fields["field"] != message.fields["field"], better
    assert followed > 100


def as_field(text):
    return int(text) if isinstance(text, str) and text.isdecimal() else text


def test_a_name_that_is_proposed_is_a_field():
    for scene in scene_ids():
        for path, _ in fields_of(*parts_of(scene)):
            misspelt = (*path[:-1], path[-1] + "x") if isinstance(path[-1], str) else path
            message = refused(scene, nested(misspelt, 1))
            if message is None or message.code != "parameter.unknown":
                continue
            hint = message.fields["hint"]
            if hint.code == "hint.near":
                near = [int(it) if it.isdecimal() else it for it in hint.fields["near"].split(".")]
                again = refused(scene, nested(near, 1))
                assert again is None or again.code != "parameter.unknown", (scene, path)


def parts_of(scene):
    schema = model_and_form(scene)[0].model_json_schema()
    return schema, schema.get("$defs", {})
