"""The page of the stage with the live scene, and the beats to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QWidget

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.values import Engine, Live
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.stage.beat_strip import BeatStrip
from backprop_studio.gui.stage.live_bar import LiveBar
from backprop_studio.gui.stage.page import PICTURE_STRETCH, Page
from backprop_studio.gui.stage.picture import PictureView
from backprop_studio.gui.stage.stale_strip import StaleStrip, mend_text
from backprop_studio.gui.toolkit import widgets as ui
from backprop_studio.gui.toolkit.faults import show_details
from backprop_studio.gui.toolkit.layouts import column, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

    from backprop_studio.gui.panel import Services
    from backprop_studio.render.messages.results import BeatMark

SETTLE_MS = 250
"""How long the stage must have had its size until a still is drawn for it."""

LARGEST = 1920
"""Pixels of a still's longer side: on a larger stage, time counts for more than sharp edges."""


class PreviewPage(Page):
    """The still that follows every change, and the beats to choose from.

    Attributes
    ----------
    sketch_of : callable
        Returns a picture of a scene that is there at once, for the time until the still comes.
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.picture = ui.worded(PictureView(), name=N_("Preview of the lesson"))
        self.stale = StaleStrip(services, self.picture)
        self.strip = BeatStrip()
        self._number = ui.label("muted")
        self._caption = ui.ElidedLabel()
        self.script = ui.label("muted")
        self.script.setWordWrap(True)
        self.script.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._shown_beat = -1
        self._is_sketch = False
        self.sketch_of: Callable[[str], QImage | None] = lambda _scene: None
        self._live_before = Live.OFF
        self.previous = ui.IconButton("previous", words=N_("Previous beat"), keys="Ctrl+←")
        self.next = ui.IconButton("next", words=N_("Next beat"), keys="Ctrl+→")
        full_screen = ui.IconButton("fullscreen", words=N_("Full screen"), keys="F")
        self.live_bar = bar = LiveBar(services)
        moves = (self.previous, bar.play, self.next)
        words = (8, self._number, 8, (self._caption, 1))
        below = row(*moves, *words, bar, bar.stop, full_screen, gap=4)
        controls = QWidget()
        column(self.strip, below, self.script, on=controls, gap=8)
        picture = (self.picture, PICTURE_STRETCH)
        column((None, 1), picture, controls, (None, 2), on=self, gap=10)
        self.take_hands(controls)
        full_screen.clicked.connect(self.toggle_full_screen)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._take_size)
        self.picture.expect(QSize(*self._proportions()))
        self.picture.resized.connect(self._on_resized)
        self.picture.note.first.clicked.connect(self._on_first)
        self.picture.note.second.clicked.connect(self._on_second)
        self.strip.chosen.connect(self._on_beat_chosen)
        self.previous.clicked.connect(lambda: self.go_beat(-1))
        self.next.clicked.connect(lambda: self.go_beat(1))
        listen = self._state.listen
        listen(self._on_frame_shape, "frame_shape")
        listen(self._show_state, "preview", "engine", "beat", "scene", "catalogue", "live")
        listen(self._show_state, "refusal")
        listen(self._show_words, "catalogue_error")
        services.live.moved.connect(self._on_moved)
        self.retranslate()

    def retranslate(self) -> None:
        """Renew all words."""
        self.strip.retranslate()
        self.live_bar.retranslate()
        self.stale.renew()
        self._show_state()

    @property
    def can_play(self) -> bool:
        """Whether the lesson plays, or can."""
        return self._state.live.is_on or self._services.live.can_start

    @property
    def has_beats(self) -> bool:
        """Whether one can go from beat to beat."""
        return bool(self.beats())

    def toggle(self) -> None:
        """Play or pause the lesson."""
        self._live_before = self._state.live
        self._services.live.toggle()

    def toggle_back(self) -> None:
        """Undo the latest toggle; what did not play before is a still again."""
        if self._live_before.is_on:
            self._services.live.toggle()
        else:
            self._services.live.stop()

    def pause(self) -> None:
        """Stop the time."""
        self._services.live.pause()

    def step(self, frames: int) -> None:
        """Go some frames on or back; of a still, as many beats."""
        if self._state.live.is_on:
            self._services.live.step(frames)
        else:
            self.go_beat(frames)

    def skip(self, seconds: float) -> None:
        """Go some seconds on or back, while the lesson plays."""
        if self._state.live.is_on:
            self._services.live.skip(seconds)

    def go_beat(self, step: int) -> None:
        """Go to the next beat or to the one before."""
        self._on_beat_chosen(self.current_beat() + step)

    def go_end(self, *, is_last: bool) -> None:
        """Go to the last beat or to the first."""
        self._on_beat_chosen(len(self.beats()) - 1 if is_last else 0)

    def beats(self) -> tuple[tuple[str, str], ...]:
        """Return name and caption of each beat, as well as they are known."""
        known: tuple[BeatMark, ...] = self._services.live.beats or self._state.preview.beats
        if known:
            return tuple((beat.name, beat.caption) for beat in known)
        entry = self._state.entry
        return tuple((name, name.replace("_", " ")) for name in (entry.beats if entry else ()))

    def current_beat(self) -> int:
        """Return the number of the selected beat; without a choice it is that of the picture."""
        beats, entry = self.beats(), self._state.entry
        names = [name for name, _caption in beats]
        chosen = self._services.live.beat or self._state.beat or self._state.preview.beat
        chosen = chosen or (entry.thumbnail_beat if entry else None)
        return names.index(chosen) if chosen in names else len(beats) - 1

    def _show_state(self) -> None:
        preview = self._state.preview
        beats, current = self.beats(), self.current_beat()
        self.show_picture()
        self._shown_beat = current
        self.strip.show_beats(tuple(caption for _name, caption in beats), current)
        self._number.setText(f"{current + 1} / {len(beats)}" if beats else "")
        # Until the engine has sent the captions, only the beats' names are known.
        is_known = preview.beats or self._services.live.beats
        self._caption.setText(beats[current][1] if is_known else "")
        # The lesson says it itself, and the time line needs the room.
        self._caption.setVisible(not self._services.live.frames)
        self._show_script(current)
        self.previous.enable(current > 0)
        self.next.enable(current < len(beats) - 1)
        self._show_words()

    def _show_script(self, beat: int) -> None:
        """Show what is said in a beat, unless the caption alone says it."""
        known: tuple[BeatMark, ...] = self._services.live.beats or self._state.preview.beats
        mark = known[beat] if 0 <= beat < len(known) else None
        said = " ".join(it.text for it in mark.sentences) if mark else ""
        is_told = bool(mark and said and said != mark.caption and not self._services.live.frames)
        self.script.setText(said if is_told else "")
        self.script.setVisible(is_told)

    def show_picture(self) -> None:
        """Show the lesson that plays, the still, or until one comes the scene's thumbnail.

        Settings that are wrong have words instead, which could not be read upon a picture.
        """
        live, preview, entry = self._services.live, self._state.preview, self._state.entry
        image = preview.image if live.image is None else live.image
        is_awaited = image is None and not preview.error and not self._is_refused
        self._is_sketch = is_awaited and entry is not None
        if entry is not None and self._is_sketch:
            image = self.sketch_of(entry.id)
        self.picture.show_image(image, is_moving=self._state.live is Live.PLAYING)

    def _on_moved(self) -> None:
        """Show the next frame; the beats only if it is in another one."""
        self.show_picture()
        is_told = self._caption.isVisibleTo(self)
        if self.current_beat() != self._shown_beat or is_told is bool(self._services.live.frames):
            self._show_state()

    def _show_words(self) -> None:
        preview, entry = self._state.preview, self._state.entry
        is_starting = self._state.engine is Engine.STARTING
        note = self.picture.note
        busy = ""
        if preview.error:
            details = tr("Show details") if preview.details else ""
            note.say(tr("The preview failed"), said(preview.error), tr("Try again"), details)
        elif self._is_refused:
            refused, mends = self._state.refused, mend_text(self._state, self._services.history)
            leads = tr("Go to the field") if refused and refused.fields else ""
            words = refused.full_sentence if refused else ""
            note.say(tr("These settings cannot be drawn"), words, mends, leads)
        elif entry is None and self._state.catalogue is not None:
            empty = tr("Choose a scene on the left to see it here.")
            note.say(tr("No scene selected"), empty)
        elif entry is None and self._state.catalogue_error:
            note.say(tr("The scenes cannot be read"), said(self._state.catalogue_error))
        else:
            note.say("")
            if is_starting:
                busy = tr("Starting the render engine…")
            elif entry is None:
                busy = tr("Reading the scenes… (at the first start only)")
            elif preview.slow and not self._state.live.is_on:
                busy = tr("Drawing…") if preview.image is None else tr("Updating…")
        self.picture.show_busy(busy, covers=not self._is_sketch)

    def _on_beat_chosen(self, number: int) -> None:
        beats = self.beats()
        if 0 <= number < len(beats) and self._state.live.is_on:
            self._services.live.go_to(beats[number][0])
        elif 0 <= number < len(beats):
            self._state.beat = beats[number][0]

    @property
    def _is_refused(self) -> bool:
        """Whether the settings are wrong and there is no older picture that could be shown."""
        return self._state.refusal is not None and self._state.preview.image is None

    def _on_first(self) -> None:
        if self._is_refused:
            self._services.history.mend()
        else:
            self._services.previews.request()

    def _on_second(self) -> None:
        preview = self._state.preview
        if self._is_refused:
            self.stale.go_to_field()
        else:
            show_details(self.window(), said(preview.error), preview.details)

    def _on_frame_shape(self) -> None:
        """Make room for pictures of another shape, and then ask for one."""
        self.picture.expect(QSize(*self._proportions()))
        self._settle.start()

    def _proportions(self) -> tuple[int, int]:
        across, down = map(int, self._state.frame_shape.split(":"))
        return across, down

    def _on_resized(self) -> None:
        """Ask for another size once it stays; at once where there is no still yet."""
        if self._state.preview.image is None:
            self._take_size()
        else:
            self._settle.start()

    def _take_size(self) -> None:
        """Have stills drawn pixel by pixel as the stage shows them."""
        across, down = self._proportions()
        room = self.picture.size() * self.picture.devicePixelRatioF()
        width = min(room.width(), LARGEST, LARGEST * across // down) // 2 * 2
        height = width * down // across // 2 * 2
        if height > room.height():
            height = room.height() // 2 * 2
            width = height * across // down // 2 * 2
        self._state.picture_size = (width, height)
