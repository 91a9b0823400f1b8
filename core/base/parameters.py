"""Parameters: the groups that scenes inherit, and how text from outside becomes a checked model."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError

from backprop_studio.core.base.errors import InputError, ParameterError, message_of
from backprop_studio.core.base.fields import Finite, LearningRate, param
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.lists import with_lists
from backprop_studio.core.base.user_files import kind_of_file, read_text, toml_values
from backprop_studio.core.base.validation_messages import shown, validation_message

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import CoreSchema

_KIND = N_("parameter file")

_MOST_LEVELS = 30
"""Of tables and lists in parameters."""

_OLD_NAMES = {"optimiser": "optimizer", "optimisers": "optimizers"}
"""Spellings that older files and lectures have."""

P = TypeVar("P", bound="LessonParams")


class LessonParams(BaseModel):
    """Parameters of every lesson."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pace: Finite = param(
        1.0,
        N_("Pace"),
        N_("How fast the lesson is told; 2 is twice as fast."),
        ge=0.25,
        le=4.0,
        widget="log_slider",
        level="advanced",
        unit="×",
    )
    questions: bool = param(
        True,
        N_("Questions"),
        N_("Moments at which the picture waits, so that viewers can guess what comes."),
        level="advanced",
    )
    captions: bool = param(
        True,
        N_("Captions"),
        N_("Whether what is said stands under the picture."),
        level="advanced",
    )

    @classmethod
    def rewritten(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Return what a user gave in the one form that the fields have, where others are known.

        Examples
        --------
        >>> LessonParams.rewritten({"pace": 2})
        {'pace': 2}
        """
        return given

    def resolved(self) -> dict[str, Any]:
        """Return what stands for fields that are left open, by their dotted paths, as in JSON.

        Examples
        --------
        >>> LessonParams().resolved()
        {}
        """
        return {}

    def data_report(self) -> BaseModel | None:
        """Return what was read of a user's table and how, or None if there is none.

        It is a :class:`core.datasets.report.DataReport`.
        """
        return None

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Tell the defaults of groups too, where a lesson has others than the group itself."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        for name, field in cls.model_fields.items():
            own = field.get_default(call_default_factory=True)
            if isinstance(own, BaseModel) and own != type(own)():
                schema["properties"][name]["default"] = own.model_dump(mode="json")
        return schema


class LearningRateGroup(LessonParams):
    """The parameter of lessons with one learning rate."""

    learning_rate: LearningRate = 0.1


def parse_assignments(assignments: Iterable[str]) -> dict[str, Any]:
    """Read ``KEY=VALUE`` texts: dotted keys, TOML values; a bare word is a text.

    Raises
    ------
    InputError
        If a text is not an assignment or gives one key twice.

    Examples
    --------
    >>> parse_assignments(["network.preset=xor", "network.seed=3", "pace=1.5"])
    {'network': {'preset': 'xor', 'seed': 3}, 'pace': 1.5}
    """
    result: dict[str, Any] = {}
    for text in assignments:
        key, separator, value = text.partition("=")
        parts = [part.strip() for part in key.split(".")]
        if not separator or not all(parts):
            wrong = N_("--set {text} is not of the form KEY=VALUE")
            raise InputError("set.form", wrong, text=shown(text))
        _assign(result, parts, _toml_value(value.strip()))
    return result


def _assign(values: dict[str, Any], parts: list[str], value: Any) -> None:
    """Put a value where its key says, which must be free."""
    name = ".".join(parts)
    branch = values
    for part in parts[:-1]:
        branch = branch.setdefault(part, {})
        if not isinstance(branch, dict):
            below = N_("--set {name} is below {part}, which has a value already")
            raise InputError("set.below", below, name=name, part=part)
    if parts[-1] in branch:
        raise InputError("set.twice", N_("--set gives {name} twice"), name=name)
    branch[parts[-1]] = value


def _toml_value(text: str) -> Any:
    try:
        value = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    # A line break would let a text smuggle in further keys.
    return value["value"] if value.keys() == {"value"} else text


def read_parameter_file(path: Path) -> dict[str, Any]:
    """Read parameters from a TOML or JSON file.

    Raises
    ------
    InputError
        If the file is not there, too large, not UTF-8, or not valid; with line and column.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "lesson.toml")
    ...     _ = path.write_text("learning_rate = 0.5", encoding="utf-8")
    ...     read_parameter_file(path)
    {'learning_rate': 0.5}
    """
    named: dict[str, Any] = {"kind": kind_of_file(_KIND), "file": path}
    if path.suffix.lower() not in {".toml", ".json"}:
        ending = N_("the {kind} {file} must end in .toml or .json")
        raise InputError("file.ending", ending, **named)
    text = read_text(path, _KIND)
    if path.suffix.lower() == ".toml":
        return toml_values(text, path, _KIND)
    try:
        values = json.loads(text, object_pairs_hook=_without_doubles, parse_int=_whole_number)
    except RecursionError as error:
        deep = N_("the {kind} {file} is nested too deeply")
        raise InputError("file.too_deep", deep, **named) from error
    except ValueError as error:
        wrong = N_("the {kind} {file} is not valid: {reason}")
        raise InputError("file.json", wrong, **named, reason=message_of(error)) from error
    if not isinstance(values, dict):
        raise InputError("file.keys", N_("the {kind} {file} must hold keys with values"), **named)
    return values


def _whole_number(digits: str) -> int:
    try:
        return int(digits)
    except ValueError as error:  # Python has a limit, and tells how to move it
        raise ParameterError("json.digits", N_("a number has too many digits")) from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise ParameterError("json.twice", N_("it gives {name} twice"), name=shown(double))
    return values


def check_depth(params: list[Any]) -> None:
    """Refuse parameters within parameters without end, which nothing behind this can take apart.

    Raises
    ------
    InputError
        If they are nested too deeply.

    Examples
    --------
    >>> check_depth([{"network": {"sizes": [2, 1]}}])
    >>> values = []
    >>> for _ in range(1000):
    ...     values = [values]
    >>> check_depth([values])
    Traceback (most recent call last):
        ...
    backprop_studio.core.base.errors.InputError: The parameters are nested deeper than 30 levels.
    """
    level = params
    for _ in range(_MOST_LEVELS):
        inner = [it.values() if isinstance(it, dict) else it for it in level]
        level = [it for values in inner for it in values if isinstance(it, dict | list)]
    if level:
        text = N_("the parameters are nested deeper than {allowed} levels")
        raise InputError("params.deeper", text, allowed=_MOST_LEVELS)


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with the values of ``over`` laid on top, group by group.

    Examples
    --------
    >>> merge({"network": {"preset": "xor", "seed": 1}, "pace": 1.0}, {"network": {"seed": 2}})
    {'network': {'preset': 'xor', 'seed': 2}, 'pace': 1.0}
    """
    result: dict[str, Any] = respelt(base)
    for key, value in respelt(over).items():
        if isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merge(result[key], value)
        else:
            result[key] = value
    return result


