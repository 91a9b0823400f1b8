"""What a form asks about surfaces, slices and descents; no torch before something is computed.

In a form parameters of a network are counted from 1, as on the blackboard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.formula import Formula, check_formula, parse_formula
from backprop_studio.core.surfaces.named import CURVES, SURFACES, NamedLandscape, Range

if TYPE_CHECKING:
    from pydantic.config import JsonDict

    from backprop_studio.core.network.batch import Batch
    from backprop_studio.core.network.passes import Parameters
    from backprop_studio.core.network.spec import NetworkSpec
    from backprop_studio.core.surfaces.landscape import FormulaLandscape
    from backprop_studio.core.surfaces.slices import NetworkSlice, ParameterIndex

__all__ = ["CurveParams", "DescentParams", "ParameterChoice", "SliceParams", "SurfaceParams"]

CurveName: TypeAlias = Literal["square", "quartic", "double_well", "formula"]
SurfaceName: TypeAlias = Literal[
    "bowl", "ravine", "saddle", "rosenbrock", "himmelblau", "beale", "formula"
]

LARGEST = 1e6
OWN_RANGE = (-3.0, 3.0)
MAX_STARTS = 12
MAX_STEPS = 5000

_OWN: JsonDict = {"formula": N_("Own formula")}
_CURVE_LABELS: JsonDict = {**{name: it.title for name, it in CURVES.items()}, **_OWN}
_SURFACE_LABELS: JsonDict = {**{name: it.title for name, it in SURFACES.items()}, **_OWN}


def _check_range(found: Range | None) -> Range | None:
    if found is None:
        return None
    low, high = found
    if not -LARGEST <= low < high <= LARGEST:
        raise ValueError(
            f"expected two numbers from {-LARGEST:.0f} to {LARGEST:.0f}, the smaller one first"
        )
    return found


def _check_curve(text: str | None) -> str | None:
    return None if text is None else check_formula(text, ["w"])


def _check_surface(text: str | None) -> str | None:
    return None if text is None else check_formula(text, ["x", "y"])


Finite = Annotated[float, Field(allow_inf_nan=False)]
OwnRange = Annotated[tuple[Finite, Finite] | None, AfterValidator(_check_range)]


class _NamedParams(BaseModel):
    """A name from a list, or a formula of one's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    formula: str | None = None

    @model_validator(mode="after")
    def _name_or_formula(self) -> _NamedParams:
        """Let a formula stand alone: the default name must not contradict it."""
        if self.formula is not None and "name" not in self.model_fields_set:
            self.__dict__["name"] = "formula"  # still being made, so not yet frozen
        if self.formula is not None and self.name != "formula":
            raise ValueError(f"name {self.name} excludes formula; give one of them")
        if self.formula is None and self.name == "formula":
            raise ValueError("formula is missing; give one, or another name")
        return self


class CurveParams(_NamedParams):
    """A curve to descend on, over one weight w.

    Examples
    --------
    >>> curve = CurveParams(formula="(w - 1)^2")
    >>> curve.name, curve.ranges, curve.starts
    ('formula', ((-3.0, 3.0),), ((-1.5,),))
    """

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Curve"))

    name: CurveName = Field(
        "square",
        title=N_("Curve"),
        description=N_("A well-known curve; a formula replaces it."),
        json_schema_extra={"x-labels": _CURVE_LABELS},
    )
    formula: Annotated[str | None, AfterValidator(_check_curve)] = Field(
        None, title=N_("Formula"), description=N_("Loss over w, for example (w - 1)^2 + 0.5.")
    )
    w_range: OwnRange = Field(
        None,
        title=N_("Range of w"),
        description=N_("From where to where the picture goes; if left out, what suits the curve."),
        json_schema_extra={"x-level": "advanced"},
    )

    @property
    def named(self) -> NamedLandscape | None:
        """What is known about the curve; None of a formula of one's own."""
        return CURVES.get(self.name)

    @property
    def parsed(self) -> Formula:
        """The formula, read."""
        return _formula(self.named, self.formula, ["w"])

    @property
    def ranges(self) -> tuple[Range, ...]:
        """What the picture shows."""
        return _ranges(self.named, (self.w_range,))

    @property
    def starts(self) -> tuple[tuple[float, ...], ...]:
        """From where a descent is worth watching."""
        return _starts(self.named, self.ranges)

    def landscape(self) -> FormulaLandscape:
        """Return the curve, ready to be computed."""
        from backprop_studio.core.surfaces.landscape import FormulaLandscape

        return FormulaLandscape(self.parsed, self.ranges)


