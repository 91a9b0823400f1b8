"""Centre: the live preview of the lesson, and the finished video, one behind the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.values import Engine, Live, View
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.stage.beat_strip import BeatStrip
from backprop_studio.gui.stage.live_bar import LiveBar
from backprop_studio.gui.stage.picture import PictureView
from backprop_studio.gui.stage.player_bar import PlayerBar
from backprop_studio.gui.toolkit import widgets as ui
from backprop_studio.gui.toolkit.faults import show_details
from backprop_studio.gui.toolkit.layouts import BARE, column, row
from backprop_studio.render.messages.frame_format import FrameFormat

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from backprop_studio.gui.model.values import LessonSettings
    from backprop_studio.render.messages.results import BeatMark

PICTURE_QUALITIES = ("l", "m", "h")
"""Sizes of a still; the smallest that is at least as wide as the stage is asked for."""

PICTURE_STRETCH = 1000
"""The picture takes all it can use; only what is left goes below the buttons."""


class StagePanel(Panel):
    """Preview or video, chosen above the picture."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.switch = ui.Segments([View.PREVIEW.value, View.VIDEO.value])
        self._title = ui.ElidedLabel("muted")
        self._title.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.pages = QStackedWidget()
        self.preview = PreviewPage(services)
        self.video = VideoPage(services)
        self.pages.addWidget(self.preview)
        self.pages.addWidget(self.video)
        files = services.files
        save_as = N_("Save video as")
        save = ui.button(N_("Save as…"), lambda: files.save_as(self.window()), name=save_as)
        use = N_("Use these settings")
        self.use = ui.button(
            use, self._on_use, tip=N_("Give the lesson the settings of this video")
        )
        folder = ui.IconButton("folder", words=N_("Show in folder"))
        external = ui.IconButton("external", words=N_("Open in system player"))
        self._video_buttons = (self.use, save, folder, external)
        self._head = QWidget()
        row(self.switch, 6, (self._title, 1), *self._video_buttons, on=self._head, gap=8)
        self._layout = column(self._head, (self.pages, 1), on=self, gap=12)
        self.switch.chosen.connect(self._on_view_chosen)
        folder.clicked.connect(lambda: files.show_in_folder())
        external.clicked.connect(files.open_externally)
        self.state.listen(self._show_view, "view", "video", "scene", "catalogue", "full_screen")
        self.state.listen(self._show_view, "queue")
        self.retranslate()

    def retranslate(self) -> None:
        """Renew all words."""
        words = {View.PREVIEW.value: tr("Preview"), View.VIDEO.value: tr("Video")}
        self.switch.set_texts(words, tr("Shown on the stage"))
        self.preview.retranslate()
        self.video.retranslate()
        self._show_view()

    def _settings(self) -> LessonSettings | None:
        """Return what the video was made with, if anybody knows and it can be shown."""
        video = self.state.video
        known = self.services.renders.video_at(video.path) if video else None
        settings = (video.settings if video else None) or (known.settings if known else None)
        return settings if settings and self.state.has_scene(settings.scene) else None

    def _on_use(self) -> None:
        if (settings := self._settings()) is not None:
            self.services.history.use(settings)

    def _on_view_chosen(self, key: str) -> None:
        self.state.view = View(key)

    def _show_view(self) -> None:
        is_video = self.state.view is View.VIDEO
        has_video = self.state.video is not None
        self.switch.show_choice(self.state.view.value)
        self.pages.setCurrentWidget(self.video if is_video else self.preview)
        for it in self._video_buttons:
            it.setVisible(is_video and has_video)
        self.use.setVisible(is_video and self._settings() is not None)
        entry = self.state.entry
        if is_video:
            self._title.setText(self.state.video.name if self.state.video else "")
        else:
            self._title.setText(tr(entry.summary) if entry else "")
        is_full = self.state.full_screen
        self._head.setVisible(not is_full)
        self._layout.setContentsMargins(*(BARE if is_full else (18, 14, 18, 12)))


