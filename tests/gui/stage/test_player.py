"""The player with a real file whose every frame has its own grey, and without a video backend."""

from __future__ import annotations

import sys
from fractions import Fraction

import av
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from backprop_studio.gui.model.values import Video, View
from backprop_studio.gui.stage.chapters import read_chapters
from backprop_studio.gui.stage.player import Player
from backprop_studio.gui.stage.player_bar import PlayerBar, beat_at, time_code
from backprop_studio.render.files.film import Film
from backprop_studio.render.messages.results import BeatMark
from tests.render.files.films import SMALL, fill

FPS = 10
FRAMES = 30
STARTS = (0.0, 1.0, 2.0)
CAPTIONS = ("The network", "数值向前流", "Gradients")


def grey(frame):
    return 20 + 7 * frame


@pytest.fixture(scope="module")
def video_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("video") / "lesson.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", FPS, {"crf": "12", "g": "8"})
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        bounds = [*STARTS, FRAMES / FPS]
        container.set_chapters(
            [
                {
                    "id": number,
                    "start": int(1000 * bounds[number]),
                    "end": int(1000 * bounds[number + 1]),
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": caption},
                }
                for number, caption in enumerate(CAPTIONS)
            ]
        )
        for number in range(FRAMES):
            pixels = np.full((90, 160, 3), grey(number), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        container.mux(stream.encode())
    return path


class Screen:
    """Remembers the last picture of a player."""

    def __init__(self, player):
        self.image = None
        player.frame_arrived.connect(self._show)

    def _show(self, image):
        self.image = image

    def frame(self):
        """Return the number of the frame that is shown, or -1."""
        if self.image is None:
            return -1
        return round((self.image.pixelColor(80, 45).red() - grey(0)) / 7)


@pytest.fixture
def player(qtbot, video_file):
    player = Player()
    yield player
    player.release()


@pytest.fixture
def screen(player):
    return Screen(player)


@pytest.fixture
def opened(qtbot, player, screen, video_file):
    player.open(video_file)
    qtbot.waitUntil(lambda: screen.frame() == 0 and player.duration > 0)
    return screen


def test_opening_shows_the_first_frame_and_time_goes_where_it_is_told(qtbot, opened, player):
    assert not player.is_playing
    assert player.duration == pytest.approx(3000, abs=120)
    assert player.fps == FPS
    for step, expected in ((1, 1), (1, 2), (-1, 1)):
        player.step(step)
        qtbot.waitUntil(lambda expected=expected: opened.frame() == expected)
    player.seek(1750)
    qtbot.waitUntil(lambda: opened.frame() == 17)
    player.seek_start(0.7)
    qtbot.waitUntil(lambda: opened.frame() == 7)


def test_it_plays_and_stays_at_the_last_frame(qtbot, opened, player):
    player.seek(2600)
    player.toggle()
    assert player.is_playing
    qtbot.waitUntil(lambda: not player.is_playing, timeout=15_000)
    qtbot.waitUntil(lambda: opened.frame() == FRAMES - 1)
    player.toggle()
    qtbot.waitUntil(lambda: player.is_playing and player.position < 1500)


def test_it_begins_again_at_the_end(qtbot, opened, player):
    player.set_looping(True)
    player.seek(2600)
    player.toggle()
    qtbot.waitUntil(lambda: opened.frame() == FRAMES - 1, timeout=15_000)
    qtbot.waitUntil(lambda: 0 <= opened.frame() < FRAMES // 2)
    assert player.is_playing


def test_releasing_lets_go_of_the_file(qtbot, opened, player, video_file):
    player.release()
    assert player.path is None
    if sys.platform.startswith("linux"):
        import os

        links = (f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd"))
        held = [link for link in links if os.path.realpath(link) == str(video_file)]
        assert held == []


def test_a_film_with_texts_of_another_kind_plays(qtbot, player, tmp_path):
    path = tmp_path / "foreign.mp4"
    fill(Film(path, SMALL, title="caf\u00e9"), ((9, 9, 9), 3))
    path.write_bytes(path.read_bytes().replace("\u00e9".encode(), b"\xe9\xe9"))
    with qtbot.waitSignal(player.frame_arrived):
        player.open(path)
    assert player.settings is None


def test_a_file_that_is_no_video_is_said_in_one_sentence(qtbot, player, tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video at all")
    with qtbot.waitSignal(player.failed) as failed:
        player.open(broken, plays=True)
    assert not player.is_playing
    assert "broken.mp4" in str(failed.args[0])


@pytest.fixture
def bar(qtbot, opened, player, video_file):
    bar = PlayerBar(player)
    qtbot.addWidget(bar)
    bar.resize(600, 80)
    bar.show_beats(read_chapters(video_file))
    player.duration_changed.emit()
    bar.show()
    return bar


def test_beats_come_from_the_file(video_file):
    beats = read_chapters(video_file)
    assert [(beat.start, beat.caption) for beat in beats] == list(
        zip(STARTS, CAPTIONS, strict=True)
    )
    assert beats[-1].end == pytest.approx(FRAMES / FPS, abs=0.01)


@pytest.mark.parametrize("content", [b"", b"no mp4", b"\0\0\0\1moov", b"\0\0\0\xffmoov" * 9])
def test_other_files_have_no_beats(tmp_path, content):
    file = tmp_path / "x.mp4"
    file.write_bytes(content)
    assert read_chapters(file) == ()
    assert read_chapters(tmp_path / "absent.mp4") == ()


def test_a_video_of_somebody_else_has_no_beats(tmp_path):
    path = tmp_path / "plain.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", FPS)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        container.mux(stream.encode(av.VideoFrame(64, 36, "yuv420p")))
        container.mux(stream.encode())
    assert read_chapters(path) == ()


def test_scrubbing_by_beat_and_by_time_with_the_mouse(qtbot, bar, opened):
    for button, frame in ((bar.next, 10), (bar.next, 20), (bar.previous, 10), (bar.previous, 0)):
        button.click()
        qtbot.waitUntil(lambda frame=frame: opened.frame() == frame)
    line = bar.time_line
    middle = QPoint(line.width() // 2, line.height() // 2)
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: opened.frame() in {14, 15})
    assert bar.time.text() == "00:01 / 00:03"
    assert bar.caption.text() == CAPTIONS[1]


def test_buttons_for_speed_repeat_and_playing(qtbot, bar, player):
    bar.speed.activated.emit(1)
    assert player.speed == 0.5
    bar.loop.click()
    assert player.is_looping
    bar.loop.click()
    assert not player.is_looping
    assert bar.play.accessibleName() == "Play"
    bar.play.click()
    qtbot.waitUntil(lambda: bar.play.accessibleName() == "Pause")


def test_times_in_words_and_in_beats():
    assert [time_code(ms) for ms in (-5, 59_999, 61_000)] == ["00:00", "00:59", "01:01"]
    beats = tuple(BeatMark(name=str(s), caption="", start=s, end=s + 1) for s in (0, 1, 2))
    assert [beat_at(beats, ms) for ms in (0, 999, 1000, 2500, 9000)] == [0, 1, 1, 2, 2]
    assert beat_at((), 10) == -1


def test_the_window_plays_a_file_given_to_it(qtbot, window, state, video_file, tmp_path):
    page = window.stage.video
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video at all")
    window.play_file(broken)
    qtbot.waitUntil(page.picture.note.isVisible)
    # The next one gets a new chance.
    window.play_file(video_file)
    assert state.view is View.VIDEO
    assert not page.picture.note.isVisible()
    qtbot.waitUntil(lambda: page.picture.image is not None)
    assert page.bar.isEnabled()
    assert window.services.player.is_playing
    assert len(state.video.beats) == len(STARTS)
    state.view = View.PREVIEW
    assert not window.services.player.is_playing
    state.video = None
    assert window.services.player.path is None


@pytest.mark.parametrize("name", ["broken.mp4", "broken.gif"])
def test_a_file_that_cannot_be_played_is_offered_to_the_systems_player(
    qtbot, window, state, tmp_path, monkeypatch, name
):
    handed = []
    monkeypatch.setattr(
        "backprop_studio.gui.video_files.QDesktopServices.openUrl",
        lambda url: handed.append(url.toLocalFile()) or True,
    )
    broken = tmp_path / name
    broken.write_bytes(b"no video at all")
    state.video = Video(broken, name=name)
    state.view = View.VIDEO
    page = window.stage.video
    note = page.picture.note
    qtbot.waitUntil(note.isVisible)
    assert f"{name} cannot be played" in note.text.text()
    assert not page.bar.isEnabled()
    note.first.click()
    assert handed == [str(broken)]
