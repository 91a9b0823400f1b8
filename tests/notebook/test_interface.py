"""What ``import backprop_studio`` offers, to a person and to a fresh process."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys

import numpy as np
import psutil
import pytest
import torch
from PIL import Image

import backprop_studio as bs
from backprop_studio.gui.catalogue.shipped import shipped_catalogue
from backprop_studio.render.catalogue import store_catalogue
from backprop_studio.render.messages.formats import VIDEO_ENDINGS

HEAVY = ("manim", "PySide6", "torch")


def fresh(code, **options):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=200, **options
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module", autouse=True)
def _catalogue():
    """The list of scenes, as it is kept once a worker has been asked for it."""
    store_catalogue(list(shipped_catalogue().scenes))


@pytest.fixture(scope="module")
def lesson():
    return bs.lesson("backprop", network="one_weight", learning_rate=0.25)


def test_importing_it_loads_nothing_that_is_heavy():
    told = "import sys, backprop_studio; print(*sys.modules)"
    loaded = set(fresh(told).split())
    assert "backprop_studio" in loaded
    assert not loaded & {*HEAVY, "numpy", "pydantic", "PIL", "tqdm"}


def test_lessons_load_neither_manim_nor_qt_nor_torch():
    code = "import sys, backprop_studio as bs; bs.scenes; bs.lesson; bs.Lesson; print(*sys.modules)"
    assert not set(fresh(code).split()) & set(HEAVY)


def test_every_public_name_is_there_and_is_documented():
    for name in bs.__all__:
        assert inspect.getdoc(getattr(bs, name)), name
        assert name in dir(bs)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = bs.no_such_name


def test_scenes_are_called_also_when_a_lesson_has_been_imported():
    import backprop_studio.scenes.lesson

    assert backprop_studio.scenes.lesson.__name__ == "backprop_studio.scenes.lesson"
    found = {scene.id: scene for scene in bs.scenes()}
    assert "question" in found["backprop"].beats
    assert "learning_rate" in found["backprop"].parameters["properties"]
    assert all(scene.error is None for scene in found.values())
    chinese = {scene.id: scene.title for scene in bs.scenes("zh")}
    assert chinese.keys() == found.keys()
    assert chinese["backprop"] != found["backprop"].title


def test_its_numbers_are_those_of_the_parameters(lesson):
    sheet = lesson.numbers()
    assert sheet["parameters"]["learning_rate"] == 0.25
    (layer,) = sheet["layers"]
    weight, (gradient,) = layer["weight"][0][0], layer["dL_dW"][0]
    assert sheet["updated"][0]["weight"][0][0] == pytest.approx(weight - 0.25 * gradient, abs=1e-15)
    assert lesson.verify()["max_relative_error"] < 1e-6


def test_a_beat_is_drawn_by_its_name_or_by_itself(lesson):
    names = [beat.name for beat in lesson.beats]
    assert names[0] == "question"
    assert all(beat.sentences for beat in lesson.beats)
    drawn = lesson.still(names[2], quality="l")
    assert isinstance(drawn, Image.Image)
    assert drawn.size == (854, 480)
    assert np.ptp(np.asarray(drawn.convert("L"))) > 100
    assert np.array_equal(drawn, lesson.still(lesson.beats[2], quality="l"))
    assert not np.array_equal(drawn, lesson.still(names[0], quality="l"))
    assert lesson._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ({"learning_rate": -1}, "parameter.wrong", "learning_rate: -1; expected a number above 0"),
        ({"lerning_rate": 1}, "parameter.unknown", "did you mean learning_rate?"),
        ({"network": {"sizes": [2]}}, "sizes.few", "network.sizes"),
        ({"network": "foo"}, "parameter.wrong", 'network.preset: "foo"'),
        ({"learning_rate": object()}, "parameter.kind", "learning_rate: an object of the type"),
        ({"data": "none.csv"}, "file.missing", "none.csv does not exist"),
        ({"language": "fr"}, "parameter.wrong", "expected en or zh"),
        ({"theme": "pink"}, "parameter.wrong", "expected dark, light or print"),
    ],
)
def test_a_wrong_parameter_is_one_sentence_and_the_same_as_data(given, code, said):
    with pytest.raises(bs.InputError) as caught:
        bs.lesson("backprop", **given)
    sentence = str(caught.value)
    assert said in sentence
    assert sentence[0].isupper()
    assert sentence.endswith((".", "?"))
    if given.keys() != {"network"} or given["network"] == "foo":
        assert caught.value.message.code == code
    assert isinstance(caught.value, bs.StudioError)


def test_a_wrong_scene_beat_or_option_is_refused(lesson, tmp_path):
    for wrong, said in (
        (lambda: bs.lesson("backprob"), "did you mean 'backprop'?"),
        (lambda: lesson.still("nowhere"), "has no beat 'nowhere'"),
        (lambda: lesson.still(quality="x"), "quality"),
        (lambda: lesson.video(tmp_path / "a.mp4", fps=0), "fps: 0; expected a whole number"),
        (lambda: lesson.video(tmp_path / "a.avi"), VIDEO_ENDINGS[0]),
        (lambda: lesson.video(tmp_path / "none" / "a.mp4"), "none"),
        (lambda: lesson.kit(tmp_path / "kit", ["slide"]), "did you mean 'slides'?"),
        (lambda: lesson.kit(tmp_path / "kit", []), "none is named"),
    ):
        with pytest.raises(bs.StudioError, match=said.replace("?", r"\?")):
            wrong()
    assert not list(tmp_path.iterdir())


def test_arrays_tensors_and_tuples_are_what_they_are_in_a_file():
    inputs = torch.tensor([[1.0, -2.0], [0.5, 3.0]], dtype=torch.float64)
    made = bs.lesson(
        "backprop",
        network={"sizes": (2, 1), "seed": np.int64(3)},
        data={"inputs": inputs, "targets": np.array([[1.0], [0.0]])},
        learning_rate=np.float64(0.1),
    )
    assert json.loads(json.dumps(made.parameters)) == made.parameters
    assert made.numbers()["inputs"] == inputs.tolist()


def test_a_text_for_a_group_is_its_file_or_its_first_field(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "a,b,kind\n" + "".join(f"{i},{i * i},{'xy'[i % 2]}\n" for i in range(12))
    (tmp_path / "flowers.csv").write_text(rows)
    table = bs.lesson("classification", data="flowers.csv", hidden=[8], learning_rate=0.3)
    assert table.parameters["data"] == {"file": str(tmp_path / "flowers.csv")}
    assert bs.lesson("classification", data="iris").parameters["data"] == {"name": "iris"}


@pytest.mark.slow
def test_a_kit_is_made_of_one_lesson(lesson, tmp_path):
    made = lesson.kit(tmp_path / "kit", ["numbers", "chapters"], quality="l")
    assert {path.parent for path in made} == {tmp_path / "kit"}
    (sheet,) = [path for path in made if path.suffix == ".json" and "numbers" in path.name]
    assert json.loads(sheet.read_text())["parameters"]["learning_rate"] == 0.25


@pytest.mark.slow
def test_a_video_is_rendered_and_kept(lesson, tmp_path, capfd):
    target = lesson.video(tmp_path / "one.mp4", quality="l")
    assert target.stat().st_size > 10_000
    assert "backprop" in capfd.readouterr().err  # the bar
    with pytest.raises(bs.InputError, match=r"one\.mp4"):
        lesson.video(target, quality="l")
    again = lesson.video(tmp_path / "two.mp4", quality="l")
    assert again.read_bytes() == target.read_bytes()


INTERRUPTED = """
import os, signal, sys, threading, time
import backprop_studio as bs
lesson = bs.lesson("backprop", network="one_weight")
threading.Timer(float(sys.argv[1]), os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    lesson.video(sys.argv[2], quality="l")
except KeyboardInterrupt:
    print("interrupted", flush=True)
print(len(lesson.numbers()["layers"]), flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.05, 1.5, 4.0])
def test_an_interrupt_leaves_nothing_and_the_next_call_works(after, tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    (tmp_path / "temporary").mkdir()
    target = tmp_path / "videos" / "a.mp4"
    target.parent.mkdir()
    command = [sys.executable, "-c", INTERRUPTED, str(after), str(target)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        assert process.stdout.readline() == "interrupted\n"
        assert process.stdout.readline() == "1\n"
        # The one warm worker is left, and no other.
        assert len(psutil.Process(process.pid).children()) <= 1
        assert not list(target.parent.iterdir())
        process.stdin.close()
        assert process.wait(60) == 0
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.slow
def test_a_killed_python_leaves_no_worker():
    code = (
        "import sys, psutil, backprop_studio as bs\n"
        "bs.lesson('backprop')\n"
        "print(*[it.pid for it in psutil.Process().children()], flush=True)\n"
        "sys.stdin.read()\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as process:
        workers = [psutil.Process(int(pid)) for pid in process.stdout.readline().split()]
        process.kill()
    _gone, alive = psutil.wait_procs(workers, timeout=20)
    assert workers
    assert not alive
