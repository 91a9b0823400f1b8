"""Parameters: the groups that scenes inherit, and how text from outside becomes a checked model."""

from __future__ import annotations

import difflib
import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.data import Batch, DataParams, resolve_data
from core.errors import InputError
from core.i18n import N_
from core.network import NetworkParams, NetworkSpec, resolve_network

__all__ = [
    "LearningRateGroup",
    "LessonParams",
    "NetworkGroup",
    "merge",
    "nearest_name",
    "parse_assignments",
    "read_parameter_file",
    "validate_params",
]

MAX_FILE_BYTES = 1_000_000
MAX_VALUE_CHARACTERS = 60

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


class NetworkGroup(LessonParams):
    """A network, the batch it is shown and the sample that is followed."""

    network: NetworkParams = Field(default_factory=lambda: NetworkParams(), title=N_("Network"))
    data: DataParams = Field(default_factory=lambda: DataParams(), title=N_("Data"))
    sample: int = Field(
        1,
        ge=1,
        title=N_("Followed sample"),
        description=N_("Which sample of the batch the picture follows, counted from 1."),
    )

    @model_validator(mode="after")
    def _data_fits_the_network(self) -> NetworkGroup:
        size = self.batch().size
        if self.sample > size:
            raise ValueError(f"sample: {self.sample} is not in the batch; allowed are 1 to {size}")
        return self

    def network_spec(self) -> NetworkSpec:
        """Return the complete network."""
        return resolve_network(self.network)

    def batch(self) -> Batch:
        """Return the samples the network is shown."""
        return resolve_data(self.data, self.network_spec(), self.network.preset)


def nearest_name(word: str, names: Iterable[str]) -> str | None:
    """Return the name that a misspelt word most likely stands for, or None."""
    matches = difflib.get_close_matches(word, list(names), n=1, cutoff=0.5)
    return matches[0] if matches else None


def parse_assignments(assignments: Iterable[str]) -> dict[str, Any]:
    """Read ``KEY=VALUE`` texts: dotted keys, TOML values; a bare word is a text.

    Raises
    ------
    InputError
        If a text is not an assignment or gives one key twice.
    """
    result: dict[str, Any] = {}
    for text in assignments:
        key, separator, value = text.partition("=")
        parts = key.strip().split(".")
        if not separator or not all(parts):
            raise InputError(f"--set {text!r} is not of the form KEY=VALUE.")
        branch = result
        for part in parts[:-1]:
            branch = branch.setdefault(part, {})
            if not isinstance(branch, dict):
                raise InputError(f"--set {key.strip()} gives a value below {part}, which has one.")
        if parts[-1] in branch:
            raise InputError(f"--set gives {key.strip()} twice.")
        branch[parts[-1]] = _toml_value(value.strip())
    return result


def _toml_value(text: str) -> Any:
    try:
        value = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    # A line break would let a text smuggle in further keys.
    return value["value"] if value.keys() == {"value"} else text


def read_parameter_file(path: Path) -> dict[str, Any]:
    """Read parameters from a TOML or JSON file.

    Raises
    ------
    InputError
        If the file is not there, too large, not UTF-8, or not valid; with line and column.
    """
    if path.suffix not in {".toml", ".json"}:
        raise InputError(f"The parameter file {path} must end in .toml or .json.")
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InputError(f"The parameter file {path} is larger than {MAX_FILE_BYTES} bytes.")
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise InputError(f"The parameter file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"The parameter file {path} is not UTF-8 text.") from error
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"The parameter file {path} is not valid: {error}.") from error
    except RecursionError as error:
        raise InputError(f"The parameter file {path} is nested too deeply.") from error
    if not isinstance(values, dict):
        raise InputError(f"The parameter file {path} must hold keys and values.")
    return values


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with the values of ``over`` laid on top, group by group."""
    result = dict(base)
    for key, value in over.items():
        if isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merge(result[key], value)
        else:
            result[key] = value
    return result


def validate_params(model: type[P], given: Mapping[str, Any]) -> P:
    """Check what a user gave against a scene's parameters.

    Raises
    ------
    InputError
        With one sentence that names the field, the value and what is allowed.
    """
    try:
        return model.model_validate(_plain(given))
    except ValidationError as error:
        raise InputError(_sentence(model, error)) from error
    except RecursionError as error:
        raise InputError("The parameters are nested too deeply.") from error


def _plain(value: Any) -> Any:
    """Turn lists into tuples' JSON form; numbers and texts stay, so that strictness is pydantic's."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def _sentence(model: type[BaseModel], error: ValidationError) -> str:
    """Say the first of a model's complaints in one sentence."""
    complaints = error.errors(include_url=False)
    # A union complains once per branch; the deepest complaint is the one that came furthest.
    first = max(complaints, key=lambda item: (item["type"] == "extra_forbidden", len(item["loc"])))
    where = ".".join(str(part) for part in first["loc"] if not _is_branch(part))
    if first["type"] == "extra_forbidden":
        return _unknown_key(model, first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    message = message[0].lower() + message[1:]
    if first["type"] == "value_error":
        return f"Wrong parameters: {where + ': ' if where else ''}{message}."
    return f"Wrong value for {where}: {_shown(first['input'])}; {message}."


def _is_branch(part: str | int) -> bool:
    """Whether a location names a branch of a union rather than a field."""
    return isinstance(part, str) and ("[" in part or part in {"float", "int", "str"})


def _unknown_key(model: type[BaseModel], location: tuple[str | int, ...]) -> str:
    for part in location[:-1]:
        field = model.model_fields[str(part)].annotation
        if isinstance(field, type) and issubclass(field, BaseModel):
            model = field
    names = list(model.model_fields)
    word = str(location[-1])
    near = nearest_name(word, names)
    hint = f"did you mean {near}?" if near else f"known are {', '.join(names)}."
    return f"Unknown parameter {'.'.join(map(str, location))}; {hint}"


def _shown(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    text = repr(value)
    return text if len(text) <= MAX_VALUE_CHARACTERS else text[: MAX_VALUE_CHARACTERS - 1] + "…"


Theme = Literal["dark", "light"]
"""Names of the style's themes, here so that jobs and forms know them without the scenes."""
