"""What every sentence for a user has to be."""

from __future__ import annotations

import re

JARGON = re.compile(
    r"\b((?i:tuple|dict|dictionary|NetworkParams|DataParams|literal|instance|pars(e|ing)|pydantic|"
    r"NoneType|str|int|float|bool|integer|input should|Value error|validation|object|array|"
    r"error|exception|traceback|errno)|None|True(?! (slope|intercept|class):)|False)\b"
)


def check_sentence(text):
    """One line, one sentence, no word of Python; values in quotation marks are the user's own."""
    assert text.isprintable()
    assert re.search(r"[^.?!][.?]$", text), text
    words = re.sub(r'"[^"]*("|…)', "", text)
    assert not JARGON.search(words), text
    assert not re.search(r"[.!?] [A-Z]", words), text
    assert text[0].isupper() or text.startswith("--set ")
    assert len(text) < 400
