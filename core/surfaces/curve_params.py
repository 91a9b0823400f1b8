"""Parameters of descents on a curve over one weight. Nothing here loads torch."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import Finite, param, suited_rate
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.surfaces.named import CURVES
from backprop_studio.core.surfaces.params import USUAL_RATE, CurveParams, check_inside

MOST_RATE = 1e12
"""A rate far too large is worth seeing; it leaves every picture at the first step."""

MOST_STEPS = 500

SIDES = (11 / 12, 1 / 6)
"""Where two starts stand, as shares of the picture from its left: the right one is told first."""

ONE_SIDE = 5 / 6
"""Where one start stands."""

TWO_VALLEYS = "min((w - 2)^2 + 1, (w + 3)^2)"
"""Two parabolas, whose slopes are whole numbers where they begin, and a ridge between them."""

LEAST_RATE = 1e-9
"""A smaller one moves nothing that could be printed."""

USUAL_RATES = CURVES["square"].rates

Rate = Annotated[float, Field(ge=LEAST_RATE, le=MOST_RATE, allow_inf_nan=False)]


def _differ(rates: tuple[float, ...]) -> tuple[float, ...]:
    if len(set(rates)) < len(rates):
        twice = N_("expected learning rates that differ, found one twice")
        raise ParameterError("learning_rates.twice", twice)
    return rates


class _CurveGroup(LessonParams):
    """A curve, and how many steps are made on it."""

    curve: CurveParams = Field(default_factory=lambda: CurveParams(), title=N_("Curve"))
    steps: int = param(
        20, N_("Steps"), N_("How many each point makes."), ge=1, le=MOST_STEPS, range=[1, 100]
    )

    def resolved(self) -> dict[str, Any]:
        """Return what stands for fields that are left open, by their dotted paths."""
        ranges = {f"curve.{name}": value for name, value in self.curve.resolved().items()}
        return {**super().resolved(), **ranges}

    def _check_start(self, field: str, start: float) -> None:
        check_inside(field, "w", start, self.curve.ranges[0], "curve.w_range")

    def _at(self, share: float) -> float:
        low, high = self.curve.ranges[0]
        exact = low + (high - low) * share
        short = float(f"{exact:.9g}")
        return short if low <= short <= high else exact


class CurveStartsGroup(_CurveGroup):
    """Parameters of a curve, one learning rate, and starts on it.

    Examples
    --------
    >>> CurveStartsGroup().chosen_starts(), CurveStartsGroup(starts=[3]).chosen_starts()
    ((4.5, -4.5), (3.0,))
    >>> CurveStartsGroup(curve={"name": "quartic"}).rate()
    0.05
    """

    curve: CurveParams = Field(
        default_factory=lambda: CurveParams(formula=TWO_VALLEYS, w_range=(-6.5, 5.5)),
        title=N_("Curve"),
    )
    starts: tuple[Finite, ...] | None = param(
        None,
        N_("Starts"),
        N_("Where w begins, one number per point; if left out, one on each side."),
        min_length=1,
        max_length=3,
    )
    learning_rate: float | None = suited_rate(ge=LEAST_RATE, le=MOST_RATE)

    def resolved(self) -> dict[str, Any]:
        """Return what stands for fields that are left open, by their dotted paths."""
        found = {**super().resolved(), "starts": list(self.chosen_starts())}
        return {**found, "learning_rate": self.rate()}

    @model_validator(mode="after")
    def _in_the_picture(self) -> CurveStartsGroup:
        for start in self.chosen_starts():
            self._check_start("starts", start)
        return self

    def rate(self) -> float:
        """Return the learning rate, or what suits the curve."""
        if self.learning_rate is not None:
            return self.learning_rate
        return self.curve.named.learning_rate if self.curve.named is not None else USUAL_RATE

    def chosen_starts(self) -> tuple[float, ...]:
        """Return the starts, told in this order."""
        if self.starts is not None:
            return self.starts
        return tuple(self._at(share) for share in SIDES)


class CurveComparisonGroup(_CurveGroup):
    """Parameters of a curve, one start, and several learning rates.

    Examples
    --------
    >>> CurveComparisonGroup().chosen_start(), CurveComparisonGroup(start=1).chosen_start()
    (2.0, 1.0)
    >>> CurveComparisonGroup(curve={"name": "quartic"}).rates()
    (0.01, 0.2, 0.49, 0.55)
    """

    start: Finite | None = param(
        None, N_("Start"), N_("Where w begins with every rate; if left out, on the right side.")
    )
    learning_rates: Annotated[tuple[Rate, ...], AfterValidator(_differ)] | None = param(
        None,
        N_("Learning rates"),
        N_("One point runs with each of them, all from the same start; open: what suits."),
        min_length=2,
        max_length=4,
    )

    def resolved(self) -> dict[str, Any]:
        """Return what stands for fields that are left open, by their dotted paths."""
        found = {**super().resolved(), "start": self.chosen_start()}
        return {**found, "learning_rates": list(self.rates())}

    @model_validator(mode="after")
    def _in_the_picture(self) -> CurveComparisonGroup:
        self._check_start("start", self.chosen_start())
        return self

    def rates(self) -> tuple[float, ...]:
        """Return the learning rates, or what suits the curve."""
        if self.learning_rates is not None:
            return self.learning_rates
        return self.curve.named.rates if self.curve.named is not None else USUAL_RATES

    def chosen_start(self) -> float:
        """Return the start."""
        return self._at(ONE_SIDE) if self.start is None else self.start