class PreviewPage(QWidget):
    """The still that follows every change, and the beats to choose from."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._state = services.state
        self.picture = ui.worded(PictureView(), name=N_("Preview of the lesson"))
        self.strip = BeatStrip()
        self._number = ui.label("muted")
        self._caption = ui.ElidedLabel()
        self._shown_beat = -1
        self._back = ui.IconButton("chevron-left", "tiny", "muted", N_("Previous beat"))
        self._on = ui.IconButton("chevron-right", "tiny", "muted", N_("Next beat"))
        self.live_bar = LiveBar(services)
        numbers = (self._back, self._number, self._on)
        below = row(*numbers, 4, (self._caption, 1), self.live_bar, gap=6)
        picture = (self.picture, PICTURE_STRETCH)
        column((None, 1), picture, self.strip, below, (None, 2), on=self, gap=10)
        self.picture.resized.connect(self._on_resized)
        self.picture.note.first.clicked.connect(services.previews.request)
        self.picture.note.second.clicked.connect(self._on_details)
        self.strip.chosen.connect(self._on_beat_chosen)
        self._back.clicked.connect(lambda: self._on_beat_chosen(self.current_beat() - 1))
        self._on.clicked.connect(lambda: self._on_beat_chosen(self.current_beat() + 1))
        listen = self._state.listen
        listen(self._on_resized, "frame_shape")
        listen(self._show_state, "preview", "engine", "beat", "scene", "catalogue", "live")
        services.live.moved.connect(self._on_moved)
        self.retranslate()

    def retranslate(self) -> None:
        """Renew all words."""
        self.strip.retranslate()
        self.live_bar.retranslate()
        self._show_state()

    def beats(self) -> tuple[tuple[str, str], ...]:
        """Return name and caption of each beat, as well as they are known."""
        known: tuple[BeatMark, ...] = self._services.live.beats or self._state.preview.beats
        if known:
            return tuple((beat.name, beat.caption) for beat in known)
        entry = self._state.entry
        return tuple((name, name.replace("_", " ")) for name in (entry.beats if entry else ()))

    def current_beat(self) -> int:
        """Return the number of the selected beat; without a choice it is the last."""
        beats = self.beats()
        names = [name for name, _caption in beats]
        chosen = self._services.live.beat or self._state.beat or self._state.preview.beat
        return names.index(chosen) if chosen in names else len(beats) - 1

    def _show_state(self) -> None:
        preview = self._state.preview
        beats, current = self.beats(), self.current_beat()
        self._show_picture()
        self._shown_beat = current
        self.strip.show_beats(tuple(caption for _name, caption in beats), current)
        self._number.setText(f"{current + 1} / {len(beats)}" if beats else "")
        # Until the engine has sent the captions, only the beats' names are known.
        is_known = preview.beats or self._services.live.beats
        self._caption.setText(beats[current][1] if is_known else "")
        # The lesson says it itself, and the time line needs the room.
        self._caption.setVisible(not self._services.live.frames)
        self._back.setEnabled(current > 0)
        self._on.setEnabled(current < len(beats) - 1)
        self._show_words()

    def _show_picture(self) -> None:
        live = self._services.live
        still = self._state.preview.image
        image = still if live.image is None else live.image
        self.picture.show_image(image, is_moving=self._state.live is Live.PLAYING)

    def _on_moved(self) -> None:
        """Show the next frame; the beats only if it is in another one."""
        self._show_picture()
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
            note.say(tr("The preview failed"), preview.error, tr("Try again"), details)
        elif entry is None and not is_starting:
            empty = tr("Choose a scene on the left to see it here.")
            note.say(tr("No scene selected"), "" if self._state.catalogue is None else empty)
        else:
            note.say("")
            if is_starting:
                busy = tr("Starting the render engine…")
            elif preview.slow and not self._state.live.is_on:
                busy = tr("Drawing…") if preview.image is None else tr("Updating…")
        self.picture.show_busy(busy)

    def _on_beat_chosen(self, number: int) -> None:
        beats = self.beats()
        if 0 <= number < len(beats) and self._state.live.is_on:
            self._services.live.go_to(beats[number][0])
        elif 0 <= number < len(beats):
            self._state.beat = beats[number][0]

    def _on_details(self) -> None:
        preview = self._state.preview
        show_details(self.window(), preview.error, preview.details)

    def _on_resized(self) -> None:
        shape = self._state.frame_shape
        pictures = [FrameFormat.of_quality(quality, shape=shape) for quality in PICTURE_QUALITIES]
        sizes = [(picture.width, picture.height) for picture in pictures]
        rect = self.picture.rect_for(QSize(*sizes[0]))
        wide = rect.width() * self.picture.devicePixelRatioF()
        fitting = [size for size in sizes if size[0] >= wide * 0.9]
        self._state.picture_size = fitting[0] if fitting else sizes[-1]


class VideoPage(QWidget):
    """The finished video."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._state = services.state
        self._failure = ""
        self.picture = ui.worded(PictureView(), name=N_("Video"))
        self.picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bar = PlayerBar(services.player)
        picture = (self.picture, PICTURE_STRETCH)
        column((None, 1), picture, self.bar, (None, 2), on=self, gap=8)
        self.picture.clicked.connect(services.player.toggle)
        self.picture.note.first.clicked.connect(services.files.open_externally)
        self.bar.full_screen_asked.connect(self._on_full_screen)
        services.player.frame_arrived.connect(self._on_frame)
        services.player.failed.connect(self._on_failed)
        self._state.listen(self._on_video, "video")
        self._state.listen(self._on_view, "view")
        self._state.listen(self._on_full_screen_changed, "full_screen")
        self.retranslate()
        self._on_video()

    def sizeHint(self) -> QSize:
        """Return a modest size; the stage takes what is there."""
        return QSize(640, 400)

    def retranslate(self) -> None:
        """Renew all words."""
        self.bar.retranslate()
        self._show_words()

    def _on_video(self) -> None:
        video = self._state.video
        self._failure = ""
        self.picture.show_image(None)
        self.bar.setEnabled(video is not None)
        self.bar.show_beats(video.beats if video else ())
        self._show_words()
        if video is None:
            self._services.player.release()
        else:
            self._services.player.open(video.path, video.fps, plays=True)

    def _on_frame(self, image: QImage) -> None:
        self.picture.show_image(image, is_moving=self._services.player.is_playing)

    def _on_view(self) -> None:
        if self._state.view is not View.VIDEO:
            self._services.player.pause()

    def _on_failed(self, message: str) -> None:
        self._failure = message
        self.bar.setEnabled(False)
        self.picture.show_image(None)
        self._show_words()

    def _show_words(self) -> None:
        note = self.picture.note
        if self._failure:
            note.say(tr("No playback here"), self._failure, tr("Open in system player"))
        elif self._state.video is None:
            hint = tr("Render the lesson, and it plays here when it is finished.")
            note.say(tr("No video yet"), hint)
        else:
            note.say("")

    def _on_full_screen(self) -> None:
        self._state.full_screen = not self._state.full_screen

    def _on_full_screen_changed(self) -> None:
        edge = 12 if self._state.full_screen else 0
        self.bar.setContentsMargins(edge, 0, edge, edge // 2)
