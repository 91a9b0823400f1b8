"""The preferences: where videos go and what they are called, language and appearance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)

from backprop_studio.core.base.i18n import LANGUAGE_NAMES, N_
from backprop_studio.gui.model.settings import last_folder, remember_folder
from backprop_studio.gui.model.video_names import DEFAULT_TEMPLATE, FIELD_TITLES, unknown_fields
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.renders.controller import job_of, name_for
from backprop_studio.gui.renders.folder import usual_folder
from backprop_studio.gui.toolkit import widgets as ui
from backprop_studio.gui.toolkit.layouts import column, row
from backprop_studio.gui.toolkit.theme import set_role
from backprop_studio.render.messages.voices import VOICES_WITH_PATH, VoiceChoice, voice_choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.gui.model.state import AppState
    from backprop_studio.render.messages.voices import VoiceKind

APPEARANCES = {"system": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}
VOICES: dict[VoiceKind, str] = {
    "none": N_("Nobody"),
    "recordings": N_("My own recordings…"),
    "piper": N_("A voice of piper…"),
    "espeak": N_("espeak-ng, as a draft"),
}
CHOICES: dict[str, tuple[str, Mapping[str, str]]] = {
    "window_language": (N_("Language"), LANGUAGE_NAMES),
    "appearance": (N_("Appearance"), APPEARANCES),
}
"""What is chosen: an attribute of the state, its title, and its values' names."""

WIDTH = 680


