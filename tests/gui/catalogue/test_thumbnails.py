"""Small pictures of the scenes: who asks for them and when, where they are kept and shown."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QStyleOptionViewItem

from backprop_studio.gui.catalogue.scene_list import PICTURE_ROLE
from backprop_studio.gui.catalogue.thumbnails import Thumbnails
from backprop_studio.gui.model.state import AppState
from backprop_studio.gui.model.values import Preview, RenderPhase, RenderStatus
from backprop_studio.gui.toolkit.lists import ROW_ROLE
from backprop_studio.render.messages.events import Cancelled, Done
from backprop_studio.render.messages.results import CatalogueEntry


def rest(window, stills):
    """Let the pause pass and return the thumbnails asked for so far."""
    assert window.thumbnails.is_pausing
    window.thumbnails.ask_next()
    jobs = stills.thumbnails
    return jobs


def draw_all(window, stills, colour="green"):
    rest(window, stills)
    while not window.thumbnails.is_complete:
        stills.finish_still(stills.thumbnails[-1], colour)


def started_again(qtbot, entries, link):
    """Return the thumbnails of another start, whose stage has its still."""
    state = AppState()
    thumbnails = Thumbnails(state, link)
    state.catalogue = entries
    qtbot.waitUntil(lambda: not thumbnails.is_reading)
    state.preview = Preview(image=QImage(16, 9, QImage.Format.Format_RGB32))
    return state, thumbnails


def colour_of(thumbnails, scene):
    thumbnail = thumbnails.of(scene)
    return thumbnail.image.pixelColor(5, 5).name()


def index_of(window, scene):
    panel = window.catalogue
    index = panel.model.index(panel.model.row_of(scene), 0)
    return index


def thumbnail_of(window, scene):
    """Return what the row of a scene is given to draw."""
    return index_of(window, scene).data(PICTURE_ROLE)


def height_of(window, scene):
    panel = window.catalogue
    option = QStyleOptionViewItem()
    panel.view.initViewItemOption(option)
    size = panel.view.itemDelegate().sizeHint(option, index_of(window, scene))
    return size.height()


def places_of(window, scene):
    view = window.catalogue.view
    index = index_of(window, scene)
    rect = view.visualRect(index)
    return view.itemDelegate().layout_of(index.data(ROW_ROLE), view.font(), rect)


def shown_colour(window, scene):
    """Return the colour in the middle of a row's picture, as it is on the screen."""
    view = window.catalogue.view
    picture = view.viewport().grab().toImage()
    middle = places_of(window, scene).picture.center() * picture.devicePixelRatio()
    name = picture.pixelColor(middle).name()
    return name


def test_each_scene_is_asked_for_once_with_its_defaults(window, state, stills):
    (job,) = rest(window, stills)
    assert (job.scene, job.beat, job.params) == ("backprop", "forward", {})
    assert (job.theme, job.language) == ("dark", "en")
    assert job.picture.width * 9 == job.picture.height * 16
    assert not window.thumbnails.is_complete
    stills.finish_still(job)
    assert [job.scene for job in stills.thumbnails] == ["backprop", "descent"]
    stills.finish_still(stills.thumbnails[1])
    assert window.thumbnails.is_complete
    # Another still, another pause: nothing is left to ask for.
    state.preview = Preview(image=state.preview.image)
    assert len(rest(window, stills)) == 2


def test_the_order_is_the_curriculum_s_and_the_scene_names_its_beat(qtbot, stills):
    rows = tuple(
        CatalogueEntry(id=name, place=(1, 9 - place), beats=("a", "b", "c"), thumbnail="c")
        for place, name in enumerate("abc")
    )
    _state, thumbnails = started_again(qtbot, rows, stills)
    thumbnails.ask_next()
    assert (stills.thumbnails[0].scene, stills.thumbnails[0].beat) == ("c", "c")


def test_nothing_is_asked_for_before_the_first_still(qtbot, empty_window, stills, entries):
    empty_window.start(list(entries))
    qtbot.waitUntil(lambda: not empty_window.thumbnails.is_reading)
    assert not empty_window.thumbnails.is_pausing
    empty_window.thumbnails.ask_next()
    assert stills.thumbnails == []


def test_a_still_goes_first_and_what_it_replaced_is_asked_for_again(qtbot, window, state, stills):
    def await_still():
        count = len(stills.stills)
        state.beat = "network" if state.beat == "forward" else "forward"
        qtbot.waitUntil(lambda: len(stills.stills) == count + 1)

    await_still()
    assert not window.thumbnails.is_pausing
    window.thumbnails.ask_next()
    assert stills.thumbnails == []
    stills.finish_still(stills.stills[-1])
    (job,) = rest(window, stills)
    await_still()
    stills.say(Cancelled(job_id=job.id))
    assert len(stills.thumbnails) == 1
    stills.finish_still(stills.stills[-1])
    before = state.preview
    first, second = rest(window, stills)
    assert first.id != second.id
    assert first.scene == second.scene
    # One that is done while a still is awaited is the last for now, and stays off the stage.
    await_still()
    stills.finish_still(second, "green")
    assert colour_of(window.thumbnails, "backprop") == QColor("green").name()
    assert state.preview.image is before.image
    assert len(stills.thumbnails) == 2


