"""A sentence as it is said: nothing but words and plain punctuation.

Voice programs read digits and signs each in its own way, and often in the wrong language. So
whatever is written is put into words here, one form after the other, and in the end every
character that is neither a letter nor a mark of punctuation goes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from backprop_studio.render.voice.words.lexicon import LEXICONS
from backprop_studio.render.voice.words.numerals import number_words, ordinal_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backprop_studio.core.base.i18n import Language

PUNCTUATION = ",.;:?!'，。；：？！、"
"""All that is left beside letters and spaces; the apostrophe only within a word."""

_NOTHING: Mapping[str, str] = MappingProxyType({})

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ"
_LEVEL = str.maketrans(_RAISED, "0123456789+-nT")
_LOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚₛₜₓ", "0123456789+-aehijklmnopstx")

_NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_NAME = r"[A-Za-z\u0370-\u03ff](?:\d{1,3}|_?\{?\w{1,2}\}?)?"
"""A quantity: a letter, perhaps with an index."""

_ITEM = rf"(?:{_NUMBER}|[^\W_]+)"
_GREEK = "\u0370-\u03ff"
_CHINESE = "\u3400-\u9fff"
_MARKS = "，。；：？！、"
_CHINESE_MARKS = str.maketrans(",.;:?!", "，。；：？！")
_MEASURES = "个种步次条层张只朵类列行份轮台件位名项组对倍点维"

_QUOTES = re.compile('["“”„‟‘`´«»「」『』《》〈〉″]')
_BRACKETS = re.compile(r"[()\[\]{}（）【】〔〕⟨⟩|‖]")


def spoken_words(text: str, language: Language, own: Mapping[str, str] = _NOTHING) -> str:
    """Return a sentence in words only, as a voice is given it.

    Parameters
    ----------
    text : str
        As it is written; may hold digits, signs, Greek letters and formulas.
    language : {"en", "zh"}
    own : mapping of str to str
        A user's pronunciations: what is written, and what is said for it.

    Returns
    -------
    str
        Letters, spaces and :data:`PUNCTUATION`; empty if there is nothing to say.

    Examples
    --------
    >>> spoken_words("∂L/∂w = −0.134", "en")
    'partial L by partial w equals minus zero point one three four.'
    >>> spoken_words("学习率 η = 2.5 × 10⁻³。", "zh")
    '学习率伊塔等于二点五乘以十的负三次方。'
    """
    return _Speech(language, own).words(text)


class _Speech:
    """The forms of one language, each a pattern and what is said for it."""

    def __init__(self, language: Language, own: Mapping[str, str]) -> None:
        self._language: Language = language
        self._lexicon = LEXICONS[language]
        self._own = own

    def words(self, text: str) -> str:
        for step in (
            _plain_letters,
            self._names,
            self._marks,
            self._derivatives,
            self._powers,
            self._sizes,
            self._applications,
            self._quotients,
            self._numbers_side_by_side,
            self._minus,
            self._dots,
            self._signs,
            self._numbers,
            self._rest,
        ):
            text = step(text)
        return text

    def _names(self, text: str) -> str:
        """Say names as the user's table and ours have them, the longest first."""
        for table in (self._own, self._lexicon.said):
            if table:
                found = _names_pattern(tuple(table))
                text = found.sub(_filled(table), text)
        return text

    def _marks(self, text: str) -> str:
        """Say hats and bars above a letter, and primes behind one."""
        lexicon = self._lexicon
        text = unicodedata.normalize("NFD", text)
        for mark, said in (("\u0302", lexicon.hat), ("\u0304", lexicon.bar)):
            text = re.sub(
                rf"(?<![^\W\d_])([^\W\d_]){mark}(?![^\W\d_])",
                _filled(said),
                text,
            )
        text = unicodedata.normalize("NFC", text)
        prime = r"(?<![^\W\d_])([^\W\d_])['′’](?!\w)"
        return re.sub(prime, lambda it: f" {lexicon.prime.format(it[1])}", text)

    def _derivatives(self, text: str) -> str:
        lexicon = self._lexicon
        for sign, said in (("∂", lexicon.partial), (r"\bd", lexicon.derivative)):
            ratio = rf"{sign}({_NAME})\s*/\s*{sign}({_NAME})(?![^\W_])"
            text = re.sub(ratio, _filled(f" {said} "), text)
        # A product of quantities, such as wx; what can be said as a word has a vowel.
        product = r"(?<![^\W_])[b-df-hj-np-tv-xz]{2,3}(?![^\W_])"
        return re.sub(product, lambda it: " ".join(it[0]), text)

    def _powers(self, text: str) -> str:
        text = re.sub(r"(\d)[eE]\+?(-?)0*(\d+)(?!\w)", r"\1 × 10^(\2\3)", text)
        text = re.sub(rf"[{_RAISED}]+", lambda it: f"^({it[0].translate(_LEVEL)})", text)
        power = r"\s*(?:\^|\*\*)\s*(?:\(([^()]*)\)|\{([^{}]*)\}|([+\-−]?\w+))"
        text = re.sub(power, lambda it: self._power(it[1] or it[2] or it[3] or ""), text)
        return re.sub(r"(?<=\w)([₀-₋ₐ-ₜᵢⱼ]+)", lambda it: f" {it[0].translate(_LOW)} ", text)

    def _power(self, exponent: str) -> str:
        if said := self._lexicon.powers.get(exponent):
            return f" {said} "
        signed = re.sub(r"^\s*[-−]", f"{self._lexicon.negative} ", exponent.lstrip("+"))
        return f" {self._lexicon.power.format(signed)} "

    def _sizes(self, text: str) -> str:
        lexicon = self._lexicon
        for bar, said in ((r"\|", lexicon.absolute), ("‖", lexicon.norm)):
            text = re.sub(rf"{bar}([^|‖]+){bar}", _filled(said), text)
        return text

    def _applications(self, text: str) -> str:
        """Say what a function is applied to, and the product that has no sign of its own."""
        text = re.sub(r"(?<=\w)\(\s*\)", " ", text)
        text = re.sub(r"(?<=[A-Za-z\u0370-\u03ff])\(([^()]*)\)", rf" {self._lexicon.of} \1 ", text)
        # A place, such as (w, b), is no remark.
        text = re.sub(rf"\(([-−]?{_ITEM}(?:,\s*[-−]?{_ITEM})+)\)", r" \1 ", text)
        return re.sub(r"(?<=[\d)])\(", " × (", text)

    def _quotients(self, text: str) -> str:
        lexicon = self._lexicon

        def whole(it: re.Match[str]) -> str:
            named = lexicon.fractions.get(f"{it[1]}/{it[2]}")
            form = lexicon.fraction or f"{{0}} {lexicon.quotient} {{1}}"
            return f" {named or form.format(it[1], it[2])} "

        text = re.sub(r"(?<![\w./])(\d+)\s*[/⁄]\s*(\d+)(?![\w/])", whole, text)
        text = re.sub(r"(?<=[^\W\d_]{2})/(?=[^\W\d_]{2})", f"{lexicon.comma} ", text)
        return re.sub(r"\s*[/⁄∕]\s*", f" {lexicon.quotient} ", text)

    def _numbers_side_by_side(self, text: str) -> str:
        lexicon = self._lexicon
        text = re.sub(rf"({_NUMBER})\s*[%％]", lambda it: lexicon.percent.format(it[1]), text)
        text = re.sub(r"(?<=\d)-(?=\d)", f"{lexicon.comma} ", text)
        text = re.sub(r"(?<=\d)\s*[–—]\s*(?=\d)", f" {lexicon.span} ", text)
        # A shape, such as 3×3; a product has spaces around its sign.
        text = re.sub(r"(?<=\d)[×x](?=\d)", f" {lexicon.by} ", text)
        if self._language == "en":
            return re.sub(r"(?<![\w.])(\d+)(?:st|nd|rd|th)\b", lambda i: ordinal_words(i[1]), text)
        return re.sub(rf"(?<![第\d.])(?<!第 )2(?=\s*[{_MEASURES}])", "两", text)

    def _minus(self, text: str) -> str:
        """Tell a sign from a difference, and both from a hyphen or a dash."""
        lexicon = self._lexicon
        text = re.sub(r"(?<=[^\W_])-(?=[^\W\d_]{2})|(?<=[^\W\d_]{2})-(?=[^\W_])", " ", text)
        between = rf"(?<=[\w)\]])(?:\s+[-−]\s+|−|-(?=[\w(]))(?=[\w(∂{_GREEK}])"
        text = re.sub(between, f" {lexicon.minus} ", text)
        text = re.sub(r"[-−](?=\s*[\w(.∞])", f" {lexicon.negative} ", text)
        return re.sub(r"\s*[-–—−]+\s*", f"{lexicon.comma} ", text)

    def _dots(self, text: str) -> str:
        """Say the dot of an attribute, and take the words of a name apart."""
        text = re.sub(r"(?<=[^\W\d_])\.(?=[^\W\d_])", f" {self._lexicon.dot} ", text)
        return text.replace("_", " ").replace("...", "…")

    def _signs(self, text: str) -> str:
        signs = self._lexicon.signs
        return "".join(f" {signs[it]} " if it in signs else it for it in text)

    def _numbers(self, text: str) -> str:
        def said(it: re.Match[str]) -> str:
            return f" {number_words(it[0].replace(',', ''), self._language)} "

        return re.sub(_NUMBER, said, text)

    def _rest(self, text: str) -> str:
        """Leave letters, spaces and punctuation, and these where they belong."""
        comma, stop = self._lexicon.comma, self._lexicon.stop
        text = _BRACKETS.sub(f"{comma} ", _QUOTES.sub("", text)).replace("’", "'")
        text = "".join(it if _is_spoken(it) else " " for it in text)
        text = re.sub(r"(?<![^\W\d_])'|'(?![^\W\d_])", " ", text)
        text = re.sub(r"\s+", " ", text)
        text = re.sub(r" ?([,.;:?!，。；：？！、])", r"\1", text)
        text = re.sub(r"([:：;；])[,，、]+", r"\1", text)
        text = re.sub(r"[,，、:：;；]+(?=[,.;:?!，。；：？！、])", "", text)
        text = re.sub(r"([.?!。？！])[,.;:?!，。；：？！、]+", r"\1", text)
        text = text.strip(" ,;:，；：、")
        if text.strip(PUNCTUATION + " ") == "":
            return ""
        if self._language == "zh":
            text = text.translate(_CHINESE_MARKS)
            text = re.sub(f"(?<=[{_CHINESE}]) (?=[{_CHINESE}])|(?<=[{_MARKS}]) ", "", text)
        return text if text[-1] in ".?!。？！" else text + stop


