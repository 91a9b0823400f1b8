"""What the program comes with: as the scenes are now, and on the screen before any worker."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.catalogue import shipped
from backprop_studio.gui.catalogue.shipped import LOOKS, Look, ShippedCatalogue
from backprop_studio.gui.catalogue.thumbnails import Thumbnails
from backprop_studio.gui.model.state import AppState
from backprop_studio.gui.model.values import Engine, Preview
from backprop_studio.render.catalogue import scene_ids
from backprop_studio.render.messages.events import Cancelled, Done, Failed, Hello
from backprop_studio.render.messages.jobs import CatalogueJob
from tests.gui.conftest import THUMBNAILS, png

STORED = Path(__file__).parents[2] / "scenes" / "pictures"
OLD = "what the window shows at its first start is old: run `make shipped`"

TOLERANCE = 35
"""Grey levels of pictures that are 80 pixels wide: WebP and another size cost up to 22."""


@pytest.fixture(scope="module")
def catalogue():
    return shipped.shipped_catalogue()


def test_the_list_is_what_the_scenes_say(catalogue):
    from backprop_studio.render.drawing.scene_files import catalogue_entry

    now = [catalogue_entry(scene, lambda scene: stored_beats(scene)) for scene in scene_ids()]
    assert list(catalogue.scenes) == now, OLD
    assert catalogue.sources == {scene: shipped.source_of(scene) for scene in scene_ids()}, OLD


def stored_beats(scene):
    """Return the names of a scene's beats, which its own tests compare with its pictures."""
    files = sorted((STORED / f"{scene}_en_dark").glob("*.png"))
    return tuple(file.stem.partition("_")[2] for file in files)


@cache
def seen(data):
    """Return a picture small and in grey, so that formats do not count."""
    picture = Image.open(io.BytesIO(data)).convert("L").resize((80, 45), Image.Resampling.BOX)
    return np.asarray(picture).astype(int)


def test_the_pictures_are_those_of_the_scenes(catalogue):
    assert {file.stem for file in shipped.FOLDER.glob("*.zip")} == set(scene_ids()), OLD
    for row in catalogue.scenes:
        with ZipFile(shipped.picture_file(row.id)) as pictures:
            assert set(pictures.namelist()) == {shipped.name_of(look) for look in LOOKS}, OLD
        for look in (Look("dark", "en"), Look("light", "zh")):
            is_ours = seen(shipped.shipped_picture(row.id, look))
            folder = STORED / f"{row.id}_{look.language}_{look.theme}"
            off = {
                file.stem.partition("_")[2]: np.abs(seen(file.read_bytes()) - is_ours).max()
                for file in folder.glob("*.png")
            }
            assert off.pop(row.thumbnail_beat) <= TOLERANCE, f"{row.id}: {OLD}"
            # Another picture, even the nearest, would be noticed.
            assert min(off.values()) > TOLERANCE


def test_all_of_it_is_small():
    assert sum(file.stat().st_size for file in shipped.FOLDER.iterdir()) < 3e6


@pytest.mark.parametrize("content", [None, b"", b"[{", b'{"scenes": 1}'])
def test_what_cannot_be_read_is_as_if_it_were_not_there(tmp_path, content):
    if content is not None:
        (tmp_path / "catalogue.json").write_bytes(content)
        (tmp_path / "backprop.zip").write_bytes(content)
    assert shipped.shipped_catalogue(tmp_path) == ShippedCatalogue()
    assert shipped.shipped_picture("backprop", LOOKS[0], tmp_path) == b""


# In the window


@pytest.fixture
def with_pictures(monkeypatch, entries):
    """Have both scenes shipped, one of them as it was before its file changed."""
    now = ShippedCatalogue(sources={"backprop": "new", "descent": "old"})
    # The thread of another test's window may still ask for others.
    colours = {"backprop": png("green"), "descent": png("red")}
    for name, value in (
        ("shipped_catalogue", lambda: now),
        ("source_of", lambda _scene: "new"),
        (
            "shipped_picture",
            lambda scene, look: colours.get(scene, b"") if look.theme == "dark" else b"",
        ),
    ):
        monkeypatch.setattr(f"{THUMBNAILS}.{name}", value)


