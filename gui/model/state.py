"""The only changeable truth of the window.

Panels receive an :class:`AppState`, read it, assign to it and listen to its signals. An equal value
is ignored, which ends every echo between a widget and the state without blocking signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from backprop_studio.gui.model.fields import FieldSpec
from backprop_studio.gui.model.form import Form
from backprop_studio.gui.model.refusals import Refusal, refusal_of
from backprop_studio.gui.model.schema import form_of
from backprop_studio.gui.model.values import Engine, Live, Preview, RenderStatus, Video, View
from backprop_studio.render.queue.model import QueueState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.core.base.messages import Message
    from backprop_studio.gui.model.fields import FieldSpec
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
    is_black : bool
        In full screen the audience sees nothing, until the lecturer goes on.
    refusal : Message or None
        What a worker found wrong with the parameters; gone when they change.
    resolved : dict
        What a worker said stands for fields that are left open, by their paths.
    valid_values : dict of str to dict
        By scene, the values of its last picture.

    Signals
    -------
    NAME_changed
        After the attribute NAME got another value.
    params_changed : str
        After the value of the field with this path changed; empty for all fields.
    field_wanted : str, bool
        The field with this path, or the choice with this name, is to be brought into sight; with
        True it also takes the focus.
    """

    params_changed = Signal(str)
    field_wanted = Signal(str, bool)

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
    is_black: Observed[bool] = Observed(False)
    notice: Observed[str] = Observed("")
    quits_when_done: Observed[bool] = Observed(False)
    refusal: Observed[Message | None] = Observed(None)
    resolved: Observed[dict[str, Any]] = Observed({})

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._forms: tuple[CatalogueEntry | None, Form] = (None, Form())
        self._values: dict[str, dict[str, Any]] = {}
        self.valid_values: dict[str, dict[str, Any]] = {}

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
        entry = self.entry
        if self._forms[0] is not entry:
            self._forms = entry, form_of(entry.parameters) if entry else Form()
        return self._forms[1]

    def select_scene(self, scene_id: str) -> None:
        """Turn to another scene, with the values that it was left with."""
        if scene_id == self.scene:
            return
        self.refusal = None
        self.beat = None
        row = next((row for row in self.catalogue or () if row.id == scene_id), None)
        self.resolved = row.resolved if row else {}
        self.scene = scene_id

    @property
    def _params(self) -> dict[str, Any]:
        """Values of the selected scene that are not its defaults, by their paths."""
        return self._values.setdefault(self.scene, {})

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
            if path in specs and not _same(self.value(specs[path]), value)
        }
        for path, value in changed.items():
            if _same(value, specs[path].default):
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

    def values_in(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return nested parameters by the paths of the selected scene's fields.

        What no field stands for is left out.
        """
        return self.form.values_in(params)

    def given_params(self) -> dict[str, Any]:
        """Return what differs from the scene's defaults and acts, nested as a job wants it."""
        return self.form.given(self._params, self.resolved)


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one to the user: 1 and 1.0 are, True and 1 are not."""
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