def _filled(said: str | Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    """Return what puts what was found into a template, or looks it up in a table."""
    return lambda it: said.format(*it.groups()) if isinstance(said, str) else said[it[0]]


def _plain_letters(text: str) -> str:
    """Return a text whose letters and digits are the plain ones, whatever font they had."""
    return "".join(map(_plain_letter, unicodedata.normalize("NFC", text)))


def _plain_letter(letter: str) -> str:
    if letter in PUNCTUATION or letter in "…（）" or letter.isascii():
        return letter
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.decomposition(letter).partition(">")[0]
    if kind in {"<font", "<wide", "<fraction", "<circle", "<compat"}:
        # A fraction such as ½ stands behind its whole number.
        pad = " " if kind == "<fraction" else ""
        return pad + unicodedata.normalize("NFKC", letter)
    return letter


def _is_spoken(letter: str) -> bool:
    if letter in PUNCTUATION or letter == " ":
        return True
    is_greek = "\u0370" <= letter <= "\u03ff" or "\u1f00" <= letter <= "\u1fff"
    is_letter = unicodedata.category(letter) in {"Lu", "Ll", "Lt", "Lo"}
    # ª, ʰ and the like are raised, and no letters of a word.
    return is_letter and not is_greek and "<" not in unicodedata.decomposition(letter)


@cache
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(_name_pattern(name) for name in longest_first))


def _name_pattern(name: str) -> str:
    """Return where a name is one: a word is none within another, but Chinese knows no edges."""
    before = r"(?<![A-Za-z])" if name[0].isascii() and name[0].isalpha() else ""
    after = r"(?![A-Za-z])" if name[-1].isascii() and name[-1].isalpha() else ""
    return before + re.escape(name) + after