class SurfaceParams(_NamedParams):
    """A surface to descend on, over x and y.

    Examples
    --------
    >>> surface = SurfaceParams(name="saddle", x_range=(-1, 1))
    >>> surface.parsed.text, surface.ranges
    ('x^2 - y^2', ((-1.0, 1.0), (-2.0, 2.0)))
    """

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Surface"))

    name: SurfaceName = Field(
        "bowl",
        title=N_("Surface"),
        description=N_("A well-known surface; a formula replaces it."),
        json_schema_extra={"x-labels": _SURFACE_LABELS},
    )
    formula: Annotated[str | None, AfterValidator(_check_surface)] = Field(
        None, title=N_("Formula"), description=N_("Loss over x and y, for example x^2 + 3*y^2.")
    )
    x_range: OwnRange = Field(
        None,
        title=N_("Range of x"),
        description=N_(
            "From where to where the picture goes; if left out, what suits the surface."
        ),
        json_schema_extra={"x-level": "advanced"},
    )
    y_range: OwnRange = Field(
        None,
        title=N_("Range of y"),
        description=N_(
            "From where to where the picture goes; if left out, what suits the surface."
        ),
        json_schema_extra={"x-level": "advanced"},
    )

    @property
    def named(self) -> NamedLandscape | None:
        """What is known about the surface; None of a formula of one's own."""
        return SURFACES.get(self.name)

    @property
    def parsed(self) -> Formula:
        """The formula, read."""
        return _formula(self.named, self.formula, ["x", "y"])

    @property
    def ranges(self) -> tuple[Range, ...]:
        """What the picture shows."""
        return _ranges(self.named, (self.x_range, self.y_range))

    @property
    def has_own_range(self) -> bool:
        """Whether the user said what the picture shows."""
        return self.x_range is not None or self.y_range is not None

    @property
    def starts(self) -> tuple[tuple[float, ...], ...]:
        """From where a descent is worth watching."""
        return _starts(self.named, self.ranges)

    def landscape(self) -> FormulaLandscape:
        """Return the surface, ready to be computed."""
        from backprop_studio.core.surfaces.landscape import FormulaLandscape

        return FormulaLandscape(self.parsed, self.ranges)


