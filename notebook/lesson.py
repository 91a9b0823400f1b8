"""A lesson in Python: its beats, its numbers, its pictures and its files."""

from __future__ import annotations

import io
import os
import warnings
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import SceneError
from backprop_studio.core.base.i18n import translator
from backprop_studio.core.base.messages import sentence
from backprop_studio.core.datasets.report import DataReport
from backprop_studio.core.unconfirmed import unconfirmed_message
from backprop_studio.notebook.apart import run_apart
from backprop_studio.notebook.catalogue import row_of
from backprop_studio.notebook.display.cell import Poster
from backprop_studio.notebook.display.showing import Request, bundle_of, kernel_display, show
from backprop_studio.notebook.kernel import new_id, run
from backprop_studio.notebook.kit import make_kit
from backprop_studio.notebook.options import FileOptions, Look, checked
from backprop_studio.notebook.progress import shown_progress
from backprop_studio.notebook.rendering import rendered
from backprop_studio.render.files.target_check import check_video_target
from backprop_studio.render.lecture.file import Part
from backprop_studio.render.messages.formats import VIDEO_ENDINGS
from backprop_studio.render.messages.jobs import KIT, NumbersJob, PlanJob, StillJob, VideoJob
from backprop_studio.render.messages.results import BeatMark
from backprop_studio.render.messages.voices import SILENT, with_own_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

    from backprop_studio.render.messages.frame_format import FrameShape, Quality
    from backprop_studio.render.messages.jobs import KitItem


