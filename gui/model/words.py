"""The window's words: one current language for the process, English texts as keys.

``tr`` is called where a text is shown, so that :meth:`retranslate` of a panel needs nothing but to
run again. Qt's own ``QObject.tr`` is not used: scenes cannot use Qt, and one catalogue serves both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from backprop_studio.core.base.i18n import Translate, translator
from backprop_studio.core.base.messages import sentence

if TYPE_CHECKING:
    from backprop_studio.core.base.messages import Message


class _Current:
    """The language in use and its translator."""

    language: str = "en"
    translate: Translate = staticmethod(translator("en"))


def use_language(name: str) -> None:
    """Translate into another language from now on; texts on screen stay until retranslated."""
    _Current.language = name
    _Current.translate = staticmethod(translator(name))


def language() -> str:
    """Return the language in use."""
    return _Current.language


def writes_decimal_comma() -> bool:
    """Whether the system's number format has a comma where others have a point."""
    return QLocale.system().decimalPoint() == ","


def tr(text: str) -> str:
    """Return a text in the window's language; a text that the catalogue lacks stays English."""
    return _Current.translate(text)


def said(message: Message | None) -> str:
    """Return a message as a sentence in the window's language; empty if there is none."""
    return sentence(message, tr) if message else ""
