"""Attributes that tell when they change."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

T = TypeVar("T")


class Observed(Generic[T]):
    """An attribute NAME of a QObject, to which it adds the signal NAME_changed."""

    def __init__(self, initial: T) -> None:
        self._initial = initial

    def __set_name__(self, owner: type[QObject], name: str) -> None:
        # No other attribute can have a name with a blank in it, and take its place.
        self._slot = f"observed {name}"
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
        tell = getattr(instance, "tell", None)
        if tell is not None:
            tell(self._signal)
        else:
            getattr(instance, self._signal).emit()