def respelt(values: Any) -> Any:
    """Return parameters with names as they are spelt today, at any depth.

    A name that is given in both spellings stays as it is, and is refused as unknown.

    Examples
    --------
    >>> respelt({"optimiser": {"name": "adam"}, "runners": [{"optimiser": "sgd"}]})
    {'optimizer': {'name': 'adam'}, 'runners': [{'optimizer': 'sgd'}]}
    """
    if isinstance(values, Mapping):
        names = {name: new for name, new in _OLD_NAMES.items() if new not in values}
        return {names.get(name, name): respelt(value) for name, value in values.items()}
    return list(map(respelt, values)) if isinstance(values, list | tuple) else values


def validate_params(model: type[P], given: Mapping[str, Any]) -> P:
    """Check what a user gave against a scene's parameters.

    The values are taken as they would stand in a JSON file: true is not 1, and "0.1" is a text.
    Only a list may be a text, as :mod:`core.base.lists` reads it.

    Raises
    ------
    InputError
        With a message that names the field, the value and what is allowed.

    Examples
    --------
    >>> validate_params(LearningRateGroup, {"learning_rate": 0.5}).learning_rate
    0.5
    >>> validate_params(LearningRateGroup, {"pace": "fast"})
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: Wrong value for pace: "fast"; expected a number \
from 0.25 to 4.
    """
    try:
        plain = model.rewritten(with_lists(model, respelt(given)))
        text = json.dumps(plain, default=str, ensure_ascii=False).encode()
        return model.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise InputError(validation_message(model, error)) from error
    except RecursionError as error:
        deep = N_("the parameters are nested too deeply")
        raise InputError("parameters.too_deep", deep) from error
    except UnicodeEncodeError as error:
        wrong = N_("the parameters hold a text that is not valid Unicode")
        raise InputError("parameters.unicode", wrong) from error
    except ValueError as error:  # Python writes no whole number of more than 4300 digits
        digits = N_("the parameters hold a number with too many digits")
        raise InputError("parameters.digits", digits) from error


Theme = Literal["dark", "light", "print"]
"""Names of the style's themes, here so that jobs and forms know them without the scenes."""
