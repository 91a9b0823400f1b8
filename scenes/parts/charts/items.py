"""Items of a plot: what each thing in it is, beside the arrays that move it."""

from __future__ import annotations

from dataclasses import dataclass

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
    corner : (float, float)
        On which side of a point its label stands.
    """

    kind: str
    colour: Rgb
    texts: tuple[str, ...] = ("",)
    on: str = ""
    is_dashed: bool = False
    has_dots: bool = False
    radius: float = DOT
    corner: tuple[float, float] = (0, 1)
