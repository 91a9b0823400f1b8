"""Small pictures of the scenes: who asks for them and when, where they are kept and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QModelIndex, QSize
    from pytestqt.qtbot import QtBot

    from backprop_studio.gui.window import MainWindow
    from backprop_studio.render.messages.jobs import StillJob


def rest(window: MainWindow, stills: Any) -> list[StillJob]:
    """Let the pause pass and return the thumbnails asked for so far."""
    assert window.thumbnails.is_pausing
    window.thumbnails.ask_next()
    jobs: list[StillJob] = stills.thumbnails
    return jobs


def draw_all(window: MainWindow, stills: Any, colour: str = "green") -> None:
    rest(window, stills)
    while not window.thumbnails.is_complete:
        stills.finish_still(stills.thumbnails[-1], colour)


def started_again(
    qtbot: QtBot, entries: tuple[CatalogueEntry, ...], link: Any
) -> tuple[AppState, Thumbnails]:
    """Return the thumbnails of another start, whose stage has its still."""
    state = AppState()
    thumbnails = Thumbnails(state, link)
    state.catalogue = entries
    qtbot.waitUntil(lambda: not thumbnails.is_reading)
    state.preview = Preview(image=QImage(16, 9, QImage.Format.Format_RGB32))
    return state, thumbnails


def colour_of(thumbnails: Thumbnails, scene: str) -> str:
    thumbnail = thumbnails.of(scene)
    assert thumbnail is not None
    assert thumbnail.image is not None
    return thumbnail.image.pixelColor(5, 5).name()


def index_of(window: MainWindow, scene: str) -> QModelIndex:
    panel: Any = window.catalogue
    index: QModelIndex = panel.model.index(panel.model.row_of(scene), 0)
    return index


def thumbnail_of(window: MainWindow, scene: str) -> Any:
    """Return what the row of a scene is given to draw."""
    return index_of(window, scene).data(PICTURE_ROLE)


def height_of(window: MainWindow, scene: str) -> int:
    panel: Any = window.catalogue
    option = QStyleOptionViewItem()
    panel.view.initViewItemOption(option)
    size: QSize = panel.view.itemDelegate().sizeHint(option, index_of(window, scene))
    return size.height()


def places_of(window: MainWindow, scene: str, *, has_picture: bool = True) -> Any:
    view: Any = window.catalogue.view
    index = index_of(window, scene)
    rect = view.visualRect(index)
    row = index.data(ROW_ROLE)
    return view.itemDelegate().layout_of(row, view.font(), rect, has_picture=has_picture)


def shown_colour(window: MainWindow, scene: str) -> str:
    """Return the colour in the middle of a row's picture, as it is on the screen."""
    view: Any = window.catalogue.view
    picture = view.viewport().grab().toImage()
    middle = places_of(window, scene).picture.center() * picture.devicePixelRatio()
    name: str = picture.pixelColor(middle).name()
    return name


def test_each_scene_is_asked_for_once_with_its_defaults(
    window: MainWindow, state: AppState, stills: Any
) -> None:
    (job,) = rest(window, stills)
    assert (job.scene, job.beat, job.params) == ("backprop", "forward", {})
    assert (job.theme, job.language) == ("light", "en")
    assert job.picture.width * 9 == job.picture.height * 16
    assert not window.thumbnails.is_complete
    stills.finish_still(job)
    assert [job.scene for job in stills.thumbnails] == ["backprop", "descent"]
    stills.finish_still(stills.thumbnails[1])
    assert window.thumbnails.is_complete
    # Another still, another pause: nothing is left to ask for.
    state.preview = Preview(image=state.preview.image)
    assert len(rest(window, stills)) == 2


def test_the_scene_names_its_beat(qtbot: QtBot, stills: Any, entries: Any) -> None:
    chosen = entries[0].model_copy(update={"thumbnail": "backward"})
    _state, thumbnails = started_again(qtbot, (chosen,), stills)
    thumbnails.ask_next()
    assert stills.thumbnails[0].beat == "backward"


