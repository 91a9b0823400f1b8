"""Parameters: the groups that scenes inherit, and how text from outside becomes a checked model."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.text_files import file_error, text_of, toml_values
from backprop_studio.core.base.validation_messages import (
    nearest_name,
    one_line,
    shown,
    validation_message,
)

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "LearningRateGroup",
    "LessonParams",
    "merge",
    "nearest_name",
    "parse_assignments",
    "read_parameter_file",
    "validate_params",
]

_KIND = "parameter file"

P = TypeVar("P", bound="LessonParams")


class LessonParams(BaseModel):
    """What every lesson takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pace: float = Field(
        1.0,
        ge=0.25,
        le=4.0,
        allow_inf_nan=False,
        title=N_("Pace"),
        description=N_("How fast the lesson is told; 2 is twice as fast."),
        json_schema_extra={"x-widget": "log_slider", "x-level": "advanced", "x-unit": "×"},
    )


class LearningRateGroup(LessonParams):
    """One learning rate."""

    learning_rate: float = Field(
        0.1,
        gt=0,
        le=1000,
        allow_inf_nan=False,
        title=N_("Learning rate"),
        description=N_("How far one step goes against the gradient (eta)."),
        json_schema_extra={"x-widget": "log_slider", "x-range": [1e-4, 10.0]},
    )


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
            raise InputError(one_line(f"--set {shown(text)} is not of the form KEY=VALUE."))
        _assign(result, parts, _toml_value(value.strip()))
    return result


def _assign(values: dict[str, Any], parts: list[str], value: Any) -> None:
    """Put a value at its place, which must be free."""
    name = ".".join(parts)
    branch = values
    for part in parts[:-1]:
        branch = branch.setdefault(part, {})
        if not isinstance(branch, dict):
            raise InputError(one_line(f"--set {name} is below {part}, which has a value already."))
    if parts[-1] in branch:
        raise InputError(one_line(f"--set gives {name} twice."))
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
    if path.suffix.lower() not in {".toml", ".json"}:
        raise file_error(_KIND, path, "must end in .toml or .json")
    text = text_of(path, _KIND)
    if path.suffix.lower() == ".toml":
        return toml_values(text, path, _KIND)
    try:
        values = _json_values(text)
    except RecursionError as error:
        raise file_error(_KIND, path, "is nested too deeply") from error
    except ValueError as error:
        raise file_error(_KIND, path, f"is not valid: {error}") from error
    if not isinstance(values, dict):
        raise file_error(_KIND, path, "must hold keys with values")
    return values


def _json_values(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_without_doubles, parse_int=_whole_number)


def _whole_number(digits: str) -> int:
    try:
        return int(digits)
    except ValueError as error:  # Python has a limit, and tells how to move it
        raise ValueError("a number has too many digits") from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"it gives {shown(double)} twice")
    return values


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with the values of ``over`` laid on top, group by group.

    Examples
    --------
    >>> merge({"network": {"preset": "xor", "seed": 1}, "pace": 1.0}, {"network": {"seed": 2}})
    {'network': {'preset': 'xor', 'seed': 2}, 'pace': 1.0}
    """
    result = dict(base)
    for key, value in over.items():
        if isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merge(result[key], value)
        else:
            result[key] = value
    return result


def validate_params(model: type[P], given: Mapping[str, Any]) -> P:
    """Check what a user gave against a scene's parameters.

    The values are taken as they would stand in a JSON file: true is not 1, and "0.1" is a text.

    Raises
    ------
    InputError
        With one sentence that names the field, the value and what is allowed.

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
        return model.model_validate_json(json.dumps(dict(given), default=str), strict=True)
    except ValidationError as error:
        raise InputError(validation_message(model, error)) from error
    except RecursionError as error:
        raise InputError("The parameters are nested too deeply.") from error
    except ValueError as error:  # Python writes no whole number of more than 4300 digits
        raise InputError("The parameters hold a number with too many digits.") from error


Theme = Literal["dark", "light", "print"]
"""Names of the style's themes, here so that jobs and forms know them without the scenes."""
