"""Every message of the program in Chinese, whatever its code."""

from __future__ import annotations

import re

import pytest

from backprop_studio.core.base.i18n import DOMAIN, LOCALE_FOLDER, translator
from backprop_studio.core.base.messages import Message, sentence
from tests.core.chinese import check_chinese
from tests.core.message_sources import templates

PASSED_ON = {
    "messages.py": "what is counted, and the system's reason",
    "user_files.py": "the name of a kind of file",
    "point.py": "what has no value",
    "accessibility.py": "why a criterion is met or not",
}
"""Files with a message whose template comes from a caller, who has marked it."""


@pytest.fixture(scope="module")
def found():
    return templates()


def test_template_of_each_message_is_found_in_the_source(found):
    codes, unread = found
    assert {place.partition(":")[0] for place in unread} == set(PASSED_ON)
    assert len(codes) > 450


def test_sentence_of_each_message_is_chinese(found):
    chinese = translator("zh")
    for code, texts in found[0].items():
        for text in texts:
            fields = dict.fromkeys(re.findall(r"\{(\w+)\}", text), 7)
            said = sentence(Message.of(code, text, **fields), chinese)
            check_chinese(said)
            is_bare = not re.search(r"[A-Za-z]", re.sub(r"\{\w+\}", "", text))
            assert is_bare or chinese(text) != text, f"{code}: {text}"


def test_every_translation_is_chinese():
    from babel.messages.pofile import read_po

    path = LOCALE_FOLDER / "zh" / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        texts = [entry.string for entry in read_po(file) if entry.id]
    assert len(texts) > 1500
    for text in texts:
        if len(text.split()) > 2 or re.search("[\u4e00-\u9fff]", text):  # else it is a name
            check_chinese(re.sub(r"\{\w+\}", "7", text))
