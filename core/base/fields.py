"""Types of parameters, and how one is described to a form, to the command line and to a reader.

A type carries what is allowed and how the window edits it; what only one lesson says about it
stands beside the default, made by :func:`param`.

Examples
--------
>>> from pydantic import BaseModel
>>> class Params(BaseModel):
...     learning_rate: LearningRate = 0.1
...     seed: Seed = param(0, N_("Seed"), N_("The same seed draws the same numbers again."))
>>> Params.model_json_schema()["properties"]["seed"]["maximum"] == MAX_SEED
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from pydantic.config import JsonDict, JsonValue

MAX_COORDINATE = 1e6
"""A point further out leaves no digits for the steps around it."""

MAX_SEED = 2**32 - 1
"""What numpy, scikit-learn and torch all take."""


def hints(**values: JsonValue) -> JsonDict:
    """Return what a form is told about a field, under the names that JSON Schema leaves free.

    Parameters
    ----------
    level : {"advanced"}
        Where the field waits.
    order : list of str
        Of the whole form: which fields and groups come first.
    when : dict, or list of dicts
        With which values of other fields the field acts: of each all have to hold, of several one.
        True is any value but None.
    required : bool
        Whether it has to be given where it acts, although it may be left out elsewhere.
    clears : list of str
        Fields that go back to their defaults when it is given a value.
    own : {"value", "starts"}
        The choice that stands for something of one's own, and what that starts with, by the choice
        before.
    brings : dict
        By a value: what other fields get ``always``; which ``values`` they get beside, ``unless``
        one field has one of some values; else what the ``ends`` of a list have to be.
    fields : dict
        Of a group: hints of its fields, by their names, that hold in this place.
    otherwise : str
        Field that takes over, with what holds, when it is emptied.
    together : list of str
        Fields that are given and emptied with it.
    example : str
        How it may be written, where nothing else shows that.
    separator : str
        Between the entries of a list.
    widget, range, filter, unit, labels, places
        As ``gui.model.fields`` reads them.

    Other fields are named as they stand beside it, or from the top, as ``/data.name``.

    Examples
    --------
    >>> hints(level="advanced")
    {'x-level': 'advanced'}
    """
    return {f"x-{name}": value for name, value in values.items()}


def param(default: Any, title: str, description: str, /, **given: Any) -> Any:
    """Return a field of parameters: its default, its name and a sentence about it.

    Parameters
    ----------
    default : Any
    title, description : str
        Marked with ``N_``.
    **given
        ``ge``, ``gt``, ``le``, ``lt``, ``min_length`` and ``max_length`` bound it where its type
        does not; all others are :func:`hints`.

    Examples
    --------
    >>> field = param(20, "Steps", "How many each point makes.", ge=1, range=[1, 100])
    >>> field.default, field.title, field.json_schema_extra
    (20, 'Steps', {'x-range': [1, 100]})
    """
    more = {name: given.pop(name) for name in _BOUNDS & given.keys()}
    if given:  # an empty one would take away the hints of the type
        more["json_schema_extra"] = hints(**given)
    return Field(default, title=title, description=description, **more)


_BOUNDS = frozenset({"ge", "gt", "le", "lt", "min_length", "max_length"})

Finite = Annotated[float, Field(allow_inf_nan=False)]
"""Any number that is one."""

Coordinate = Annotated[
    Finite, Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE, json_schema_extra=hints(range=[-5.0, 5.0]))
]
"""A coordinate of a point or of a vector."""

LearningRate = Annotated[
    Finite,
    Field(
        gt=0,
        le=1000,
        title=N_("Learning rate"),
        description=N_("How far one step goes against the gradient (eta)."),
        json_schema_extra=hints(widget="log_slider", range=[1e-4, 10.0]),
    ),
]
"""The step size eta of an optimizer; it has a title and a description already."""


def suited_rate(**bounds: float) -> Any:
    """Return the field of a learning rate that suits what is chosen beside it, if it is left open.

    Parameters
    ----------
    **bounds
        As of :func:`param`.

    Examples
    --------
    >>> suited_rate(gt=0).default is None
    True
    """
    return param(
        None,
        N_("Learning rate"),
        N_("How far one step goes against the gradient (eta); open: what suits."),
        widget="log_slider",
        range=[1e-4, 10.0],
        **bounds,
    )


Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
"""A seed of a random generator."""
