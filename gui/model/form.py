"""All fields of a scene: which of them act, what a change takes along, and what a job is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from backprop_studio.gui.model.fields import Condition

if TYPE_CHECKING:
    from backprop_studio.gui.model.fields import FieldSpec

Values: TypeAlias = Mapping[str, Any]
"""By the paths of fields."""


@dataclass(frozen=True)
class Group:
    """Fields under one heading; that of fields of the first level is empty."""

    path: str
    title: str
    fields: tuple[FieldSpec, ...]


@dataclass(frozen=True)
class Form:
    """All fields of a scene, group by group.

    Where ``values`` are asked for, those are meant that are not the defaults; ``resolved`` are what
    stands for fields that are left open.
    """

    groups: tuple[Group, ...] = ()

    def fields(self) -> Iterator[FieldSpec]:
        """Yield every field."""
        for group in self.groups:
            yield from group.fields

    @cached_property
    def by_path(self) -> dict[str, FieldSpec]:
        """Every field by its path."""
        return {spec.path: spec for spec in self.fields()}

    @cached_property
    def _objects(self) -> dict[str, list[FieldSpec]]:
        """The fields of each group of the parameters, also of one inside another."""
        found: dict[str, list[FieldSpec]] = {}
        for spec in self.fields():
            found.setdefault(spec.path.rpartition(".")[0], []).append(spec)
        return found

    def acts(self, spec: FieldSpec, values: Values, resolved: Values) -> bool | None:
        """Whether a field changes what is made; None if that cannot be known yet."""
        answers = [self._all_hold(it, values, resolved) for it in spec.when]
        if not answers or True in answers:
            return True
        return None if None in answers else False

    def _all_hold(
        self, conditions: Iterable[Condition], values: Values, resolved: Values
    ) -> bool | None:
        answers = []
        for it in conditions:
            decides = self.by_path.get(it.path)
            if decides is None:  # a condition of other lessons that have this group
                continue
            is_asleep = self.acts(decides, values, resolved) is False
            value = decides.default if is_asleep else values.get(it.path, decides.default)
            answers.append(it.holds(value, resolved))
        return False if False in answers else None if None in answers else True

    def is_shown(self, spec: FieldSpec, values: Values, resolved: Values) -> bool:
        """Whether a field is worth showing; in doubt if it is set."""
        acts = self.acts(spec, values, resolved)
        return spec.path in values if acts is None else acts

    def along(self, spec: FieldSpec, value: Any, values: Values, resolved: Values) -> Values:
        """Return what other fields become when one is given a value, by their paths."""
        if value == values.get(spec.path, spec.default):
            return {}
        return {
            **self._cleared(spec, value),
            **self._started(spec, value, values),
            **self._brought(spec, value, values, resolved),
            **self._together(spec, value, values, resolved),
        }

    def _cleared(self, spec: FieldSpec, value: Any) -> Values:
        is_back = value == spec.default
        cleared = (it for path in spec.clears for it in self._under(path) if it is not spec)
        return {it.path: it.default if is_back or not it.optional else None for it in cleared}

    def _under(self, path: str) -> list[FieldSpec]:
        return [it for it in self.fields() if f"{it.path}.".startswith(f"{path}.")]

    def _started(self, spec: FieldSpec, value: Any, values: Values) -> Values:
        own, before = spec.own, values.get(spec.path, spec.default)
        if own is None or value != own.value or value == spec.default:
            return {}
        start = own.starts.get(str(before), {})
        return {path: it for path, it in start.items() if path in self.by_path}

    def _brought(self, spec: FieldSpec, value: Any, values: Values, resolved: Values) -> Values:
        it = spec.brings.get(str(value))
        decides = self.by_path.get(it.unless.path) if it else None
        if it is None or decides is None:
            return {}
        present = values.get(decides.path, decides.default)
        if not it.unless.holds(present, {}):
            return {**it.always, **it.values}
        lists = {path: values.get(path, resolved.get(path)) for path in it.ends}
        fitted = {path: it.fitted(path, found) for path, found in lists.items()}
        changed = {path: found for path, found in fitted.items() if found != lists[path]}
        cleared = (self._cleared(self.by_path[path], found) for path, found in changed.items())
        return {**it.always, **{k: v for more in cleared for k, v in more.items()}, **changed}

    def _together(self, spec: FieldSpec, value: Any, values: Values, resolved: Values) -> Values:
        found: dict[str, Any] = {}
        if value is None and spec.otherwise in resolved:
            found[spec.otherwise] = resolved[spec.otherwise]
        others = [self.by_path[path] for path in spec.together if path in self.by_path]
        is_new = spec.path not in values and not any(it.path in values for it in others)
        for it in others:
            # None of a group that is given may mean something of its own.
            if value is None and not (spec.of_optional and spec.bare is None):
                found[it.path] = None
            elif value is not None and is_new:
                found[it.path] = resolved.get(it.path, it.bare)
        return found

    def given(self, values: Values, resolved: Values) -> dict[str, Any]:
        """Return the parameters of a job, nested: what differs from the defaults and acts.

        Of a group that is given in part, core takes the rest from the group's own defaults, not
        from the scene's; where the two differ, the rest is told too.
        """
        result: dict[str, Any] = {}
        for prefix, specs in self._objects.items():
            told = [it for it in specs if self.acts(it, values, resolved) is not False]
            if not any(it.path in values for it in told):
                continue
            branch = result
            for name in filter(None, prefix.split(".")):
                branch = branch.setdefault(name, {})
            for it in told:
                value = values.get(it.path, it.default)
                if it.path in values or (value != it.bare and not it.of_optional):
                    branch[it.path.rpartition(".")[2]] = value
        return result

    def values_in(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return nested parameters by the paths of fields; what no field stands for is left out."""
        found: dict[str, Any] = {}
        for prefix, specs in self._objects.items():
            branch: Any = params
            for name in filter(None, prefix.split(".")):
                branch = branch.get(name) if isinstance(branch, Mapping) else None
            if isinstance(branch, Mapping):
                for it in specs:
                    name = it.path.rpartition(".")[2]
                    if name in branch or it.bare != it.default:
                        found[it.path] = branch.get(name, it.bare)
                found |= self._own_of(specs, prefix, branch)
        return found

    def unknown_in(self, params: Mapping[str, Any], prefix: str = "") -> list[str]:
        """Return the dotted keys in nested parameters for which there is neither field nor group.

        Examples
        --------
        >>> Form().unknown_in({"network": {"seed": 1}, "pace": 2})
        ['network', 'pace']
        """
        unknown: list[str] = []
        for name, value in params.items():
            path = f"{prefix}{name}"
            if path in self._objects and isinstance(value, Mapping):
                unknown += self.unknown_in(value, f"{path}.")
            elif path not in self.by_path:
                unknown.append(path)
        return unknown

    def _own_of(self, specs: Iterable[FieldSpec], prefix: str, branch: Values) -> Values:
        """Return the choice of something of one's own that goes without saying, as in core.

        No file can say that there is no preset; its own sizes do.
        """
        given = {f"{prefix}.{name}" for name, value in branch.items() if value is not None}
        found = {}
        for it in specs:
            if it.own is not None and it.path not in given:
                own = Condition(it.path, (it.own.value,))
                needs = (spec.when for spec in specs if spec.path in given and spec.when)
                if any(all(own in conditions for conditions in when) for when in needs):
                    found[it.path] = it.own.value
        return found
