"""The lesson plays while it is drawn: in real time, honest about waiting, ended by every change."""

from __future__ import annotations

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.model.values import Live, View
from backprop_studio.gui.stage.live_preview import LivePreview
from backprop_studio.render.messages.events import Cancelled, Done, Frame, Hello
from tests.gui.stage.live_hands import FPS


def test_the_job_carries_the_choices_at_480p(player, state):
    state.lesson_language = "zh"
    state.theme = "light"
    state.frame_shape = "9:16"
    state.beat = "forward"
    player.live.toggle()
    job = player.job
    assert (job.scene, job.language, job.theme, job.beat) == ("backprop", "zh", "light", "forward")
    assert (job.picture.width, job.picture.height, job.picture.fps) == (480, 854, FPS)
    assert job.ahead == 5 * FPS


def test_it_plays_with_the_first_frame_and_by_the_clock(player, page):
    still = page.picture.image
    player.live.toggle()
    assert player.state.live is Live.STARTING
    player.plan()
    assert page.picture.image is still  # until there is something better
    player.draw(0, 1)
    assert player.state.live is Live.PLAYING
    assert player.colour == "red"
    player.draw(1, 90)
    player.pass_time(1.5)
    assert player.live.frame == 45
    assert player.colour == "green"
    assert page.picture.image is player.live.image
    player.pass_time(0.75)
    assert player.live.frame == 67
    assert page.current_beat() == 2


def test_a_moment_that_stands_still_is_one_picture(player):
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


def test_it_says_that_drawing_is_slower_and_goes_on_with_a_cushion(player, page):
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


def test_the_end_of_the_stream_ends_the_wait_without_a_cushion(player):
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


def test_playing_again_draws_anew_what_was_given_up(player, monkeypatch):
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


def test_the_worker_is_told_how_far_the_stage_is_and_nothing_in_a_pause(player, stills, page):
    player.play()
    for _ in range(5):
        player.pass_time(0.1)
    told = [frame for job, frame in stills.client.taken if job == player.job.id]
    assert told == sorted(told)
    assert told[-1] > player.live.frame - FPS / 2
    assert len(told) in {1, 2}
    page.live_bar.play.click()
    assert player.state.live is Live.PAUSED
    player.now += 60
    assert not player.live.is_ticking
    assert len(stills.client.taken) == len(told)
    page.live_bar.play.click()
    player.pass_time(0.1)
    assert player.live.frame == 18


def test_stopping_brings_the_still_of_the_beat_that_was_on_the_stage(
    qtbot, player, page, stills, state
):
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


def test_a_changed_parameter_stops_it_and_asks_for_one_still(qtbot, window, player, stills, state):
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


def test_other_changes_stop_it_too(player, state):
    changes = {"lesson_language": "zh", "theme": "light", "frame_shape": "4:3", "view": View.VIDEO}
    for name, value in changes.items():
        player.play(drawn=1)
        setattr(state, name, value)
        assert state.live is Live.OFF
        assert player.stills.client.cancelled[-1] == player.job.id
    state.view = View.PREVIEW
    player.play(drawn=1)
    state.select_scene("descent")  # and takes no beat along
    assert state.live is Live.OFF
    assert state.beat is None
    player.live.toggle()
    state.catalogue = ()
    assert state.live is Live.OFF


def test_another_size_of_the_stage_and_thumbnails_wait_for_the_end(
    qtbot, window, player, stills, state
):
    assert window.thumbnails.is_pausing
    player.play()
    assert not window.thumbnails.is_pausing
    count = len(stills.stills)
    state.picture_size = (1920, 1080)
    assert len(stills.stills) == count
    player.live.stop()
    qtbot.waitUntil(lambda: len(stills.stills) > count)
    assert stills.stills[-1].picture.width == 1920
    stills.finish_still(stills.stills[-1])
    assert window.thumbnails.is_pausing


def test_what_the_worker_says_of_its_failure_is_shown(player, page, state):
    player.play(drawn=3)
    for event in (Hello(pid=2), Done(job_id="another"), Cancelled(job_id="another")):
        player.stills.say(event)
    assert state.live is Live.PLAYING
    player.stills.say(Cancelled(job_id=player.job.id))  # it went away
    assert state.live is Live.OFF
    player.play(drawn=3)
    player.stills.fail(player.job.id, "scene", "It broke.")
    assert state.live is Live.OFF
    assert page.picture.note.text.text() == "It broke."
    player.live.toggle()
    player.plan()
    frame = Frame(job_id=player.job.id, number=0, seconds=0.0, attachment=3)
    player.stills.say(frame, b"???")
    assert state.live is Live.OFF
    assert "cannot be read" in str(state.preview.error)
    player.live.toggle()
    player.stills.fail(player.job.id, "input", "Too few layers.")
    assert state.refusal == Message.plain("Too few layers.")
    assert not page.live_bar.play.isEnabled()
    assert not player.live.can_start


def test_it_ends_with_the_window(window, player, stills):
    player.play(drawn=3)
    window.may_close = True
    window.close()
    assert stills.client.cancelled == [player.job.id]
    assert player.live.drawn == (0, 0)
    assert not player.live.is_ticking


def test_a_preview_of_its_own_has_nothing(state, stills):
    live = LivePreview(state, stills)
    assert not live.can_start
    live.toggle()
    live.stop()
    live.seek(1.0)
    assert state.live is Live.OFF
    assert not stills.previews
