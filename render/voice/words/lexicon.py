"""What signs, Greek letters and forms of formulas are called in each language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.core.base.i18n import Language

_GREEK = {
    "αΑ": ("alpha", "阿尔法"),
    "βΒϐ": ("beta", "贝塔"),
    "γΓ": ("gamma", "伽马"),
    "δΔ": ("delta", "德尔塔"),
    "εΕϵ": ("epsilon", "艾普西隆"),
    "ζΖ": ("zeta", "泽塔"),
    "ηΗ": ("eta", "伊塔"),
    "θΘϑ": ("theta", "西塔"),
    "ιΙ": ("iota", "约塔"),
    "κΚϰ": ("kappa", "卡帕"),
    "λΛ": ("lambda", "兰姆达"),
    "μΜµ": ("mu", "缪"),
    "νΝ": ("nu", "纽"),
    "ξΞ": ("xi", "克西"),
    "οΟ": ("omicron", "奥密克戎"),
    "πΠϖ": ("pi", "派"),
    "ρΡϱ": ("rho", "柔"),
    "σςΣ": ("sigma", "西格马"),
    "τΤ": ("tau", "陶"),
    "υΥ": ("upsilon", "宇普西隆"),
    "φΦϕ": ("phi", "斐"),
    "χΧ": ("chi", "希"),
    "ψΨ": ("psi", "普西"),
    "ωΩ": ("omega", "欧米伽"),
}

_SIGNS = {
    "=": ("equals", "等于"),
    "≈≃≅": ("is about", "约等于"),
    "≠": ("is not", "不等于"),
    "≡": ("is identical to", "恒等于"),
    "<": ("is less than", "小于"),
    ">": ("is greater than", "大于"),
    "≤⩽": ("is at most", "小于等于"),
    "≥⩾": ("is at least", "大于等于"),
    "≪": ("is much less than", "远小于"),
    "≫": ("is much greater than", "远大于"),
    "∝~": ("is proportional to", "正比于"),
    "+": ("plus", "加"),
    "±": ("plus or minus", "正负"),
    "×·⋅*@⊙∗": ("times", "乘以"),
    "÷": ("divided by", "除以"),
    "∂": ("partial", "偏"),
    "∇": ("the gradient of", "梯度"),
    "∑": ("the sum of", "求和"),
    "∏": ("the product of", "连乘"),
    "∫": ("the integral of", "积分"),
    "√": ("the square root of", "根号"),
    "∞": ("infinity", "无穷大"),
    "→↦⟶⇒": ("to", "到"),
    "←": ("from", "来自"),
    "∈": ("in", "属于"),
    "°": ("degrees", "度"),
    "&": ("and", "和"),
    "#": ("number", "号"),
    "…": (",", "，"),
}


def _by_letter(table: Mapping[str, tuple[str, str]], column: int) -> dict[str, str]:
    return {letter: words[column] for letters, words in table.items() for letter in letters}


@dataclass(frozen=True)
class Lexicon:
    """The words of one language; in templates ``{0}`` and ``{1}`` are what is named.

    Attributes
    ----------
    negative, minus : str
        Before a number, and between two.
    powers : mapping of str to str
        What follows a base, by its exponent.
    power : str
        What follows it for all other exponents.
    partial, derivative : str
        The derivative of one thing with respect to another.
    quotient, by, span : str
        Between two: of a fraction, of a shape, of a range.
    fractions : mapping of str to str
        Those with a name of their own.
    fraction : str or None
        Of two whole numbers; None if it is said as any other quotient.
    percent, absolute, norm, root, hat, bar, prime : str
    of, dot : str
        Between a function and what it is applied to, and between a thing and its attribute.
    comma, stop : str
        A short pause, and the end.
    signs : mapping of str to str
        By sign or Greek letter.
    said : mapping of str to str
        Names that are said otherwise than they are written.
    """

    negative: str
    minus: str
    powers: Mapping[str, str]
    power: str
    partial: str
    derivative: str
    quotient: str
    by: str
    span: str
    fractions: Mapping[str, str]
    fraction: str | None
    percent: str
    absolute: str
    norm: str
    hat: str
    bar: str
    prime: str
    of: str
    dot: str
    comma: str
    stop: str
    signs: Mapping[str, str]
    said: Mapping[str, str] = field(default_factory=dict)


LEXICONS: dict[Language, Lexicon] = {
    "en": Lexicon(
        negative="minus",
        minus="minus",
        powers={"2": "squared", "3": "cubed", "T": "transposed"},
        power="to the {0}",
        partial="partial {0} by partial {1}",
        derivative="d {0} by d {1}",
        quotient="over",
        by="by",
        span="to",
        fractions={"1/2": "one half", "1/3": "one third", "1/4": "one quarter"},
        fraction=None,
        percent="{0} percent",
        absolute="the absolute value of {0}",
        norm="the norm of {0}",
        hat="{0} hat",
        bar="{0} bar",
        prime="{0} prime",
        of="of",
        dot="dot",
        comma=",",
        stop=".",
        signs=_by_letter(_GREEK, 0) | _by_letter(_SIGNS, 0),
        said={
            "relu": "rel you",
            "ReLU": "rel you",
            "gelu": "gel you",
            "GELU": "gel you",
            "softmax": "soft max",
            "softplus": "soft plus",
            "tanh": "tanch",
            "ln": "log",
            "logit": "loh jit",
            "logits": "loh jits",
            "AdamW": "Adam W",
            "RMSprop": "R M S prop",
            "lr": "learning rate",
        },
    ),
    "zh": Lexicon(
        negative="负",
        minus="减",
        powers={"2": "的平方", "3": "的立方", "T": "的转置"},
        power="的{0}次方",
        partial="{0} 对 {1} 的偏导数",
        derivative="{0} 对 {1} 的导数",
        quotient="除以",
        by="乘",
        span="到",
        fractions={},
        fraction="{1}分之{0}",
        percent="百分之{0}",
        absolute="{0} 的绝对值",
        norm="{0} 的范数",
        hat="{0} 帽",
        bar="{0} 杠",
        prime="{0} 撇",
        of="",
        dot="点",
        comma="，",
        stop="。",
        signs=_by_letter(_GREEK, 1) | _by_letter(_SIGNS, 1),
        said={"ln": "自然对数", "AdamW": "Adam W", "RMSprop": "R M S prop"},
    ),
}
