"""Texts that a lecturer may type, made of what some kind of file takes for a mark of its own."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = (
    *('"', "'", "=;#\\", "$x$", "#let", "<b>", "</p>", "&amp;", "&#55;", "]]>", "-->", "<!--"),
    *("`", "~", "{1:NUMERICAL:=2}", "%41", "C:\\u", "\u2028", "_x000D_", "\u00a0"),
    *("- ", "+ ", "1. ", "2) ", "---", "===", "~~~", "~~a~~", "```", "* * *", "[a](b)", "![a]("),
    *(
        "{y}",
        "{\\an8}",
        "\\N",
        "\\h",
        "\\n",
        "=1+1",
        "@a",
        "|",
        "::",
        "_a_",
        "**b**",
        "NOTE",
        "\ue000",
    ),
    *(
        "反向传播",
        "👩‍🔬",
        "🇨🇳",
        "مرحبا",
        "שלום",
        "e\u0301",
        "\u202eabc\u202c",
        "\u200d",
        "0.5",
        " ",
        "\n",
    ),
)
TEXTS = (
    st.lists(
        st.sampled_from(PIECES)
        | st.text(
            st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
            max_size=8,
        ),
        min_size=1,
        max_size=8,
    )
    .map("".join)
    .filter(lambda it: it.split())
)


def folded(text):
    """Return a text with all its white space as single blanks."""
    return " ".join(text.split())


def joined(text):
    """Return a text without its white space: a long word is broken in a subtitle."""
    return "".join(text.split())


EVERY = "".join(PIECES)
SHORT = (
    EVERY[:150],
    EVERY[150:],
    "1. a\nb",
    "=1+1",
    "\u202eabc\u202c 反向 👩\u200d🔬",
)
"""What is tried each day."""
