"""What is chosen of a kit's clips, handout and exercises, and what was chosen the last time."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from pydantic import ValidationError
from PySide6.QtWidgets import QSpinBox, QWidget

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.settings import settings_store
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.toolkit import widgets as ui
from backprop_studio.gui.toolkit.layouts import row
from backprop_studio.render.messages.jobs import (
    MOST_STUDENTS,
    USUAL,
    ClipKind,
    HandoutCount,
    KitOptions,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QCheckBox, QFormLayout

OPTIONS_KEY = "export/options"

_COUNTS = {
    1: N_("1 still on a page, with what is said"),
    2: N_("2 stills on a page, with what is said"),
    3: N_("3 stills on a page, beside lines for notes"),
    6: N_("6 stills on a page"),
}

_CLIPS = {
    "mp4": N_("As the video (MP4)"),
    "prores": N_("With nothing behind the lesson (ProRes 4444)"),
    "vp9": N_("With nothing behind the lesson (VP9)"),
}

_LARGEST_SEED = 2**31 - 1
"""That a spin box takes."""


class KitOptionFields:
    """Fields for the options of a kit; each is seen while its kind of file is ticked.

    Parameters
    ----------
    guarded : QWidget
        In which the wheel must not turn them.
    """

    def __init__(self, guarded: QWidget) -> None:
        kept = kept_options()
        self._kept = kept
        self.handout = ui.worded(ui.combo_box(), name=N_("Stills on a page"))
        self.handout.addItem(tr(N_("As the lecture says")), None)
        for count in get_args(HandoutCount):
            self.handout.addItem(tr(_COUNTS[count]), count)
        self.handout.setCurrentIndex(max(0, self.handout.findData(kept.handout)))
        self.students = _number(N_("Students"), 1, MOST_STUDENTS, kept.students)
        self.seed = _number(N_("Seed of the exercises"), 0, _LARGEST_SEED, kept.seed)
        self.clips = ui.worded(ui.combo_box(), name=N_("Kind of the clips"))
        for kind in get_args(ClipKind):
            self.clips.addItem(tr(_CLIPS[kind]), kind)
        self.clips.setCurrentIndex(self.clips.findData(kept.clips))
        guard = ui.WheelGuard(guarded)
        for field in (self.clips, self.handout, self.students, self.seed):
            guard.protect(field)
        parts = (ui.label(text=N_("Students")), self.students, ui.label(text=N_("Seed")), self.seed)
        self._rows = {kind: QWidget() for kind in ("clips", "handout", "exercises")}
        row(self.clips, (None, 1), on=self._rows["clips"])
        row(self.handout, (None, 1), on=self._rows["handout"])
        row(*parts, (None, 1), on=self._rows["exercises"], gap=8)

    def add_to(self, form: QFormLayout, words: Mapping[str, str]) -> None:
        """Add the fields to a form, each called as its kind of file is."""
        for kind, field in self._rows.items():
            form.addRow(words[kind], field)

    def show_of(self, form: QFormLayout, kit: Mapping[str, QCheckBox]) -> None:
        """Show what belongs to the kinds of files that are ticked."""
        for kind, field in self._rows.items():
            form.setRowVisible(field, kit[kind].isChecked())

    def chosen(self) -> KitOptions:
        """Return what is chosen."""
        fields = {"handout": self.handout.currentData(), "students": self.students.value()}
        fields |= {"clips": self.clips.currentData(), "seed": self.seed.value()}
        return self._kept.model_copy(update=fields)


def kept_options() -> KitOptions:
    """Return what was chosen the last time."""
    try:
        return KitOptions.model_validate_json(str(settings_store().value(OPTIONS_KEY, "{}")))
    except ValidationError:
        return USUAL


def keep_options(options: KitOptions) -> None:
    """Keep what was chosen for the next time."""
    settings_store().setValue(OPTIONS_KEY, options.model_dump_json())


def _number(name: str, least: int, most: int, value: int) -> QSpinBox:
    box = ui.worded(QSpinBox(), name=name)
    box.lineEdit().setTextMargins(ui.TEXT_MARGIN, 0, 0, 0)
    box.setRange(least, most)
    box.setValue(value)
    return box