class PreferencesDialog(QDialog):
    """What is chosen once and for all; each change acts at once.

    Parameters
    ----------
    state : AppState
        Has the preferences.
    parent : QWidget
        The window in front of which it is.
    """

    def __init__(self, state: AppState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.folder = ui.ElidedLabel()
        self.change = ui.button(N_("Change…"), self._on_change, name=N_("Change the folder"))
        self.usual = ui.IconButton("reset", "tiny", "muted", N_("Back to the usual folder"))
        self.template = ui.worded(QLineEdit(), name=N_("Names of videos"))
        self.fields = QPushButton()
        self._menu = QMenu(self.fields)
        self.fields.setMenu(self._menu)
        self.usual_name = ui.IconButton("reset", "tiny", "muted", N_("Back to the usual names"))
        self.example = ui.ElidedLabel("muted")
        self._boxes: dict[str, QComboBox] = {}
        self.voice = ui.worded(ui.combo_box(), name=N_("Voice"))
        for kind in VOICES:
            self.voice.addItem("", kind)
        self.voice.activated.connect(self._on_voice)
        self.voice_path = ui.ElidedLabel("muted")
        self._build()
        self.template.textEdited.connect(self._use_template)
        self.usual.clicked.connect(lambda: self._use_folder(""))
        self.usual_name.clicked.connect(lambda: self._use_template(DEFAULT_TEMPLATE))
        state.listen(self._show_state, "videos_folder", "name_template", "scene", "params")
        state.listen(self._show_state, "quality", "format", "theme", "frame_shape")
        state.listen(self._show_state, "lesson_language", "appearance", "voice")
        state.listen(self.retranslate, "window_language")
        self.retranslate()

    def retranslate(self) -> None:
        """Renew all words."""
        ui.renew_words(self)
        self.setWindowTitle(tr("Preferences"))
        self.fields.setText(tr("Insert"))
        self.fields.setAccessibleName(tr("Insert a field into the name"))
        self._menu.clear()
        for name, title in FIELD_TITLES.items():
            action = self._menu.addAction(tr(title))
            action.triggered.connect(lambda _on=False, name=name: self._insert(name))
        texts: dict[QComboBox, Mapping[Any, str]] = {self.voice: VOICES}
        texts |= {box: CHOICES[name][1] for name, box in self._boxes.items()}
        for box, words in texts.items():
            for at, text in enumerate(words.values()):
                box.setItemText(at, tr(text))
        self._show_state()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        folder = row((self.folder, 1), self.usual, self.change, gap=8)
        template = row((self.template, 1), self.usual_name, self.fields, gap=8)
        language, appearance = (self._choice(name) for name in CHOICES)
        rows = (
            (N_("Videos go to"), folder, self.change),
            (N_("Their names"), template, self.template),
            ("", column(self.example), None),
            (N_("Who speaks in them"), row(self.voice, (self.voice_path, 1), gap=8), self.voice),
            (N_("Language"), row((language, 1)), language),
            (N_("Appearance"), row((appearance, 1)), appearance),
        )
        for at, (words, content, buddy) in enumerate(rows):
            title = ui.label("label", words)
            if buddy is not None:
                title.setBuddy(buddy)
            grid.addWidget(title, at, 0)
            grid.addLayout(content, at, 1)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.rejected.connect(self.reject)
        for it in (self.change, self.fields):
            it.setAutoDefault(False)
        column(grid, (None, 1), box, on=self, gap=18, edges=(22, 18, 22, 16))
        self.setMinimumWidth(WIDTH)

    def _show_state(self) -> None:
        state = self._state
        folder = state.videos_folder or str(usual_folder())
        self.folder.setText(folder)
        for name, box in self._boxes.items():
            box.setCurrentIndex(box.findData(getattr(state, name)))
        choice = voice_choice(state.voice)
        self.voice.setCurrentIndex(self.voice.findData(choice.kind))
        self.voice_path.setText(choice.path)
        self.usual.setEnabled(bool(state.videos_folder))
        self.usual_name.setEnabled(state.name_template != DEFAULT_TEMPLATE)
        if self.template.text() != state.name_template:
            self.template.setText(state.name_template)
            self.template.setCursorPosition(0)
        unknown = unknown_fields(state.name_template)
        set_role(self.template, "wrong" if unknown else "")
        set_role(self.example, "wrong" if unknown else "muted")
        if unknown:
            text = tr("There is no field {name}.").format(name=f"{{{unknown[0]}}}")
        else:
            name = name_for(state, job_of(state, Path(folder) / f"video{state.format}"))
            text = tr("Such as {name}").format(name=name + state.format)
        self.example.setText(text)
        self.template.setAccessibleDescription(text)

    def _choice(self, name: str) -> QComboBox:
        """Return a box in which an attribute of the state is chosen."""
        title, texts = CHOICES[name]
        box = ui.worded(ui.combo_box(), name=title)
        for key in texts:
            box.addItem("", key)
        box.activated.connect(lambda at: setattr(self._state, name, box.itemData(at)))
        self._boxes[name] = box
        return box

    def _on_voice(self, at: int) -> None:
        """Take a voice; for some a folder or a file is asked for."""
        kind: VoiceKind = self.voice.itemData(at)
        path = ""
        if kind == "recordings":
            folder = str(last_folder("voice") or Path.home())
            path = QFileDialog.getExistingDirectory(self, tr("Folder of recordings"), folder)
        elif kind == "piper":
            folder, kinds = str(last_folder("voice") or Path.home()), f"{tr('Voices')} (*.onnx)"
            path, _ = QFileDialog.getOpenFileName(self, tr("A voice of piper"), folder, kinds)
        if path or kind not in VOICES_WITH_PATH:
            self._state.voice = str(VoiceChoice(kind, path))
        if path:
            remember_folder("voice", Path(path) if kind == "recordings" else Path(path).parent)
        self._show_state()

    def _insert(self, name: str) -> None:
        self.template.insert(f"{{{name}}}")
        self._use_template(self.template.text())
        self.template.setFocus()

    def _use_template(self, template: str) -> None:
        self._state.name_template = template

    def _on_change(self) -> None:
        start = self._state.videos_folder or str(usual_folder())
        while not Path(start).is_dir() and Path(start).parent != Path(start):
            start = str(Path(start).parent)
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder for videos"), start)
        if chosen:
            self._use_folder(chosen)

    def _use_folder(self, folder: str) -> None:
        self._state.videos_folder = "" if folder == str(usual_folder()) else folder
