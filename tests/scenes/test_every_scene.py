"""What holds for every scene, with every parameter its schema allows to be pushed."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from core.answer_sheet import look_up
from tests.scenes.lesson_runs import SCENES, decimals_in, lesson_class, run_lesson

NETWORKS: list[dict[str, Any]] = [
    {},
    {"network": {"preset": "two_layer_sigmoid"}, "learning_rate": 0.5},
    {"network": {"preset": "small"}, "sample": 2},
    {"network": {"preset": "xor"}, "sample": 4},
    {"network": {"sizes": [1, 1]}},
    {"network": {"sizes": [30, 12, 10], "loss": "cross_entropy"}},
    {"network": {"sizes": [2, 3, 3, 3, 3, 3, 3, 1], "activation": "tanh"}, "learning_rate": 1000},
    {"network": {"sizes": [3, 4, 2], "init": "zeros"}},
]


@pytest.mark.parametrize("name", SCENES)
def test_introduces_itself(name: str) -> None:
    lesson = lesson_class(name)
    assert lesson.title
    assert lesson.summary.endswith(".")
    assert lesson.chapter
    assert lesson.__module__ == f"scenes.{name}"


@pytest.mark.parametrize("name", SCENES)
def test_every_parameter_has_a_title_and_a_description(name: str) -> None:
    schema = lesson_class(name).Params.model_json_schema()
    groups = [schema, *schema.get("$defs", {}).values()]
    assert all(group["title"] for group in groups)
    for key, field in itertools.chain(*(group["properties"].items() for group in groups)):
        if "$ref" not in field:
            assert field.get("title"), key
            assert field.get("description"), key


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("params", NETWORKS, ids=str)
@pytest.mark.parametrize("name", SCENES)
def test_every_number_on_screen_is_the_records(
    name: str, params: dict[str, Any], language: str
) -> None:
    run = run_lesson(name, params, language=language)
    sheet = run.lesson.answer_sheet()
    declared = {number["text"] for number in sheet["shown"]}
    for moment in run.moments:
        for text in moment.texts:
            for printed in decimals_in(text):
                assert printed in declared, f"{printed} in beat {moment.beat} is not in `shown`"


@pytest.mark.parametrize("params", NETWORKS, ids=str)
@pytest.mark.parametrize("name", SCENES)
def test_every_declared_number_is_shown_and_rounded_from_its_value(
    name: str, params: dict[str, Any]
) -> None:
    run = run_lesson(name, params)
    sheet = run.lesson.answer_sheet()
    seen = "\n".join(text for moment in run.moments for text in moment.texts)
    assert sheet["shown"]
    for number in sheet["shown"]:
        assert look_up(sheet, number["name"]) == number["value"], number
        decimals = len(number["text"].partition(".")[2])
        expected = f"{number['value']:.{decimals}f}".replace("-", "−")
        assert number["text"] in {expected, expected.removeprefix("−")}, number
        assert float(number["text"].replace("−", "-")) == pytest.approx(
            number["value"], abs=0.5000001 * 10.0**-decimals
        )
        assert number["text"] in seen, number


@pytest.mark.parametrize("name", SCENES)
def test_nodes_show_the_numbers_of_their_own_unit(name: str) -> None:
    """Not only does each number exist: it stands in the right node."""
    run = run_lesson(name)
    sheet = run.lesson.answer_sheet()
    checked = 0
    for moment in run.moments:
        for view in (part for part in moment.parts if hasattr(part, "gradient_tags")):
            for layer, tag in enumerate(view.tags):
                path = {
                    "$x$": "inputs.0",
                    f"$z_{layer}$": f"layers.{layer - 1}.z.0",
                    f"$a_{layer}$": f"layers.{layer - 1}.a.0",
                    f"$partial L slash partial z_{layer}$": f"layers.{layer - 1}.dL_dz.0",
                }.get(tag)
                if path is None or moment.beat == "after":
                    continue
                for unit, label in zip(view.units[layer], view.labels[layer], strict=True):
                    value = look_up(sheet, f"{path}.{unit}")
                    shown = float(label.replace("−", "-"))
                    assert shown == pytest.approx(value, abs=0.00051), (moment.beat, tag, unit)
                    checked += 1
    assert checked > 100


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
def test_lasts_half_a_minute_to_a_minute_and_follows_the_pace(name: str) -> None:
    usual = run_lesson(name).lesson.time
    assert 30 <= usual <= 60
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
