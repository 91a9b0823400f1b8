"""The player of one lesson, as small as a cell carries it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.notebook.display.page import UNBOUNDED, Played, sent_bytes
from backprop_studio.notebook.display.small_film import write_small
from backprop_studio.notebook.kernel import new_id, run
from backprop_studio.notebook.rendering import rendered
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.kit.player.page import END, media_text, page_text
from backprop_studio.render.kit.player.story import Medium, Story, story_of
from backprop_studio.render.kit.told import Filmed, lesson_told, material_file
from backprop_studio.render.lecture.file import Header, Lecture, Part
from backprop_studio.render.lecture.lessons import Lesson as LectureLesson
from backprop_studio.render.messages.jobs import material_job_of
from backprop_studio.render.messages.voices import SILENT

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.notebook.apart import Stop
    from backprop_studio.render.messages.jobs import VideoJob


def make_player(
    job: VideoJob, work: Path, most: int, workers: int | None, stop: Stop
) -> Played | None:
    """Draw a lesson and return its player.

    Parameters
    ----------
    job : VideoJob
        Its film, as a file in the folder for work.
    work : Path
        A folder of our own.
    most : int
        Bytes that the page has as it stands in a cell's message.
    workers : int or None
        How many draw side by side.

    Returns
    -------
    Played or None
        None if a film so small could not be read any more.

    Raises
    ------
    StudioError
        If the scene fails or the disk does, or if it is to stop.
    """
    result = rendered(job, workers, stop)
    label = Message.of("notebook.lesson", N_("the lesson {scene}"), scene=job.scene)
    lesson = LectureLesson(job, job.scene, label)
    film = Filmed(lesson, result, work)
    _fetch_material(film, stop)
    header = Header(format=1, title=result.title, languages=(job.language,))
    if not job.params.get("captions", True):
        header = header.model_copy(update={"captions": "off"})
    path = work / f"{job.scene}.toml"
    lecture = Lecture(header=header, parts=(Part(scene=job.scene),), path=path)
    story = story_of(lesson_told(lecture, film))
    return _fitted(story, film, most, stop)


def _fetch_material(film: Filmed, stop: Stop) -> None:
    """Put the pictures of a lesson's beats and its answer sheet where a kit looks for them."""
    cache = VideoCache()
    job, file = material_job_of(film.lesson.job, new_id()), material_file(film.work, film.lesson)
    if not cache.fetch_material(job, file):
        done, _ = run(job, stop)
        file.write_text(json.dumps(done.result), encoding="utf-8")
        cache.keep(job, file)


def _fitted(story: Story, film: Filmed, most: int, stop: Stop) -> Played | None:
    """Return the player with a film that has room in it."""
    # The film is the last; pictures come first in a story.
    pictures = [_small_picture(it) if most < UNBOUNDED else it for it in story.media[:-1]]
    number = len(pictures)
    small = film.work / "small.mp4"
    rest = sent_bytes(_page(story, [*pictures, replace(story.media[-1], content=b"")]))
    is_spoken = film.lesson.job.voice != SILENT
    room = (most - rest) * 3 // 4 - 20_000
    if room <= 0 or not write_small(film.video, small, room, stop, is_spoken=is_spoken):
        return None
    media = [*pictures, Medium(small.name, story.media[number].kind, small)]
    steps = sum(len(it["steps"]) for it in story.values["lessons"])
    return Played(_page(story, media), story.values["title"], steps, film.seconds)


def _page(story: Story, media: list[Medium]) -> str:
    return page_text(story) + "".join(media_text(media)) + END


def _small_picture(picture: Medium) -> Medium:
    """Return a picture with a loss that cannot be seen, if it is smaller then."""
    from PIL import Image

    stream = io.BytesIO()
    content = (
        picture.content if isinstance(picture.content, bytes) else picture.content.read_bytes()
    )
    Image.open(io.BytesIO(content)).save(stream, "WEBP", quality=80, method=4)
    small = stream.getvalue()
    return replace(picture, content=small) if len(small) < len(content) else picture
