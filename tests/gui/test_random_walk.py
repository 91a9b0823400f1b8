"""A lecturer who tries everything on the real scenes: legal values, other scenes, undo, redo.

No scene may open with an error, no scene may have another one's values, and stage, form and state
must say the same. `BACKPROP_STUDIO_SEED` brings a walk back.
"""

from __future__ import annotations

import copy
import os
import random

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QLineEdit

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.gui.model.words import tr
from backprop_studio.render.catalogue import scene_ids
from backprop_studio.render.drawing.scene_files import catalogue_entry, lesson_class

SEED = int(os.environ.get("BACKPROP_STUDIO_SEED", "0")) or random.SystemRandom().getrandbits(32)
SPREAD = 20.0


class Walk:
    """A window with every real scene, a worker that only checks, and what has been seen so far."""

    def __init__(self, window, stills, chance):
        self.window, self.state, self.stills, self.chance = window, window.state, stills, chance
        self.state.more_open = True  # a form has only the fields that can be seen
        self.state.catalogue = tuple(map(catalogue_entry, scene_ids()))
        self.settle()
        self.left = {}
        self.edits = 0

    def go(self):
        """Do one thing, see what came of it, and take it back if the engine refuses it."""
        act = self.chance.choices([self.edit, self.turn, self.undo, self.redo], [6, 2, 1, 1])[0]
        act()
        if not self.answer():
            assert act in {self.edit, self.redo}, (act, self.state.lesson())
            self.undo()
            assert self.answer(), self.state.lesson()
        self.check()

    def edit(self):
        rows = [it for it in self.window.parameters.form.rows.values() if not it.isHidden()]
        choices = [(row, self.value(row.spec)) for row in rows]
        choices = [(row, value) for row, value in choices if value is not None]
        row, value = self.chance.choice(choices)
        self.edits += 1
        row.editor.end_gesture()
        row.editor.edited.emit(value)

    def turn(self):
        self.state.select_scene(self.chance.choice(self.state.catalogue).id)

    def undo(self):
        self.window.services.history.stack.undo()

    def redo(self):
        self.window.services.history.stack.redo()

    def value(self, spec):
        """Return a value that the field itself allows; None if it has no such list."""
        if spec.kind == "choice":
            return self.chance.choice(spec.choices)[0]
        if spec.kind == "flag":
            return self.chance.random() < 0.5
        if spec.kind not in {"integer", "number"}:
            return None
        low = spec.minimum if spec.minimum is not None else -SPREAD
        high = min(spec.maximum if spec.maximum is not None else SPREAD, low + SPREAD)
        if spec.kind == "integer":
            return self.chance.randint(int(low), max(int(high), int(low)))
        found = spec.within_bounds(round(self.chance.uniform(low, high), 3))
        return spec.default if found is None else float(found)

    def settle(self):
        """Let the form be made, and the stage ask for what it wants."""
        previews = self.window.services.previews
        for _ in range(1000):
            QCoreApplication.processEvents()
            if previews.is_settled and not self.window.parameters.form.is_building:
                break

    def answer(self):
        """Let the stage's stills come, or be refused; return whether the last one came."""
        self.settle()
        job = self.stills.stills[-1]
        try:
            validate_params(lesson_class(job.scene).Params, job.params)
        except StudioError as error:
            self.stills.fail(job.id, "input", str(error))
            return False
        self.stills.finish_still(job)
        return True

    def check(self):
        state, form = self.state, self.window.parameters.form
        job = self.stills.stills[-1]
        said = {"scene": job.scene, "params": job.params}
        lesson = state.lesson()
        assert said == {"scene": lesson["scene"], "params": lesson["params"]}
        assert (job.language, job.theme) == (lesson["language"], lesson["theme"])
        assert state.refusal is None
        assert self.window.stage.preview.picture.image is state.preview.image
        paths = {spec.path for spec in state.form.fields()}
        assert set(form.rows) == paths
        for row in form.rows.values():
            check_row(row, state.value(row.spec))
        check_file(state, job)
        # Nobody has touched the other scenes meanwhile.
        values = state.snapshot().values
        others = {scene: rows for scene, rows in values.items() if scene != state.scene}
        assert others == {scene: rows for scene, rows in self.left.items() if scene != state.scene}
        self.left = copy.deepcopy(values)


def check_row(row, value):
    """Compare what a field shows with its value."""
    field, spec = row.editor.field, row.spec
    if isinstance(field, QComboBox):
        texts = [tr(text) for choice, text in spec.choices if choice == value]
        assert field.currentText() in texts, (spec.path, value)
    elif isinstance(field, QCheckBox):
        assert field.isChecked() is value, (spec.path, value)
    else:
        line = field.lineEdit() if isinstance(field, QAbstractSpinBox) else field
        assert isinstance(line, QLineEdit)
        assert spec.parse(line.text()) == value, (spec.path, line.text(), value)


def check_file(state, job):
    """Compare a lesson with what comes back of it from a lecture's file."""
    read, defaults = state.form.values_in(without_nothing(job.params)), state.form.by_path
    values = {it: value for it, value in read.items() if value != defaults[it].default}
    model = lesson_class(job.scene).Params
    again = state.form.given(values, state.resolved)
    assert validate_params(model, again) == validate_params(model, job.params), (job, again)


def without_nothing(params):
    """Return parameters as a file has them, which has no word for nothing."""
    rest = {name: value for name, value in params.items() if value is not None}
    return {it: without_nothing(v) if isinstance(v, dict) else v for it, v in rest.items()}


@pytest.mark.parametrize(
    "steps", [40, pytest.param(5000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])]
)
def test_a_walk_over_the_real_scenes(window, stills, steps):
    print(f"BACKPROP_STUDIO_SEED={SEED}")
    walk = Walk(window, stills, random.Random(SEED))
    for _ in range(steps):
        walk.go()
    assert walk.edits > steps / 3
