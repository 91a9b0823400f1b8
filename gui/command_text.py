"""The command line that renders what the window shows."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from backprop_studio.gui.renders.controller import picture_for
from backprop_studio.render.messages.frame_format import QUALITIES
from backprop_studio.render.messages.voices import SILENT

if TYPE_CHECKING:
    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.state import AppState


def render_command(state: AppState) -> str:
    """Return the ``backprop-studio render`` line of the present choices."""
    words = ["backprop-studio", "render", state.scene, "-q", state.quality]
    picture = picture_for(state)
    if picture.fps != QUALITIES[state.quality][2]:
        words += ["--fps", str(picture.fps)]
    if state.format != ".mp4":
        words += ["-o", f"{state.scene}{state.format}"]
    words += ["--lang", state.lesson_language]
    if state.theme != "dark":
        words += ["--theme", state.theme]
    if state.frame_shape != "16:9":
        words += ["--frame", state.frame_shape]
    if state.voice != SILENT:
        words += ["--voice", state.voice]
    given = state.values_in(state.given_params())
    for spec in state.form.fields():
        value = _toml(spec, given.get(spec.path))
        if value is not None:
            words += ["--set", f"{spec.path}={value}"]
    return shlex.join(words)


_TOML_WORDS = {"true", "false", "inf", "nan"}
"""Bare words that are no texts."""


def _toml(spec: FieldSpec, value: Any) -> str | None:
    """Write a value as TOML; TOML has no null, so a field without a value is left out."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return spec.text_of(value)
    if isinstance(value, str) and value.isidentifier() and value not in _TOML_WORDS:
        return value
    if isinstance(value, dict):
        pairs = (f"{json.dumps(name)}={json.dumps(number)}" for name, number in value.items())
        return f"{{{','.join(pairs)}}}"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
