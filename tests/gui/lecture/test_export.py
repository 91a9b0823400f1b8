"""The lecture is exported: asked, saved, and put into the queue."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QDialog

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.lecture.export import ExportDialog
from backprop_studio.gui.lecture.kit_options import OPTIONS_KEY, kept_options
from backprop_studio.gui.lecture.pictures import Shown
from backprop_studio.gui.model.settings import settings_store
from backprop_studio.gui.renders.entries import scene_of
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.messages.events import Done, Progress
from backprop_studio.render.messages.jobs import KitOptions
from tests.gui.test_texts import nameless


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where exports go to by themselves."""
    settings_store().remove("export")
    folder = tmp_path / "Videos"
    folder.mkdir()
    monkeypatch.setattr("backprop_studio.gui.lecture.export.renders_folder", lambda: folder)
    yield folder
    settings_store().remove("export")


@pytest.fixture
def one_lesson(window, lessons, files):
    """A lecture of a scene that there is."""
    lessons.add()
    lessons.rename_lecture("Week 1: slopes")


@pytest.fixture
def dialog(window, folder, one_lesson):
    window.menus.actions["&Export lecture…"].trigger()
    return next(it for it in window.findChildren(QDialog) if isinstance(it, ExportDialog))


def test_an_unsaved_lecture_goes_into_the_queue_as_the_dialog_says(
    dialog, window, state, videos, folder, kept_lecture
):
    assert Path(dialog.folder.text()) == folder / "Week 1 slopes"
    dialog.languages["zh"].setChecked(True)
    dialog.kit["subtitles"].setChecked(False)
    dialog.quality.setCurrentIndex(dialog.quality.findData("l"))
    assert "2 videos of lessons and 2 of the whole lecture" in dialog.summary.text()
    dialog.export.click()
    videos.settle()
    job = videos.videos[0]
    assert scene_of(videos.entries[0]) == "backprop"
    assert (job.kind, job.languages, job.kit) == (
        "lecture",
        ("en", "zh"),
        ("video", "chapters", "transcript"),
    )
    assert (job.output, job.overwrite) == (str(folder / "Week 1 slopes"), False)
    read = read_lecture(Path(job.lecture))
    assert (read.header.title, read.header.quality) == ("Week 1: slopes", "l")
    assert read.header.languages == ("en", "zh")
    # It is not saved by that, and what the queue was given is not kept twice.
    assert state.lecture_file is None
    assert list((kept_lecture.parent / "exports").iterdir()) == []
    assert state.lecture.languages == ("en", "zh")


def test_a_saved_lecture_is_saved_before(dialog, state, files, videos, tmp_path, window, lessons):
    path = tmp_path / "week1.toml"
    assert files.save_to(path, window)
    lessons.rename(state.part, "By hand")
    dialog.export.click()
    videos.settle()
    assert read_lecture(path).parts[0].title == "By hand"
    files.settle()
    assert not state.is_lecture_changed


def test_what_cannot_be_made_is_said_before(dialog, window, state, folder):
    for box, text in ((dialog.languages["en"], "language"), (dialog.folder, "folder")):
        if box is dialog.folder:
            box.setText("")
        else:
            box.setChecked(False)
        assert text in dialog.problem.text()
        assert not dialog.export.isEnabled()
        dialog.languages["en"].setChecked(True)
        dialog.folder.setText(str(folder / "a"))
        assert dialog.export.isEnabled()
    for box in dialog.kit.values():
        box.setChecked(False)
    assert dialog.problem.text() == "Choose what is to be made."
    dialog._shown = [Shown(refusal=Message.plain("steps is wrong"))]
    dialog.kit["video"].setChecked(True)
    assert "Lesson 1 cannot be drawn: steps is wrong" in dialog.problem.text()


def test_the_next_export_begins_with_the_last_one_s_choices(
    dialog, window, videos, folder, tmp_path
):
    (tmp_path / "there").mkdir()
    dialog.folder.setText(str(tmp_path / "there" / "x"))
    dialog.kit["video"].setChecked(False)
    dialog.export.click()
    again = ExportDialog(window.services, window.pictures, window)
    assert Path(again.folder.text()) == tmp_path / "there" / "Week 1 slopes"
    chosen = [key for key, box in again.kit.items() if box.isChecked()]
    assert chosen == ["subtitles", "chapters", "transcript"]


def test_progress_is_said_lesson_by_lesson_and_the_whole_is_played(
    dialog, window, state, videos, folder
):
    dialog.export.click()
    videos.settle()
    videos.tell(Progress, phase="draw", fraction=0.5, frame=3, frames=9, part=1, parts=2)
    assert window.render_bar.status.text() == "Lesson 1 of 2 · Drawing · frame 3 of 9"
    job = videos.client.running
    whole = Path(job.output) / f"{Path(job.lecture).stem}.en.mp4"
    result = {"folder": job.output, "files": (str(whole),), "lessons": 1, "kept": 0}
    videos.end(Done, result=result)
    assert state.render.video.path == whole


def test_the_dialog_fits_a_small_screen_and_has_names(dialog):
    hint = dialog.minimumSizeHint()
    assert hint.width() <= 960 - 24
    assert hint.height() <= 540 - 56
    assert nameless(dialog) == []
    assert dialog.findChildren(QComboBox)


def test_what_a_kind_of_file_can_be_is_asked_while_it_is_ticked_and_kept(dialog, videos, window):
    options = dialog.options
    for kind, fields in {
        "clips": (options.clips,),
        "handout": (options.handout,),
        "exercises": (options.students, options.seed),
    }.items():
        assert not any(it.isVisibleTo(dialog) for it in fields)
        dialog.kit[kind].setChecked(True)
        assert all(it.isVisibleTo(dialog) for it in fields)
    assert (options.handout.currentData(), options.students.value()) == (None, 30)
    options.handout.setCurrentIndex(options.handout.findData(6))
    options.clips.setCurrentIndex(options.clips.findData("vp9"))
    options.students.setValue(12)
    options.seed.setValue(7)
    assert nameless(dialog) == []
    dialog.export.click()
    videos.settle()
    chosen = KitOptions(clips="vp9", handout=6, students=12, seed=7)
    assert videos.videos[0].options == chosen
    assert kept_options() == chosen
    settings_store().setValue(OPTIONS_KEY, '{"handout": 4}')
    assert kept_options() == KitOptions()
