"""What the lessons' own tests declare, a row each: order of beats, sentences, refusals, room.

A module ``test_NAME.py`` may have the tables STORIES (parameters, beats), SAYS (parameters, beat,
words of one of its sentences), REFUSES (parameters, words of the sentence) and FITS (parameters).
"""

from __future__ import annotations

import importlib
import json
from functools import cache
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import InputError
from tests.scenes.claims.dry_runs import DryStage
from tests.scenes.lesson_runs import CLASSIC, SCENES, TALL, run_lesson

SLOW = pytest.mark.slow


def rows(table, most=99):
    """Return the rows of a table in all lessons' tests, each behind its lesson's name.

    Of each lesson so many are for every day; the others are slow.
    """
    own = [name for name in SCENES if Path(__file__).with_name(f"test_{name}.py").exists()]
    modules = {name: importlib.import_module(f"tests.scenes.test_{name}") for name in own}
    return [
        pytest.param(name, *row, marks=[pytest.mark.slow] if number >= most else [])
        for name, it in modules.items()
        for number, row in enumerate(getattr(it, table, ()))
    ]


def told(name, params):
    """Return what a lesson says, by its beats: the caption of each and its sentences."""
    return words_of(run_lesson(name, params, keep_parts=False).lesson)


def told_without_a_picture(name, params):
    """Return the same in a tenth of the time: nothing is set in type and nothing moves."""
    return _told(name, json.dumps(params))


@cache
def _told(name, params):
    with DryStage() as stage:
        return words_of(stage.tell(name, json.loads(params)).lesson)


def words_of(lesson):
    said = lesson.reading.sentences
    return {it.name: [it.caption, *(one.text for one in said(it.name))] for it in lesson.beats}


@pytest.mark.parametrize(("name", "params", "beats"), rows("STORIES", 2), ids=str)
def test_tells_beats_in_their_order(name, params, beats):
    assert list(told_without_a_picture(name, params)) == beats.split()


@pytest.mark.parametrize(("name", "params", "beat", "words"), rows("SAYS", 2), ids=str)
def test_says_what_happened(name, params, beat, words):
    assert any(words in it for it in told_without_a_picture(name, params)[beat][1:])


@pytest.mark.parametrize(
    ("name", "params"),
    [
        pytest.param(*row.values[:2], marks=() if row.values[:2] == ("chain_rule", {}) else SLOW)
        for table in ("STORIES", "SAYS")
        for row in rows(table)
    ],
    ids=str,
)
def test_a_picture_changes_no_word(name, params):
    assert told(name, params) == told_without_a_picture(name, params)


@pytest.mark.parametrize(("name", "params", "words"), rows("REFUSES"), ids=str)
def test_refuses_in_a_sentence(name, params, words):
    with pytest.raises(InputError, match=words) as caught:
        told(name, params)
    assert str(caught.value).endswith((".", "?"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "frame", [pytest.param(CLASSIC, marks=pytest.mark.slow), TALL], ids=["4:3", "9:16"]
)
@pytest.mark.parametrize(("name", "params"), rows("FITS"), ids=str)
def test_the_largest_has_room_and_time_in_narrow_frames(name, params, frame):
    lesson = run_lesson(name, params, settings=frame, keep_parts=False).lesson
    assert 40 <= lesson.time <= 300
    if hasattr(lesson, "graph"):
        assert lesson.graph.place.em * 90 >= 18 - 1e-6
