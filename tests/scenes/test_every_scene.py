"""What holds for every scene, with every parameter its schema allows to be pushed."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from backprop_studio.core.answer_sheet import MINUS, look_up
from backprop_studio.core.base.errors import InputError
from backprop_studio.render.voice.words.speech import spoken_words
from backprop_studio.scenes.lesson.numbers import code_text, in_sentence
from backprop_studio.scenes.lesson.type_block import TypeBlock
from tests.render.voice.words.test_speech import is_words_only
from tests.scenes.edges import bounds, cases, groups, is_refused, nested
from tests.scenes.lesson_runs import (
    SCENES,
    lesson_class,
    numbers_in,
    reads_as,
    run_lesson,
)
from tests.scenes.notation import check_drawn, check_written
from tests.scenes.printed.notebook import play
from tests.scenes.printed.test_printed_code import PLAYERS, QUICK
from tests.scenes.relations.test_scenes import check_defaults, judged_run

SOME_EDGES = 1
"""Of a field, for every day."""

WALKS = [(name, params) for name in SCENES for params in cases(name)]
LEAST_EM = 18 / 720 * 8
FRAME = 1 / 15

EDGES = [(name, group) for name in SCENES for group in groups(name)]
FEWER_EDGES = [
    (name, groups(name)[number % len(groups(name))])
    for number, name in enumerate(SCENES)
    if number % 2
]
"""Of every other scene another field, so that each kind of field is there."""


@pytest.fixture(scope="module", params=SCENES)
def runs(request):
    """A scene at its defaults, in English, and in Chinese at twice the pace."""
    return walk(request.param, {}, paces={"en": 1, "zh": 2}, keep_parts=True)


@pytest.mark.parametrize("name", SCENES)
def test_introduces_itself(name):
    lesson = lesson_class(name)
    assert lesson.title
    assert lesson.summary.endswith(".")
    assert lesson.chapter
    assert lesson.__module__ == f"backprop_studio.scenes.{name}"


@pytest.mark.parametrize("name", SCENES)
def test_every_parameter_has_a_title_and_a_description(name):
    schema = lesson_class(name).Params.model_json_schema()
    groups = [schema, *schema.get("$defs", {}).values()]
    assert all(group["title"] for group in groups)
    for key, field in itertools.chain(*(group["properties"].items() for group in groups)):
        if "$ref" not in field:
            assert field.get("title"), key
            assert field.get("description"), key


def test_every_number_on_screen_is_the_records(runs):
    for run in runs.values():
        check_numbers(run)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "params"), WALKS, ids=str)
def test_numbers_arithmetic_and_lines_of_torch_in_other_cases(name, params):
    runs = walk(name, params)
    for language, run in runs.items():
        check_numbers(run)
        check_words(run, language)
    judged_run(runs["en"])
    play(runs["en"].lesson, runs["en"].lines, PLAYERS[name])


@pytest.mark.parametrize(("name", "group"), FEWER_EDGES)
def test_some_edges_of_the_parameters_are_told_or_refused_in_a_sentence(name, group):
    check_edges(name, group, most=SOME_EDGES)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "group"), EDGES)
def test_the_edges_of_the_parameters_are_told_or_refused_in_a_sentence(name, group):
    check_edges(name, group)


def test_what_is_written_and_drawn_keeps_to_one_notation(runs):
    check_written(runs["en"])
    check_drawn(runs["en"])


def test_printed_arithmetic_comes_out(runs):
    name = scene_of(runs["en"])
    check_defaults(name, runs["en"])


def test_what_is_printed_runs_and_comes_to_the_sheet(runs):
    run = runs["en"]
    name = scene_of(run)
    if name not in QUICK:
        play(run.lesson, run.lines, PLAYERS[name])


def scene_of(run):
    return type(run.lesson).__module__.rpartition(".")[2]


def test_every_text_stands_as_long_as_it_takes_to_read(runs):
    for language, pace in (("en", 1), ("zh", 2)):
        lesson = runs[language].lesson
        starts = [beat.start for beat in lesson.beats]
        for beat, end in zip(lesson.beats, [*starts[1:], lesson.time], strict=True):
            script = " ".join(it.text for it in lesson.reading.sentences(beat.name))
            least = reading_minutes(script, language) * 60 / pace
            assert end - beat.start >= max(least, 2 / pace), script
        for reading in lesson.reading.readings:
            assert reading.available > reading.needed - FRAME, reading.text


def reading_minutes(text, language):
    """Return how long somebody reads who reads calmly."""
    if language == "zh":
        return sum("\u4e00" <= sign <= "\u9fff" for sign in text) / 240
    return len(re.findall(r"[A-Za-z]{2,}", text)) / 150


def test_a_lesson_is_neither_a_clip_nor_a_lecture(runs):
    assert 40 <= runs["en"].lesson.time <= 300


def test_beats_have_sound_names_and_captions_in_both_languages(runs):
    english, chinese = (runs[it].lesson.beats for it in ("en", "zh"))
    names = [beat.name for beat in english]
    assert names == [beat.name for beat in chinese]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)
    ours, theirs = (runs[way].lesson.reading.readings for way in ("en", "zh"))
    ours, theirs = ([it.text for it in way if it.kind == "sentence"] for way in (ours, theirs))
    assert len(ours) == len(theirs) >= len(english)
    assert all(text[-1] in ".?" for text in ours)
    for text in (*theirs, *(beat.caption for beat in chinese)):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text)
    assert all(text[-1] in "。？" for text in theirs)


def test_subtitles_say_what_is_said_and_do_not_overlap(runs):
    lesson = runs["zh"].lesson
    subtitles = lesson.renderer.file_writer.subcaptions
    said = [it.text for it in lesson.reading.readings if it.kind == "sentence"]
    assert [subtitle.content for subtitle in subtitles] == said
    for first, second in itertools.pairwise(subtitles):
        assert first.start < first.end <= second.start


def test_a_voice_is_given_words_alone(runs):
    for language, run in runs.items():
        check_words(run, language)


def test_it_is_legible_and_inside_the_frame(runs):
    found = (part for run in runs.values() for it in run.moments for part in it.parts)
    parts = {id(part): part for part in found}.values()
    blocks = [part for part in parts if isinstance(part, TypeBlock)]
    assert len({block.source for block in blocks}) > 20
    for block in blocks:
        assert block.drawn_size() >= LEAST_EM, block.source
        if block.wrap:
            assert block.drawn_size() == block.size, block.source
            assert block.ink.height <= 2.4, block.source
    for part in parts:
        assert -7.12 <= part.get_left()[0] <= part.get_right()[0] <= 7.12
        assert -4.0 <= part.get_bottom()[1] <= part.get_top()[1] <= 4.0


def walk(name, params, paces=None, *, keep_parts=False):
    """Walk through a scene in both languages, or in those of ``paces``."""
    computed = {}
    return {
        language: run_lesson(
            name,
            {**params, **({"pace": pace} if pace != 1 else {})},
            language=language,
            keep_parts=keep_parts,
            computed=computed,
        )
        for language, pace in (paces or {"en": 1, "zh": 1}).items()
    }


def check_words(run, language):
    """Whatever a lesson says, a voice program sees no digit, sign or Greek letter of it."""
    for reading in run.lesson.reading.readings:
        if reading.kind == "sentence" and reading.text:
            said = spoken_words(reading.text, language)
            assert said, reading.text
            assert is_words_only(said), (reading.text, said)


def check_edges(name, group, most=None):
    """Numbers are the same in every language, so that one is enough here."""
    for edge in [it for it in bounds(name) if it[0][0] == group][:most]:
        if not is_refused(name, edge):
            run = walk(name, nested(edge), paces={"en": 1})["en"]
            check_numbers(run)
            judged_run(run)
            continue
        with pytest.raises(InputError) as caught:
            run_lesson(name, nested(edge))
        sentence = str(caught.value)
        assert sentence.endswith((".", "?"))
        assert "\n" not in sentence


def check_numbers(run):
    """What is printed and what is declared must agree."""
    sheet = run.lesson.answer_sheet()
    json.dumps(sheet, allow_nan=False)
    assert sheet["shown"]
    for number in sheet["shown"]:
        assert look_up(sheet, number["name"]) == number["value"], number
        assert reads_as(number["text"], number["value"]), number
    declared = {bare(number["text"]) for number in sheet["shown"]}
    powers = {text.partition(" times ")[0] for text in declared if " times " in text}
    seen = {text for moment in run.moments for text in moment.texts}
    # What is said can be heard and read in the subtitles, where it does not stand on the picture.
    seen |= {it.text for it in run.lesson.reading.readings if it.kind == "sentence"}
    seen |= {beat.caption for beat in run.lesson.beats}
    for text in seen:
        for printed in numbers_in(text):
            digits = bare(printed)
            # Sentences and code write powers of ten in ways of their own.
            is_power = digits in powers and re.search(rf"{re.escape(digits)}(?:e| × 10)", text)
            assert digits in declared or is_power, f"{printed} in {text!r} is not in `shown`"
        assert not _NO_NUMBER.search(text), text
    everything, as_said = "\n".join(map(typed, seen)), "\n".join(seen)
    for number in sheet["shown"]:
        text = number["text"]
        assert typed(text) in everything or in_sentence(text) in as_said, number


def typed(text):
    """Return a text with its numbers as Python writes them: lines of code have them so."""
    return code_text(text).replace("-", MINUS)


def bare(number):
    """Return a number without its sign, and without the .0 that makes it a float in Python."""
    return number.lstrip("−").removesuffix(".0")


_NO_NUMBER = re.compile(r"\b(nan|inf)\b", re.IGNORECASE)
