"""What every sentence of the Chinese window has to be."""

from __future__ import annotations

import re

_OWN = re.compile(
    r'"[^"]*("|…)|\[[^\]]*\]|((sudo )?apt|pip) install [\w{}-]+|--voice|Noto Sans CJK'
)
"""Values that the user typed, and commands to type."""

_ENGLISH = re.compile(r"[A-Za-z']{2,}(?:[ ,]+[A-Za-z']{2,}){2,}")
"""Three words in a row; names such as Beta 1 or CSV have fewer."""


def check_chinese(text):
    """One sentence in Chinese: no English one in it, and nothing left to be filled in."""
    words = _OWN.sub("", text)
    assert not _ENGLISH.search(words), text
    assert not re.search(r"\{\w*\}", words), text
    assert re.search("[\u4e00-\u9fff]", text) or not re.search("[A-Za-z]{2}", words), text
