"""What holds for every scene, with every parameter its schema allows to be pushed."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import numpy as np
import pytest

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.core.base.errors import InputError
from tests.scenes.edges import bounds, cases, groups, is_refused, nested
from tests.scenes.lesson_runs import SCENES, lesson_class, numbers_in, reads_as, run_lesson

WALKS = [(name, params) for name in SCENES for params in cases(name)]
EDGES = [(name, group) for name in SCENES for group in groups(name)]


@pytest.mark.parametrize("name", SCENES)
def test_introduces_itself(name: str) -> None:
    lesson = lesson_class(name)
    assert lesson.title
    assert lesson.summary.endswith(".")
    assert lesson.chapter
    assert lesson.__module__ == f"backprop_studio.scenes.{name}"


@pytest.mark.parametrize("name", SCENES)
def test_every_parameter_has_a_title_and_a_description(name: str) -> None:
    schema = lesson_class(name).Params.model_json_schema()
    groups = [schema, *schema.get("$defs", {}).values()]
    assert all(group["title"] for group in groups)
    for key, field in itertools.chain(*(group["properties"].items() for group in groups)):
        if "$ref" not in field:
            assert field.get("title"), key
            assert field.get("description"), key


@pytest.mark.parametrize(("name", "params"), WALKS, ids=str)
def test_every_number_on_screen_is_the_records(name: str, params: dict[str, Any]) -> None:
    walk(name, params)


@pytest.mark.parametrize(("name", "group"), EDGES)
def test_the_edges_of_the_parameters_are_told_or_refused_in_a_sentence(
    name: str, group: str
) -> None:
    """Numbers are the same in every language, so that one is enough here."""
    for edge in bounds(name):
        if edge[0][0] != group:
            continue
        if not is_refused(name, edge):
            walk(name, nested(edge), languages=("en",))
            continue
        with pytest.raises(InputError) as caught:
            run_lesson(name, nested(edge))
        sentence = str(caught.value)
        assert sentence.endswith((".", "?"))
        assert "\n" not in sentence


def walk(name: str, params: dict[str, Any], languages: tuple[str, ...] = ("en", "zh")) -> None:
    """Walk through a scene; what is printed and what is declared must agree."""
    computed: dict[str, Any] = {}
    for language in languages:
        run = run_lesson(name, params, language=language, keep_parts=False, computed=computed)
        sheet = run.lesson.answer_sheet()
        json.dumps(sheet, allow_nan=False)
        assert sheet["shown"]
        for number in sheet["shown"]:
            assert look_up(sheet, number["name"]) == number["value"], number
            assert reads_as(number["text"], number["value"]), number
        declared = {bare(number["text"]) for number in sheet["shown"]}
        seen = {text for moment in run.moments for text in moment.texts}
        seen |= {beat.caption for beat in run.lesson.beats}
        for text in seen:
            for printed in numbers_in(text):
                assert bare(printed) in declared, f"{printed} in {text!r} is not in `shown`"
            assert not _NO_NUMBER.search(text), text
        everything = "\n".join(seen)
        for number in sheet["shown"]:
            assert number["text"] in everything, number


def bare(number: str) -> str:
    """Return a number without its sign, and without the .0 that makes it a float in Python."""
    return number.lstrip("−").removesuffix(".0")


_NO_NUMBER = re.compile(r"\b(nan|inf)\b", re.IGNORECASE)


@pytest.mark.parametrize("name", SCENES)
def test_beats_have_sound_names_captions_and_change_the_picture(name: str) -> None:
    run = run_lesson(name, draw=True)
    names = [beat.name for beat in run.lesson.beats]
    assert len(set(names)) == len(names)
    assert all(beat_name.isidentifier() for beat_name in names)
    assert all(beat.caption.endswith((".", "。")) for beat in run.lesson.beats)
    for before, after in itertools.pairwise(run.pictures.values()):
        assert np.abs(before.astype(int) - after.astype(int)).max() > 40


@pytest.mark.parametrize("name", SCENES)
def test_lasts_20_to_60_seconds_and_follows_the_pace(name: str) -> None:
    usual = run_lesson(name).lesson.time
    assert 20 <= usual <= 60
    assert run_lesson(name, {"pace": 2}).lesson.time == pytest.approx(usual / 2, rel=0.05)


@pytest.mark.parametrize("name", SCENES)
def test_subtitles_say_what_the_captions_say_and_do_not_overlap(name: str) -> None:
    lesson = run_lesson(name, language="zh").lesson
    subtitles = lesson.renderer.file_writer.subcaptions
    assert [subtitle.content for subtitle in subtitles] == [beat.caption for beat in lesson.beats]
    for first, second in itertools.pairwise(subtitles):
        assert first.start < first.end <= second.start


@pytest.mark.parametrize("name", SCENES)
def test_chinese_is_chinese(name: str) -> None:
    english = run_lesson(name).lesson
    chinese = run_lesson(name, language="zh").lesson
    assert [b.name for b in english.beats] == [b.name for b in chinese.beats]
    for ours, theirs in zip(english.beats, chinese.beats, strict=True):
        assert ours.caption != theirs.caption
        assert any("\u4e00" <= sign <= "\u9fff" for sign in theirs.caption)
    assert chinese.time == english.time