class ParameterChoice(BaseModel):
    """One weight or bias of a network, counted from 1.

    Examples
    --------
    >>> ParameterChoice(layer=2, row=1, column=3).index().name
    'w2_13'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Parameter"))

    layer: int = Field(1, ge=1, title=N_("Layer"), description=N_("1 is the first that computes."))
    row: int = Field(1, ge=1, title=N_("Unit"), description=N_("Which unit of the layer."))
    column: int | None = Field(
        None,
        ge=1,
        title=N_("Input"),
        description=N_("From which unit of the layer before; left out, it is the unit's bias."),
    )

    def index(self) -> ParameterIndex:
        """Return it counted from 0."""
        from backprop_studio.core.surfaces.slices import ParameterIndex

        column = None if self.column is None else self.column - 1
        return ParameterIndex(self.layer - 1, self.row - 1, column)


class SliceParams(BaseModel):
    """A slice of two dimensions through a network's loss."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Slice"))

    kind: Literal["parameters", "directions"] = Field(
        "parameters",
        title=N_("Axes"),
        description=N_("Two parameters of the network, or two random directions of all weights."),
        json_schema_extra={
            "x-labels": {
                "parameters": N_("Two parameters"),
                "directions": N_("Two random directions"),
            }
        },
    )
    first: ParameterChoice = Field(
        default_factory=lambda: ParameterChoice(column=1), title=N_("Parameter along x")
    )
    second: ParameterChoice = Field(
        default_factory=lambda: ParameterChoice(), title=N_("Parameter along y")
    )
    seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        title=N_("Seed of the directions"),
        description=N_("The same seed draws the same directions again."),
        json_schema_extra={"x-level": "advanced"},
    )
    reach: float = Field(
        2.0,
        gt=0,
        le=LARGEST,
        allow_inf_nan=False,
        title=N_("Reach"),
        description=N_("How far the picture goes to either side of the network."),
        json_schema_extra={"x-level": "advanced"},
    )

    @model_validator(mode="after")
    def _are_two(self) -> SliceParams:
        if self.kind == "parameters" and self.first == self.second:
            raise ValueError("first and second are the same parameter; choose two different ones")
        return self

    def landscape(
        self, network: NetworkSpec, batch: Batch, around: Parameters | None = None
    ) -> NetworkSlice:
        """Return the slice.

        Raises
        ------
        InputError
            If the network has no such parameter, or only zeros to scale directions to.

        Examples
        --------
        >>> from backprop_studio.core.network.params import NetworkGroup
        >>> group = NetworkGroup()
        >>> SliceParams().landscape(group.network_spec(), group.batch()).names
        ('w1_11', 'b1_1')
        """
        from backprop_studio.core.surfaces.slices import direction_slice, parameter_slice

        if self.kind == "directions":
            return direction_slice(network, batch, seed=self.seed, reach=self.reach, around=around)
        first, second = self.first.index(), self.second.index()
        return parameter_slice(network, batch, first, second, reach=self.reach, around=around)


class DescentParams(BaseModel):
    """From where points run down, and how many steps."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Descent"))

    starts: tuple[tuple[Finite, ...], ...] | None = Field(
        None,
        title=N_("Starts"),
        description=N_("One list of coordinates per point; if left out, what suits the surface."),
    )
    steps: int = Field(
        20, ge=1, le=MAX_STEPS, title=N_("Steps"), description=N_("How many each point makes.")
    )

    @model_validator(mode="after")
    def _some(self) -> DescentParams:
        if self.starts is not None and not 1 <= len(self.starts) <= MAX_STARTS:
            raise ValueError(f"starts: allowed are 1 to {MAX_STARTS}, found {len(self.starts)}")
        return self

    def chosen_starts(self, surface: CurveParams | SurfaceParams) -> tuple[tuple[float, ...], ...]:
        """Return the starts on a curve or surface.

        Raises
        ------
        ValueError
            If a start has not as many coordinates as there are variables.

        Examples
        --------
        >>> DescentParams(starts=[[2]]).chosen_starts(CurveParams())
        ((2.0,),)
        """
        wanted = len(surface.ranges)
        for number, start in enumerate(self.starts or (), start=1):
            if len(start) != wanted:
                raise ValueError(
                    f"starts: start {number}: expected {wanted} numbers, found {len(start)}"
                )
        return surface.starts if self.starts is None else self.starts


def _formula(named: NamedLandscape | None, text: str | None, names: list[str]) -> Formula:
    return named.formula if named is not None else parse_formula(text or "", names)


def _ranges(named: NamedLandscape | None, given: tuple[Range | None, ...]) -> tuple[Range, ...]:
    suited = named.ranges if named is not None else (OWN_RANGE,) * len(given)
    return tuple(own or suits for own, suits in zip(given, suited, strict=True))


def _starts(
    named: NamedLandscape | None, ranges: tuple[Range, ...]
) -> tuple[tuple[float, ...], ...]:
    """Return the named ones that are in the picture, or a point a quarter into it."""
    inside = [
        start
        for start in (named.starts if named is not None else ())
        if all(low <= at <= high for at, (low, high) in zip(start, ranges, strict=True))
    ]
    quarter = tuple(low + (high - low) / 4 for low, high in ranges)
    return tuple(inside) or (quarter,)
