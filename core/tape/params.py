"""Parameters of the lesson on a tape. Nothing here loads torch."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import ValidationError, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.fields import param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.tape.records import Tape

Program: TypeAlias = Literal["neuron", "shared", "vector"]


class TapeGroup(LessonParams):
    """The code whose tape is shown."""

    program: Program = param(
        "neuron",
        N_("Program"),
        N_("The code that torch records."),
        labels={
            "neuron": N_("A neuron with two inputs"),
            "shared": N_("A value that is used twice"),
            "vector": N_("A dot product"),
        },
        when={"graph": [None]},
    )
    graph: str | None = param(
        None,
        N_("Graph"),
        N_("What torch recorded of other code, as JSON from bs.graph; instead of the program."),
        level="advanced",
    )

    @model_validator(mode="after")
    def _is_a_tape(self) -> TapeGroup:
        self.tape()
        return self

    def tape(self) -> Tape | None:
        """Return the graph that is given, if one is.

        Raises
        ------
        ParameterError
            If it is none.
        """
        if self.graph is None:
            return None
        try:
            return Tape.model_validate_json(self.graph)
        except ValidationError as error:
            own = error.errors()[0].get("ctx", {}).get("error")
            if isinstance(own, ParameterError):  # what a tape says of itself is a sentence already
                raise own from error
            text = N_("{field}: expected a graph as the program writes it in Python")
            raise ParameterError("tape.json", text, field="graph") from error
