"""The only changeable truth of the window.

Panels receive an :class:`AppState`, read it, assign to it and listen to its signals. An equal value
is ignored, which ends every echo between a widget and the state without blocking signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from backprop_studio.gui.model.fields import FieldSpec, Form, form_of, is_same
from backprop_studio.gui.model.snapshot import Snapshot
from backprop_studio.gui.model.values import Engine, Live, Preview, RenderStatus, Video, View
from backprop_studio.gui.model.video_names import DEFAULT_TEMPLATE
from backprop_studio.render.queue.model import QueueState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.core.base.messages import Message
    from backprop_studio.render.messages.frame_format import FrameShape
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
        getattr(instance, self._signal).emit()


class AppState(QObject):
    """What the user chose and what the workers answered.

    Attributes
    ----------
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

    Signals
    -------
    NAME_changed
        After the attribute NAME got another value.
    params_changed : str
        After the value of the field with this path changed; empty for all fields.
    """

    params_changed = Signal(str)

    catalogue: Observed[tuple[CatalogueEntry, ...] | None] = Observed(None)
    catalogue_error: Observed[str] = Observed("")
    scene: Observed[str] = Observed("")
    beat: Observed[str | None] = Observed(None)
    lesson_language: Observed[str] = Observed("en")
    theme: Observed[str] = Observed("dark")
    window_language: Observed[str] = Observed("en")
    appearance: Observed[str] = Observed("system")
    frame_shape: Observed[FrameShape] = Observed("16:9")
    quality: Observed[str] = Observed("m")
    format: Observed[str] = Observed(".mp4")
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
    queue_problem: Observed[str] = Observed("")
    video: Observed[Video | None] = Observed(None)
    view: Observed[View] = Observed(View.PREVIEW)
    full_screen: Observed[bool] = Observed(False)
    notice: Observed[str] = Observed("")
    refusal: Observed[Message | None] = Observed(None)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, dict[str, Any]] = {}
        self._restored: dict[str, dict[str, Any]] = {}
        self._forms: dict[str, tuple[CatalogueEntry, Form]] = {}

    def listen(self, slot: Callable[..., object], *names: str) -> None:
        """Have something called after any of these attributes changed, or ``params``."""
        for name in names:
            getattr(self, f"{name}_changed").connect(slot)

    @property
    def entry(self) -> CatalogueEntry | None:
        """The catalogue's row of the selected scene."""
        rows = self.catalogue or ()
        return next((row for row in rows if row.id == self.scene), None)

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
        return self.form_for(self.scene)

    def form_for(self, scene_id: str) -> Form:
        """Return the fields of a scene; none if it is not in the catalogue."""
        rows = self.catalogue or ()
        entry = next((row for row in rows if row.id == scene_id), None)
        if entry is None:
            return Form()
        known = self._forms.get(scene_id)
        if known is None or known[0] is not entry:
            known = self._forms[scene_id] = (entry, form_of(entry.parameters))
        return known[1]

    def has_scene(self, scene_id: str) -> bool:
        """Whether there is a scene that can be shown."""
        return any(row.id == scene_id and row.error is None for row in self.catalogue or ())

    def select_scene(self, scene_id: str) -> None:
        """Turn to another scene, with the values that it was left with."""
        if scene_id == self.scene:
            return
        self.refusal = None
        self.beat = None
        self.scene = scene_id

    def snapshot(self) -> Snapshot:
        """Return what the user has set, for :meth:`restore`."""
        given = {**self._restored, **self._values}
        values = {scene: dict(those) for scene, those in given.items() if those}
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
        """Values of the selected scene that are not its defaults, by their paths."""
        if self.scene in self._restored and self.entry is not None:
            found = self._restored.pop(self.scene)
            specs = (spec for spec in self.form.fields() if spec.path in found)
            values = {it.path: found[it.path] for it in specs if it.may_hold(found[it.path])}
            self._values[self.scene] = values
        return self._values.setdefault(self.scene, {})

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
        if is_same(self.value(spec), value):
            return
        if is_same(value, spec.default):
            self._params.pop(spec.path, None)
        else:
            self._params[spec.path] = value
        if self.refused_field in {"", spec.path}:
            self.refusal = None
        self.view = View.PREVIEW
        self.params_changed.emit(spec.path)

    def values_in(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return nested parameters by the paths of the selected scene's fields.

        What no field stands for is left out.
        """
        return self.form.values_in(params)

    def given_params(self) -> dict[str, Any]:
        """Return the values that differ from the scene's defaults, nested as a job wants them."""
        result: dict[str, Any] = {}
        for spec in self.form.fields():
            if spec.path not in self._params:
                continue
            *groups, name = spec.path.split(".")
            branch = result
            for group in groups:
                branch = branch.setdefault(group, {})
            branch[name] = self._params[spec.path]
        return result
