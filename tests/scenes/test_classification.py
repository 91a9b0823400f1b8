"""The lesson on classification: what it shows at the defaults, of pictures, and of odd data."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest

from backprop_studio.scenes.families.classification.map import ClassificationMap
from backprop_studio.scenes.families.classification.pictures import ClassificationPictures
from backprop_studio.scenes.parts.charts.plot import Plot
from tests.scenes.lesson_runs import captions, on_screen, part_at, parts_at, run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"data": {"name": "digits"}, "epochs": 4, "sample": 3},
    {"data": {"name": "spirals", "classes": 6, "points": 90}, "told": [20], "epochs": 20},
    {"learning_rate": 1000, "batch_size": 16, "hidden": [4, 3], "seed": 1},
]

STORIES = [({}, "data network plane training gradients sample answers")]
SAYS = [
    ({}, "data", "150 flowers in 3 classes: 130 to learn from, 20 held out."),
    ({}, "network", "4-2-3"),
    ({}, "plane", "other 2 inputs at their mean"),
    ({}, "training", "1, 3, 10, 32, 100."),
    ({}, "answers", "Right answers: 19 of the 20 held-out flowers."),
]
REFUSES = [({"data": {"name": "fashion_mnist", "folder": "not there"}}, "not there")]


def walk(params):
    """Walk through the scene, as every scene is; that module asks this one for its cases."""
    from tests.scenes.test_every_scene import check_numbers

    check_numbers(run_lesson("classification", params, keep_parts=False))


def test_shows_the_accuracy_that_it_really_reached():
    iris = run_lesson("classification")
    assert shown(iris, "answers.tally.accuracy") == {"0.950"}
    assert shown(iris, "facts.parameters") == {"19"}  # 4 x 2 + 2 + 2 x 3 + 3
    assert '$ "accuracy" = (4 + 8 + 7) / 20 = 19 / 20 = 0.950 $' in on_screen(iris, "answers")


def test_curves_grow_with_the_epochs_told():
    seen = []
    for moment in (it for it in run_lesson("classification").moments if it.beat == "training"):
        plots = [part for part in moment.parts if isinstance(part, Plot)]
        seen += [float(plots[0].state["train.progress"])] if plots else []
    assert seen[0] == 0.0
    assert seen[-1] == 1.0
    assert sorted(seen) == seen
    assert len(set(seen)) == 6


def test_regions_and_crosses_are_those_of_the_moment():
    run = run_lesson("classification")
    record = run.lesson.record
    before, after = (part_at(run, beat, ClassificationMap) for beat in ("plane", "training"))
    assert np.allclose(before.state["regions"], record.plane.probabilities[0])
    assert np.allclose(after.state["regions"], record.plane.probabilities[-1])
    told = [record.course.moments[k] for k in record.course.told]
    for view, moment in ((before, told[0]), (after, told[-1])):
        assert view.state["wrong"].sum() == moment.train.wrong + moment.held_out.wrong


def test_pictures_are_shown_with_what_they_are_and_what_they_are_taken_for():
    run = run_lesson("classification", CASES[0])
    record, last = run.lesson.record, len(run.lesson.record.course.told) - 1
    view = part_at(run, "training", ClassificationPictures)
    rows = run.lesson.rows
    assert rows[0] == record.followed.row == record.data.test[2]
    assert view.truths == [f'#"{k}"' for k in record.data.targets[rows]]
    assert view.answers == [f'#"{k}"' for k in record.predicted[last][rows]]
    wrong = part_at(run, "wrong", ClassificationPictures)
    assert all(a != b for a, b in zip(wrong.truths, wrong.answers, strict=True))
    assert not wrong.state["right"].any()


def test_chinese_names_species_and_features():
    run = run_lesson("classification", language="zh")
    texts = "".join(part_at(run, "data", ClassificationMap).texts())
    assert "山鸢尾" in texts
    assert "花瓣长度" in texts


def test_a_diverging_run_says_so():
    run = run_lesson("classification", {"learning_rate": 1000})
    last = run.lesson.record.course.moments[-1].step
    sentence = f"It diverges: after update {last} the numbers leave float64."
    assert captions(run)["training"] == sentence
    assert parts_at(run, "training", Plot)[0].axes.y.logarithmic


def write_pictures(folder):
    generator = np.random.default_rng(0)
    for part, count in (("train", 300), ("t10k", 40)):
        labels = generator.integers(0, 10, count).astype(np.uint8)
        pictures = generator.integers(0, 256, (count, 28, 28)).astype(np.uint8)
        for kind, array in (("images-idx3", pictures), ("labels-idx1", labels)):
            head = struct.pack(">HBB", 0, 8, array.ndim)
            head += struct.pack(f">{array.ndim}I", *array.shape)
            (folder / f"{part}-{kind}-ubyte").write_bytes(head + array.tobytes())


def test_fashion_mnist_is_told_when_its_files_are_there(tmp_path):
    write_pictures(tmp_path)
    walk({"data": {"name": "fashion_mnist", "folder": str(tmp_path)}, "epochs": 2})


ROWS = {
    "one_feature": ("x,kind", [f"{k / 3:.3f},{'low' if k < 15 else 'high'}" for k in range(30)]),
    "many_classes": ("a,b,kind", [f"{k % 7},{k % 5},c{k % 15}" for k in range(90)]),
    "far_apart": ("a,b,kind", [f"{k}e150,{k}e-200,{'xy'[k % 2]}" for k in range(1, 30)]),
    "named_like_markup": (
        '"#x $1",*b*,k',
        [f"{k},{-k},{'$a#' if k % 3 else '12'}" for k in range(24)],
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_odd_tables_are_told(name, tmp_path):
    head, rows = ROWS[name]
    path = tmp_path / f"{name}.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    walk({"data": {"file": str(path)}, "epochs": 5})


def test_of_many_rows_it_says_how_many_are_drawn(tmp_path):
    points = np.random.default_rng(0).normal(size=(2000, 2)).round(2).tolist()
    rows = [f"{a},{b},{'in' if a * a + b * b < 1.4 else 'out'}\n" for a, b in points]
    path = tmp_path / "large.csv"
    path.write_text("a,b,where\n" + "".join(rows), encoding="utf-8")
    run = run_lesson("classification", {"data": {"file": str(path)}, "epochs": 2})
    sentence = "2000 examples: 1600 to learn from, 400 held out; 500 are drawn."
    assert captions(run)["data"] == sentence
