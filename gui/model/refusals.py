"""What is wrong with parameters, in the words of a form: which fields, where in them, and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.base.user_paths import user_path
from backprop_studio.gui.model.words import said, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.form import Form

Place: TypeAlias = tuple[str, ...]
"""The way into a value: positions from 0, and names."""

LONGEST_EXAMPLE = 24
"""Letters of an example in a sentence."""

PLACES = {
    "entry": N_("entry {number}"),
    "row": N_("row {number}"),
    "layer": N_("layer {number}"),
    "unit": N_("unit {number}"),
    "point": N_("point {number}"),
}
"""What positions are called, counted from 1; the schema says which suit a field."""

_GROUPS = frozenset({"group.refused", "parameters.refused"})
"""Codes of what several fields do together; the names inside are those of the group's fields."""

_SHAPES = frozenset({"expected.list", "expected.keys"})
"""Codes of what is hard to imagine without an example."""


@dataclass(frozen=True)
class Refusal:
    """A refusal of parameters.

    Attributes
    ----------
    fields : tuple of FieldSpec
        Those that it is about, the one to be changed first; none if it is about no field.
    place : tuple of str
        Where in the value of the first one.
    column : int or None
        Where in its text, from 1; one past the end if something is missing there.
    sentence : str
        What is wrong, to be read beside the first field.
    full_sentence : str
        The same with the field's title, to be read anywhere.
    """

    fields: tuple[FieldSpec, ...]
    place: Place
    column: int | None
    sentence: str
    full_sentence: str

    @property
    def paths(self) -> tuple[str, ...]:
        """Paths of the fields."""
        return tuple(spec.path for spec in self.fields)


def refusal_of(message: Message, form: Form, value_of: Callable[[FieldSpec], Any]) -> Refusal:
    """Return what a message of the workers means in a form, in the window's language.

    Parameters
    ----------
    message : Message
        Its fields ``field`` and ``other`` are names of parameters.
    form : Form
        Of the scene that was refused.
    value_of : callable
        Returns the present value of one of the form's fields.
    """
    problem: Any = message.fields["problem"] if message.code in _GROUPS else message
    group = str(message.fields["field"]) if message.code == "group.refused" else ""
    names = _Names(form, value_of, group)
    found = list(names.found_in(problem))
    specs = tuple({it.spec.path: it.spec for it in found}.values()) or names.of_file(problem)
    place = found[0].place if found else ()
    columns = [it.fields["column"] for it in message.every() if "column" in it.fields]
    column: Any = next(iter(columns), None)
    what = names.titled(_reason(message, problem, place, *specs[:1]))
    if not specs:
        return Refusal((), (), column, said(what), said(what))
    has_title = any("{field}" in it.text for it in what.every())
    where = "" if has_title else _places(specs[0], place)
    first = where if place[:1] == (where,) else where[:1].upper() + where[1:]
    short = said(_at(first, what))
    full = short if has_title else said(_at(_joined(names.title(specs[0]), where), what))
    return Refusal(specs, place, column, short, full)


def _reason(
    message: Message, problem: Message, place: Place, spec: FieldSpec | None = None
) -> Message:
    """Return what is wrong; what is said of one field, without the field's name."""
    fields: dict[str, Any] = message.fields
    if message.code == "parameter.refused":
        return fields["problem"]  # type: ignore[no-any-return]
    if message.code != "parameter.wrong" or "expected" not in fields:
        return problem
    expected = fields["expected"]
    found = fields.get("found", fields["value"] if place else None)
    if found is None:
        example = (
            _example(spec)
            if isinstance(expected, Message) and _SHAPES & {it.code for it in expected.every()}
            else ""
        )
        if example:
            text = N_("expected {expected}, for example {example}")
            return Message.of("field.example", text, expected=expected, example=example)
        return Message.of("field.expected", N_("expected {expected}"), expected=expected)
    text = N_("expected {expected}, found {found}")
    return Message.of("field.found", text, expected=expected, found=found)


def _example(spec: FieldSpec | None) -> str:
    """Return how the value of a field is written, if anything short shows that."""
    if spec is None or spec.example or spec.default is None:
        return spec.example if spec else ""
    text = spec.text_of(spec.default)
    return text if len(text) <= LONGEST_EXAMPLE else ""


