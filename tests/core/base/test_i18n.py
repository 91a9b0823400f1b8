"""Words in two languages, with a catalogue of the test's own."""

from __future__ import annotations

import io

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from backprop_studio.core.base import i18n
from backprop_studio.core.base.i18n import (
    LANGUAGE_NAMES,
    LANGUAGES,
    N_,
    system_language,
    translator,
)


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    folder = tmp_path / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    words = Catalog(locale="zh")
    words.add("Loss", "损失")
    words.add("hidden {number}", "隐藏层 {number}")
    file = io.BytesIO()
    write_mo(file, words)
    (folder / f"{i18n.DOMAIN}.mo").write_bytes(file.getvalue())
    monkeypatch.setattr(i18n, "LOCALE_FOLDER", tmp_path)
    translator.cache_clear()
    yield
    translator.cache_clear()


@pytest.mark.usefixtures("catalogue")
def test_what_the_catalogue_knows_is_translated_and_all_else_stays_english():
    tr = translator("zh")
    assert tr(N_("Loss")) == "损失"
    assert tr("hidden {number}").format(number=2) == "隐藏层 2"
    assert tr("No such text.") == "No such text."
    assert translator("en")("Loss") == "Loss"
    for language in (*LANGUAGES, "fr"):  # gettext answers an empty text with its header
        assert translator(language)("") == ""


def test_language_without_catalogue_is_english(tmp_path, monkeypatch):
    monkeypatch.setattr(i18n, "LOCALE_FOLDER", tmp_path)
    translator.cache_clear()
    try:
        assert translator("zh")("Loss") == "Loss"
    finally:
        translator.cache_clear()


def test_every_language_has_a_name():
    assert LANGUAGES == ("en", "zh")
    assert set(LANGUAGE_NAMES) == set(LANGUAGES)


def test_our_own_catalogue_is_found():
    translator.cache_clear()
    assert translator("zh")("Learning rate") == "学习率"


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_GB.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh"),
        ({"LC_ALL": "zh_TW.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"LANGUAGE": "", "LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_the_language_is_that_of_the_users_locale(monkeypatch, variables, language):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert system_language() == language
