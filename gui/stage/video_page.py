"""The page of the stage with a finished video."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.values import View
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.stage.chapters import read_chapters
from backprop_studio.gui.stage.page import PICTURE_STRETCH, Page
from backprop_studio.gui.stage.picture import PictureView
from backprop_studio.gui.stage.player_bar import PlayerBar
from backprop_studio.gui.toolkit import widgets as ui
from backprop_studio.gui.toolkit.layouts import column

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from backprop_studio.core.base.messages import Message
    from backprop_studio.gui.panel import Services


class VideoPage(Page):
    """The finished video."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._failure: Message | None = None
        self.picture = ui.worded(PictureView(), name=N_("Video"))
        self.bar = PlayerBar(services.player)
        picture = (self.picture, PICTURE_STRETCH)
        column((None, 1), picture, self.bar, (None, 2), on=self, gap=8)
        self.take_hands(self.bar)
        self.picture.note.first.clicked.connect(services.files.open_externally)
        self.bar.full_screen.clicked.connect(self.toggle_full_screen)
        services.player.frame_arrived.connect(self._on_frame)
        services.player.failed.connect(self._on_failed)
        self._state.listen(self._on_video, "video")
        self._state.listen(self._on_view, "view")
        self.retranslate()
        self._on_video()

    def sizeHint(self) -> QSize:
        """Return a modest size; the stage takes what is there."""
        return QSize(640, 400)

    @property
    def can_play(self) -> bool:
        """Whether there is a video that can be read."""
        return self._state.video is not None and not self._failure

    @property
    def has_beats(self) -> bool:
        """Whether the video names its beats."""
        return self.can_play and bool(self._state.video and self._state.video.beats)

    def toggle(self) -> None:
        """Play or pause the video."""
        self._services.player.toggle()

    def pause(self) -> None:
        """Stop the time."""
        self._services.player.pause()

    def step(self, frames: int) -> None:
        """Pause and go some frames on or back."""
        self._services.player.step(frames)

    def skip(self, seconds: float) -> None:
        """Go some seconds on or back."""
        player = self._services.player
        player.seek(player.position + round(seconds * 1000))

    def go_beat(self, step: int) -> None:
        """Go to the next beat or to the one before."""
        if step > 0:
            self.bar.go_on()
        else:
            self.bar.go_back()

    def go_end(self, *, is_last: bool) -> None:
        """Go to the end or to the start."""
        player = self._services.player
        player.seek(player.duration if is_last else 0)

    def retranslate(self) -> None:
        """Renew all words."""
        self.bar.retranslate()
        self._show_words()

    def _on_video(self) -> None:
        video = self._state.video
        self._failure = None
        self.picture.show_image(None)
        self.bar.setEnabled(video is not None)
        # Of a whole lecture only its file knows the beats.
        self.bar.show_beats((video.beats or read_chapters(video.path)) if video else ())
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

    def _on_failed(self, message: Message) -> None:
        self._failure = message
        self.bar.setEnabled(False)
        self.picture.show_image(None)
        self._show_words()

    def _show_words(self) -> None:
        note = self.picture.note
        if self._failure:
            note.say(tr("No playback here"), said(self._failure), tr("Open in system player"))
        elif self._state.video is None:
            hint = tr("Render the lesson, and it plays here when it is finished.")
            note.say(tr("No video yet"), hint)
        else:
            note.say("")
