"""Parameters of graph lessons: the groups that their scenes inherit. Nothing here loads torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from backprop_studio.core.base.graph_limits import MAX_VARIABLES
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.formula.tree import is_name
from backprop_studio.core.graphs.reading import check_steps, parse_steps

if TYPE_CHECKING:
    from backprop_studio.core.graphs.steps import Steps

__all__ = ["FormulaGraphGroup"]

Finite = Annotated[float, Field(allow_inf_nan=False)]


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
