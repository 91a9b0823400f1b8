"""Parameters of surfaces, slices and descents, counted from 1; no torch before it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import MAX_COORDINATE, Finite, Seed, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.formula import Formula, check_formula, parse_formula
from backprop_studio.core.surfaces.named import CURVES, SURFACES, NamedLandscape, own_formula

if TYPE_CHECKING:
    from pydantic.config import JsonDict

    from backprop_studio.core.network.batch import Batch
    from backprop_studio.core.network.spec import NetworkSpec
    from backprop_studio.core.surfaces.landscape import FormulaLandscape
    from backprop_studio.core.surfaces.parameter_index import ParameterIndex
    from backprop_studio.core.surfaces.ranges import Range
    from backprop_studio.core.surfaces.slices import NetworkSlice

CurveName: TypeAlias = Literal["square", "quartic", "double_well", "formula"]
SurfaceName: TypeAlias = Literal[
    "bowl", "ravine", "saddle", "rosenbrock", "himmelblau", "beale", "formula"
]

OWN_RANGE = (-3.0, 3.0)
USUAL_RATE = 0.1
"""On a landscape of which nothing is known."""

MAX_STARTS = 12
MAX_STEPS = 300

OWN_FORMULA = N_("Own formula")
SUITABLE_RANGE = N_("From where to where the picture goes; if left out, what suits the surface.")


def _check_range(found: Range) -> Range:
    low, high = found
    if not -MAX_COORDINATE <= low < high <= MAX_COORDINATE:
        text = N_("expected two numbers from {low} to {high}, the smaller one first")
        most = int(MAX_COORDINATE)
        raise ParameterError("range.wrong", text, low=-most, high=most)
    return found


def _of_variables(*names: str) -> AfterValidator:
    return AfterValidator(lambda text: check_formula(text, names))


_NO_NETWORK: JsonDict = {"/network": [None]}
"""In a lesson that may take the loss of a network instead."""
_FORMULA: JsonDict = {"name": ["formula"], **_NO_NETWORK}
_PARAMETERS: JsonDict = {"/slice.kind": ["parameters"], "/network": True}
_STARTS = ["/start", "/starts", "/descent.starts"]

OwnRange = Annotated[tuple[Finite, Finite], AfterValidator(_check_range)]


def check_inside(field: str, name: str, at: float, shown: Range, range_name: str) -> None:
    """Check that a start is in the picture.

    Parameters
    ----------
    field : str
        Where the start was given.
    name, at : str, float
        One of its coordinates.
    shown : (float, float)
        What the picture shows of it.
    range_name : str
        The parameter that moves the picture.

    Raises
    ------
    ParameterError
        If it is not.

    Examples
    --------
    >>> check_inside("start", "x", 0.5, (0.0, 1.0), "x_range")
    """
    low, high = shown
    if not low <= at <= high:
        text = N_(
            "{field}: {name} = {value} is beside the picture, which goes from {low} to {high}; "
            "choose a start inside, or another {other}"
        )
        numbers = {"value": f"{at:g}", "low": f"{low:g}", "high": f"{high:g}"}
        raise ParameterError(
            "start.outside", text, field=field, name=name, other=range_name, **numbers
        )


class _NamedParams(BaseModel):
    """A name from a list, or a formula of one's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    known: ClassVar[Mapping[str, NamedLandscape]]
    variables: ClassVar[tuple[str, ...]]

    name: str
    formula: str | None = None

    @model_validator(mode="after")
    def _name_or_formula(self) -> _NamedParams:
        """Let a formula stand alone: the default name must not contradict it."""
        if self.formula is not None and "name" not in self.model_fields_set:
            self.__dict__["name"] = "formula"  # still being made, so not yet frozen
        if self.formula is not None and self.name != "formula":
            text = N_("{field} {choice} excludes {other}; give one of them")
            names = {"field": "name", "other": "formula"}
            raise ParameterError("formula.excluded", text, **names, choice=self.name)
        if self.formula is None and self.name == "formula":
            text = N_("{field} is missing; give one, or another {other}")
            raise ParameterError("formula.missing", text, field="formula", other="name")
        return self

    @property
    def named(self) -> NamedLandscape | None:
        """What is known about it; None of a formula of one's own."""
        return self.known.get(self.name)

    @property
    def parsed(self) -> Formula:
        """The formula, read."""
        named = self.named
        return named.formula if named else parse_formula(self.formula or "", self.variables)

    @property
    def own_ranges(self) -> tuple[Range | None, ...]:
        """What the user wants to see, per variable."""
        raise NotImplementedError

    def resolved(self) -> dict[str, Any]:
        """Return what stands for ranges that are left open."""
        names = [f"{name}_range" for name in self.variables]
        return dict(zip(names, map(list, self.ranges), strict=True))

    @property
    def ranges(self) -> tuple[Range, ...]:
        """What the picture shows."""
        suited = self.named.ranges if self.named else (OWN_RANGE,) * len(self.variables)
        return tuple(own or suits for own, suits in zip(self.own_ranges, suited, strict=True))

    @property
    def starts(self) -> tuple[tuple[float, ...], ...]:
        """From where a descent is worth watching: in the picture, or a quarter into it."""
        inside = [
            start
            for start in (self.named.starts if self.named else ())
            if all(low <= at <= high for at, (low, high) in zip(start, self.ranges, strict=True))
        ]
        quarter = tuple(low + (high - low) / 4 for low, high in self.ranges)
        return tuple(inside) or (quarter,)

    def landscape(self) -> FormulaLandscape:
        """Return it, ready to be computed."""
        from backprop_studio.core.surfaces.landscape import FormulaLandscape

        return FormulaLandscape(self.parsed, self.ranges)


