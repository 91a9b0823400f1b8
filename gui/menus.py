"""Menus and keys. Each action is made once; its words and its being enabled follow the state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from backprop_studio.core.base.i18n import LANGUAGE_NAMES, LANGUAGES, N_
from backprop_studio.gui.help import show_about, show_log, show_shortcuts, show_system_check
from backprop_studio.gui.model.values import View
from backprop_studio.gui.model.words import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow, QMenu

    from backprop_studio.gui.panel import Services
    from backprop_studio.gui.stage.player_bar import PlayerBar

PLAYER_ACTIONS = (
    "&Play or pause",
    "One frame &back",
    "One frame &on",
    "To the &start",
    "To the &end",
    "Repea&t",
)
KEY = QKeySequence.StandardKey
APPEARANCES = {"system": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}


@dataclass(frozen=True)
class WindowActions:
    """What only the window itself can do."""

    show_queue: Callable[[], object]
    open_video: Callable[[], object]
    copy_command: Callable[[], object]
    reset_layout: Callable[[], object]


class Menus(QObject):
    """The menu bar of one window.

    Parameters
    ----------
    window : QMainWindow
        Has the menu bar, and dialogs open in front of it.
    services : Services
        The things of the window.
    player_bar : PlayerBar
        The buttons under the video, which the Playback menu shares.
    own : WindowActions
        What is asked of the window.

    Attributes
    ----------
    actions : dict of str to QAction
        Every action by its English text.
    """

    def __init__(
        self, window: QMainWindow, services: Services, player_bar: PlayerBar, own: WindowActions
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._player_bar = player_bar
        self._own = own
        self._state = services.state
        self.actions: dict[str, QAction] = {}
        self._menus: list[tuple[QMenu, str]] = []
        self._choices: dict[tuple[str, str], QAction] = {}
        self._fill_file()
        self._fill_edit()
        self._fill_view()
        self._fill_play()
        self._fill_help()
        self._connect()
        self.retranslate()

    def retranslate(self) -> None:
        """Renew all words."""
        for menu, text in self._menus:
            menu.setTitle(tr(text))
        for text, action in self.actions.items():
            action.setText(tr(text))
        for (name, key), action in self._choices.items():
            if name == "appearance":
                action.setText(tr(APPEARANCES[key]))
        self._refresh()

    def _fill_file(self) -> None:
        menu = self._menu(N_("&File"))
        window, services, own = self._window, self._services, self._own
        self._add(menu, N_("&Render"), services.renders.start, "Ctrl+R")
        self._add(menu, N_("&Cancel render"), services.renders.cancel, "Ctrl+.")
        self._add(menu, N_("Render que&ue…"), own.show_queue, "Ctrl+Shift+R")
        menu.addSeparator()
        self._add(menu, N_("&Open video…"), own.open_video, KEY.Open)
        self._add(menu, N_("&Save video as…"), lambda: services.files.save_as(window), KEY.Save)
        self._add(menu, N_("Show in &folder"), services.files.show_in_folder)
        self._add(menu, N_("Open in system &player"), services.files.open_externally)
        menu.addSeparator()
        self._add(
            menu, N_("Add to a &lecture…"), lambda: services.lectures.ask(window), "Ctrl+Shift+L"
        )
        self._add(menu, N_("Copy as co&mmand"), own.copy_command, "Ctrl+Shift+C")
        menu.addSeparator()
        leave = self._add(menu, N_("&Quit"), window.close, "Ctrl+Q")
        leave.setMenuRole(QAction.MenuRole.QuitRole)

    def _fill_edit(self) -> None:
        menu = self._menu(N_("&Edit"))
        stack = self._services.history.stack
        self._add(menu, N_("&Undo"), stack.undo, KEY.Undo)
        self._add(menu, N_("&Redo"), stack.redo, KEY.Redo)
        menu.addSeparator()
        self._add(menu, N_("Reset &all parameters"), self._services.history.reset_all)

    def _fill_view(self) -> None:
        menu = self._menu(N_("&View"))
        state = self._state
        self._add(menu, N_("&Preview"), lambda: self._show(View.PREVIEW), "Ctrl+1")
        self._add(menu, N_("&Video"), lambda: self._show(View.VIDEO), "Ctrl+2")
        full_screen = self._add(menu, N_("&Full screen"), self._toggle_full_screen)
        full_screen.setShortcuts([QKeySequence("F"), QKeySequence("F11")])
        menu.addSeparator()
        self._add_choice(menu, N_("&Language"), "window_language", LANGUAGES)
        self._add_choice(menu, N_("&Appearance"), "appearance", tuple(APPEARANCES))
        menu.addSeparator()
        self._add(menu, N_("&Reset layout"), self._own.reset_layout)
        for key in LANGUAGES:
            self._choices["window_language", key].setText(LANGUAGE_NAMES[key])
        state.window_language_changed.connect(self._show_choices)
        state.appearance_changed.connect(self._show_choices)
        self._show_choices()

    def _fill_play(self) -> None:
        menu = self._menu(N_("&Playback"))
        player, bar = self._services.player, self._player_bar
        self._add(menu, N_("&Play or pause"), self._toggle_playback, "Space")
        self._add(menu, N_("One frame &back"), lambda: player.step(-1), "Left")
        self._add(menu, N_("One frame &on"), lambda: player.step(1), "Right")
        self._add(menu, N_("P&revious beat"), bar.go_back, "Ctrl+Left")
        self._add(menu, N_("&Next beat"), bar.go_on, "Ctrl+Right")
        self._add(menu, N_("To the &start"), lambda: player.seek(0), "Home")
        self._add(menu, N_("To the &end"), lambda: player.seek(player.duration), "End")
        self._add(menu, N_("Repea&t"), bar.loop.toggle, "L")

    def _fill_help(self) -> None:
        menu = self._menu(N_("&Help"))
        window = self._window
        self._add(
            menu,
            N_("&Keyboard shortcuts"),
            lambda: show_shortcuts(window, self.actions),
            KEY.HelpContents,
        )
        self._add(menu, N_("&System check"), lambda: show_system_check(window))
        self._add(menu, N_("Show &log"), lambda: show_log(window))
        about = self._add(menu, N_("&About Backprop Studio"), lambda: show_about(window))
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _menu(self, text: str) -> QMenu:
        menu = self._window.menuBar().addMenu(text)
        self._menus.append((menu, text))
        return menu

    def _add(
        self,
        menu: QMenu,
        text: str,
        action: Callable[[], object],
        keys: str | QKeySequence.StandardKey | None = None,
    ) -> QAction:
        result = QAction(self._window)
        if keys is not None:
            result.setShortcut(QKeySequence(keys))
        result.triggered.connect(lambda: action())
        menu.addAction(result)
        self.actions[text] = result
        return result

    def _add_choice(self, menu: QMenu, text: str, name: str, keys: tuple[str, ...]) -> None:
        inner = menu.addMenu(text)
        self._menus.append((inner, text))
        group = QActionGroup(self)
        for key in keys:
            action = QAction(self._window, checkable=True)
            action.triggered.connect(lambda _on=False, key=key: setattr(self._state, name, key))
            group.addAction(action)
            inner.addAction(action)
            self._choices[name, key] = action

    def _connect(self) -> None:
        state = self._state
        for signal in (
            state.render_changed,
            state.video_changed,
            state.view_changed,
            state.scene_changed,
            state.catalogue_changed,
            state.refusal_changed,
            state.params_changed,
            state.live_changed,
            self._services.history.stack.indexChanged,
        ):
            signal.connect(self._refresh)

    def _refresh(self) -> None:
        """Enable what can be done now, and name what would be undone."""
        state, services, history = self._state, self._services, self._services.history
        if not shiboken6.isValid(history.stack):
            return  # A stack that is being destroyed clears itself first, and says so.
        actions = self.actions
        is_active = state.render.phase.is_active
        actions["&Render"].setEnabled(self._services.renders.can_start)
        actions["&Cancel render"].setEnabled(is_active)
        for text in ("&Save video as…", "Show in &folder", "Open in system &player"):
            actions[text].setEnabled(state.video is not None)
        actions["Copy as co&mmand"].setEnabled(state.entry is not None)
        actions["Add to a &lecture…"].setEnabled(not services.lectures.blocked_reason())
        for text, can, what in (
            ("&Undo", history.stack.canUndo(), history.stack.undoText()),
            ("&Redo", history.stack.canRedo(), history.stack.redoText()),
        ):
            actions[text].setEnabled(can)
            actions[text].setText(f"{tr(text)}: {tr(what)}" if can and what else tr(text))
        self._refresh_playback()

    def _refresh_playback(self) -> None:
        video = self._state.video
        is_playable = self._state.view is View.VIDEO and video is not None
        for text in PLAYER_ACTIONS:
            self.actions[text].setEnabled(is_playable)
        if self._state.view is View.PREVIEW:
            live = self._state.live.is_on or self._services.live.can_start
            self.actions["&Play or pause"].setEnabled(live)
        for text in ("P&revious beat", "&Next beat"):
            self.actions[text].setEnabled(is_playable and bool(video and video.beats))

    def _toggle_playback(self) -> None:
        """Play the finished video, or the lesson as it is drawn: what the stage shows."""
        if self._state.view is View.VIDEO:
            self._services.player.toggle()
        else:
            self._services.live.toggle()

    def _show(self, view: View) -> None:
        self._state.view = view

    def _toggle_full_screen(self) -> None:
        self._state.full_screen = not self._state.full_screen

    def _show_choices(self) -> None:
        for (name, key), action in self._choices.items():
            action.setChecked(getattr(self._state, name) == key)