def test_the_order_is_the_curriculum_s(qtbot: QtBot, stills: Any) -> None:
    rows = tuple(CatalogueEntry(id=name, place=(1, 9 - place)) for place, name in enumerate("abc"))
    _state, thumbnails = started_again(qtbot, rows, stills)
    thumbnails.ask_next()
    assert stills.thumbnails[0].scene == "c"


def test_nothing_is_asked_for_before_the_first_still(
    qtbot: QtBot, empty_window: MainWindow, stills: Any, entries: Any
) -> None:
    empty_window.start(list(entries))
    qtbot.waitUntil(lambda: not empty_window.thumbnails.is_reading)
    assert not empty_window.thumbnails.is_pausing
    empty_window.thumbnails.ask_next()
    assert stills.thumbnails == []


def test_nothing_is_asked_for_while_a_still_is_awaited(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    count = len(stills.stills)
    state.beat = "forward"
    qtbot.waitUntil(lambda: len(stills.stills) == count + 1)
    assert not window.thumbnails.is_pausing
    window.thumbnails.ask_next()
    assert stills.thumbnails == []
    stills.finish_still(stills.stills[-1])
    assert len(rest(window, stills)) == 1


def test_a_still_goes_first_and_what_it_replaced_is_asked_for_again(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    (job,) = rest(window, stills)
    count = len(stills.stills)
    state.beat = "forward"
    qtbot.waitUntil(lambda: len(stills.stills) == count + 1)
    stills.say(Cancelled(job_id=job.id))
    assert len(stills.thumbnails) == 1
    stills.finish_still(stills.stills[-1])
    first, second = rest(window, stills)
    assert first.id != second.id
    assert first.scene == second.scene


def test_a_thumbnail_that_is_done_while_a_still_is_awaited_is_the_last_for_now(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    (job,) = rest(window, stills)
    count = len(stills.stills)
    state.beat = "forward"
    qtbot.waitUntil(lambda: len(stills.stills) == count + 1)
    stills.finish_still(job, "green")
    assert colour_of(window.thumbnails, "backprop") == QColor("green").name()
    assert len(stills.thumbnails) == 1


def test_a_thumbnail_does_not_reach_the_stage(
    window: MainWindow, state: AppState, stills: Any
) -> None:
    before = state.preview
    draw_all(window, stills)
    assert state.preview is before


def test_nothing_is_asked_for_during_a_render(
    window: MainWindow, state: AppState, stills: Any
) -> None:
    state.render = RenderStatus(RenderPhase.RUNNING)
    assert not window.thumbnails.is_pausing
    window.thumbnails.ask_next()
    assert stills.thumbnails == []
    state.render = RenderStatus(RenderPhase.DONE)
    assert len(rest(window, stills)) == 1


def test_the_next_start_finds_the_pictures(
    qtbot: QtBot, window: MainWindow, stills: Any, other_stills: Any, entries: Any
) -> None:
    draw_all(window, stills, "green")
    _state, again = started_again(qtbot, entries, other_stills)
    assert again.is_complete
    assert colour_of(again, "descent") == QColor("green").name()
    again.ask_next()
    assert other_stills.thumbnails == []


def test_a_damaged_file_is_drawn_anew(
    qtbot: QtBot,
    window: MainWindow,
    stills: Any,
    other_stills: Any,
    entries: Any,
    thumbnail_folder: Path,
) -> None:
    draw_all(window, stills)
    (thumbnail_folder / "now-descent-light-en.png").write_bytes(b"\x89PNG, or so")
    _state, again = started_again(qtbot, entries, other_stills)
    again.ask_next()
    assert [job.scene for job in other_stills.thumbnails] == ["descent"]


def test_pictures_of_another_state_of_the_program_are_removed(
    window: MainWindow, stills: Any, thumbnail_folder: Path
) -> None:
    thumbnail_folder.mkdir(parents=True)
    (thumbnail_folder / "then-backprop-light-en.png").touch()
    draw_all(window, stills)
    assert sorted(file.name for file in thumbnail_folder.iterdir()) == [
        "now-backprop-light-en.png",
        "now-descent-light-en.png",
    ]


def test_a_cache_that_cannot_be_written_is_no_fault(
    window: MainWindow, stills: Any, thumbnail_folder: Path
) -> None:
    thumbnail_folder.parent.mkdir(parents=True)
    thumbnail_folder.touch()
    draw_all(window, stills, "green")
    assert colour_of(window.thumbnails, "backprop") == QColor("green").name()


def test_another_look_has_pictures_of_its_own(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    draw_all(window, stills, "white")
    count = len(stills.stills)
    state.appearance = "dark"
    state.lesson_language = "zh"
    qtbot.waitUntil(lambda: len(stills.stills) > count)
    assert thumbnail_of(window, "backprop").image is None
    stills.finish_still(stills.stills[-1])
    qtbot.waitUntil(lambda: not window.thumbnails.is_reading)
    job = rest(window, stills)[-1]
    assert (job.theme, job.language) == ("dark", "zh")
    stills.finish_still(job, "black")
    # And back: those of before are still there.
    state.appearance, state.lesson_language = "light", "en"
    qtbot.waitUntil(lambda: window.thumbnails.is_complete)
    assert colour_of(window.thumbnails, "backprop") == QColor("white").name()


def test_a_picture_in_the_look_of_before_is_kept_but_not_shown(
    window: MainWindow, state: AppState, stills: Any, thumbnail_folder: Path
) -> None:
    (job,) = rest(window, stills)
    state.appearance = "dark"
    stills.finish_still(job)
    assert thumbnail_of(window, "backprop").image is None
    assert (thumbnail_folder / "now-backprop-light-en.png").is_file()


def test_a_quiet_place_is_kept_until_the_picture_is_there(window: MainWindow, stills: Any) -> None:
    from backprop_studio.gui.toolkit.theme import LIGHT

    before = height_of(window, "backprop")
    assert shown_colour(window, "backprop") == LIGHT["stage"]
    draw_all(window, stills, "green")
    assert shown_colour(window, "backprop") == QColor("green").name()
    assert height_of(window, "backprop") == before


@pytest.mark.parametrize("ending", ["failed", "unreadable"])
def test_a_scene_that_cannot_be_drawn_has_no_place_and_is_not_asked_for_again(
    window: MainWindow, state: AppState, stills: Any, ending: str
) -> None:
    before = height_of(window, "backprop")
    (job,) = rest(window, stills)
    if ending == "failed":
        stills.fail(job.id, "scene", "It broke.")
    else:
        stills.say(Done(job_id=job.id), b"no picture")
    assert height_of(window, "backprop") < before
    assert not state.preview.error
    stills.finish_still(stills.thumbnails[-1])
    assert [job.scene for job in stills.thumbnails] == ["backprop", "descent"]
    assert window.thumbnails.is_complete


def test_a_broken_scene_has_no_place(window: MainWindow) -> None:
    assert thumbnail_of(window, "broken") is None
    assert thumbnail_of(window, "backprop") is not None


@pytest.mark.parametrize(("width", "is_beside"), [(180, False), (236, False), (460, True)])
def test_the_picture_is_above_the_words_or_beside_them(
    window: MainWindow, width: int, is_beside: bool
) -> None:
    view: Any = window.catalogue.view
    view.resize(width, 600)
    view.doItemsLayout()
    places = places_of(window, "backprop")
    assert (places.title.left() > places.picture.right()) is is_beside
    assert (places.title.top() > places.picture.bottom()) is not is_beside
    assert places.picture.width() / places.picture.height() == pytest.approx(16 / 9, rel=0.02)
    assert places.summary.top() >= places.title.bottom()
    for part in places:
        assert part.right() < view.viewport().width()


def test_the_list_follows_the_curriculum(window: MainWindow, state: AppState) -> None:
    rows = (
        CatalogueEntry(id="a", title="A", chapter="Second", place=(2, 1)),
        CatalogueEntry(id="d", title="D", chapter="First"),
        CatalogueEntry(id="b", title="B", chapter="First", place=(1, 2)),
        CatalogueEntry(id="c", title="C", chapter="First", place=(1, 1)),
    )
    state.catalogue = rows
    model: Any = window.catalogue.model
    titles = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert titles == ["First", "C", "B", "D", "Second", "A"]