class Lesson:
    """A scene with its parameters, as :func:`lesson` returns it.

    Everything is computed and drawn by worker processes. An interrupt (Ctrl-C, or the stop button
    of a notebook) ends them and leaves no file behind.

    Attributes
    ----------
    scene : str
        Id of its scene.
    parameters : dict
        As they were given, in the form that files have.
    language, theme : str
        How it is told.
    """

    def __init__(self, scene: str, parameters: dict[str, Any], look: Look) -> None:
        self.scene = scene
        self.parameters = parameters
        self.language = look.language
        self.theme = look.theme

    def __repr__(self) -> str:
        """Name the scene and what was given."""
        given = ", ".join(sorted(self.parameters))
        return f"<Lesson {self.scene}{': ' if given else ''}{given}>"

    def play(
        self, *, embed: bool = True, voice: str = SILENT, workers: int | None = None
    ) -> dict[str, Any] | None:
        """Play the lesson in the cell: its picture at once, then the player with beats and keys.

        Parameters
        ----------
        embed : bool
            Put the player into the cell, which takes at most 2 MB; what has no room there, or is
            not to be there, is a page beside the notebook.
        voice, workers
            As in :meth:`video`.

        Returns
        -------
        dict or None
            Nothing in a notebook, which shows it; elsewhere what it would show, by kinds.

        Raises
        ------
        StudioError
            If the scene fails or the disk does; nothing was written then.
        """
        options = checked(
            FileOptions, {"quality": "l", "workers": workers, "voice": _own_voice(voice)}
        )
        request = self._request(options, embed=embed)
        display = kernel_display()
        if display is None:
            return bundle_of(request)
        show(request, display)
        return None

    def _ipython_display_(self) -> None:
        """Play it in a notebook, and name it in a terminal."""
        if kernel_display() is None:
            print(repr(self))  # noqa: T201
        else:
            self.play()

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, Any]:
        """Return player, picture and text, for notebooks that do not run on IPython."""
        return bundle_of(self._request(checked(FileOptions, {"quality": "l"})))

    def _repr_html_(self) -> str:
        """Return the player, with the picture behind it."""
        html: str = self._repr_mimebundle_()["text/html"]
        return html

    def _repr_png_(self) -> bytes:
        """Return the picture that stands for the lesson."""
        names = tuple(beat.name for beat in self.beats)  # other parameters may have other beats
        own = row_of(self.scene).model_copy(update={"beats": names})
        return self._png(own.thumbnail_beat, None, checked(FileOptions, {"quality": "l"}))

    def _request(self, options: FileOptions, *, embed: bool = True) -> Request:
        asked = self._asked() | {"picture": options.picture, "voice": options.voice}
        title = translator(self.language)(row_of(self.scene).title)
        poster = Poster(self._repr_png_(), title, self.language)
        job = VideoJob(**asked, output=os.path.abspath("film.mp4"))
        return Request(job, poster, embed, options.workers)

    @cached_property
    def beats(self) -> tuple[BeatMark, ...]:
        """The named steps of the lesson in their order, with what is said and when.

        Examples
        --------
        >>> from backprop_studio.notebook.opening import lesson
        >>> [beat.name for beat in lesson("derivative").beats][0]
        'curve'
        """
        done, _ = run(PlanJob(**self._asked()))
        return tuple(map(BeatMark.model_validate, done.result["beats"]))

    def numbers(self) -> dict[str, Any]:
        """Return the answer sheet: every number of the lesson, as torch computed it.

        What is to be known of a table that was read is a warning.

        Examples
        --------
        >>> from backprop_studio.notebook.opening import lesson
        >>> lesson("backprop", network={"preset": "one_weight"}).numbers()["scene"]
        'backprop'
        """
        return self._sheet(verify=False)

    def verify(self) -> dict[str, Any]:
        """Compare every gradient with central differences and return what was found.

        Raises
        ------
        SceneError
            If a gradient could not be confirmed.

        Examples
        --------
        >>> from backprop_studio.notebook.opening import lesson
        >>> checked = lesson("backprop", network={"preset": "one_weight"}).verify()
        >>> checked["max_relative_error"] < 1e-6
        True
        """
        found: dict[str, Any] = self._sheet(verify=True)["verification"]
        doubt = unconfirmed_message(found)
        if doubt is not None:
            raise SceneError(doubt)
        return found

    def still(
        self,
        beat: str | BeatMark | None = None,
        *,
        at: float | None = None,
        quality: Quality = "m",
        frame: FrameShape = "16:9",
    ) -> Image:
        """Return one frame, which a notebook shows and ``save`` writes.

        Parameters
        ----------
        beat : str or Beat, optional
            The moment when this beat has ended.
        at : float, optional
            The frame at this time in seconds, instead. With neither it is the last one.
        quality : {"l", "m", "h", "p", "k"}
            480, 720, 1080, 1440 or 2160 pixels high.
        frame : {"16:9", "4:3", "9:16"}
            Shape of the picture.

        Raises
        ------
        InputError
            If the lesson has no such beat or moment.
        """
        from PIL import Image

        options = checked(FileOptions, {"quality": quality, "frame": frame})
        name = beat.name if isinstance(beat, BeatMark) else beat
        return Image.open(io.BytesIO(self._png(name, at, options)))

    def video(
        self,
        path: str | os.PathLike[str],
        *,
        quality: Quality = "m",
        fps: int | None = None,
        frame: FrameShape = "16:9",
        voice: str = SILENT,
        overwrite: bool = False,
        workers: int | None = None,
    ) -> Path:
        """Render the lesson and return the file.

        Parameters
        ----------
        path : str or path
            Where it goes; its ending is the format: .mp4, .webm, .gif, .mov, or x-%04d.png.
        quality : {"l", "m", "h", "p", "k"}
            480p15, 720p30, 1080p60, 1440p60 or 2160p60.
        fps : int, optional
            Frames per second instead of the quality's.
        frame : {"16:9", "4:3", "9:16"}
            Shape of the picture.
        voice : str
            Who speaks: none, recordings:FOLDER, piper:FILE or espeak.
        overwrite : bool
            Replace a file that is there.
        workers : int, optional
            Processes that draw side by side; by default as many as can.

        Raises
        ------
        StudioError
            If the scene fails or the disk does; nothing was written then.
        """
        chosen = {"quality": quality, "fps": fps, "frame": frame, "workers": workers}
        options = checked(FileOptions, {**chosen, "voice": _own_voice(voice)})
        target = Path(os.path.abspath(Path(path).expanduser()))
        check_video_target(target, options.picture, overwrite=overwrite, endings=VIDEO_ENDINGS)
        asked = self._asked() | {"picture": options.picture, "voice": options.voice}
        job = VideoJob(**asked, output=str(target), overwrite=overwrite)
        with shown_progress(self.scene) as show:
            run_apart(lambda stop: rendered(job, options.workers, stop), on_main=show)
        return target

    def kit(
        self,
        folder: str | os.PathLike[str],
        items: Sequence[KitItem] = KIT,
        *,
        quality: Quality = "m",
        frame: FrameShape = "16:9",
        voice: str = SILENT,
        overwrite: bool = False,
        workers: int | None = None,
    ) -> list[Path]:
        """Make what a lecture's kit has of this lesson, and return the files.

        Parameters
        ----------
        folder : str or path
            Where they go; made if its parent is there.
        items : sequence of str
            Kinds of files, such as ``["video", "slides", "handout"]``; all if left out.
        quality, frame, voice, overwrite, workers
            As in :meth:`video`.

        Raises
        ------
        StudioError
            If something is wrong; nothing was changed then.
        """
        chosen = {"quality": quality, "frame": frame, "workers": workers}
        options = checked(FileOptions, {**chosen, "voice": _own_voice(voice)})
        part = Part(scene=self.scene, params=self.parameters)
        look = Look.model_validate({"language": self.language, "theme": self.theme})
        return make_kit(part, look, Path(folder), items, options, overwrite=overwrite)

    def _asked(self) -> dict[str, Any]:
        """Return what every job about this lesson has."""
        look = {"language": self.language, "theme": self.theme}
        return {"id": new_id(), "scene": self.scene, "params": self.parameters, **look}

    def _png(self, beat: str | None, at: float | None, options: FileOptions) -> bytes:
        asked = self._asked() | {"picture": options.picture, "beats": "without"}
        _, png = run(StillJob(**asked, beat=beat, at_seconds=at))
        return png

    def _sheet(self, *, verify: bool) -> dict[str, Any]:
        done, _ = run(NumbersJob(**self._asked(), verify=verify))
        if report := done.result.get("data_report"):
            translate = translator(self.language)
            for line in DataReport.model_validate(report).lines():
                warnings.warn(sentence(line, translate), stacklevel=3)
        sheet: dict[str, Any] = done.result["answer_sheet"]
        return sheet


def _own_voice(voice: str) -> str:
    """Return a voice whose path means the same in a worker."""
    return with_own_path(voice, lambda it: Path(os.path.abspath(Path(it).expanduser())))