def _at(where: str, what: Message) -> Message:
    if not where:
        return what
    return Message.of("field.said", N_("{field}: {problem}"), field=where, problem=what)


def _places(spec: FieldSpec, place: Place) -> str:
    """Return what the stages of a way into a value are called."""
    names = [*spec.places, *["entry"] * len(place)]
    stages = [
        tr(PLACES[name]).format(number=int(it) + 1) if it.isdecimal() else it
        for name, it in zip(names, place, strict=False)
    ]
    return _joined(*stages)


def _joined(*parts: str) -> str:
    """Return what lies in what, the outermost first."""
    told = [it for it in parts if it] or [""]
    return reduce(lambda outer, it: tr("{outer}, {inner}").format(outer=outer, inner=it), told)


class _Found(NamedTuple):
    """What a name stands for: a field and a place in it, or one that is set in a group."""

    spec: FieldSpec
    place: Place = ()
    is_group: bool = False


class _Names:
    """The names of parameters in a message, and the titles by which a form's reader knows them."""

    def __init__(self, form: Form, value_of: Callable[[FieldSpec], Any], group: str) -> None:
        self._specs = {spec.path: spec for spec in form.fields()}
        self._value_of = value_of
        self._group = group

    def found_in(self, message: Message) -> Iterator[_Found]:
        """Yield the fields that a message names, and where in their values it points."""
        for it in message.every():
            for key in ("field", "other"):
                name = it.fields.get(key)
                found = self._find(name, it) if isinstance(name, str) else None
                if found is not None:
                    yield found

    def of_file(self, message: Message) -> tuple[FieldSpec, ...]:
        """Return the field that holds the path of the file or folder that a message is about."""
        files = [it.fields.get(key) for it in message.every() for key in ("file", "folder")]
        paths = [Path.cwd() / it for it in files if isinstance(it, str)]
        for spec in self._specs.values():
            value = self._value_of(spec)
            if spec.picker and isinstance(value, str) and value:
                own = Path.cwd() / user_path(value)
                if any(own in (path, *path.parents) for path in paths):
                    return (spec,)
        return ()

    def title(self, spec: FieldSpec) -> str:
        """Return a field's title, with its group's where two fields have the same."""
        is_double = sum(it.title == spec.title for it in self._specs.values()) > 1
        if not is_double or spec.owner in {"", spec.title}:
            return tr(spec.title)
        return tr("{field} ({group})").format(field=tr(spec.title), group=tr(spec.owner))

    def titled(self, message: Message) -> Message:
        """Return a message with titles for names of parameters, and labels for what is chosen."""
        fields = {key: self._titled(key, it, message) for key, it in message.fields.items()}
        return message.with_fields(**fields) if fields else message

    def _titled(self, key: str, value: Any, message: Message) -> Any:
        if isinstance(value, Message):
            return self.titled(value)
        if isinstance(value, tuple):
            return tuple(self._titled(key.removesuffix("s"), it, message) for it in value)
        if key in {"field", "other"} and isinstance(value, str):
            found = self._find(value, message)
            if found is None:
                return value
            title = tr(found.spec.owner) if found.is_group else self.title(found.spec)
            return _joined(title, _places(found.spec, found.place))
        if key in {"choice", "set"}:
            known = {it: label for spec in self._specs.values() for it, label in spec.choices}
            return tr(known.get(value, str(value)))
        return value

    def _find(self, name: str, message: Message) -> _Found | None:
        """Return the field of a name, which may be that of a sibling, and the place in it."""
        beside = str(message.fields.get("field", "")).rpartition(".")[0]
        for prefix in dict.fromkeys((self._group, beside, "")):
            full = f"{prefix}.{name}" if prefix else name
            for path, spec in self._specs.items():
                if f"{full}.".startswith(f"{path}."):
                    place = full[len(path) + 1 :].split(".") if full != path else ()
                    return _Found(spec, tuple(place))
            inside = [spec for path, spec in self._specs.items() if path.startswith(f"{full}.")]
            given = [spec for spec in inside if self._value_of(spec) != spec.default]
            if inside:
                return _Found((given or inside)[0], is_group=True)
        return None
