"""Things with names: what each thing in a plot is, beside the arrays that move it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import Rgb, Unchanging

DOT = 0.055


@dataclass(frozen=True)
class Item(Unchanging):
    """What does not move of something in the plot.

    Attributes
    ----------
    texts : tuple of str
        Its label; two guides of a point after it, or two legs of a secant.
    on : str
        The curve it keeps to.
    slope : str
        Another curve, whose heights are the slopes of the first.
    corner : (float, float)
        On which side of a point its label stands.
    """

    kind: str
    colour: Rgb
    texts: tuple[str, ...] = ("",)
    on: str = ""
    slope: str = ""
    is_dashed: bool = False
    has_dots: bool = False
    radius: float = DOT
    corner: tuple[float, float] = (0, 1)


class Named(Painted):
    """A part that holds things by their names, and how far each is seen as ``name.shown``."""

    items: dict[str, Any]

    def reveal(self, *names: str, strength: float = 1.0) -> Self:
        """Let things be seen, faintly if ``strength`` is below 1."""
        for name in names:
            self.known(name)
        return self.set_state(**{f"{name}.shown": strength for name in names})

    def hide(self, *names: str) -> Self:
        """Take things out of sight; they can be shown again."""
        return self.reveal(*names, strength=0.0)

    def known(self, name: str, *kinds: str) -> Any:
        """Return what has a name, if it is there and of one of the kinds.

        Raises
        ------
        ValueError
            If it is not.
        """
        item = self.items.get(name)
        if item is None or (kinds and item.kind not in kinds):
            raise ValueError(f"there is no {' or '.join(kinds) or 'part'} {name!r}")
        return item
