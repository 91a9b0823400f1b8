"""A user's own pronunciations: a table of what is written and what is said for it.

It stands in ``pronunciations.toml`` beside the program's other files of the user, for all films,
and beside a lecture file for that lecture::

    [en]
    "Iris setosa" = "eye riss see toe sa"

    [zh]
    relu = "瑞路"
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias, cast

import platformdirs

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import LANGUAGES, N_, Language
from backprop_studio.core.base.messages import listed
from backprop_studio.core.base.user_files import read_text, toml_values
from backprop_studio.core.base.validation_messages import shown

if TYPE_CHECKING:
    from pathlib import Path

NAME = "pronunciations.toml"
KIND = N_("table of pronunciations")
MOST = 1000
"""Entries of one language."""

Pronunciations: TypeAlias = Mapping[Language, Mapping[str, str]]


def user_folder() -> Path:
    """Return the folder of the table that holds for all films."""
    return platformdirs.user_data_path("backprop-studio")


def read_pronunciations(*folders: Path) -> Pronunciations:
    """Return the pronunciations in some folders; those of a later one win.

    Raises
    ------
    InputError
        If a table is there and cannot be read.
    """
    found: dict[Language, dict[str, str]] = {"en": {}, "zh": {}}
    for folder in folders:
        file = folder / NAME
        if file.is_file():
            for language, table in _tables(file).items():
                found[language].update(table)
    return found


def _tables(file: Path) -> dict[Language, dict[str, str]]:
    tables = toml_values(read_text(file, KIND), file, KIND)
    text = N_(
        "in {file}, {key} is not allowed; expected the tables {allowed}, and in each texts by what "
        "they are said for"
    )
    allowed = listed(f"[{it}]" for it in LANGUAGES)
    for language, table in tables.items():
        if language not in LANGUAGES or not isinstance(table, dict) or len(table) > MOST:
            key = shown(language)
            raise InputError("pronunciations.table", text, file=file, key=key, allowed=allowed)
        for name, said in table.items():
            if not name.strip() or not isinstance(said, str):
                key = shown(f"{language}.{name}")
                raise InputError("pronunciations.entry", text, file=file, key=key, allowed=allowed)
    return cast("dict[Language, dict[str, str]]", tables)
