"""Parameters of a comparison of optimizers: one surface, one start. Nothing here loads torch."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from backprop_studio.core.base.fields import Finite, param, suited_rate
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.surfaces.params import USUAL_RATE, SurfaceParams, check_inside

MOST_STEPS = 300
"""Several optimizers make them while the lecturer waits."""


class ComparisonGroup(LessonParams):
    """Parameters of a surface, and of the one start that all optimizers share.

    Examples
    --------
    >>> ComparisonGroup().start_point(), ComparisonGroup(start=[1, 2]).start_point()
    ((-7.0, 2.0), (1.0, 2.0))
    >>> ComparisonGroup(surface={"name": "rosenbrock"}).rate()
    0.001
    """

    surface: SurfaceParams = Field(
        default_factory=lambda: SurfaceParams(name="ravine"), title=N_("Surface")
    )
    learning_rate: float | None = suited_rate(gt=0, le=1000)
    start: tuple[Finite, Finite] | None = param(
        None,
        N_("Start"),
        N_("The x and y from which all run; if left out, what suits the surface."),
    )
    steps: int = param(
        60,
        N_("Steps"),
        N_("How many steps each optimizer makes."),
        ge=1,
        le=MOST_STEPS,
        range=[10, 200],
    )

    def resolved(self) -> dict[str, Any]:
        """Return what stands for fields that are left open, by their dotted paths."""
        ranges = {f"surface.{name}": value for name, value in self.surface.resolved().items()}
        found = {**super().resolved(), **ranges, "start": list(self.start_point())}
        return {**found, "learning_rate": self.rate()}

    @model_validator(mode="after")
    def _starts_in_the_picture(self) -> ComparisonGroup:
        for name, at, shown in zip("xy", self.start_point(), self.surface.ranges, strict=True):
            check_inside("start", name, at, shown, f"{name}_range")
        return self

    def rate(self) -> float:
        """Return the learning rate, or one with which most stay in the picture."""
        if self.learning_rate is not None:
            return self.learning_rate
        named = self.surface.named
        return (named.race_rate or named.learning_rate) if named is not None else USUAL_RATE

    def start_point(self) -> tuple[float, float]:
        """Return the start."""
        if self.start is not None:
            return self.start
        x, y = self.surface.starts[0]
        return x, y
