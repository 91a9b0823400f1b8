"""Parameters of graph lessons: the groups that their scenes inherit. Nothing here loads torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import Finite, param
from backprop_studio.core.base.graph_limits import MAX_VARIABLES
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import listed
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.formula.tree import is_name
from backprop_studio.core.graphs.reading import check_steps, parse_steps

if TYPE_CHECKING:
    from backprop_studio.core.graphs.steps import Steps


class FormulaGraphGroup(LessonParams):
    """A formula or steps, and a number for each variable."""

    formula: str = param(
        "v = b*c; u = a + v; J = 3*u",
        N_("Formula"),
        N_("One formula, or steps such as v = b*c; J = 3*v."),
    )
    values: dict[str, Finite] = param(
        {"a": 5.0, "b": 3.0, "c": 2.0},
        N_("Values"),
        N_("A number for each variable of the formula."),
        min_length=1,
        max_length=MAX_VARIABLES,
    )

    @model_validator(mode="after")
    def _can_be_read(self) -> FormulaGraphGroup:
        for name in self.values:
            if not is_name(name):
                text = N_("{field}: a variable cannot be called {name}")
                raise ParameterError("graph.name", text, field="values", name=name[:40])
        check_steps(self.formula, self.values, "formula")
        if not self.steps().names:
            text = N_("{field}: expected one of the variables {names}, found none")
            names = listed(self.values)
            raise ParameterError("graph.no_variable", text, field="formula", names=names)
        return self

    def steps(self) -> Steps:
        """Return what is computed, with the variables that occur in it."""
        steps = parse_steps(self.formula, self.values)
        used = {name for step in steps.steps for name in step.formula.names}
        names = [name for name in self.values if name in used]
        return parse_steps(self.formula, names)
