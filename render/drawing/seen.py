"""What is written on a picture, as plain text: for those who read a lesson instead of seeing it."""

from __future__ import annotations

import json
import re
import unicodedata

_STYLED = re.compile(
    r'#(?:text\(fill: rgb\(|part\()"[^"]*"\)+\[(?:\$((?:(?!#text|#part).)*?)\$|([^$\[\]]*))\]'
)
"""Of a coloured or named part, those inside of it first."""

_STRING = re.compile(r'#raw\("((?:[^"\\]|\\.)*)"\)|#?"((?:[^"\\]|\\.)*)"')
_MARK = re.compile(r"\b(hat|tilde|macron|overline|bold|upright)\(([^()]+)\)")
_MARKS = {"hat": "\u0302", "tilde": "\u0303", "macron": "\u0304", "overline": "\u0304"}
_PARTIAL = re.compile(r"\((partial|dif) ([^()]*(?:\([^()]*\))?[^()]*)\)")
_POWER = re.compile(r"\^(?:\(([^()]*)\)|(\w))")
_INDEX = re.compile(r"_(?:\(([^()]*)\)|(\w+))")
_RAISED = str.maketrans("0123456789-−+nT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺ⁿᵀ")
_LOW = str.maketrans("0123456789ijknt", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙₜ")
_GREEK = {
    name.lower(): unicodedata.lookup(f"GREEK SMALL LETTER {name}")
    for name in (
        *("ALPHA", "BETA", "GAMMA", "DELTA", "EPSILON", "ETA", "THETA", "MU", "NU"),
        *("XI", "PI", "RHO", "SIGMA", "TAU", "PHI", "CHI", "PSI", "OMEGA"),
    )
}
_WORDS = {
    **_GREEK,
    **{"lambda": "λ", "Delta": "Δ", "Sigma": "Σ", "partial": "∂", "nabla": "∇", "ell": "ℓ"},
    **{"times": "×", "dot": "·", "dot.o": "⊙", "slash": "/", "sum": "Σ", "infinity": "∞"},
    **{
        "approx": "≈",
        "arrow": "→",
        "arrow.l": "←",
        "dots": "…",
        "dots.c": "…",
        "dots.h": "…",
        "dots.v": "…",
    },
    **{"quad": ";", "wide": ";", "sqrt": "√", "in": "∈", "space": ""},
}
_AROUND = {"mat": ("[", "]"), "norm": ("‖", "‖"), "abs": ("|", "|")}
_FRACTION = re.compile(r"\bfrac\(([^(),]+), ([^(),]+)\)")
_WORD = re.compile(r"[A-Za-z]+(?:\.[a-z]+)*")
_SIGNS = {"->": "→", "<-": "←", "=>": "⇒", "<=": "≤", ">=": "≥", "!=": "≠", "\\": ";"}


def plain_text(source: str) -> str:
    r"""Return what is set from Typst markup as one line of plain text.

    Examples
    --------
    >>> plain_text('#"Values flow forward."'), plain_text("$hat(y) = w x = 1 dot 2 = 2$")
    ('Values flow forward.', 'ŷ = w x = 1 · 2 = 2')
    >>> plain_text("$ (partial L) / (partial w_(2,1)) = mat(1, 0 ; 0, 1) 10^(-9) $")
    '∂L / ∂w₂,₁ = [1, 0; 0, 1] 10⁻⁹'
    """
    kept: list[str] = []

    def keep(text: str) -> str:
        """Put words aside that are no mathematics, and return what stands for them."""
        kept.append(text)
        return f"\ue000{chr(0xE100 + len(kept) - 1)}"

    source = _uncoloured(source)
    source = _STRING.sub(lambda it: keep(json.loads(f'"{it[1] or it[2] or ""}"')), source)
    if "$" in source:
        pieces = source.split("$")
        pieces[1::2] = map(_mathematics, pieces[1::2])
        source = "".join(pieces)
    for number, text in enumerate(kept):
        source = source.replace(f"\ue000{chr(0xE100 + number)}", text)
    line = " ".join(source.split())
    line = re.sub(r"[,;]?\s*;", ";", re.sub(r"([∂Δ∇(\[])\s+", r"\1", line))
    line = re.sub(r";\s*([→⇒=])\s*;?\s*", r" \1 ", line)  # a calculation that goes on
    return re.sub(r"\s+([,)\]])", r"\1", line).strip("; ")


def equations(source: str) -> list[str]:
    r"""Return the equations in Typst markup, without colours.

    Examples
    --------
    >>> equations('$ #text(fill: rgb("#ff0000"))[$hat(y)$] = w x $ $w$')
    ['hat(y) = w x']
    """
    source = _uncoloured(source)
    bare = _STRING.sub("", source)
    if "#" in bare or bare.count("$") != source.count("$"):
        return []  # it calls what only a picture knows, or a text has a sign of Typst's
    return [it.strip() for it in source.split("$")[1::2] if "=" in _STRING.sub("", it)]


def _uncoloured(source: str) -> str:
    before = ""
    while before != source:
        before, source = source, _STYLED.sub(r"\1\2", source)
    return source


def _mathematics(text: str) -> str:
    text = re.sub(r"\\([^\s])", r"\1", text)  # a sign that is meant as it stands
    for name, (before, after) in _AROUND.items():
        text = _in_brackets(text, f"{name}(", before, after)
    text = _FRACTION.sub(r"(\1) / (\2)", text)
    text = _MARK.sub(lambda it: unicodedata.normalize("NFC", it[2] + _MARKS.get(it[1], "")), text)
    text = _PARTIAL.sub(r"\1 \2", text).replace("dif ", "d")
    for sign, said in _SIGNS.items():
        text = text.replace(sign, said)
    text = _INDEX.sub(lambda it: _low(it[1] or it[2]), text.replace("_\ue000", " \ue000"))
    text = _POWER.sub(lambda it: _raised(it[1] or it[2]), text)
    text = re.sub(r"(?<![\w)\]])( ?)-(?=\w)", r"\1−", text)
    return _WORD.sub(lambda it: _WORDS.get(it[0], it[0]), text).replace(" - ", " − ")


def _raised(exponent: str) -> str:
    raised = exponent.strip().translate(_RAISED)
    is_raised = bool(raised) and all(ord(it) in _RAISED.values() for it in raised)
    return raised if is_raised else f"^({exponent})"


def _low(index: str) -> str:
    bare = index.replace(" ", "")
    is_low = all(it == "," or ord(it) in _LOW for it in bare)
    return bare.translate(_LOW) if is_low else f"_({index})" if len(bare) > 1 else f"_{bare}"


def _in_brackets(text: str, name: str, before: str, after: str) -> str:
    """Write what a function is of between two signs."""
    while (at := text.find(name)) >= 0:
        depth, end = 1, at + len(name)
        while end < len(text) and depth:
            depth += (text[end] == "(") - (text[end] == ")")
            end += 1
        text = f"{text[:at]}{before}{text[at + len(name) : end - 1]}{after}{text[end:]}"
    return text