def test_the_first_start_shows_a_picture_and_what_is_done_until_the_still_is_there(
    with_pictures, empty_window, state, stills, entries, qtbot
):
    empty_window.show()
    qtbot.waitExposed(empty_window)
    empty_window.start(entries, is_provisional=True)
    page = empty_window.stage.preview
    assert colour_of(page.picture.image) == "#008000"
    assert not page.picture.note.isVisible()
    assert page.beats()[page.current_beat()][0] == "forward"
    qtbot.waitUntil(lambda: bool(stills.stills))
    assert state.engine is Engine.STARTING
    assert page.picture.is_busy
    assert stills.stills[-1].beat == "forward"  # what was seen is what comes
    qtbot.waitUntil(lambda: "learning_rate" in empty_window.parameters.form.rows)
    stills.say(Hello(pid=1))
    qtbot.waitUntil(lambda: empty_window.services.previews.is_settled)
    stills.finish_still(stills.stills[-1], "navy")
    assert colour_of(page.picture.image) == "#000080"
    # A changed value is seen where all have had their effect; a beat that is gone is given up.
    count = len(stills.stills)
    state.set_param(next(it for it in state.form.fields() if it.path == "learning_rate"), 0.5)
    qtbot.waitUntil(lambda: len(stills.stills) == count + 1)
    assert stills.stills[-1].beat is None
    state.beat = "forward"
    qtbot.waitUntil(lambda: stills.stills[-1].beat == "forward")
    gone = Message.of("beat.unknown", "no such beat")
    stills.say(Failed(job_id=stills.stills[-1].id, error="input", message=gone))
    qtbot.waitUntil(lambda: stills.stills[-1].beat is None)
    assert state.refusal is None


def colour_of(image):
    return image.pixelColor(5, 5).name()


def test_the_scenes_are_read_in_the_background_and_replace_what_was_shipped(
    empty_window, state, stills, entries, qtbot
):
    empty_window.start(entries, is_provisional=True)
    assert stills.backgrounds == []
    stills.finish_still(stills.stills[-1])
    (reading,) = stills.backgrounds
    (job,) = reading.client.jobs
    assert isinstance(job, CatalogueJob)
    # The worker may go away meanwhile: the next still brings another.
    reading.say(Cancelled(job_id=job.id))
    empty_window.services.previews.request()
    stills.finish_still(stills.stills[-1])
    _, reading = stills.backgrounds
    assert reading.client.jobs[-1].id != job.id
    own = entries[1].model_copy(update={"id": "mine", "title": "Mine"})
    rows = [entry.model_dump() for entry in (*entries, own)]
    reading.say(Done(job_id=reading.client.jobs[-1].id, result={"scenes": rows}))
    assert state.scene == "backprop"
    assert empty_window.catalogue.model.row_of("mine") > 0
    assert reading.is_closed
    empty_window.services.previews.request()
    stills.finish_still(stills.stills[-1])
    assert len(stills.backgrounds) == 2
    assert not any(isinstance(it, CatalogueJob) for it in stills.client.jobs)


def test_only_pictures_of_scenes_that_have_changed_are_drawn_anew(
    with_pictures, stills, entries, qtbot
):
    state = AppState()
    thumbnails = Thumbnails(state, stills)
    state.catalogue = entries
    qtbot.waitUntil(lambda: not thumbnails.is_reading)
    assert colour_of(thumbnails.of("backprop").image) == "#008000"
    assert colour_of(thumbnails.of("descent").image) == "#ff0000"
    state.preview = Preview(image=thumbnails.large("backprop"))
    thumbnails.ask_next()
    (job,) = stills.thumbnails
    assert job.scene == "descent"
    stills.finish_still(job, "white")
    assert thumbnails.is_complete
    assert colour_of(thumbnails.of("descent").image) == "#ffffff"
    # A look that was not shipped has to be drawn.
    state.theme = "print"
    qtbot.waitUntil(lambda: not thumbnails.is_reading)
    assert thumbnails.of("backprop").image is None