def test_nothing_is_asked_for_during_a_render(window, state, stills):
    state.render = RenderStatus(RenderPhase.RUNNING)
    assert not window.thumbnails.is_pausing
    window.thumbnails.ask_next()
    assert stills.thumbnails == []
    state.render = RenderStatus(RenderPhase.DONE)
    assert len(rest(window, stills)) == 1


def test_the_next_start_finds_the_pictures_and_draws_a_damaged_one_anew(
    qtbot, window, stills, other_stills, entries, thumbnail_folder
):
    thumbnail_folder.mkdir(parents=True)
    (thumbnail_folder / "then-backprop-dark-en.png").touch()
    draw_all(window, stills, "green")
    files = sorted(file.name for file in thumbnail_folder.iterdir())
    # Those of another state of the program are removed.
    assert files == ["now-backprop-dark-en.png", "now-descent-dark-en.png"]
    _state, again = started_again(qtbot, entries, other_stills)
    assert again.is_complete
    assert colour_of(again, "descent") == QColor("green").name()
    again.ask_next()
    assert other_stills.thumbnails == []
    (thumbnail_folder / "now-descent-dark-en.png").write_bytes(b"\x89PNG, or so")
    _state, again = started_again(qtbot, entries, other_stills)
    again.ask_next()
    assert [job.scene for job in other_stills.thumbnails] == ["descent"]


def test_a_cache_that_cannot_be_written_is_no_fault(window, stills, thumbnail_folder):
    thumbnail_folder.parent.mkdir(parents=True)
    thumbnail_folder.touch()
    draw_all(window, stills, "green")
    assert colour_of(window.thumbnails, "backprop") == QColor("green").name()


def test_another_look_has_pictures_of_its_own(qtbot, window, state, stills, thumbnail_folder):
    (job,) = rest(window, stills)
    count = len(stills.stills)
    state.theme = "print"
    state.lesson_language = "zh"
    qtbot.waitUntil(lambda: len(stills.stills) == count + 2)
    # One that comes in the look of before is kept but not shown.
    stills.finish_still(job, "white")
    assert (thumbnail_folder / "now-backprop-dark-en.png").is_file()
    assert thumbnail_of(window, "backprop").image is None
    stills.finish_still(stills.stills[-1])
    qtbot.waitUntil(lambda: not window.thumbnails.is_reading)
    job = rest(window, stills)[-1]
    assert (job.theme, job.language) == ("print", "zh")
    # And back: those of before are still there.
    state.theme, state.lesson_language = "dark", "en"
    qtbot.waitUntil(lambda: not window.thumbnails.is_reading)
    assert colour_of(window.thumbnails, "backprop") == QColor("white").name()


def test_a_quiet_place_is_kept_until_the_picture_is_there(window, stills):
    from backprop_studio.gui.toolkit.theme import LIGHT

    before = height_of(window, "backprop")
    assert shown_colour(window, "backprop") == LIGHT["stage"]
    draw_all(window, stills, "green")
    assert shown_colour(window, "backprop") == QColor("green").name()
    assert height_of(window, "backprop") == before


def test_a_scene_that_cannot_be_drawn_is_not_asked_for_again(window, state, stills):
    (job,) = rest(window, stills)
    stills.fail(job.id, "scene", "It broke.")
    assert thumbnail_of(window, "backprop") is None
    assert not state.preview.error
    stills.say(Done(job_id=stills.thumbnails[-1].id), b"no picture")
    assert thumbnail_of(window, "descent") is None
    assert [job.scene for job in stills.thumbnails] == ["backprop", "descent"]
    assert window.thumbnails.is_complete


def test_rows_are_low_and_hold_picture_and_title_at_every_width(window):
    assert thumbnail_of(window, "broken") is None
    view = window.catalogue.view
    for width, has_summary in ((180, False), (236, False), (460, True)):
        view.resize(width, 600)
        view.doItemsLayout()
        places = places_of(window, "backprop")
        assert places.picture.width() / places.picture.height() == pytest.approx(16 / 9, rel=0.03)
        assert places.title.left() > places.picture.right()
        assert bool(places.summary.height()) is has_summary
        assert places.summary.top() >= places.title.bottom()
        for part in places:
            assert part.right() < view.viewport().width()
        assert width > 236 or height_of(window, "backprop") <= 52
