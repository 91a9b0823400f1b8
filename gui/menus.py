"""Menus and keys. Each action is made once; its words and its being enabled follow the state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from backprop_studio.core.base.i18n import LANGUAGE_NAMES, N_
from backprop_studio.gui.help import show_about, show_log, show_shortcuts, show_system_check
from backprop_studio.gui.model.values import View
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.preferences import APPEARANCES

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow, QMenu

    from backprop_studio.gui.panel import Services
    from backprop_studio.gui.stage.player_bar import PlayerBar

KEY = QKeySequence.StandardKey


@dataclass(frozen=True)
class WindowActions:
    """What only the window itself can do."""

    show_queue: Callable[[], object]
    open_video: Callable[[], object]
    copy_command: Callable[[], object]
    reset_layout: Callable[[], object]
    show_preferences: Callable[[], object]


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
        self._conditions: dict[str, Callable[[], bool]] = {}
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
        names = {**LANGUAGE_NAMES, **APPEARANCES}
        for (_name, key), action in self._choices.items():
            action.setText(tr(names[key]))
        self._refresh()

    def _fill_file(self) -> None:
        menu = self._menu(N_("&File"))
        window, services, own, state = self._window, self._services, self._own, self._state
        renders, files, lectures = services.renders, services.files, services.lectures

        def has_video() -> bool:
            return state.video is not None

        def is_rendering() -> bool:
            return state.render.phase.is_active

        def can_add() -> bool:
            return not lectures.blocked_reason()

        def save_as() -> None:
            files.save_as(window)

        self._add(menu, N_("&Render"), renders.start, "Ctrl+R", lambda: renders.can_start)
        self._add(menu, N_("&Cancel render"), renders.cancel, "Ctrl+.", is_rendering)
        self._add(menu, N_("Render que&ue…"), own.show_queue, "Ctrl+Shift+R")
        menu.addSeparator()
        self._add(menu, N_("&Open video…"), own.open_video, KEY.Open)
        self._add(menu, N_("&Save video as…"), save_as, KEY.Save, has_video)
        self._add(menu, N_("Show in &folder"), lambda: files.show_in_folder(), "", has_video)
        self._add(menu, N_("Open in system &player"), files.open_externally, "", has_video)
        menu.addSeparator()
        add = N_("Add to a &lecture…")
        self._add(menu, add, lambda: lectures.ask(window), "Ctrl+Shift+L", can_add)
        copy = N_("Copy as co&mmand")
        self._add(menu, copy, own.copy_command, "Ctrl+Shift+C", lambda: state.entry is not None)
        menu.addSeparator()
        leave = self._add(menu, N_("&Quit"), window.close, "Ctrl+Q")
        leave.setMenuRole(QAction.MenuRole.QuitRole)

    def _fill_edit(self) -> None:
        menu = self._menu(N_("&Edit"))
        history = self._services.history
        self._add(menu, N_("&Undo"), history.stack.undo, KEY.Undo)
        self._add(menu, N_("&Redo"), history.stack.redo, KEY.Redo)
        menu.addSeparator()
        self._add(menu, N_("Reset &all parameters"), history.reset_all)
        menu.addSeparator()
        ask = self._own.show_preferences
        preferences = self._add(menu, N_("Pre&ferences…"), ask, "Ctrl+,")
        preferences.setMenuRole(QAction.MenuRole.PreferencesRole)

    def _fill_view(self) -> None:
        menu = self._menu(N_("&View"))
        self._add(menu, N_("&Preview"), lambda: self._show(View.PREVIEW), "Ctrl+1")
        self._add(menu, N_("&Video"), lambda: self._show(View.VIDEO), "Ctrl+2")
        full_screen = self._add(menu, N_("&Full screen"), self._toggle_full_screen)
        full_screen.setShortcuts([QKeySequence(it) for it in ("F", "F11", "F5")])
        menu.addSeparator()
        self._add_choice(menu, N_("&Language"), "window_language", LANGUAGE_NAMES)
        self._add_choice(menu, N_("&Appearance"), "appearance", APPEARANCES)
        menu.addSeparator()
        self._add(menu, N_("&Reset layout"), self._own.reset_layout)
        self._state.listen(self._show_choices, "window_language", "appearance")
        self._show_choices()

    def _fill_play(self) -> None:
        menu = self._menu(N_("&Playback"))
        player, bar = self._services.player, self._player_bar

        def is_on() -> bool:
            return self._state.view is View.VIDEO and self._state.video is not None

        def has_beats() -> bool:
            video = self._state.video
            return is_on() and bool(video and video.beats)

        def can_play() -> bool:
            live = self._state.live.is_on or self._services.live.can_start
            return live if self._state.view is View.PREVIEW else is_on()

        self._add(menu, N_("&Play or pause"), self._toggle_playback, "Space", can_play)
        self._add(menu, N_("One frame &back"), lambda: player.step(-1), "Left", is_on)
        self._add(menu, N_("One frame &on"), lambda: player.step(1), "Right", is_on)
        back = self._add(menu, N_("P&revious beat"), bar.go_back, "Ctrl+Left", has_beats)
        on = self._add(menu, N_("&Next beat"), bar.go_on, "Ctrl+Right", has_beats)
        # A presenter's clicker sends the second of them.
        back.setShortcuts([QKeySequence(it) for it in ("Ctrl+Left", "PgUp")])
        on.setShortcuts([QKeySequence(it) for it in ("Ctrl+Right", "PgDown")])
        self._add(menu, N_("To the &start"), lambda: player.seek(0), "Home", is_on)
        self._add(menu, N_("To the &end"), lambda: player.seek(player.duration), "End", is_on)
        self._add(menu, N_("Repea&t"), bar.loop.toggle, "L", is_on)

    def _fill_help(self) -> None:
        menu = self._menu(N_("&Help"))
        window = self._window
        keys = N_("&Keyboard shortcuts")
        self._add(menu, keys, lambda: show_shortcuts(window, self.actions), KEY.HelpContents)
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
        keys: str | QKeySequence.StandardKey = "",
        can: Callable[[], bool] | None = None,
    ) -> QAction:
        """Add an action, which is enabled while it can be done."""
        result = QAction(self._window)
        if keys:
            result.setShortcut(QKeySequence(keys))
        result.triggered.connect(lambda: action())
        menu.addAction(result)
        # Keys of a hidden menu bar are dead, and full screen hides it.
        self._window.addAction(result)
        self.actions[text] = result
        if can is not None:
            self._conditions[text] = can
        return result

    def _add_choice(self, menu: QMenu, text: str, name: str, names: dict[str, str]) -> None:
        inner = menu.addMenu(text)
        self._menus.append((inner, text))
        group = QActionGroup(self)
        for key in names:
            action = QAction(self._window, checkable=True)
            action.triggered.connect(lambda _on=False, key=key: setattr(self._state, name, key))
            group.addAction(action)
            inner.addAction(action)
            self._choices[name, key] = action

    def _connect(self) -> None:
        listen = self._state.listen
        listen(self._refresh, "render", "video", "view", "scene", "catalogue", "refusal")
        listen(self._refresh, "params", "live")
        self._services.history.stack.indexChanged.connect(self._refresh)

    def _refresh(self) -> None:
        """Enable what can be done now, and name what would be undone."""
        stack = self._services.history.stack
        if not shiboken6.isValid(stack):
            return  # A stack that is being destroyed clears itself first, and says so.
        for text, can_be_done in self._conditions.items():
            self.actions[text].setEnabled(can_be_done())
        for text, can, what in (
            ("&Undo", stack.canUndo(), stack.undoText()),
            ("&Redo", stack.canRedo(), stack.redoText()),
        ):
            self.actions[text].setEnabled(can)
            self.actions[text].setText(f"{tr(text)}: {tr(what)}" if can and what else tr(text))

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
