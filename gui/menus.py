"""Menus and keys. Each action is made once; its words and its being enabled follow the state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from backprop_studio.core.base.i18n import LANGUAGE_NAMES, N_
from backprop_studio.gui.help.about import show_about, show_log
from backprop_studio.gui.help.shortcuts import show_shortcuts
from backprop_studio.gui.model.values import View
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.preferences import APPEARANCES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QMainWindow, QMenu

    from backprop_studio.gui.lecture.panel import LecturePanel
    from backprop_studio.gui.panel import Services
    from backprop_studio.gui.stage.page import Page
    from backprop_studio.gui.stage.panel import StagePanel

KEY = QKeySequence.StandardKey
LEAP = 5.0


@dataclass(frozen=True)
class WindowActions:
    """What only the window itself can do."""

    find_scene: Callable[[], object]
    show_queue: Callable[[], object]
    open_one: Callable[[], object]
    open_file: Callable[[Path], object]
    export_lecture: Callable[[], object]
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
    stage : StagePanel
        What the Playback menu acts on.
    lecture : LecturePanel
        Whose list shares the Lecture menu.
    own : WindowActions
        What is asked of the window.

    Attributes
    ----------
    actions : dict of str to QAction
        Every action by its English text.
    recent : QMenu
        The lectures that were opened last.
    """

    def __init__(
        self,
        window: QMainWindow,
        services: Services,
        stage: StagePanel,
        lecture: LecturePanel,
        own: WindowActions,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._stage = stage
        self._lecture = lecture
        self._own = own
        self._state = services.state
        self.actions: dict[str, QAction] = {}
        self._menus: list[tuple[QMenu, str]] = []
        self._choices: dict[tuple[str, str], QAction] = {}
        self._conditions: dict[str, Callable[[], bool]] = {}
        self._fill_file()
        self._fill_edit()
        self._fill_lecture()
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

        def has_lessons() -> bool:
            return bool(state.lecture.parts)

        def has_lecture() -> bool:
            return has_lessons() or state.lecture_file is not None

        def is_rendering() -> bool:
            return state.render.phase.is_active

        def save_video() -> None:
            files.save_as(window)

        new = N_("&New lecture")
        self._add(menu, new, lambda: lectures.new(window), KEY.New, has_lecture)
        self._add(menu, N_("&Open…"), own.open_one, KEY.Open)
        self.recent = menu.addMenu(N_("Open re&cent"))
        self._menus.append((self.recent, N_("Open re&cent")))
        self.recent.aboutToShow.connect(self._fill_recent)
        save, save_as = N_("&Save lecture"), N_("Save lecture &as…")
        self._add(menu, save, lambda: lectures.save(window), KEY.Save, has_lessons)
        self._add(menu, save_as, lambda: lectures.save_as(window), KEY.SaveAs, has_lessons)
        self._add(menu, N_("&Export lecture…"), own.export_lecture, "Ctrl+E", has_lessons)
        menu.addSeparator()
        self._add(menu, N_("&Render"), renders.start, "Ctrl+R", lambda: renders.can_start)
        self._add(menu, N_("Cance&l render"), renders.cancel, "Ctrl+.", is_rendering)
        self._add(menu, N_("Render que&ue…"), own.show_queue, "Ctrl+Shift+R")
        menu.addSeparator()
        self._add(menu, N_("Sa&ve video as…"), save_video, "", has_video)
        self._add(menu, N_("Show in &folder"), lambda: files.show_in_folder(), "", has_video)
        self._add(menu, N_("Open in system &player"), files.open_externally, "", has_video)
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
        self._add(menu, N_("&Find a scene"), self._own.find_scene, KEY.Find)
        menu.addSeparator()
        ask = self._own.show_preferences
        preferences = self._add(menu, N_("&Preferences…"), ask, "Ctrl+,")
        preferences.setMenuRole(QAction.MenuRole.PreferencesRole)

    def _fill_lecture(self) -> None:
        menu = self._menu(N_("&Lecture"))
        lessons, state, panel = self._services.lessons, self._state, self._lecture

        def is_chosen() -> bool:
            return lessons.chosen is not None

        def can_shift(step: int) -> bool:
            number = state.lecture.number(state.part)
            return bool(number) and 1 <= number + step <= len(state.lecture.parts)

        def can_share() -> bool:
            parts = state.lecture.parts
            return is_chosen() and any(it.theme or it.frame for it in parts)

        add = N_("&Add this lesson")
        self._add(menu, add, lessons.add, "Ctrl+Shift+L", lambda: not lessons.blocked_reason())
        menu.addSeparator()
        verbs = (
            self._add(menu, N_("Re&name"), panel.rename_chosen, "F2", is_chosen),
            self._add(menu, N_("&Duplicate"), lessons.duplicate, "Ctrl+D", is_chosen),
            self._add(
                menu, N_("Move &up"), lambda: lessons.shift(-1), "Alt+Up", lambda: can_shift(-1)
            ),
            self._add(
                menu, N_("Move do&wn"), lambda: lessons.shift(1), "Alt+Down", lambda: can_shift(1)
            ),
            self._add(menu, N_("&Remove"), lessons.remove, KEY.Delete, is_chosen),
        )
        # Elsewhere these keys mean something else.
        for verb in verbs[2:]:
            verb.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        panel.view.addActions(verbs)
        menu.addSeparator()
        self._add(menu, N_("&Same look for all lessons"), lessons.share_look, "", can_share)

    def _fill_recent(self) -> None:
        """List what was opened last; the names alone, unless two are the same."""
        self.recent.clear()
        paths = self._services.lectures.recent
        names = [path.stem for path in paths]
        for path, name in zip(paths, names, strict=True):
            text = name if names.count(name) == 1 else f"{name} – {path.parent}"
            action = self.recent.addAction(text.replace("&", "&&"))
            action.setToolTip(str(path))
            action.triggered.connect(lambda _on=False, path=path: self._own.open_file(path))

    def _fill_view(self) -> None:
        menu = self._menu(N_("&View"))
        self._add(menu, N_("&Preview"), lambda: self._show(View.PREVIEW), "Ctrl+1")
        self._add(menu, N_("&Video"), lambda: self._show(View.VIDEO), "Ctrl+2")
        full_screen = self._add(menu, N_("&Full screen"), self._toggle_full_screen)
        full_screen.setShortcuts([QKeySequence(it) for it in ("F", "F11", "F5")])
        black = self._add(
            menu, N_("&Black screen"), self._toggle_black, "", lambda: self._state.full_screen
        )
        black.setShortcuts([QKeySequence(it) for it in ("B", ".")])
        menu.addSeparator()
        self._add_choice(menu, N_("&Language"), "window_language", LANGUAGE_NAMES)
        self._add_choice(menu, N_("&Appearance"), "appearance", APPEARANCES)
        menu.addSeparator()
        self._add(menu, N_("&Reset layout"), self._own.reset_layout)
        self._state.listen(self._show_choices, "window_language", "appearance")
        self._show_choices()

    def _fill_play(self) -> None:
        menu = self._menu(N_("&Playback"))
        stage, bar = self._stage, self._stage.video.bar

        def can_play() -> bool:
            return stage.page.can_play

        def has_beats() -> bool:
            return stage.page.has_beats

        def has_video() -> bool:
            return stage.page is stage.video and can_play()

        def add(
            text: str, act: Callable[[Page], object], keys: str, can: Callable[[], bool]
        ) -> None:
            action = self._add(menu, text, lambda: self._act(act), "", can)
            action.setShortcuts([QKeySequence(it) for it in keys.split()])

        # A presenter's clicker sends the pages.
        add(N_("&Play or pause"), lambda page: page.toggle(), "Space", can_play)
        add(N_("P&revious beat"), lambda page: page.go_beat(-1), "Ctrl+Left PgUp", has_beats)
        add(N_("&Next beat"), lambda page: page.go_beat(1), "Ctrl+Right PgDown", has_beats)
        add(N_("One frame &back"), lambda page: page.step(-1), "Left", can_play)
        add(N_("One frame &on"), lambda page: page.step(1), "Right", can_play)
        add(N_("&Five seconds back"), lambda page: page.skip(-LEAP), "Shift+Left", can_play)
        add(N_("F&ive seconds on"), lambda page: page.skip(LEAP), "Shift+Right", can_play)
        add(N_("To the &start"), lambda page: page.go_end(is_last=False), "Home", can_play)
        add(N_("To the &end"), lambda page: page.go_end(is_last=True), "End", can_play)
        menu.addSeparator()
        self._add(menu, N_("S&lower"), lambda: bar.change_speed(-1), "[", has_video)
        self._add(menu, N_("F&aster"), lambda: bar.change_speed(1), "]", has_video)
        self._add(menu, N_("Repea&t"), bar.loop.toggle, "L", has_video)
        self._add(menu, N_("So&und on or off"), bar.toggle_sound, "M", has_video)

    def _fill_help(self) -> None:
        menu = self._menu(N_("&Help"))
        window = self._window
        keys = N_("&Keyboard shortcuts")
        self._add(menu, keys, lambda: show_shortcuts(window, window.menuBar()), KEY.HelpContents)
        self._add(menu, N_("&System check"), self._check_system)
        self._add(menu, N_("Show &log"), lambda: show_log(window))
        about = self._add(menu, N_("&About Backprop Studio"), lambda: show_about(window))
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _check_system(self) -> None:
        from backprop_studio.gui.help.system_check import show_system_check  # no part of the start

        show_system_check(self._window)

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
        listen(self._refresh, "params", "live", "preview", "full_screen")
        listen(self._refresh, "params", "live", "lecture", "part", "lecture_file")
        self._services.history.stack.indexChanged.connect(self._refresh)
        listen(self._refresh_recent, "lecture_file")
        self._refresh_recent()

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

    def _refresh_recent(self) -> None:
        self.recent.setEnabled(bool(self._services.lectures.recent))

    def _act(self, act: Callable[[Page], object]) -> None:
        """Do something with what the stage shows, and show it again if the screen is black."""
        self._state.is_black = False
        act(self._stage.page)

    def _toggle_black(self) -> None:
        self._state.is_black = not self._state.is_black

    def _show(self, view: View) -> None:
        self._state.view = view

    def _toggle_full_screen(self) -> None:
        self._state.full_screen = not self._state.full_screen

    def _show_choices(self) -> None:
        for (name, key), action in self._choices.items():
            action.setChecked(getattr(self._state, name) == key)
