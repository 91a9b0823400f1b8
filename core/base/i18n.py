"""Words in two languages: gettext catalogues shared by scenes and window.

English is the key. ``N_`` marks a text where it is declared, ``tr`` translates it where it is
shown, and Babel collects both (``make messages``).
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, get_args

Language: TypeAlias = Literal["en", "zh"]
Translate: TypeAlias = Callable[[str], str]

LANGUAGES: tuple[str, ...] = get_args(Language)
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}
"""Each language's name in itself."""

DOMAIN = "backprop_studio"
LOCALE_FOLDER = Path(__file__).parents[1] / "locale"


def N_(text: str) -> str:
    """Mark a text for the translation catalogue and return it unchanged.

    Examples
    --------
    >>> N_("Learning rate")
    'Learning rate'
    """
    return text


def system_language() -> Language:
    """Return the language of the user's locale, as the environment names it.

    As in gettext, ``LANGUAGE`` goes before ``LC_ALL``, ``LC_MESSAGES`` and ``LANG``.

    Examples
    --------
    >>> system_language() in LANGUAGES
    True
    """
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "zh" if chosen.lower().startswith("zh") else "en"


@cache
def translator(language: str) -> Translate:
    """Return the function that translates English texts into a language.

    Parameters
    ----------
    language : {"en", "zh"}
        A text that the catalogue lacks stays English.

    Examples
    --------
    >>> translator("en")("Learning rate"), translator("zh")("Learning rate")
    ('Learning rate', '学习率')
    """
    if language == "en":
        return str
    catalogue = gettext.translation(DOMAIN, LOCALE_FOLDER, [language], fallback=True)
    return lambda text: catalogue.gettext(text) if text else ""
