"""The only changeable truth of the window.

Panels receive an :class:`AppState`, read it, assign to it and listen to its signals. An equal value
is ignored, which ends every echo between a widget and the state without blocking signals.
"""

from __future__ import annotations

from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from backprop_studio.gui.model.fields import FieldSpec, Form, form_of
from backprop_studio.gui.model.lecture import Lecture
from backprop_studio.gui.model.values import Engine, Live, Preview, RenderStatus, Video, View
from backprop_studio.render.queue.model import QueueState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.core.base.messages import Message
    from backprop_studio.core.base.parameters import Theme
    from backprop_studio.gui.model.lecture import Part
    from backprop_studio.render.messages.frame_format import FrameShape, Quality
    from backprop_studio.render.messages.results import CatalogueEntry

T = TypeVar("T")


class Observed(Generic[T]):
    """An attribute NAME of a QObject, to which it adds the signal NAME_changed."""

    def __init__(self, initial: T) -> None:
        self._initial = initial

    def __set_name__(self, owner: type[QObject], name: str) -> None:
        self._slot = f"_{name}"
        self._signal = f"{name}_changed"
        setattr(owner, self._signal, Signal())

    def __get__(self, instance: QObject, owner: type[QObject]) -> T:
        value: T = instance.__dict__.get(self._slot, self._initial)
        return value

    def __set__(self, instance: QObject, value: T) -> None:
        old = instance.__dict__.get(self._slot, self._initial)
        if type(old) is type(value) and old == value:
            return
        instance.__dict__[self._slot] = value
        if isinstance(instance, AppState):
            instance.tell(self._signal)
        else:
            getattr(instance, self._signal).emit()


class AppState(QObject):
    """What the user chose and what the workers answered.

    Attributes
    ----------
    refusal : Message or None
        What a worker found wrong with the parameters; gone when they change.
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
    """

    params_changed = Signal(str)

    catalogue: Observed[tuple[CatalogueEntry, ...] | None] = Observed(None)
    catalogue_error: Observed[str] = Observed("")
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
    picture_size: Observed[tuple[int, int]] = Observed((1280, 720))
    engine: Observed[Engine] = Observed(Engine.OFF)
    preview: Observed[Preview] = Observed(Preview())
    live: Observed[Live] = Observed(Live.OFF)
    render: Observed[RenderStatus] = Observed(RenderStatus())
    queue: Observed[QueueState] = Observed(QueueState())
    queue_problem: Observed[str] = Observed("")
    video: Observed[Video | None] = Observed(None)
    view: Observed[View] = Observed(View.PREVIEW)
    full_screen: Observed[bool] = Observed(False)
    notice: Observed[str] = Observed("")
    refusal: Observed[Message | None] = Observed(None)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, dict[str, Any]] = {}
        self._forms: dict[str, tuple[CatalogueEntry, Form]] = {}
        self._held: list[str] | None = None
        self._look_of_drafts = (self.theme, self.frame_shape)

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
                self.refusal = None
                self.beat = beat
                self.part = part.id if part else ""
                self.scene = scene_id
                self.tell("scene_changed")
            if part is not None:
                self._read_values(part)
            look = self.lecture.look(part) if part else self._look_of_drafts
            self.theme, self.frame_shape = look

    def arrange(
        self, lecture: Lecture, scene_id: str, part_id: str = "", beat: str | None = None
    ) -> None:
        """Take another lecture, and turn to one of its lessons or to a draft."""
        with self._together():
            self.lecture = lecture
            self.turn_to(scene_id, part_id, beat)

    @property
    def _params(self) -> dict[str, Any]:
        """Values of the lesson on the stage that are not its defaults, by their paths."""
        return self._values.setdefault(self.part or self.scene, {})

    @property
    def refused_field(self) -> str:
        """Path of the field that the refusal is about; empty if it is about several or none."""
        named = self.refusal.fields.get("field", "") if self.refusal else ""
        if not named:
            return ""
        paths = (spec.path for spec in self.form.fields())
        return next((path for path in paths if f"{named}.".startswith(f"{path}.")), "")

    def value(self, spec: FieldSpec) -> Any:
        """Return the present value of a field."""
        return self._params.get(spec.path, spec.default)

    def is_default(self, spec: FieldSpec) -> bool:
        """Whether a field has the value it starts with."""
        return spec.path not in self._params

    def set_param(self, spec: FieldSpec, value: Any) -> None:
        """Give a field of the selected scene a value, and show what becomes of it.

        A default is forgotten rather than stored.
        """
        if _same(self.value(spec), value):
            return
        if _same(value, spec.default):
            self._params.pop(spec.path, None)
        else:
            self._params[spec.path] = value
        if self.refused_field in {"", spec.path}:
            self.refusal = None
        self.view = View.PREVIEW
        self.params_changed.emit(spec.path)

    def values_in(self, params: Mapping[str, Any], scene_id: str | None = None) -> dict[str, Any]:
        """Return nested parameters by the paths of a scene's fields.

        What no field stands for is left out.
        """
        form = self.form if scene_id is None else self.form_of(scene_id)
        found = ((spec.path, _at(params, spec.path)) for spec in form.fields())
        return {path: value for path, value in found if value is not _NOTHING}

    def given_params(self) -> dict[str, Any]:
        """Return the values that differ from the scene's defaults, nested as a job wants them."""
        part = self.lecture.part(self.part)
        if part is not None:
            return self.params_of(part)
        return self._with_values({}, self.scene, self._params)

    def params_of(self, part: Part) -> dict[str, Any]:
        """Return the parameters of a lesson of the lecture, nested as a job wants them.

        What has not been changed in the window is as it came, also what no field stands for.
        """
        values = self._values.get(part.id)
        if values is None:
            return deepcopy(dict(part.params))
        return self._with_values(part.params, part.scene, values)

    def _read_values(self, part: Part) -> None:
        """Take the values of a lesson that was not on the stage before."""
        if part.id in self._values or self.entry_of(part.scene) is None:
            return
        given = self.values_in(part.params, part.scene)
        defaults = {spec.path: spec.default for spec in self.form_of(part.scene).fields()}
        self._values[part.id] = {
            path: value for path, value in given.items() if not _same(value, defaults[path])
        }

    def _with_values(
        self, params: Mapping[str, Any], scene_id: str, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return nested parameters in which fields that were changed have their values."""
        result = deepcopy(dict(params))
        for spec in self.form_of(scene_id).fields():
            was = _at(result, spec.path)
            now = values.get(spec.path, spec.default)
            if was is not _NOTHING and _same(was, now):
                continue
            if spec.path in values:
                _put(result, spec.path, now)
            elif was is not _NOTHING:
                _remove(result, spec.path)
        return result


_NOTHING = object()


def _at(params: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a path."""
    found: Any = params
    for name in path.split("."):
        if not isinstance(found, dict) or name not in found:
            return _NOTHING
        found = found[name]
    return found


def _put(params: dict[str, Any], path: str, value: Any) -> None:
    *groups, name = path.split(".")
    for group in groups:
        inner = params.get(group)
        params[group] = params = inner if isinstance(inner, dict) else {}
    params[name] = value


def _remove(params: dict[str, Any], path: str) -> None:
    """Take away what stands at a path, and groups that are empty without it."""
    group, _, name = path.rpartition(".")
    branch = _at(params, group) if group else params
    del branch[name]
    if group and not branch:
        _remove(params, group)


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one to the user: 1 and 1.0 are, True and 1 are not."""
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
