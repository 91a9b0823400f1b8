"""The name of one weight or bias of a network."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ParameterIndex:
    """One weight or bias of a network, counted from 0 as arrays are.

    Attributes
    ----------
    layer : int
        Of the layers that compute, 0 is the first.
    row : int
        Which unit of the layer.
    column : int or None
        From which unit of the layer before; None for the unit's bias.

    Examples
    --------
    >>> ParameterIndex(1, 0, 2).name, ParameterIndex(1, 0, 2).typst, ParameterIndex(0, 3).name
    ('w2_13', 'w_(2,13)', 'b1_4')
    """

    layer: int
    row: int
    column: int | None = None

    @property
    def name(self) -> str:
        """The parameter as it is called on the blackboard, counted from 1."""
        return f"{self._letter}{self.layer + 1}_{self._places}"

    @property
    def typst(self) -> str:
        """The same as Typst maths."""
        return f"{self._letter}_({self.layer + 1},{self._places})"

    @property
    def _letter(self) -> str:
        return "b" if self.column is None else "w"

    @property
    def _places(self) -> str:
        places = [self.row + 1] if self.column is None else [self.row + 1, self.column + 1]
        return ("," if max(places) > 9 else "").join(map(str, places))
