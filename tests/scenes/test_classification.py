"""The lesson on classification: what it shows at the defaults, of pictures, and of odd data."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from manim import tempconfig

from backprop_studio.core.base.errors import InputError
from backprop_studio.scenes.families.classification.map import ClassificationMap
from backprop_studio.scenes.families.classification.pictures import ClassificationPictures
from backprop_studio.scenes.parts.charts.plot import Plot
from tests.scenes.lesson_runs import Run, parts_at, run_lesson, shown

if TYPE_CHECKING:
    from pathlib import Path

CASES: list[dict[str, Any]] = [
    {"data": {"name": "digits"}, "epochs": 4, "sample": 3},
    {"data": {"name": "spirals", "classes": 6, "points": 90}, "told": [20], "epochs": 20},
    {"learning_rate": 1000, "batch_size": 16, "hidden": [4, 3], "seed": 1},
]


def walk(name: str, params: dict[str, Any]) -> None:
    """Walk through a scene, as every scene is; that module asks this one for its cases."""
    from tests.scenes.test_every_scene import walk

    walk(name, params)


@pytest.fixture(scope="module")
def iris(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The lesson at its defaults; nobody changes it."""
    with tempconfig({"media_dir": str(tmp_path_factory.mktemp("media"))}):
        return run_lesson("classification")


def test_tells_of_iris_from_the_data_to_the_counted_answers(iris: Run) -> None:
    assert [beat.name for beat in iris.lesson.beats] == [
        "data", "network", "plane", "training", "gradients", "sample", "answers",
    ]  # fmt: skip
    captions = {beat.name: beat.caption for beat in iris.lesson.beats}
    assert captions["data"] == "150 flowers in 3 classes: 130 to learn from, 20 held out."
    assert "4-2-3" in captions["network"]
    assert "other 2 inputs at their mean" in captions["plane"]
    assert captions["training"].endswith("1, 3, 10, 32, 100.")
    assert captions["answers"] == "19 of the 20 held-out flowers are answered rightly."


def test_shows_the_accuracy_that_it_really_reached(iris: Run) -> None:
    assert shown(iris, "answers.tally.accuracy") == {"0.950"}
    assert shown(iris, "facts.parameters") == {"19"}  # 4 x 2 + 2 + 2 x 3 + 3
    texts = {text for moment in iris.moments if moment.beat == "answers" for text in moment.texts}
    (formula,) = [text for text in texts if text.startswith('$ "accuracy"')]
    assert formula == '$ "accuracy" = (4 + 8 + 7) / 20 = 19 / 20 = 0.950 $'


def test_curves_grow_with_the_epochs_told(iris: Run) -> None:
    seen = []
    for moment in (it for it in iris.moments if it.beat == "training"):
        plots = [part for part in moment.parts if isinstance(part, Plot)]
        seen += [float(plots[0].state["train.progress"])] if plots else []
    assert seen[0] == 0.0
    assert seen[-1] == 1.0
    assert sorted(seen) == seen
    assert len(set(seen)) == 6


def test_regions_and_crosses_are_those_of_the_moment(iris: Run) -> None:
    record = iris.lesson.record
    (before,) = parts_at(iris, "plane", ClassificationMap)
    (after,) = parts_at(iris, "training", ClassificationMap)
    assert np.allclose(before.state["regions"], record.plane.probabilities[0])
    assert np.allclose(after.state["regions"], record.plane.probabilities[-1])
    told = [record.course.moments[k] for k in record.course.told]
    for view, moment in ((before, told[0]), (after, told[-1])):
        assert view.state["wrong"].sum() == moment.train.wrong + moment.held_out.wrong


def test_pictures_are_shown_with_what_they_are_and_what_they_are_taken_for() -> None:
    run = run_lesson("classification", CASES[0])
    record, last = run.lesson.record, len(run.lesson.record.course.told) - 1
    (view,) = parts_at(run, "training", ClassificationPictures)
    rows = run.lesson.rows
    assert rows[0] == record.followed.row == record.data.test[2]
    assert view.truths == [f'#"{k}"' for k in record.data.targets[rows]]
    assert view.answers == [f'#"{k}"' for k in record.predicted[last][rows]]
    (wrong,) = parts_at(run, "wrong", ClassificationPictures)
    assert all(a != b for a, b in zip(wrong.truths, wrong.answers, strict=True))
    assert not wrong.state["right"].any()


def test_chinese_names_species_and_features() -> None:
    run = run_lesson("classification", language="zh")
    (view,) = parts_at(run, "data", ClassificationMap)
    assert any("山鸢尾" in text for text in view.texts())
    assert any("花瓣长度" in text for text in view.texts())


def test_a_diverging_run_says_so() -> None:
    run = run_lesson("classification", {"learning_rate": 1000})
    captions = {beat.name: beat.caption for beat in run.lesson.beats}
    last = run.lesson.record.course.moments[-1].step
    assert captions["training"] == (f"It diverges: after update {last} the numbers leave float64.")
    loss = parts_at(run, "training", Plot)[0]
    assert loss.axes.y.logarithmic


def write_pictures(folder: Path) -> None:
    generator = np.random.default_rng(0)
    for part, count in (("train", 300), ("t10k", 40)):
        labels = generator.integers(0, 10, count).astype(np.uint8)
        pictures = generator.integers(0, 256, (count, 28, 28)).astype(np.uint8)
        for kind, array in (("images-idx3", pictures), ("labels-idx1", labels)):
            head = struct.pack(">HBB", 0, 8, array.ndim)
            head += struct.pack(f">{array.ndim}I", *array.shape)
            (folder / f"{part}-{kind}-ubyte").write_bytes(head + array.tobytes())


def test_fashion_mnist_is_told_when_its_files_are_there(tmp_path: Path) -> None:
    write_pictures(tmp_path)
    walk(
        "classification", {"data": {"name": "fashion_mnist", "folder": str(tmp_path)}, "epochs": 2}
    )


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
def test_odd_tables_are_told(name: str, tmp_path: Path) -> None:
    head, rows = ROWS[name]
    path = tmp_path / f"{name}.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    walk("classification", {"data": {"file": str(path)}, "epochs": 5})


def test_a_hundred_thousand_rows_are_told_and_say_how_many_are_drawn(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    points = generator.normal(size=(100_000, 2)).round(2)
    rows = [f"{a},{b},{'in' if a * a + b * b < 1.4 else 'out'}" for a, b in points.tolist()]
    path = tmp_path / "large.csv"
    path.write_text("a,b,where\n" + "\n".join(rows) + "\n", encoding="utf-8")
    run = run_lesson("classification", {"data": {"file": str(path)}, "epochs": 2})
    assert run.lesson.beats[0].caption == (
        "100000 examples: 80000 to learn from, 20000 held out; 500 are drawn."
    )


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"learning_rate": 1e9}, "learning_rate"),
        ({"data": {"name": "fashion_mnist", "folder": "not there"}}, "not there"),
    ],
)
def test_is_refused_before_anything_is_drawn(params: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        run_lesson("classification", params)