class CurveParams(_NamedParams):
    """A curve to descend on, over one weight w.

    Examples
    --------
    >>> curve = CurveParams(formula="(w - 1)^2")
    >>> curve.name, curve.ranges, curve.starts
    ('formula', ((-3.0, 3.0),), ((-1.5,),))
    """

    model_config = ConfigDict(title=N_("Curve"))

    known = CURVES
    variables = ("w",)

    name: CurveName = param(
        "square",
        N_("Curve"),
        N_("A well-known curve; a formula replaces it."),
        labels={**{name: it.title for name, it in CURVES.items()}, "formula": OWN_FORMULA},
        clears=["formula", "w_range", *_STARTS],
        own=own_formula(CURVES, "w_range"),
    )
    formula: Annotated[str, _of_variables("w")] | None = param(
        None,
        N_("Formula"),
        N_("Loss over w, for example (w - 1)^2 + 0.5."),
        when=_FORMULA,
        required=True,
        example="(w - 1)^2 + 0.5",
    )
    w_range: OwnRange | None = param(
        None,
        N_("Range of w"),
        N_("From where to where the picture goes; if left out, what suits the curve."),
        level="advanced",
    )

    @property
    def own_ranges(self) -> tuple[Range | None, ...]:
        """What the user wants to see, per variable."""
        return (self.w_range,)


class SurfaceParams(_NamedParams):
    """A surface to descend on, over x and y.

    Examples
    --------
    >>> surface = SurfaceParams(name="saddle", x_range=(-1, 1))
    >>> surface.parsed.text, surface.ranges
    ('x^2 - y^2', ((-1.0, 1.0), (-2.0, 2.0)))
    """

    model_config = ConfigDict(title=N_("Surface"))

    known = SURFACES
    variables = ("x", "y")

    name: SurfaceName = param(
        "bowl",
        N_("Surface"),
        N_("A well-known surface; a formula replaces it."),
        labels={**{name: it.title for name, it in SURFACES.items()}, "formula": OWN_FORMULA},
        clears=["formula", "x_range", "y_range", *_STARTS],
        own=own_formula(SURFACES, "x_range", "y_range"),
        when=_NO_NETWORK,
    )
    formula: Annotated[str, _of_variables("x", "y")] | None = param(
        None,
        N_("Formula"),
        N_("Loss over x and y, for example x^2 + 3*y^2."),
        when=_FORMULA,
        required=True,
        example="x^2 + 3*y^2",
    )
    x_range: OwnRange | None = param(
        None, N_("Range of x"), SUITABLE_RANGE, level="advanced", when=_NO_NETWORK
    )
    y_range: OwnRange | None = param(
        None, N_("Range of y"), SUITABLE_RANGE, level="advanced", when=_NO_NETWORK
    )

    @property
    def own_ranges(self) -> tuple[Range | None, ...]:
        """What the user wants to see, per variable."""
        return (self.x_range, self.y_range)

    @property
    def has_own_range(self) -> bool:
        """Whether the user said what the picture shows."""
        return self.own_ranges != (None, None)


