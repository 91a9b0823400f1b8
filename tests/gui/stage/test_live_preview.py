"""The lesson plays while it is drawn: in real time, honest about waiting, ended by every change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.model.values import Live, View
from backprop_studio.gui.stage.live_preview import LivePreview
from backprop_studio.render.messages.events import Cancelled, Done, Failed, Frame, Hello, Planned
from backprop_studio.render.messages.results import BeatMark

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.stage.panel import PreviewPage
    from backprop_studio.gui.window import MainWindow
    from backprop_studio.render.messages.jobs import PreviewJob

FPS = 30
COLOURS = ("red", "green", "blue")
"""Of the beats, each of which lasts a second."""
BEATS = tuple(
    BeatMark(name=name, caption=f"The {name}", start=float(k), end=k + 1.0)
    for k, name in enumerate(("network", "forward", "backward"))
)


def picture_of(colour: str) -> bytes:
    """Return a JPEG in one colour."""
    image = QImage(64, 36, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 100)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


class Player:
    """A window's live preview whose clock and timer a test moves by hand."""

    def __init__(self, window: MainWindow, stills: Any) -> None:
        self.live = window.services.live
        self.state = window.state
        self.stills = stills
        self.now = 100.0
        self.live.clock = lambda: self.now

    @property
    def job(self) -> PreviewJob:
        job: PreviewJob = self.stills.previews[-1]
        return job

    def plan(self, first: int = 0) -> None:
        self.stills.say(
            Planned(job_id=self.job.id, beats=BEATS, first=first, frames=90, duration=3.0)
        )

    def draw(self, first: int, end: int, repeat: int = 1) -> None:
        """Let frames arrive, in the colours of their beats."""
        for number in range(first, end, repeat):
            picture = picture_of(COLOURS[number // FPS])
            frame = Frame(
                job_id=self.job.id,
                number=number,
                seconds=number / FPS,
                repeat=repeat,
                attachment=len(picture),
            )
            self.stills.say(frame, picture)

    def finish(self) -> None:
        self.stills.say(Done(job_id=self.job.id, result={"frames": 90}))

    def play(self, drawn: int = 90) -> None:
        """Begin and let the first frames arrive."""
        self.live.toggle()
        self.plan()
        self.draw(0, drawn)

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.live.tick()

    @property
    def colour(self) -> str:
        """Name of the nearest of the beats' colours."""
        assert self.live.image is not None
        seen = self.live.image.pixelColor(5, 5)
        return max(COLOURS, key=lambda name: _likeness(seen, QColor(name)))


@pytest.fixture
def player(window: MainWindow, stills: Any) -> Player:
    return Player(window, stills)


@pytest.fixture
def page(window: MainWindow) -> PreviewPage:
    page: PreviewPage = window.stage.preview
    return page


def _likeness(one: QColor, other: QColor) -> int:
    pairs = zip(one.getRgb(), other.getRgb(), strict=True)
    return -sum(abs(a - b) for a, b in pairs)


def test_the_job_carries_the_choices_at_480p(player: Player, state: AppState) -> None:
    state.lesson_language = "zh"
    state.theme = "light"
    state.frame_shape = "9:16"
    state.beat = "forward"
    player.live.toggle()
    job = player.job
    assert (job.scene, job.language, job.theme, job.beat) == ("backprop", "zh", "light", "forward")
    assert (job.picture.width, job.picture.height, job.picture.fps) == (480, 854, FPS)
    assert job.ahead == 5 * FPS


def test_it_plays_with_the_first_frame_and_by_the_clock(player: Player, page: Any) -> None:
    still = page.picture.image()
    player.live.toggle()
    assert player.state.live is Live.STARTING
    player.plan()
    assert page.picture.image() is still  # until there is something better
    player.draw(0, 1)
    assert player.state.live is Live.PLAYING
    assert player.colour == "red"
    player.draw(1, 90)
    player.pass_time(1.5)
    assert player.live.frame == 45
    assert player.colour == "green"
    assert page.picture.image() is player.live.image
    player.pass_time(0.75)
    assert player.live.frame == 67
    assert page.current_beat() == 2


def test_a_moment_that_stands_still_is_one_picture(player: Player) -> None:
    player.live.toggle()
    player.plan()
    player.draw(0, 90, repeat=30)
    player.pass_time(0.9)
    image = player.live.image
    player.pass_time(0.05)
    assert player.live.frame == 28
    assert player.live.image is image
    player.pass_time(0.1)
    assert player.colour == "green"


def test_it_says_that_drawing_is_slower_and_goes_on_with_a_cushion(
    player: Player, page: Any
) -> None:
    player.play(drawn=10)
    player.pass_time(1.0)
    assert player.state.live is Live.CATCHING_UP
    assert player.live.frame == 9
    assert page.live_bar.status.text() == "Still drawing…"
    player.draw(10, 20)
    assert player.state.live is Live.CATCHING_UP
    player.draw(20, 30)
    assert player.state.live is Live.PLAYING
    assert not page.live_bar.status.isVisible()
    player.pass_time(0.1)
    assert player.live.frame == 12  # the wait is not made up for


def test_the_end_of_the_stream_ends_the_wait_without_a_cushion(player: Player) -> None:
    player.play(drawn=80)
    player.pass_time(5)
    assert player.state.live is Live.CATCHING_UP
    player.draw(80, 90)
    player.finish()
    assert player.state.live is Live.PLAYING
    player.pass_time(5)
    assert player.state.live is Live.PAUSED
    assert player.live.frame == 89
    player.live.toggle()
    assert (player.state.live, player.live.frame) == (Live.PLAYING, 0)


def test_playing_again_draws_anew_what_was_given_up(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backprop_studio.gui.stage.frame_buffer.MOST_BYTES", 10_000)
    player.state.beat = "network"
    player.play(drawn=60)
    player.pass_time(1.5)
    player.draw(60, 90)
    player.finish()
    player.pass_time(5)
    assert player.live.drawn[0] > 0
    player.live.toggle()
    assert player.state.live is Live.STARTING
    assert [job.beat for job in player.stills.previews] == ["network", "network"]


def test_the_worker_is_told_how_far_the_stage_is(player: Player, stills: Any) -> None:
    player.play()
    for _ in range(10):
        player.pass_time(0.1)
    told = [frame for job, frame in stills.client.taken if job == player.job.id]
    assert told == sorted(told)
    assert told[-1] > player.live.frame - FPS / 2
    assert 2 <= len(told) <= 5


def test_a_pause_keeps_the_place_and_tells_the_worker_nothing(
    player: Player, stills: Any, page: Any
) -> None:
    player.play()
    player.pass_time(0.5)
    page.live_bar.play.click()
    assert player.state.live is Live.PAUSED
    told = list(stills.client.taken)
    player.now += 60
    assert not player.live.is_ticking
    assert stills.client.taken == told
    page.live_bar.play.click()
    player.pass_time(0.1)
    assert player.live.frame == 18


def test_a_click_on_the_time_line_goes_where_it_is_drawn(player: Player, page: Any) -> None:
    player.play(drawn=60)
    page.live_bar.line.wanted.emit(1500)
    assert player.live.frame == 45
    page.live_bar.line.wanted.emit(200)
    assert player.live.frame == 6
    assert len(player.stills.previews) == 1


def test_a_click_ahead_of_what_is_drawn_begins_anew_with_that_beat(
    player: Player, page: Any, stills: Any
) -> None:
    player.play(drawn=40)
    first = player.job.id
    page.live_bar.line.wanted.emit(2500)
    assert stills.client.cancelled == [first]
    assert player.job.beat == "backward"
    assert player.state.live is Live.STARTING
    assert player.colour == "red"  # on the stage until the first frame is there
    player.plan(first=60)
    player.draw(60, 61)
    assert player.colour == "blue"


def test_a_beat_is_gone_to_without_a_new_still(player: Player, page: Any, stills: Any) -> None:
    player.play()
    count = len(stills.stills)
    page.strip.chosen.emit(1)
    assert player.live.frame == FPS
    assert page.current_beat() == 1
    assert len(stills.stills) == count


def test_stopping_brings_the_still_of_the_beat_that_was_on_the_stage(
    qtbot: QtBot, player: Player, page: Any, stills: Any, state: AppState
) -> None:
    player.play()
    player.pass_time(1.2)
    count = len(stills.stills)
    page.live_bar.stop.click()
    assert state.live is Live.OFF
    assert stills.client.cancelled == [player.job.id]
    assert player.live.image is None
    assert player.live.drawn == (0, 0)
    qtbot.waitUntil(lambda: len(stills.stills) == count + 1)
    assert stills.stills[-1].beat == "forward"
    # The rest of the stream finds nobody.
    player.draw(60, 61)
    assert state.live is Live.OFF


def test_a_changed_parameter_stops_it_and_asks_for_one_still(
    qtbot: QtBot, window: MainWindow, player: Player, stills: Any, state: AppState
) -> None:
    player.play()
    player.pass_time(1.2)
    count = len(stills.stills)
    rate = next(spec for spec in state.form.fields() if spec.path == "learning_rate")
    state.set_param(rate, 0.5)
    assert state.live is Live.OFF
    assert stills.client.cancelled == [player.job.id]
    previews = window.services.previews
    qtbot.waitUntil(lambda: previews.is_settled and len(stills.stills) > count)
    (job,) = stills.stills[count:]
    assert job.params == {"learning_rate": 0.5}
    assert job.beat == "forward"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lesson_language", "zh"),
        ("theme", "light"),
        ("frame_shape", "4:3"),
        ("view", View.VIDEO),
        ("catalogue", ()),
    ],
)
def test_other_changes_stop_it_too(player: Player, state: AppState, name: str, value: Any) -> None:
    player.play()
    setattr(state, name, value)
    assert state.live is Live.OFF
    assert player.stills.client.cancelled == [player.job.id]


def test_another_scene_stops_it_and_takes_no_beat_along(player: Player, state: AppState) -> None:
    player.play()
    state.select_scene("descent")
    assert state.live is Live.OFF
    assert state.beat is None


def test_another_size_of_the_stage_waits_for_the_end(
    qtbot: QtBot, player: Player, stills: Any, state: AppState
) -> None:
    player.play()
    count = len(stills.stills)
    state.picture_size = (1920, 1080)
    assert len(stills.stills) == count
    player.live.stop()
    qtbot.waitUntil(lambda: len(stills.stills) > count)
    assert stills.stills[-1].picture.width == 1920


def test_thumbnails_wait_while_it_plays(window: MainWindow, player: Player) -> None:
    assert window.thumbnails.is_pausing
    player.play()
    assert not window.thumbnails.is_pausing
    player.live.stop()
    player.stills.finish_still(player.stills.stills[-1])
    assert window.thumbnails.is_pausing


def test_a_failure_is_said_over_the_still(player: Player, page: Any, state: AppState) -> None:
    player.play(drawn=3)
    player.stills.say(Failed(job_id=player.job.id, error="scene", message="It broke."))
    assert state.live is Live.OFF
    assert page.picture.note.text.text() == "It broke."


def test_wrong_parameters_are_said_in_the_form(player: Player, page: Any, state: AppState) -> None:
    player.live.toggle()
    player.stills.say(Failed(job_id=player.job.id, error="input", message="Too few layers."))
    assert state.refusal == Message.plain("Too few layers.")
    assert not page.live_bar.play.isEnabled()
    assert not player.live.can_start


def test_a_worker_that_went_away_ends_it(player: Player, state: AppState) -> None:
    player.play(drawn=3)
    player.stills.say(Cancelled(job_id=player.job.id))
    assert state.live is Live.OFF


def test_a_picture_that_cannot_be_read_is_an_error(player: Player, state: AppState) -> None:
    player.live.toggle()
    player.plan()
    frame = Frame(job_id=player.job.id, number=0, seconds=0.0, attachment=3)
    player.stills.say(frame, b"???")
    assert state.live is Live.OFF
    assert "cannot be read" in state.preview.error


def test_events_of_others_are_left_alone(player: Player, state: AppState) -> None:
    player.live.toggle()
    player.stills.say(Hello(pid=2))
    player.stills.say(Done(job_id="somebody else's"))
    player.stills.say(Failed(job_id="somebody else's", error="scene", message="no"))
    assert state.live is Live.STARTING


def test_the_space_bar_plays_and_pauses_what_the_stage_shows(
    qtbot: QtBot, window: MainWindow, player: Player, page: Any
) -> None:
    page.strip.setFocus()
    QTest.keyClick(page.strip, Qt.Key.Key_Space)
    assert player.state.live is Live.STARTING
    player.plan()
    player.draw(0, 90)
    QTest.keyClick(page.strip, Qt.Key.Key_Space)
    assert player.state.live is Live.PAUSED


def test_the_time_and_what_is_drawn_are_shown(player: Player, page: Any) -> None:
    bar = page.live_bar
    assert not bar.line.isVisible()
    assert not bar.stop.isVisible()
    player.play(drawn=60)
    player.pass_time(1.1)
    assert bar.time.text() == "00:01 / 00:03"
    assert bar.line.maximum() == 3000
    assert bar.line.drawn == (0.0, 2.0)
    assert bar.line.value() == 1100
    line = bar.line.grab().toImage()
    height = line.height() // 2
    shades = [line.pixelColor(round(bar.line.x_of(ms)), height).name() for ms in (1800, 2800)]
    assert shades[0] != shades[1]


def test_words_follow_the_language_of_the_window(
    player: Player, page: Any, state: AppState
) -> None:
    player.play(drawn=3)
    assert page.live_bar.stop.toolTip() == "Stop and show the still"
    state.window_language = "zh"
    assert page.live_bar.stop.toolTip() == "停止并回到静态图"


def test_it_ends_with_the_window(window: MainWindow, player: Player, stills: Any) -> None:
    player.play(drawn=3)
    window.may_close = True
    window.close()
    assert stills.client.cancelled == [player.job.id]
    assert player.live.drawn == (0, 0)
    assert not player.live.is_ticking


def test_a_preview_of_its_own_has_nothing(state: AppState, stills: Any) -> None:
    live = LivePreview(state, stills)
    assert not live.can_start
    live.toggle()
    live.stop()
    live.seek(1.0)
    assert state.live is Live.OFF
    assert not stills.previews
