"""Parameters of graph lessons: the groups that their scenes inherit. Nothing here loads torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from core.formula import check_formula, parse_formula
from core.formula.tree import is_name
from core.graphs.limits import (
    MAX_ENTRIES,
    MAX_SAMPLES,
    MAX_SIZE,
    MAX_STEPS,
    MAX_UPDATES,
    MAX_VARIABLES,
)
from core.graphs.reading import check_steps, parse_steps
from core.i18n import N_
from core.parameters import LearningRateGroup, LessonParams

if TYPE_CHECKING:
    from core.formula import Formula
    from core.graphs.steps import Steps

__all__ = [
    "AccumulationGroup",
    "ChainRuleGroup",
    "ControlFlowGroup",
    "DataLoopGroup",
    "FormulaGraphGroup",
    "JacobianGroup",
    "TensorsGroup",
    "VectorGroup",
]

Finite = Annotated[float, Field(allow_inf_nan=False)]
Size = Annotated[int, Field(ge=1, le=MAX_SIZE)]


class FormulaGraphGroup(LessonParams):
    """A formula or steps, and a number for each variable."""

    formula: str = Field(
        "v = b*c; u = a + v; J = 3*u",
        title=N_("Formula"),
        description=N_("One formula, or steps such as v = b*c; J = 3*v."),
    )
    values: dict[str, Finite] = Field(
        {"a": 5.0, "b": 3.0, "c": 2.0},
        min_length=1,
        max_length=MAX_VARIABLES,
        title=N_("Values"),
        description=N_("A number for each variable of the formula."),
    )

    @model_validator(mode="after")
    def _can_be_read(self) -> FormulaGraphGroup:
        for name in self.values:
            if not is_name(name):
                raise ValueError(f"values: a variable cannot be called {name[:40]}")
        try:
            check_steps(self.formula, self.values)
        except ValueError as error:
            raise ValueError(f"formula {error}") from error
        if not self.steps().names:
            expected = f"expected one of the variables {', '.join(self.values)}"
            raise ValueError(f"formula: {expected}, found none")
        return self

    def steps(self) -> Steps:
        """Return what is computed, with the variables that occur in it."""
        steps = parse_steps(self.formula, self.values)
        used = {name for step in steps.steps for name in step.formula.names}
        names = [name for name in self.values if name in used]
        return parse_steps(self.formula, names)


class ChainRuleGroup(LearningRateGroup):
    """One weight on one sample."""

    x: float = Field(
        2.0,
        allow_inf_nan=False,
        title=N_("Input x"),
        description=N_("What the weight is multiplied by."),
    )
    y: float = Field(
        4.0,
        allow_inf_nan=False,
        title=N_("Target y"),
        description=N_("What the prediction should be."),
    )
    w: float = Field(
        1.0,
        allow_inf_nan=False,
        title=N_("Weight w"),
        description=N_("Where the weight begins."),
    )
    steps: int = Field(
        2,
        ge=1,
        le=MAX_STEPS,
        title=N_("Steps"),
        description=N_("The first is told in detail, the next ones quickly."),
    )
    nudge: float = Field(
        0.1,
        allow_inf_nan=False,
        title=N_("Nudge"),
        description=N_("A small change of w that runs through to L."),
    )


class DataLoopGroup(LearningRateGroup):
    """One weight trained on samples, one at a time."""

    learning_rate: float = Field(
        0.01,
        gt=0,
        le=1000,
        allow_inf_nan=False,
        title=N_("Learning rate"),
        description=N_("How far one step goes against the gradient (eta)."),
        json_schema_extra={"x-widget": "log_slider", "x-range": [1e-4, 10.0]},
    )
    xs: tuple[Finite, ...] = Field(
        (1.0, 2.0, 3.0),
        min_length=1,
        max_length=MAX_SAMPLES,
        title=N_("Inputs"),
        description=N_("x of each sample."),
    )
    ys: tuple[Finite, ...] = Field(
        (2.0, 4.0, 6.0),
        min_length=1,
        max_length=MAX_SAMPLES,
        title=N_("Targets"),
        description=N_("y of each sample."),
    )
    w: float = Field(
        1.0,
        allow_inf_nan=False,
        title=N_("Weight w"),
        description=N_("Where the weight begins."),
    )
    epochs: int = Field(
        100,
        ge=1,
        le=1000,
        title=N_("Epochs"),
        description=N_("How often all samples are gone through."),
    )
    test_x: float = Field(
        4.0,
        allow_inf_nan=False,
        title=N_("Test input"),
        description=N_("Where a prediction is made before and after training."),
    )

    @model_validator(mode="after")
    def _as_many(self) -> DataLoopGroup:
        if len(self.xs) != len(self.ys):
            raise ValueError(f"ys: expected as many as xs, {len(self.xs)}, found {len(self.ys)}")
        most = MAX_UPDATES // len(self.xs)
        if self.epochs > most:
            raise ValueError(
                f"epochs: allowed are up to {most} with {len(self.xs)} samples, found {self.epochs}"
            )
        return self


class VectorGroup(LessonParams):
    """A vector, of which functions are taken."""

    x: tuple[Finite, ...] = Field(
        (0.0, 1.0, 2.0, 3.0),
        min_length=1,
        max_length=MAX_ENTRIES,
        title=N_("Vector x"),
        description=N_("The numbers that the function is taken of."),
    )


class AccumulationGroup(VectorGroup):
    """A vector whose gradients accumulate, and a number whose cube is taken."""

    power_x: float = Field(
        1.0,
        allow_inf_nan=False,
        title=N_("Base of the cube"),
        description=N_("A number x; torch records the power x^3 and differentiates it."),
    )


class JacobianGroup(LessonParams):
    """A vector, an elementwise function of it, and the gradient that backward is given."""

    formula: str = Field(
        "x^2",
        title=N_("Formula"),
        description=N_("Of x, taken of each entry."),
    )
    x: tuple[Finite, ...] = Field(
        (1.0, 2.0),
        min_length=1,
        max_length=MAX_ENTRIES,
        title=N_("Vector x"),
        description=N_("The numbers that the function is taken of."),
    )
    v: tuple[Finite, ...] = Field(
        (0.1, 0.01),
        min_length=1,
        max_length=MAX_ENTRIES,
        title=N_("Gradient v"),
        description=N_("What y.backward is given; one number for each entry of x."),
    )

    @model_validator(mode="after")
    def _fit_together(self) -> JacobianGroup:
        if len(self.v) != len(self.x):
            raise ValueError(f"v: expected as many as x, {len(self.x)}, found {len(self.v)}")
        try:
            check_formula(self.formula, ["x"])
        except ValueError as error:
            raise ValueError(f"formula {error}") from error
        return self

    def elementwise(self) -> Formula:
        """Return the function of an entry."""
        return parse_formula(self.formula, ["x"])


class ControlFlowGroup(LessonParams):
    """The number that a function with a loop and a branch is taken of."""

    a: float = Field(
        -1.0,
        allow_inf_nan=False,
        title=N_("Input a"),
        description=N_("Not 0, for which the loop would never end."),
    )

    @model_validator(mode="after")
    def _ends(self) -> ControlFlowGroup:
        if self.a == 0:
            raise ValueError("a: with 0 the loop never ends; expected a number that is not 0")
        return self


class TensorsGroup(LessonParams):
    """Sizes of a vector, a matrix, an image and a video."""

    length: Size = Field(
        4,
        title=N_("Entries of the vector"),
        description=N_("The size of its one axis."),
    )
    rows: Size = Field(
        3,
        title=N_("Rows of the matrix"),
        description=N_("The size of its first axis."),
    )
    columns: Size = Field(
        4,
        title=N_("Columns of the matrix"),
        description=N_("The size of its second axis."),
    )
    height: Size = Field(
        4,
        title=N_("Height of the image"),
        description=N_("In pixels; the pictures of the video are as high."),
    )
    width: Size = Field(
        6,
        title=N_("Width of the image"),
        description=N_("In pixels; the pictures of the video are as wide."),
    )
    channels: Size = Field(
        3,
        title=N_("Channels of the image"),
        description=N_("Numbers per pixel, such as red, green and blue."),
    )
    frames: Size = Field(
        5,
        title=N_("Pictures of the video"),
        description=N_("The size of the axis of time."),
    )
    seed: int = Field(
        0,
        ge=0,
        lt=2**31,
        title=N_("Seed"),
        description=N_("The same seed draws the same numbers again."),
    )
