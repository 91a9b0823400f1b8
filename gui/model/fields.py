"""One field of a form: what it takes, when it acts, and what goes along with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.typed_text import text_of, value_of
from backprop_studio.gui.model.words import writes_decimal_comma

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.core.base.lists import ListShape

Kind: TypeAlias = Literal["choice", "integer", "number", "flag", "text"]

_PYTHON: dict[str, type | tuple[type, ...]] = {
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


@dataclass(frozen=True)
class Condition:
    """When a field acts.

    Attributes
    ----------
    path : str
        Dotted key of the field that decides.
    values : tuple or None
        With which values of it; None stands for any that is given.
    """

    path: str
    values: tuple[Any, ...] | None = None

    def holds(self, value: Any, resolved: Mapping[str, Any]) -> bool | None:
        """Whether it does with this value of the field that decides.

        Parameters
        ----------
        value : object
            One of a list is enough.
        resolved : mapping
            What stands for values that are left open; if nothing is known, nor is the answer.
        """
        if self.values is None:
            return value is not None
        if value is None and None not in self.values:
            return resolved.get(self.path) in self.values if resolved else None
        return any(it in self.values for it in (value if isinstance(value, list) else [value]))


@dataclass(frozen=True)
class OwnChoice:
    """The choice that stands for something of one's own.

    Attributes
    ----------
    value : object
        What is chosen.
    starts : mapping
        From the choice before to what other fields then become, by their paths.
    """

    value: Any
    starts: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Bringing:
    """What a value brings along.

    Attributes
    ----------
    always : mapping
        What other fields become, by their paths.
    unless : Condition
        With which there is no need of more.
    values : mapping
        What else they then become.
    ends : mapping
        From the path of a list to what may stand at its beginning and at its end.
    """

    always: Mapping[str, Any]
    unless: Condition
    values: Mapping[str, Any]
    ends: Mapping[str, tuple[Any, Any]]

    def fitted(self, path: str, value: Any) -> Any:
        """Return a list with ends that may stand there; all else is returned as it is."""
        if path not in self.ends or not isinstance(value, list) or len(value) < 2:
            return value
        first, last = self.ends[path]
        return [
            value[0] if value[0] in first else first[0],
            *value[1:-1],
            value[-1] if value[-1] in last else last[0],
        ]


@dataclass(frozen=True)
class FieldSpec:
    """One field of a form.

    Attributes
    ----------
    path : str
        Dotted key, as ``--set`` takes it.
    title, description : str
        English keys of the translation catalogue.
    kind : Kind
        What is edited; a ``text`` may stand for a list, names with numbers, or one of several
        types.
    default : Any
        Value the scene starts with.
    optional : bool
        Whether None is allowed; it means that the scene decides.
    minimum, maximum : float or None
        Bounds; ``exclusive_minimum`` and ``exclusive_maximum`` say that the bound is not allowed.
    choices : tuple of (value, English key)
        What can be chosen.
    unit : str
        Shown after the value.
    slider : (float, float) or None
        Ends of a logarithmic slider beside the number.
    advanced : bool
        Whether the field waits in the section "More".
    types : tuple of str
        JSON types of its values, of which :func:`~gui.model.typed_text.value_of` reads the first.
    picker : {"", "file", "folder"}
        Whether the text is a path that can be chosen in a dialog.
    pattern : str
        Which files the dialog offers, such as ``*.csv``.
    when : tuple of tuple of Condition
        When the field acts: if all conditions of one of them hold; always without any.
    bare : object
        Value if others of its group are given and it is not; often the default.
    of_optional : bool
        Whether its whole group may be left out.
    lists : tuple of ListShape
        Which lists it takes, and what stands between their entries.
    separator : str
    example : str
        How it may be written, where nothing else shows that.
    nothing : str
        What None is called.
    required : bool
        Whether it is always given where it acts.
    clears, together : tuple of str
        Paths of fields that go back, and of those that are given and emptied with it.
    otherwise : str
        Path of the field that takes over when it is emptied.
    own : OwnChoice or None
    brings : mapping of str to Bringing
        By the value.
    owner : str
        English title of the group that it is in, the innermost.
    places : tuple of str
        What the positions in a list are called, from the outermost on, as
        :data:`~gui.model.refusals.PLACES` has them.
    """

    path: str
    title: str
    kind: Kind
    description: str = ""
    default: Any = None
    optional: bool = False
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    choices: tuple[tuple[Any, str], ...] = ()
    unit: str = ""
    slider: tuple[float, float] | None = None
    advanced: bool = False
    types: tuple[str, ...] = ()
    picker: Literal["", "file", "folder"] = ""
    pattern: str = ""
    when: tuple[tuple[Condition, ...], ...] = ()
    bare: Any = None
    of_optional: bool = False
    lists: tuple[ListShape, ...] = ()
    separator: str = ", "
    example: str = ""
    nothing: str = N_("Automatic")
    required: bool = False
    clears: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    otherwise: str = ""
    own: OwnChoice | None = None
    brings: Mapping[str, Bringing] = field(default_factory=dict)
    owner: str = ""
    places: tuple[str, ...] = ()

    def may_hold(self, value: Any) -> bool:
        """Whether a value, right or wrong, may have been given here; a text may be half typed."""
        if value is None:
            return self.optional
        if self.kind == "choice":
            return any(is_same(value, choice) for choice, _text in self.choices)
        if self.kind == "flag":
            return isinstance(value, bool)
        return isinstance(value, str) or any(
            isinstance(value, _PYTHON[it]) and isinstance(value, bool) is (it == "boolean")
            for it in self.types
            if it in _PYTHON
        )

    def text_of(self, value: Any) -> str:
        """Return a value as it is typed."""
        return text_of(value, self.types, self.lists, self.separator)

    def parse(self, text: str) -> Any:
        """Return the value a text stands for; a text that stands for none is taken as it is."""
        text = text.strip()
        if self.optional and not text:
            return None
        return value_of(text, self.types, self.lists, decimal_comma=writes_decimal_comma())

    def label_of(self, value: Any) -> str:
        """Return a value as it is shown: the English key of a choice, else as it is typed."""
        labels = [label for choice, label in self.choices if choice == value]
        return labels[0] if labels else self.text_of(value)

    def within_bounds(self, value: float) -> float | None:
        """Return a number, or the bound that it passes; None if the bound itself is too far."""
        low, high = self.minimum, self.maximum
        if low is not None and value <= low:
            return None if self.exclusive_minimum else low
        if high is not None and value >= high:
            return None if self.exclusive_maximum else high
        return value


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are one to the user: 1 and 1.0 are, True and 1 are not."""
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
