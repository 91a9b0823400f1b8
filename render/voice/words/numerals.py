"""Numbers in words, as English and Chinese say them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backprop_studio.core.base.i18n import Language

MOST_DIGITS = 15
"""A longer whole number is said digit by digit."""

_ENGLISH = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_THOUSANDS = ("", " thousand", " million", " billion", " trillion")
_ORDINALS = {
    **{"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"},
    **{"nine": "ninth", "twelve": "twelfth"},
}

_CHINESE = "零一二三四五六七八九"
_PLACES = ("千", "百", "十", "")
_MYRIADS = ("", "万", "亿", "万亿")


def number_words(digits: str, language: Language) -> str:
    """Return an unsigned number in words; what stands behind the point is said digit by digit.

    Parameters
    ----------
    digits : str
        Digits, at most one point among them.
    language : {"en", "zh"}

    Examples
    --------
    >>> number_words("0.134", "en"), number_words("130", "en"), number_words("1.50", "en")
    ('zero point one three four', 'one hundred and thirty', 'one point five zero')
    >>> number_words("0.134", "zh"), number_words("2500", "zh"), number_words("100500", "zh")
    ('零点一三四', '两千五百', '十万零五百')
    """
    whole, point, rest = digits.partition(".")
    if language == "zh":
        return _chinese(whole or "0") + (f"点{_one_by_one(rest, language)}" if rest else "")
    words = _english(whole or "0")
    return f"{words} point {_one_by_one(rest, language)}" if point and rest else words


def ordinal_words(digits: str) -> str:
    """Return a whole number as English puts things in order.

    Examples
    --------
    >>> ordinal_words("2"), ordinal_words("20"), ordinal_words("103")
    ('second', 'twentieth', 'one hundred and third')
    """
    before, _, last = _english(digits).rpartition(" ")
    regular = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return f"{before} {_ORDINALS.get(last, regular)}".strip()


def _one_by_one(digits: str, language: Language) -> str:
    if language == "zh":
        return "".join(_CHINESE[int(it)] for it in digits)
    return " ".join(_ENGLISH[int(it)] for it in digits)


def _english(digits: str) -> str:
    if len(digits) > MOST_DIGITS or (digits.startswith("0") and digits != "0"):
        return _one_by_one(digits, "en")
    value, groups = int(digits), []
    for name in _THOUSANDS:
        value, group = divmod(value, 1000)
        if group:
            # "one thousand and ten": the last group is tied on if it has no hundreds.
            tie = "and " if not name and value and group < 100 else ""
            groups.append(f"{tie}{_below_thousand(group)}{name}")
    return " ".join(reversed(groups)) or _ENGLISH[0]


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_ENGLISH[hundreds]} hundred"] if hundreds else []
    if hundreds and rest:
        words.append("and")
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        words += [_TENS[tens], *([_ENGLISH[ones]] if ones else [])]
    elif rest:
        words.append(_ENGLISH[rest])
    return " ".join(words)


def _chinese(digits: str) -> str:
    if len(digits) > MOST_DIGITS or (digits.startswith("0") and digits != "0"):
        return _one_by_one(digits, "zh")
    padded = digits.zfill(-(-len(digits) // 4) * 4)
    fours = [padded[at : at + 4] for at in range(0, len(padded), 4)]
    names = _MYRIADS[len(fours) - 1 :: -1]
    said = "".join(_below_myriad(four, name) for four, name in zip(fours, names, strict=True))
    said = re.sub("零+", "零", said).strip("零") or "零"
    # A ten at the beginning is not "one ten", and two thousand are 两千.
    return re.sub("二(?=千)|^二(?=[万亿])", "两", re.sub("^一十", "十", said))


def _below_myriad(four: str, name: str) -> str:
    said = "".join(
        "零" if digit == "0" else _CHINESE[int(digit)] + place
        for digit, place in zip(four, _PLACES, strict=True)
    ).rstrip("零")
    return said + name if said else "零"
