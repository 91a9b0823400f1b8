"""What a form asks about a race: one surface, one start, so many steps. No torch is loaded."""

from __future__ import annotations

from pydantic import Field, model_validator

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LearningRateGroup
from backprop_studio.core.surfaces.params import Finite, SurfaceParams

__all__ = ["ComparisonGroup"]

MOST_STEPS = 300
"""Several optimizers make them while the lecturer waits."""


class ComparisonGroup(LearningRateGroup):
    """A surface, and the one point from which all run.

    Examples
    --------
    >>> ComparisonGroup().start_point(), ComparisonGroup(start=[1, 2]).start_point()
    ((-7.0, 2.0), (1.0, 2.0))
    """

    surface: SurfaceParams = Field(
        default_factory=lambda: SurfaceParams(name="ravine"), title=N_("Surface")
    )
    start: tuple[Finite, Finite] | None = Field(
        None,
        title=N_("Start"),
        description=N_("The x and y from which all run; if left out, what suits the surface."),
    )
    steps: int = Field(
        60,
        ge=1,
        le=MOST_STEPS,
        title=N_("Steps"),
        description=N_("How many steps each optimizer makes."),
        json_schema_extra={"x-range": [10, 200]},
    )

    @model_validator(mode="after")
    def _starts_in_the_picture(self) -> ComparisonGroup:
        point, ranges = self.start_point(), self.surface.ranges
        for name, at, (low, high) in zip("xy", point, ranges, strict=True):
            if not low <= at <= high:
                raise ValueError(
                    f"start: {name} = {at:g} is beside the picture, which goes from {low:g} to "
                    f"{high:g}; choose a start inside, or another {name}_range"
                )
        return self

    def start_point(self) -> tuple[float, float]:
        """Return the start."""
        if self.start is not None:
            return self.start
        x, y = self.surface.starts[0]
        return x, y
