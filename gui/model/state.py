"""The only changeable truth of the window.

Panels receive an :class:`AppState`, read it, assign to it and listen to its signals. An equal value
is ignored, which ends every echo between a widget and the state without blocking signals.
"""

from __future__ import annotations

from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from backprop_studio.gui.model.fields import is_same
from backprop_studio.gui.model.form import Form
from backprop_studio.gui.model.lecture import Lecture
from backprop_studio.gui.model.nested import NOTHING, put, remove, value_at
from backprop_studio.gui.model.observed import Observed
from backprop_studio.gui.model.refusals import Refusal, refusal_of
from backprop_studio.gui.model.schema import form_of
from backprop_studio.gui.model.snapshot import Snapshot
from backprop_studio.gui.model.values import Engine, Live, Preview, RenderStatus, Video, View
from backprop_studio.gui.model.video_names import DEFAULT_TEMPLATE
from backprop_studio.render.messages.voices import SILENT
from backprop_studio.render.queue.model import QueueState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.core.base.messages import Message
    from backprop_studio.core.base.parameters import Theme
    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.lecture import Part
    from backprop_studio.render.messages.frame_format import FrameShape, Quality
    from backprop_studio.render.messages.results import CatalogueEntry


class AppState(QObject):
    """What the user chose and what the workers answered.

    Attributes
    ----------
    is_black : bool
        In full screen the audience sees nothing, until the lecturer goes on.
    videos_folder : str
        Where videos go; empty is the program's own place among the user's videos.
    name_template : str
        What they are called, see :mod:`~gui.model.video_names`.
    more_open : bool
        Whether the rarer fields are in sight.
    old_videos_offered : bool
        Whether the user was asked what to do with videos in the place of earlier versions.
    refusal : Message or None
        What a worker found wrong with the parameters; gone when they change.
    resolved : dict
        What a worker said stands for fields that are left open, by their paths.
    valid_values : dict of str to dict
        By :attr:`lesson_key`, the values of a lesson's last picture.
    lecture : Lecture
        Whose lessons are arranged; the values of their fields are here.
    part : str
        Id of the lecture's lesson that is on the stage; empty for a draft of the catalogue.
    lecture_file : Path or None
        Where the lecture is saved.
    is_lecture_changed : bool
        Whether it is another one than its file has.

    Signals
    -------
    NAME_changed
        After the attribute NAME got another value; ``scene_changed`` also when another lesson with
        the same scene is on the stage.
    params_changed : str
        After the value of the field with this path changed; empty for all fields.
    field_wanted : str, bool
        The field with this path, or the choice with this name, is to be brought into sight; with
        True it also takes the focus.
    """

    params_changed = Signal(str)
    field_wanted = Signal(str, bool)

    catalogue: Observed[tuple[CatalogueEntry, ...] | None] = Observed(None)
    catalogue_error: Observed[Message | None] = Observed(None)
    scene: Observed[str] = Observed("")
    part: Observed[str] = Observed("")
    lecture: Observed[Lecture] = Observed(Lecture())
    lecture_file: Observed[Path | None] = Observed(None)
    is_lecture_changed: Observed[bool] = Observed(False)
    beat: Observed[str | None] = Observed(None)
    lesson_language: Observed[str] = Observed("en")
    theme: Observed[Theme] = Observed("dark")
    window_language: Observed[str] = Observed("en")
    appearance: Observed[str] = Observed("system")
    frame_shape: Observed[FrameShape] = Observed("16:9")
    quality: Observed[Quality] = Observed("m")
    format: Observed[str] = Observed(".mp4")
    voice: Observed[str] = Observed(SILENT)
    videos_folder: Observed[str] = Observed("")
    name_template: Observed[str] = Observed(DEFAULT_TEMPLATE)
    more_open: Observed[bool] = Observed(False)
    old_videos_offered: Observed[bool] = Observed(False)
    picture_size: Observed[tuple[int, int]] = Observed((1280, 720))
    engine: Observed[Engine] = Observed(Engine.OFF)
    preview: Observed[Preview] = Observed(Preview())
    live: Observed[Live] = Observed(Live.OFF)
    render: Observed[RenderStatus] = Observed(RenderStatus())
    queue: Observed[QueueState] = Observed(QueueState())
    queue_problem: Observed[Message | None] = Observed(None)
    video: Observed[Video | None] = Observed(None)
    view: Observed[View] = Observed(View.PREVIEW)
    full_screen: Observed[bool] = Observed(False)
    is_black: Observed[bool] = Observed(False)
    notice: Observed[str] = Observed("")
    quits_when_done: Observed[bool] = Observed(False)
    refusal: Observed[Message | None] = Observed(None)
    resolved: Observed[dict[str, Any]] = Observed({})

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, dict[str, Any]] = {}
        self.valid_values: dict[str, dict[str, Any]] = {}
        self._resolved_of: dict[str, dict[str, Any]] = {}
        self._forms: dict[str, tuple[CatalogueEntry, Form]] = {}
        self._held: list[str] | None = None
        self._look_of_drafts = (self.theme, self.frame_shape)
        self._restored: dict[str, dict[str, Any]] = {}

    def listen(self, slot: Callable[..., object], *names: str) -> None:
        """Have something called after any of these attributes changed, or ``params``."""
        for name in names:
            getattr(self, f"{name}_changed").connect(slot)

    def tell(self, signal: str) -> None:
        """Send a signal, or keep it until all that changes together has changed."""
        if self._held is None:
            getattr(self, signal).emit()
        elif signal not in self._held:
            self._held.append(signal)

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Tell of changes only when all of them are made."""
        if self._held is not None:
            yield
            return
        self._held = []
        try:
            yield
        finally:
            signals, self._held = self._held, None
            for signal in signals:
                getattr(self, signal).emit()

    @property
    def entry(self) -> CatalogueEntry | None:
        """The catalogue's row of the selected scene."""
        return self.entry_of(self.scene)

    def entry_of(self, scene_id: str) -> CatalogueEntry | None:
        """Return the catalogue's row of a scene."""
        return next((row for row in self.catalogue or () if row.id == scene_id), None)

    @property
    def job_language(self) -> Language:
        """Language of the lesson, as jobs name it."""
        return "zh" if self.lesson_language == "zh" else "en"

    def lesson(self) -> dict[str, Any]:
        """Return what a job has to know of the lesson: scene, parameters, language and theme."""
        return {
            "scene": self.scene,
            "params": self.given_params(),
            "language": self.job_language,
            "theme": self.theme,
        }

    @property
    def form(self) -> Form:
        """The fields of the selected scene."""
        return self.form_of(self.scene)

    def form_of(self, scene_id: str) -> Form:
        """Return the fields of a scene."""
        entry = self.entry_of(scene_id)
        if entry is None:
            return Form()
        known = self._forms.get(scene_id)
        if known is None or known[0] is not entry:
            known = self._forms[scene_id] = (entry, form_of(entry.parameters))
        return known[1]

    def has_scene(self, scene_id: str) -> bool:
        """Whether there is a scene that can be shown."""
        return any(row.id == scene_id and row.error is None for row in self.catalogue or ())

    def play(self, video: Video) -> None:
        """Show a video, also one that is there: its file may have been written anew."""
        self.video = None
        self.video = video
        self.view = View.VIDEO

    def select_scene(self, scene_id: str) -> None:
        """Turn to a scene of the catalogue, with the values that it was left with."""
        self.turn_to(scene_id)

    def select_part(self, part_id: str) -> None:
        """Turn to a lesson of the lecture."""
        part = self.lecture.part(part_id)
        if part is not None:
            self.turn_to(part.scene, part.id)

    def turn_to(self, scene_id: str, part_id: str = "", beat: str | None = None) -> None:
        """Turn to a scene of the catalogue, or to a lesson of the lecture that has it.

        Parameters
        ----------
        scene_id : str
        part_id : str
            Of the lesson; empty for the scene as a draft.
        beat : str, optional
            The beat to be seen; by default the last.
        """
        with self._together():
            part = self.lecture.part(part_id)
            if not self.part:
                self._look_of_drafts = (self.theme, self.frame_shape)
            if (scene_id, part.id if part else "") != (self.scene, self.part):
                self._resolved_of[self.lesson_key] = self.resolved
                self.refusal = None
                self.beat = beat
                self.part = part.id if part else ""
                self.scene = scene_id
                row = self.entry
                self.resolved = self._resolved_of.get(self.lesson_key, row.resolved if row else {})
                self.tell("scene_changed")
            if part is not None:
                self._read_values(part)
            look = self.lecture.look(part) if part else self._look_of_drafts
            self.theme, self.frame_shape = look

    @property
    def look_of_drafts(self) -> tuple[Theme, FrameShape]:
        """Colours and shape of drafts, also while a lesson of the lecture shows its own."""
        return self._look_of_drafts if self.part else (self.theme, self.frame_shape)

    def arrange(
        self, lecture: Lecture, scene_id: str, part_id: str = "", beat: str | None = None
    ) -> None:
        """Take another lecture, and turn to one of its lessons or to a draft."""
        with self._together():
            self.lecture = lecture
            self.turn_to(scene_id, part_id, beat)

    def snapshot(self) -> Snapshot:
        """Return what the user has set, for :meth:`restore`."""
        # Lessons of the lecture are kept with it.
        given = {**self._values, **self._restored}
        is_draft = {key for key in given if self.lecture.part(key) is None}
        values = {key: dict(those) for key, those in given.items() if those and key in is_draft}
        return Snapshot(scene=self.scene, beat=self.beat, values=values)

    def restore(self, snapshot: Snapshot) -> None:
        """Bring back what the user had set; scenes and fields that are gone are no harm.

        What their fields cannot hold is left out when a scene is first turned to: then it is known
        which fields it has.
        """
        self._restored = {scene: dict(those) for scene, those in snapshot.values.items()}
        self._values = {}
        self.scene = snapshot.scene
        self.beat = snapshot.beat

    @property
    def _params(self) -> dict[str, Any]:
        """Values of the lesson on the stage that are not its defaults, by their paths."""
        return self._values_at(self.lesson_key, self.scene)

    def _values_at(self, key: str, scene_id: str) -> dict[str, Any]:
        """Return the values of a lesson; those of an earlier run as far as its fields hold them."""
        if key in self._restored and self.entry_of(scene_id) is not None:
            found = self._restored.pop(key)
            specs = (spec for spec in self.form_of(scene_id).fields() if spec.path in found)
            values = {it.path: found[it.path] for it in specs if it.may_hold(found[it.path])}
            self._values[key] = values
        return self._values.setdefault(key, {})

    def specs_of(self, scene_id: str) -> dict[str, FieldSpec]:
        """Return the fields of a scene by their paths."""
        return self.form_of(scene_id).by_path

    def values_of(self, scene_id: str) -> dict[str, Any]:
        """Return the values of all fields of a scene as a draft, by their paths."""
        given = self._values_at(scene_id, scene_id)
        return {path: given.get(path, it.default) for path, it in self.specs_of(scene_id).items()}

    @property
    def lesson_key(self) -> str:
        """What the lesson on the stage is known by: its id in the lecture, or its scene."""
        return self.part or self.scene

    @property
    def refused(self) -> Refusal | None:
        """What the refusal means in the form, in the window's language."""
        return refusal_of(self.refusal, self.form, self.value) if self.refusal else None

    def value(self, spec: FieldSpec) -> Any:
        """Return the present value of a field."""
        return self._params.get(spec.path, spec.default)

    def values(self) -> dict[str, Any]:
        """Return the present values of all fields, by their paths."""
        return {spec.path: self.value(spec) for spec in self.form.fields()}

    def is_default(self, spec: FieldSpec) -> bool:
        """Whether a field has the value it starts with."""
        return spec.path not in self._params

    def set_param(self, spec: FieldSpec, value: Any) -> None:
        """Give a field of the selected scene a value, and show what becomes of it."""
        self.set_params({spec.path: value})

    def set_params(self, values: Mapping[str, Any]) -> None:
        """Give fields of the selected scene values, by their paths, before anybody hears of one.

        A default is forgotten rather than stored.
        """
        specs, refused = self.form.by_path, self.refused
        changed = {
            path: value
            for path, value in values.items()
            if path in specs and not is_same(self.value(specs[path]), value)
        }
        for path, value in changed.items():
            if is_same(value, specs[path].default):
                self._params.pop(path, None)
            else:
                self._params[path] = value
        if not changed:
            return
        if refused is not None and (not refused.fields or changed.keys() & set(refused.paths)):
            self.refusal = None
        self.view = View.PREVIEW
        for path in changed:
            self.params_changed.emit(path)

    def along(self, spec: FieldSpec, value: Any) -> Mapping[str, Any]:
        """Return what other fields become when one is given a value, by their paths."""
        return self.form.along(spec, value, self._params, self.resolved)

    def is_shown(self, spec: FieldSpec) -> bool:
        """Whether a field is worth showing with the values of the others."""
        return self.form.is_shown(spec, self._params, self.resolved)

    def values_in(self, params: Mapping[str, Any], scene_id: str | None = None) -> dict[str, Any]:
        """Return nested parameters by the paths of a scene's fields.

        What no field stands for is left out.
        """
        form = self.form if scene_id is None else self.form_of(scene_id)
        return form.values_in(params)

    def given_params(self) -> dict[str, Any]:
        """Return what differs from the scene's defaults and acts, nested as a job wants it."""
        part = self.lecture.part(self.part)
        return self.params_of(part) if part else self.form.given(self._params, self.resolved)

    def params_of(self, part: Part) -> dict[str, Any]:
        """Return the parameters of a lesson of the lecture, nested as a job wants them.

        What has not been changed in the window is as it came, also what no field stands for.
        """
        result = deepcopy(dict(part.params))
        values, form = self._values.get(part.id), self.form_of(part.scene)
        if values is None:
            return result
        is_here = part.id == self.part
        given = form.given(values, self.resolved if is_here else self._resolved_of.get(part.id, {}))
        for spec in form.fields():
            was, now = value_at(result, spec.path), value_at(given, spec.path)
            if now is not NOTHING and (was is NOTHING or not is_same(was, now)):
                put(result, spec.path, now)
            elif was is not NOTHING and now is NOTHING and not is_same(was, spec.default):
                remove(result, spec.path)
        return result

    def _read_values(self, part: Part) -> None:
        """Take the values of a lesson that was not on the stage before."""
        if part.id in self._values or self.entry_of(part.scene) is None:
            return
        given = self.values_in(part.params, part.scene)
        defaults = {spec.path: spec.default for spec in self.form_of(part.scene).fields()}
        self._values[part.id] = {
            path: value for path, value in given.items() if not is_same(value, defaults[path])
        }