class ParameterChoice(BaseModel):
    """One weight or bias of a network, counted from 1.

    Examples
    --------
    >>> ParameterChoice(layer=2, row=1, column=3).index().name
    'w2_13'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Parameter"))

    layer: int = param(1, N_("Layer"), N_("1 is the first that computes."), ge=1, when=_PARAMETERS)
    row: int = param(1, N_("Unit"), N_("Which unit of the layer."), ge=1, when=_PARAMETERS)
    column: int | None = param(
        None,
        N_("Input"),
        N_("From which unit of the layer before; left out, it is the unit's bias."),
        ge=1,
        when=_PARAMETERS,
        labels={"None": N_("Bias")},
    )

    def index(self) -> ParameterIndex:
        """Return it counted from 0."""
        from backprop_studio.core.surfaces.parameter_index import ParameterIndex

        column = None if self.column is None else self.column - 1
        return ParameterIndex(self.layer - 1, self.row - 1, column)


class SliceParams(BaseModel):
    """A slice of two dimensions through a network's loss."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Slice"))

    kind: Literal["parameters", "directions"] = param(
        "parameters",
        N_("Axes"),
        N_("Two parameters of the network, or two random directions of all weights."),
        labels={"parameters": N_("Two parameters"), "directions": N_("Two random directions")},
        when={"/network": True},
    )
    first: ParameterChoice = Field(
        default_factory=lambda: ParameterChoice(column=1), title=N_("Parameter along x")
    )
    second: ParameterChoice = Field(default_factory=ParameterChoice, title=N_("Parameter along y"))
    seed: Seed = param(
        0,
        N_("Seed of the directions"),
        N_("The same seed draws the same directions again."),
        level="advanced",
        when={"kind": ["directions"], "/network": True},
    )
    reach: Finite = param(
        2.0,
        N_("Reach"),
        N_("How far the picture goes to either side of the network."),
        gt=0,
        le=MAX_COORDINATE,
        level="advanced",
        when={"/network": True},
    )

    @model_validator(mode="after")
    def _are_two(self) -> SliceParams:
        if self.kind == "parameters" and self.first == self.second:
            text = N_("{field} and {other} are the same parameter; choose two different ones")
            raise ParameterError("slice.same_parameter", text, field="first", other="second")
        return self

    def landscape(self, network: NetworkSpec, batch: Batch) -> NetworkSlice:
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
            return direction_slice(network, batch, seed=self.seed, reach=self.reach)
        first, second = self.first.index(), self.second.index()
        return parameter_slice(network, batch, first, second, reach=self.reach)


class DescentParams(BaseModel):
    """Starts of a descent, and how many steps."""

    model_config = ConfigDict(frozen=True, extra="forbid", title=N_("Descent"))

    starts: tuple[tuple[Finite, ...], ...] | None = param(
        None,
        N_("Starts"),
        N_("Coordinates per point, -1 1; 2 0.5 for two; if left out, what suits the surface."),
        places=["point"],
    )
    steps: int = param(
        40, N_("Steps"), N_("How many each point makes."), ge=1, le=MAX_STEPS, range=[5, 100]
    )

    @model_validator(mode="after")
    def _some(self) -> DescentParams:
        if self.starts is not None and not 1 <= len(self.starts) <= MAX_STARTS:
            text = N_("{field}: allowed are 1 to {most}, found {found}")
            counts = {"most": MAX_STARTS, "found": len(self.starts)}
            raise ParameterError("starts.count", text, field="starts", **counts)
        return self

    def chosen_starts(self, surface: CurveParams | SurfaceParams) -> tuple[tuple[float, ...], ...]:
        """Return the starts on a curve or surface.

        Raises
        ------
        ParameterError
            If a start has not as many coordinates as there are variables.

        Examples
        --------
        >>> DescentParams(starts=[[2]]).chosen_starts(CurveParams())
        ((2.0,),)
        """
        wanted = len(surface.ranges)
        for number, start in enumerate(self.starts or (), start=1):
            if len(start) != wanted:
                text = N_("{field}: start {number}: expected {expected} numbers, found {found}")
                counts = {"number": number, "expected": wanted, "found": len(start)}
                raise ParameterError("starts.coordinates", text, field="starts", **counts)
        return surface.starts if self.starts is None else self.starts
